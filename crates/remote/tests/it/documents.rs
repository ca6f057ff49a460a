//! Manifests, indexes and configs: what is believed and what is not.

use strata_remote::RemoteError;
use strata_spec::{Digest, MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, MediaType};

use crate::images::{INDEX, MANIFEST, descriptor, is_manifest, layer, manifest, served};
use crate::server::{Reply, Server, client};

#[tokio::test]
async fn a_tag_is_resolved_without_fetching() {
    let server = Server::start(|_| served(&manifest("a")));
    let found = client().resolve(&server.reference("app:1")).await.unwrap();
    assert_eq!(found, descriptor(&manifest("a")));
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        (asked[0].method.as_str(), asked[0].target.as_str()),
        ("HEAD", "/v2/app/manifests/1")
    );
    let accept = asked[0].header("accept").unwrap();
    for kind in [MANIFEST, INDEX, "docker.distribution.manifest.v2", "manifest.list.v2"] {
        assert!(accept.contains(kind), "{accept}");
    }
    assert_eq!(asked[0].header("accept-encoding"), Some("identity"));
    assert!(asked[0].header("user-agent").unwrap().starts_with("strata/"));
}

#[tokio::test]
async fn a_head_that_says_too_little_is_followed_by_a_get() {
    let server = Server::start(|asked| match asked.method.as_str() {
        "HEAD" => Reply::ok(manifest("a")).with("Content-Type", MANIFEST),
        _ => served(&manifest("a")),
    });
    let found = client().resolve(&server.reference("app")).await.unwrap();
    assert_eq!(found.digest, Digest::sha256_of(&manifest("a")));
    assert_eq!((server.count("HEAD"), server.count("GET")), (1, 1));
}

#[tokio::test]
async fn a_registry_without_head_still_resolves() {
    let server = Server::start(|asked| match asked.method.as_str() {
        "HEAD" => Reply::new(405, ""),
        _ => served(&manifest("a")),
    });
    assert!(client().resolve(&server.reference("app")).await.is_ok());
}

#[tokio::test]
async fn a_digest_asked_for_is_the_digest_that_comes() {
    let server = Server::start(|_| Reply::ok(manifest("other")).with("Content-Type", MANIFEST));
    let wanted = server.reference("app").with_digest(Digest::sha256_of(&manifest("a")));
    let error = client().fetch_manifest(&wanted).await.unwrap_err();
    assert!(matches!(error, RemoteError::DigestMismatch { .. }), "{error}");
}

#[tokio::test]
async fn a_digest_header_that_lies_is_refused() {
    let lie = Digest::sha256_of(b"lie").to_string();
    let server = Server::start(move |_| {
        Reply::ok(manifest("a")).with("Content-Type", MANIFEST).with("Docker-Content-Digest", &lie)
    });
    let error = client().fetch_manifest(&server.reference("app:1")).await.unwrap_err();
    assert!(matches!(error, RemoteError::DigestMismatch { .. }), "{error}");
    let wanted = server.reference("app").with_digest(Digest::sha256_of(&manifest("a")));
    let error = client().resolve(&wanted).await.unwrap_err();
    assert!(matches!(error, RemoteError::DigestMismatch { .. }), "{error}");
}

#[tokio::test]
async fn the_announced_type_must_be_the_type() {
    let server = Server::start(|_| Reply::ok(manifest("a")).with("Content-Type", INDEX));
    let error = client().fetch_manifest(&server.reference("app")).await.unwrap_err();
    let RemoteError::ContentTypeMismatch { expected, found, .. } = error else { panic!("{error}") };
    assert_eq!((*expected, *found), (MediaType::OciIndex, MediaType::OciManifest));
}

#[tokio::test]
async fn a_descriptor_holds_its_manifest_to_size_and_type() {
    let server = Server::start(|_| served(&manifest("a")));
    let reference = server.reference("app:1");
    let honest = descriptor(&manifest("a"));
    let fetched = client().fetch_described_manifest(&reference, &honest).await.unwrap();
    assert_eq!(fetched.descriptor, honest);
    let mut longer = honest.clone();
    longer.size += 1;
    let error = client().fetch_described_manifest(&reference, &longer).await.unwrap_err();
    assert!(matches!(error, RemoteError::SizeMismatch { .. }), "{error}");
    let mut other = honest;
    other.media_type = MediaType::OciIndex;
    let error = client().fetch_described_manifest(&reference, &other).await.unwrap_err();
    assert!(matches!(error, RemoteError::ContentTypeMismatch { .. }), "{error}");
}

#[tokio::test]
async fn a_manifest_may_not_be_huge_or_endless() {
    let server = Server::start(|asked| {
        let much = vec![b' '; 6 << 20];
        match asked.target.ends_with("huge") {
            true => Reply::ok(much).length(Some(256 << 20)),
            false => Reply::ok(much).length(None),
        }
    });
    for tag in ["huge", "endless"] {
        let reference = server.reference(&format!("app:{tag}"));
        let error = client().fetch_manifest(&reference).await.unwrap_err();
        let RemoteError::TooLarge { limit_bytes, .. } = error else { panic!("{error}") };
        assert_eq!(limit_bytes, MAX_MANIFEST_BYTES);
    }
}

#[tokio::test]
async fn a_page_for_browsers_is_no_manifest() {
    let server =
        Server::start(|_| Reply::ok("<!doctype html>sign in").with("Content-Type", "text/html"));
    let error = client().resolve(&server.reference("app")).await.unwrap_err();
    assert!(matches!(error, RemoteError::NotARegistry { .. }), "{error}");
}

#[tokio::test]
async fn what_is_missing_is_told_apart() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/v2/" => Reply::ok("{}"),
        target if target.starts_with("/v2/here/tags/list") => Reply::ok(r#"{"tags": ["other"]}"#),
        target if target.contains("/tags/list") => Reply::error(404, "NAME_UNKNOWN", "no name"),
        _ => Reply::error(404, "MANIFEST_UNKNOWN", "manifest unknown"),
    });
    let error = client().resolve(&server.reference("here:no")).await.unwrap_err();
    let RemoteError::ManifestUnknown { target, words, .. } = error else { panic!("{error}") };
    assert_eq!((target.as_str(), words.text()), ("no", Some("manifest unknown")));
    let error = client().resolve(&server.reference("gone:no")).await.unwrap_err();
    let RemoteError::RepositoryUnknown { repository, .. } = error else { panic!("{error}") };
    assert_eq!(repository, "gone");
    let website = Server::start(|_| Reply::new(404, "Not here"));
    let error = client().resolve(&website.reference("app")).await.unwrap_err();
    assert!(matches!(error, RemoteError::NotARegistry { .. }), "{error}");
}

#[tokio::test]
async fn what_is_no_manifest_is_refused_with_its_reason() {
    let server = Server::start(|asked| {
        let text = match asked.target.rsplit('/').next() {
            Some("schema1") => r#"{"schemaVersion": 1, "fsLayers": []}"#,
            Some("twice") => r#"{"schemaVersion": 2, "layers": [], "layers": []}"#,
            Some("both") => r#"{"schemaVersion": 2, "layers": [], "manifests": []}"#,
            _ => "not JSON",
        };
        Reply::ok(text)
    });
    for tag in ["schema1", "twice", "both", "text"] {
        let reference = server.reference(&format!("app:{tag}"));
        let error = client().fetch_manifest(&reference).await.unwrap_err();
        assert!(matches!(error, RemoteError::Document { .. }), "{tag}: {error}");
    }
}

#[tokio::test]
async fn a_config_is_checked_and_bounded() {
    let config = br#"{"os": "linux"}"#;
    let server = Server::start(move |asked| match is_manifest(asked) {
        true => Reply::new(404, ""),
        false => Reply::ok(config),
    });
    let reference = server.reference("app:1");
    let honest = layer(config);
    let got = client().fetch_document(&reference, &honest, MAX_CONFIG_BYTES).await.unwrap();
    assert_eq!(&got[..], config);
    let mut other = honest.clone();
    other.digest = Digest::sha256_of(b"other");
    let error = client().fetch_document(&reference, &other, MAX_CONFIG_BYTES).await.unwrap_err();
    assert!(matches!(error, RemoteError::DigestMismatch { .. }), "{error}");
    let mut longer = honest.clone();
    longer.size += 1;
    let error = client().fetch_document(&reference, &longer, MAX_CONFIG_BYTES).await.unwrap_err();
    assert!(matches!(error, RemoteError::SizeMismatch { .. }), "{error}");
    let before = server.asked().len();
    let error = client().fetch_document(&reference, &honest, 3).await.unwrap_err();
    assert!(matches!(error, RemoteError::TooLarge { limit_bytes: 3, .. }), "{error}");
    assert_eq!(server.asked().len(), before);
}

#[tokio::test]
async fn a_digest_of_sha512_is_checked_as_such() {
    let raw = manifest("a");
    let digest = Digest::of(strata_spec::Algorithm::Sha512, &raw);
    let server = Server::start(move |_| served(&raw));
    let wanted = server.reference("app").with_digest(digest.clone());
    let fetched = client().fetch_manifest(&wanted).await.unwrap();
    assert_eq!(fetched.descriptor.digest, digest);
}
