//! Mirrors, moved and blocked registries, as `registries.conf` and the settings have them.

use std::fs;
use std::sync::Arc;

use strata_remote::{
    BlobStream, CatalogPage, Client, ClientOptions, Mirror, RegistriesConf, RemoteError, TagPage,
};
use strata_spec::{Digest, Reference};

use crate::images::{blob, layer, manifest, served};
use crate::server::{Asked, Named, Reply, Server, options};

/// A registry that nobody reaches, so that whatever comes is from a mirror.
const FAR: &str = "registry.invalid";
const SIZE: u32 = 300_000;
const CUT: usize = 100_000;

fn followed(text: &str) -> RegistriesConf {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registries.conf");
    fs::write(&path, text).unwrap();
    RegistriesConf::read(&[path]).unwrap()
}

fn client(text: &str) -> Client {
    Client::new(ClientOptions { registries: followed(text), ..options() }).unwrap()
}

/// An entry with these mirrors of `prefix`.
fn mirrored(prefix: &str, mirrors: &[&Server]) -> String {
    let mut text = format!("[[registry]]\nprefix = \"{prefix}\"\n");
    for mirror in mirrors {
        text += &format!("[[registry.mirror]]\nlocation = \"{}/cache\"\n", mirror.address);
    }
    text
}

fn far(name: &str) -> Reference {
    Reference::parse(&format!("{FAR}/{name}")).unwrap()
}

fn holds(asked: &Asked) -> Reply {
    match asked.target.contains("/blobs/") {
        true => Reply::part(&blob(SIZE), asked),
        false => served(&manifest("a")),
    }
}

fn missing() -> Server {
    Server::start(|_| Reply::error(404, "MANIFEST_UNKNOWN", "not cached"))
}

async fn fetch(client: &Client, reference: &Reference) -> Result<Vec<u8>, RemoteError> {
    let mut stream: BlobStream = client.fetch_blob(reference, &layer(&blob(SIZE)), 0).await?;
    let mut all = Vec::new();
    while let Some(chunk) = stream.next().await? {
        all.extend_from_slice(&chunk);
    }
    Ok(all)
}

#[tokio::test]
async fn mirrors_are_asked_in_their_order() {
    let (empty, full) = (missing(), Server::start(holds));
    let client = client(&mirrored(FAR, &[&empty, &full]));
    client.fetch_manifest(&far("app:1")).await.unwrap();
    assert_eq!(fetch(&client, &far("app:1")).await.unwrap(), blob(SIZE));
    let targets =
        |server: &Server| server.asked().into_iter().map(|asked| asked.target).collect::<Vec<_>>();
    let digest = Digest::sha256_of(&blob(SIZE));
    let expected =
        ["/v2/cache/app/manifests/1".to_owned(), format!("/v2/cache/app/blobs/{digest}")];
    assert_eq!((targets(&empty), targets(&full)), (expected.to_vec(), expected.to_vec()));
}

#[tokio::test]
async fn what_no_mirror_has_comes_from_the_registry_itself() {
    let (empty, home) = (missing(), Server::start(holds));
    let client = client(&mirrored(&home.address.to_string(), &[&empty]));
    assert_eq!(fetch(&client, &home.reference("app:1")).await.unwrap(), blob(SIZE));
    client.fetch_manifest(&home.reference("app:1")).await.unwrap();
    assert_eq!((empty.asked().len(), home.asked().len()), (2, 2));
    // Lists are its own business.
    let pages = Server::start(|_| Reply::ok(r#"{"tags": ["1"]}"#));
    let client = self::client(&mirrored(&pages.address.to_string(), &[&empty]));
    client.tags(&pages.reference("app"), &TagPage::First { limit: 9 }).await.unwrap();
    assert_eq!((empty.asked().len(), pages.asked().len()), (2, 1));
}

#[tokio::test]
async fn a_mirror_that_is_down_is_not_asked_each_time() {
    let broken = Server::start(|_| Reply::new(503, ""));
    let home = Server::start(holds);
    let client = client(&mirrored(&home.address.to_string(), &[&broken]));
    for tag in ["app:1", "app:2", "app:3"] {
        client.fetch_manifest(&home.reference(tag)).await.unwrap();
    }
    assert_eq!((broken.asked().len(), home.asked().len()), (1, 3));
}

#[tokio::test]
async fn a_page_for_browsers_is_no_answer_of_a_mirror() {
    let page = Server::start(|_| Reply::ok("<html>").with("Content-Type", "text/html"));
    let home = Server::start(holds);
    let client = client(&mirrored(&home.address.to_string(), &[&page]));
    client.fetch_manifest(&home.reference("app:1")).await.unwrap();
    assert_eq!((page.asked().len(), home.asked().len()), (1, 1));
}

#[tokio::test]
async fn a_mirror_is_believed_no_more_than_anybody() {
    let liar = Server::start(|_| served(&manifest("other")));
    let client = client(&mirrored(FAR, &[&liar]));
    let wanted = far("app").with_digest(Digest::sha256_of(&manifest("a")));
    let error = client.fetch_manifest(&wanted).await.unwrap_err();
    assert!(matches!(error, RemoteError::DigestMismatch { .. }), "{error}");
}

#[tokio::test]
async fn the_rest_of_a_blob_comes_from_elsewhere_when_a_mirror_fails() {
    // It has the beginning only, and says so by breaking off each time.
    let broken = Server::start(|asked| match asked.earlier {
        0 => Reply::part(&blob(SIZE), asked).cut(CUT),
        _ => Reply::part(&blob(SIZE), asked).cut(0),
    });
    // Not the blob at all.
    let other = Server::start(|_| Reply::ok("something else"));
    let home = Server::start(holds);
    let client = client(&mirrored(&home.address.to_string(), &[&broken, &other]));
    assert_eq!(fetch(&client, &home.reference("app:1")).await.unwrap(), blob(SIZE));
    let asked = home.asked();
    assert_eq!((asked.len(), asked[0].from()), (1, Some(CUT)));
    assert_eq!(other.asked().len(), 1);
}

#[tokio::test]
async fn a_mirror_never_sees_the_login_of_the_registry() {
    let wants = |asked: &Asked| match asked.header("authorization") {
        Some(_) => holds(asked),
        None => Reply::new(401, "").with("WWW-Authenticate", "Basic realm=x"),
    };
    let (nosy, own, home) = (Server::start(wants), Server::start(wants), Server::start(wants));
    let logins = Named(vec![
        (home.address.to_string(), "for home"),
        (own.address.to_string(), "for the mirror"),
    ]);
    let text = mirrored(&home.address.to_string(), &[&nosy, &own]);
    let client = Client::new(ClientOptions {
        credentials: Arc::new(logins),
        registries: followed(&text),
        ..options()
    })
    .unwrap();
    client.fetch_manifest(&home.reference("app:1")).await.unwrap();
    let shown = |server: &Server| {
        let asked = server.asked();
        asked.iter().filter_map(|asked| asked.header("authorization").map(str::to_owned)).collect()
    };
    let expected: Vec<String> = vec!["Basic bWU6Zm9yIHRoZSBtaXJyb3I=".to_owned()];
    assert_eq!((shown(&nosy), shown(&own), home.asked().len()), (vec![], expected, 0));
}

#[tokio::test]
async fn mirrors_of_ones_own_come_before_those_of_files() {
    let (own, files) = (Server::start(holds), Server::start(holds));
    let registries = followed(&mirrored(FAR, &[&files]));
    let mirror = |registry: &str| Mirror {
        registry: registry.to_owned(),
        location: format!("{}/mine", own.address),
    };
    let mirrors = vec![mirror(FAR), mirror("other.invalid")];
    let client = Client::new(ClientOptions { registries, mirrors, ..options() }).unwrap();
    client.fetch_manifest(&far("team/app:1")).await.unwrap();
    assert_eq!(own.asked()[0].target, "/v2/mine/team/app/manifests/1");
    assert_eq!((own.asked().len(), files.asked().len()), (1, 0));
}

#[tokio::test]
async fn a_mirror_may_be_for_tags_or_digests_alone() {
    for (kind, by_tag) in [("tag-only", 1), ("digest-only", 0)] {
        let (mirror, home) = (Server::start(holds), Server::start(holds));
        let text = mirrored(&home.address.to_string(), &[&mirror]);
        let client = client(&format!("{text}pull-from-mirror = \"{kind}\"\n"));
        client.fetch_manifest(&home.reference("app:1")).await.unwrap();
        assert_eq!(mirror.asked().len(), by_tag, "{kind}");
        let digest = Digest::sha256_of(&manifest("a"));
        client.fetch_manifest(&home.reference("app").with_digest(digest)).await.unwrap();
        assert_eq!((mirror.asked().len(), home.asked().len()), (1, 1), "{kind}");
    }
}

#[tokio::test]
async fn a_registry_that_has_moved_is_asked_where_it_is() {
    let home = Server::start(|asked| match asked.target.split('?').next() {
        Some("/v2/") => Reply::ok("{}"),
        Some("/v2/_catalog") => Reply::ok(r#"{"repositories": ["app"]}"#),
        Some("/v2/app/tags/list") => {
            Reply::ok(r#"{"tags": ["1"]}"#).with("Link", "</v2/app/tags/list?last=1>; rel=\"next\"")
        }
        _ => holds(asked),
    });
    let client =
        client(&format!("[[registry]]\nprefix = \"{FAR}\"\nlocation = \"{}\"\n", home.address));
    client.ping(FAR).await.unwrap();
    client.fetch_manifest(&far("app:1")).await.unwrap();
    let page = client.tags(&far("app"), &TagPage::First { limit: 2 }).await.unwrap();
    assert_eq!(page.next.as_deref(), Some("last=1"));
    client.repositories(FAR, &CatalogPage::First { limit: 2 }).await.unwrap();
    let targets: Vec<String> = home.asked().into_iter().map(|asked| asked.target).collect();
    let expected = ["/v2/", "/v2/app/manifests/1", "/v2/app/tags/list?n=2", "/v2/_catalog?n=2"];
    assert_eq!(targets, expected);
}

#[tokio::test]
async fn a_registry_tells_its_own_limit_whatever_mirrors_it_has() {
    let mirror = Server::start(holds);
    let home = Server::start(|_| {
        served(&manifest("a")).with("RateLimit-Limit", "100").with("RateLimit-Remaining", "7")
    });
    let client = client(&mirrored(&home.address.to_string(), &[&mirror]));
    let limit = client.ask_rate_limit(&home.reference("app:1")).await.unwrap().unwrap();
    assert_eq!((limit.remaining, mirror.asked().len()), (7, 0));
}

#[tokio::test]
async fn a_blocked_registry_is_never_asked() {
    let server = Server::start(holds);
    let client = client(&format!(
        "[[registry]]\nprefix = \"{}\"\nblocked = true\n{}",
        server.address,
        mirrored(FAR, &[&server])
    ));
    let reference = server.reference("app:1");
    let first = TagPage::First { limit: 1 };
    let errors = [
        client.resolve(&reference).await.map(|_| ()),
        client.fetch_manifest(&reference).await.map(|_| ()),
        client.fetch_blob(&reference, &layer(&blob(9)), 0).await.map(|_| ()),
        client.tags(&reference, &first).await.map(|_| ()),
        client.ping(reference.registry()).await.map(|_| ()),
    ];
    for error in errors {
        assert!(matches!(error, Err(RemoteError::Blocked { .. })), "{error:?}");
    }
    assert_eq!(server.asked().len(), 0);
    assert!(client.is_blocked(reference.registry()));
}

#[tokio::test]
async fn tls_is_left_out_only_where_a_file_says_so_and_never_by_itself() {
    // A place off loopback that is reached by a proxy of ours, which sees whether it is asked for TLS.
    let proxy = Server::start(|_| Reply::ok("{}"));
    for (line, asked) in [("insecure = true", 1), ("insecure = false", 0)] {
        let text = format!("[[registry]]\nlocation = \"{FAR}\"\n{line}\n");
        let before = proxy.asked().len();
        let client = Client::new(ClientOptions {
            registries: followed(&text),
            proxy: strata_remote::ProxyChoice::Url { url: proxy.url(""), no_proxy: vec![] },
            attempts: 1,
            ..options()
        });
        let pong = client.unwrap().ping(FAR).await;
        assert_eq!(pong.is_ok(), asked == 1, "{line}");
        let plain = proxy.asked().split_off(before);
        let plain = plain.iter().filter(|asked| asked.method == "GET").count();
        assert_eq!(plain, asked, "{line}");
    }
}

#[tokio::test]
async fn files_are_read_in_their_order_and_a_broken_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let main = write("registries.conf", "[[registry]]\nlocation = \"a.example\"\nblocked = true\n");
    let later = write("10-later.conf", "[[registry]]\nlocation = \"a.example\"\n");
    let missing = folder.path().join("missing.conf");
    let blocked = |files: &[_]| {
        let registries = RegistriesConf::read(files).unwrap();
        let client = Client::new(ClientOptions { registries, ..options() }).unwrap();
        client.is_blocked("a.example")
    };
    assert!(blocked(std::slice::from_ref(&main)));
    assert!(!blocked(&[missing, main.clone(), later]));
    let broken = write("20-broken.conf", "[[registry]\n");
    let error = RegistriesConf::read(&[main, broken.clone()]).unwrap_err();
    assert!(matches!(&error, RemoteError::RegistriesFile { path, .. } if *path == broken));
}
