//! Docker Hub's web API, in the form that its documentation gives.

use strata_remote::{Client, ClientOptions, RemoteError};

use crate::server::{Reply, Server, options, password};

const TAGS: &str = r#"{"count": 2, "next": "{BASE}/v2/namespaces/library/repositories/nginx/tags?page=2&page_size=100",
  "previous": null, "results": [
  {"id": 1, "name": "1.27.3", "full_size": 72000000, "last_updated": "2025-01-02T03:04:05.6Z", "digest": "sha256:ab",
   "images": [{"architecture": "amd64", "os": "linux", "variant": null, "size": 71999999, "digest": "sha256:cd"},
              {"architecture": "arm", "os": "linux", "variant": "v7", "size": 63000000, "digest": "sha256:ef"}]},
  {"name": "old", "images": [], "unknown": {"x": 1}}]}"#;
const FOUND: &str = r#"{"count": 1, "next": "", "previous": "", "results": [
  {"repo_name": "nginx", "short_description": "<b>Official</b> build", "star_count": 20000,
   "pull_count": 12000000000, "repo_owner": "", "is_automated": false, "is_official": true}]}"#;

fn hub(server: &Server) -> Client {
    let hub_api = server.url("").trim_end_matches('/').to_owned();
    let credentials = password("me", "secret");
    Client::new(ClientOptions { hub_api, credentials, ..options() }).unwrap()
}

#[tokio::test]
async fn tags_come_with_sizes_and_dates_page_by_page() {
    let server = Server::start(|asked| {
        let base = format!("http://{}", asked.header("host").unwrap());
        Reply::ok(TAGS.replace("{BASE}", &base))
    });
    let page = hub(&server).hub_tags("library/nginx", None).await.unwrap();
    assert_eq!(page.next.as_deref(), Some("page=2&page_size=100"));
    let tag = &page.tags[0];
    assert_eq!((tag.name.as_str(), tag.full_size), ("1.27.3", 72_000_000));
    assert_eq!(tag.last_updated.as_deref(), Some("2025-01-02T03:04:05.6Z"));
    assert_eq!((tag.images[1].variant.as_deref(), tag.images[1].size), (Some("v7"), 63_000_000));
    assert_eq!(page.tags[1].name, "old");
    let target = &server.asked()[0].target;
    let expected =
        "/v2/namespaces/library/repositories/nginx/tags?page_size=100&ordering=last_updated";
    assert_eq!(target, expected);
    hub(&server).hub_tags("library/nginx", page.next.as_deref()).await.unwrap();
    assert!(server.asked()[1].target.ends_with("/tags?page=2&page_size=100"));
}

#[tokio::test]
async fn a_search_brings_text_and_numbers_and_sends_no_login() {
    let server = Server::start(|asked| match asked.earlier {
        0 => Reply::ok(FOUND),
        _ => Reply::new(401, "").with("WWW-Authenticate", "Basic realm=\"x\""),
    });
    let client = hub(&server);
    let found = client.hub_search("nginx & more", 5).await.unwrap();
    assert_eq!(found[0].name, "nginx");
    assert_eq!(found[0].description, "<b>Official</b> build");
    assert_eq!((found[0].stars, found[0].pulls, found[0].official), (20_000, 12_000_000_000, true));
    assert!(client.hub_search("nginx & more", 5).await.is_err());
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked[0].target.contains("query=nginx+%26+more&page_size=5"), "{}", asked[0].target);
    assert!(asked.iter().all(|asked| asked.header("authorization").is_none()));
}

#[tokio::test]
async fn pages_that_lead_elsewhere_or_are_no_pages_are_not_followed() {
    let next = r#"{"next": "http://127.0.0.2/v2/x?page=2", "results": []}"#;
    let server = Server::start(move |_| Reply::ok(next));
    assert_eq!(hub(&server).hub_tags("a/b", None).await.unwrap().next, None);
    let page = Server::start(|_| Reply::ok("<html>"));
    let error = hub(&page).hub_search("x", 1).await.unwrap_err();
    assert!(matches!(error, RemoteError::NotARegistry { .. }), "{error}");
}
