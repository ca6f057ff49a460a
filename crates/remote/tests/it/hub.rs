//! Docker Hub's web API, in the form that its documentation gives.

use strata_remote::{Client, ClientOptions, RateLimitKind, RegistriesConf, RemoteError};
use strata_spec::Reference;
use strata_testkit::{HubFixture, HubRepositoryFixture, HubServer, HubTagFixture, PullLimit};

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

fn fixture() -> HubFixture {
    let tag = |name: String, content: &str, day: usize| HubTagFixture {
        name,
        content: content.to_owned(),
        last_updated: format!("2025-01-{:02}T{:02}:00:00.5Z", 1 + day / 24, day % 24),
        images: vec![
            ("linux/amd64".to_owned(), 72_000_000),
            ("linux/arm/v7".to_owned(), 63_000_000),
        ],
    };
    let old = (0..150).map(|at| tag(format!("1.{at}"), &format!("old {at}"), at));
    let new = [("1.27.3", 700), ("latest", 701)].map(|(name, at)| tag(name.to_owned(), "new", at));
    let nginx = HubRepositoryFixture {
        name: "library/nginx".to_owned(),
        description: "Official build".to_owned(),
        stars: 20_000,
        pulls: 12_000_000_000,
        tags: old.chain(new).collect(),
    };
    let other = HubRepositoryFixture { name: "bitnami/nginx".to_owned(), ..Default::default() };
    HubFixture { repositories: vec![nginx, other], ..Default::default() }
}

fn at(server: &HubServer) -> Client {
    let credentials = password("me", "secret");
    Client::new(ClientOptions { hub_api: server.url(), credentials, ..options() }).unwrap()
}

#[tokio::test]
async fn all_tags_come_over_several_pages_the_newest_first() {
    let server = HubServer::start(fixture());
    let client = at(&server);
    let first = client.hub_tags("library/nginx", None).await.unwrap();
    assert_eq!((first.tags.len(), first.tags[0].name.as_str()), (100, "latest"));
    assert!(first.tags[0].digest.is_some() && first.tags[0].digest == first.tags[1].digest);
    assert!(first.tags[0].images[1].digest.is_some());
    let second = client.hub_tags("library/nginx", first.next.as_deref()).await.unwrap();
    assert_eq!((second.tags.len(), second.next), (52, None));
    assert_eq!(second.tags[51].name, "1.0");
    let found = client.hub_search("nginx", 25).await.unwrap();
    let names: Vec<_> = found.iter().map(|found| (found.name.as_str(), found.official)).collect();
    assert_eq!(names, [("nginx", true), ("bitnami/nginx", false)]);
    assert!(server.asked().iter().all(|asked| !asked.signed));
}

#[tokio::test]
async fn a_busy_service_says_how_long_to_wait_and_tells_nothing_of_the_registry() {
    let server = HubServer::start(HubFixture { busy_seconds: Some(120), ..fixture() });
    let client = at(&server);
    let error = client.hub_search("nginx", 5).await.unwrap_err();
    let RemoteError::RateLimited { kind, retry_after, .. } = error else { panic!("{error}") };
    assert_eq!(kind, RateLimitKind::Requests);
    assert_eq!(retry_after.map(|wait| wait.as_secs()), Some(120));
    assert_eq!(client.rate_limit("docker.io"), None);
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn names_and_numbers_that_cannot_be_are_left_out() {
    let entries = r#"{"next": "", "results": [{"repo_name": "evil.example/x"}, {"repo_name": "a:tag"}, 7,
        {"repo_name": "<b>"}, {"repo_name": "ok", "star_count": null}, {"repo_name": "b", "pull_count": -1}]}"#;
    let server = Server::start(move |_| Reply::ok(entries));
    let names: Vec<_> = hub(&server).hub_search("x", 9).await.unwrap();
    assert_eq!(names.iter().map(|found| found.name.as_str()).collect::<Vec<_>>(), ["ok"]);
    let entries = r#"{"results": [{"name": "../x"}, {"name": "1", "digest": "sha256:no",
        "images": [{"os": "li\u001bnux", "size": null}], "full_size": null}, {"name": "2", "images": null}]}"#;
    let server = Server::start(move |_| Reply::ok(entries));
    let tags = hub(&server).hub_tags("a/b", None).await.unwrap().tags;
    assert_eq!(tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!((&tags[0].digest, tags[0].images[0].os.as_str()), (&None, "li\u{fffd}nux"));
    let asked = server.asked().len();
    for name in ["../../v2/x", "evil.example/a/b", "a/b:tag", ""] {
        let error = hub(&server).hub_tags(name, None).await.unwrap_err();
        assert!(matches!(error, RemoteError::RepositoryUnknown { .. }), "{name}: {error}");
    }
    assert_eq!(server.asked().len(), asked);
}

#[tokio::test]
async fn pulls_run_out_and_the_registry_is_not_asked_in_vain() {
    let pulls = PullLimit {
        limit: 100,
        remaining: 1,
        window_seconds: 21_600,
        source: "192.0.2.7".to_owned(),
    };
    let server = HubServer::start(HubFixture { pulls: Some(pulls), ..fixture() });
    let moved = tempfile::NamedTempFile::new().unwrap();
    let entry = format!(
        "[[registry]]\nprefix = \"docker.io\"\nlocation = \"{}\"\ninsecure = true\n",
        server.address
    );
    std::fs::write(moved.path(), entry).unwrap();
    let registries = RegistriesConf::read(&[moved.path().to_owned()]).unwrap();
    let client = Client::new(ClientOptions { registries, ..options() }).unwrap();
    let reference = Reference::parse("nginx").unwrap();
    let limit = client.ask_rate_limit(&reference).await.unwrap().unwrap();
    assert_eq!((limit.limit, limit.remaining, limit.window_seconds), (100, 1, Some(21_600)));
    assert_eq!((limit.by_address, limit.source.as_deref()), (Some(true), Some("192.0.2.7")));
    assert_eq!(server.asked()[0].target, "/v2/ratelimitpreview/test/manifests/latest");
    client.fetch_manifest(&reference).await.unwrap();
    let error = client.fetch_manifest(&reference).await.unwrap_err();
    let RemoteError::RateLimited { kind: RateLimitKind::Pulls, words, .. } = &error else {
        panic!("{error}")
    };
    assert!(words.text().unwrap().contains("pull rate limit"), "{words}");
    let left = client.ask_rate_limit(&reference).await.unwrap().unwrap();
    assert_eq!(left.remaining, 0);
    let methods: Vec<_> = server.asked().into_iter().map(|asked| asked.method).collect();
    assert_eq!(methods, ["HEAD", "GET", "GET", "HEAD"]);
}
