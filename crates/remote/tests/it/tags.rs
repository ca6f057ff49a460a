//! Lists of tags.

use strata_remote::{RemoteError, TagPage};

use crate::server::{Reply, Server, client};

#[tokio::test]
async fn pages_follow_each_other() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/v2/team/app/tags/list?n=2" => Reply::ok(r#"{"name": "x", "tags": ["a", "b"]}"#)
            .with("Link", "</v2/team/app/tags/list?n=2&last=b>; rel=\"next\""),
        "/v2/team/app/tags/list?n=2&last=b" => Reply::ok(r#"{"name": "x", "tags": ["c"]}"#),
        _ => Reply::new(404, ""),
    });
    let reference = server.reference("team/app:1");
    let first = client().tags(&reference, &TagPage::First { limit: 2 }).await.unwrap();
    assert_eq!(first.tags, ["a", "b"]);
    let next = TagPage::Next(first.next.unwrap());
    let second = client().tags(&reference, &next).await.unwrap();
    assert_eq!((second.tags, second.next), (vec!["c".to_owned()], None));
}

#[tokio::test]
async fn a_list_never_goes_on_elsewhere_or_in_circles() {
    let thief = Server::start(|_| Reply::ok(r#"{"tags": ["stolen"]}"#));
    for link in [
        format!("<{}>; rel=next", thief.url("/v2/app/tags/list?last=a")),
        String::from("</v2/app/tags/list?n=9>; rel=next"),
    ] {
        let server = Server::start(move |_| Reply::ok(r#"{"tags": ["a"]}"#).with("Link", &link));
        let reference = server.reference("app");
        let page = client().tags(&reference, &TagPage::First { limit: 9 }).await.unwrap();
        assert_eq!(page.next, None);
    }
    assert_eq!(thief.asked().len(), 0);
}

#[tokio::test]
async fn only_tags_are_listed() {
    let server = Server::start(|_| {
        Reply::ok(r#"{"tags": ["1.0", "<img src=x>", "../../x", "-rf", "", "\u001b[2J", "ok_1"]}"#)
    });
    let page = client().tags(&server.reference("app"), &TagPage::First { limit: 9 }).await.unwrap();
    assert_eq!(page.tags, ["1.0", "ok_1"]);
}

#[tokio::test]
async fn what_is_no_list_is_refused() {
    let none = Server::start(|_| Reply::ok(r#"{"name": "app", "tags": null}"#));
    let page = client().tags(&none.reference("app"), &TagPage::First { limit: 9 }).await.unwrap();
    assert_eq!(page.tags, Vec::<String>::new());
    let page = Server::start(|_| Reply::ok("<html>"));
    let error =
        client().tags(&page.reference("app"), &TagPage::First { limit: 9 }).await.unwrap_err();
    assert!(matches!(error, RemoteError::NotARegistry { .. }), "{error}");
}
