use serde_json::{Value, json};
use strata_testkit::Image;

use crate::site::{Site, header, json, refusal, refused};

/// Follows a list to its end; gives the pages.
async fn pages(site: &Site, first: &str, field: &str) -> Vec<Value> {
    let (mut pages, mut next) = (Vec::new(), Some(first.to_owned()));
    while let Some(path) = next {
        let answer = site.get(&path).await;
        assert_eq!(answer.status(), 200);
        let link = header(&answer, "link").to_owned();
        next = link
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix(">; rel=\"next\""))
            .map(str::to_owned);
        pages.push(json(answer).await[field].clone());
    }
    pages
}

#[tokio::test]
async fn tags_come_in_order_and_by_pages() {
    let site = Site::open().await;
    let image = Image::new().build();
    for tag in ["b", "1.10", "a", "1.9", "B"] {
        site.push("team/app", tag, &image).await;
    }
    let list = "/v2/team/app/tags/list";
    let whole = json(site.get(list).await).await;
    assert_eq!(whole, json!({ "name": "team/app", "tags": ["1.10", "1.9", "B", "a", "b"] }));
    let by_two = pages(&site, &format!("{list}?n=2"), "tags").await;
    assert_eq!(by_two, [json!(["1.10", "1.9"]), json!(["B", "a"]), json!(["b"])]);
    assert_eq!(pages(&site, &format!("{list}?last=B"), "tags").await, [json!(["a", "b"])]);
    assert_eq!(pages(&site, &format!("{list}?last=zz"), "tags").await, [json!([])]);
    assert_eq!(pages(&site, &format!("{list}?n=0"), "tags").await, [json!([])]);
    let wrong = site.get(&format!("{list}?n=-1")).await;
    assert_eq!(refusal(wrong).await, refused(400, "PAGINATION_NUMBER_INVALID"));
}

#[tokio::test]
async fn repositories_come_in_order_and_by_pages() {
    let site = Site::open().await;
    assert_eq!(pages(&site, "/v2/_catalog", "repositories").await, [json!([])]);
    let image = Image::new().build();
    for name in ["b", "a/c", "a"] {
        site.push(name, "1.0", &image).await;
        site.push(name, "2.0", &image).await;
    }
    assert_eq!(pages(&site, "/v2/_catalog", "repositories").await, [json!(["a", "a/c", "b"])]);
    let by_two = pages(&site, "/v2/_catalog?n=2", "repositories").await;
    assert_eq!(by_two, [json!(["a", "a/c"]), json!(["b"])]);
}
