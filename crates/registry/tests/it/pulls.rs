use reqwest::Method;
use strata_spec::Digest;

use crate::site::{Site, header, refusal, refused, small_image};

#[tokio::test]
async fn a_registry_says_that_it_is_one() {
    let site = Site::open().await;
    for path in ["/v2/", "/v2"] {
        let answer = site.get(path).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(header(&answer, "docker-distribution-api-version"), "registry/2.0");
        assert_eq!(answer.text().await.unwrap(), "{}");
    }
    assert_eq!(refusal(site.get("/").await).await, refused(404, "UNSUPPORTED"));
    assert_eq!(refusal(site.get("/v2/app").await).await, refused(404, "UNSUPPORTED"));
    // The token service is there only where a script wants it.
    assert_eq!(refusal(site.get("/token").await).await, refused(404, "UNSUPPORTED"));
}

#[tokio::test]
async fn a_manifest_is_given_by_tag_and_by_digest() {
    let site = Site::open().await;
    let image = small_image();
    site.push("team/app", "1.0", &image).await;
    let digest = image.manifest_digest.to_string();
    for target in ["1.0", &digest, &digest.replace(':', "%3A")] {
        let path = format!("/v2/team/app/manifests/{target}");
        let length = image.manifest.len().to_string();
        let head = site.head(&path).await;
        assert_eq!(head.status(), 200, "{target}");
        assert_eq!(header(&head, "content-length"), length);
        assert_eq!(header(&head, "docker-content-digest"), digest);
        let got = site.get(&path).await;
        assert_eq!(header(&got, "content-type"), image.media_type);
        assert_eq!(header(&got, "content-length"), length);
        assert_eq!(header(&got, "x-content-type-options"), "nosniff");
        assert_eq!(got.bytes().await.unwrap(), image.manifest);
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_words_of_the_specification() {
    let site = Site::open().await;
    let image = small_image();
    site.push("app", "1.0", &image).await;
    let none = Digest::sha256_of(b"none");
    let layer = &image.layers[0].0;
    for (path, status, code) in [
        ("/v2/app/manifests/2.0".to_owned(), 404, "MANIFEST_UNKNOWN"),
        (format!("/v2/app/manifests/{none}"), 404, "MANIFEST_UNKNOWN"),
        // A layer is no manifest, whatever it is asked for as.
        (format!("/v2/app/manifests/{layer}"), 404, "MANIFEST_UNKNOWN"),
        ("/v2/other/manifests/1.0".to_owned(), 404, "NAME_UNKNOWN"),
        ("/v2/other/tags/list".to_owned(), 404, "NAME_UNKNOWN"),
        (format!("/v2/app/blobs/{none}"), 404, "BLOB_UNKNOWN"),
        ("/v2/app/blobs/sha256:short".to_owned(), 400, "DIGEST_INVALID"),
        ("/v2/app/blobs/md5:00000000000000000000000000000000".to_owned(), 400, "DIGEST_INVALID"),
        ("/v2/app/manifests/-x".to_owned(), 400, "TAG_INVALID"),
        ("/v2/App/manifests/1.0".to_owned(), 400, "NAME_INVALID"),
        ("/v2/app%2F../manifests/1.0".to_owned(), 400, "NAME_INVALID"),
        ("/v2/app:1.0/tags/list".to_owned(), 400, "NAME_INVALID"),
        (format!("/v2/{}/tags/list", "a".repeat(300)), 400, "NAME_INVALID"),
    ] {
        assert_eq!(refusal(site.get(&path).await).await, refused(status, code), "{path}");
    }
}

#[tokio::test]
async fn a_blob_is_given_whole_and_in_parts() {
    let site = Site::open().await;
    let image = small_image();
    site.push("app", "1.0", &image).await;
    let (digest, bytes) = &image.blobs[0];
    let (path, size) = (format!("/v2/app/blobs/{digest}"), bytes.len());
    let head = site.head(&path).await;
    assert_eq!(header(&head, "content-length"), size.to_string());
    assert_eq!(header(&head, "accept-ranges"), "bytes");
    let whole = site.get(&path).await;
    assert_eq!(whole.status(), 200);
    assert_eq!(header(&whole, "content-type"), "application/octet-stream");
    assert_eq!(header(&whole, "docker-content-digest"), digest.to_string());
    assert_eq!(whole.bytes().await.unwrap(), bytes.as_slice());
    for (range, first, end) in [
        ("bytes=200000-".to_owned(), 200_000, size),
        ("bytes=0-0".to_owned(), 0, 1),
        ("bytes=131071-131073".to_owned(), 131_071, 131_074),
        ("bytes=-10".to_owned(), size - 10, size),
        (format!("bytes={}-{}", size - 1, size + 100), size - 1, size),
    ] {
        let part = site.ask(Method::GET, &path).header("range", &range).send().await.unwrap();
        assert_eq!(part.status(), 206, "{range}");
        let expected = format!("bytes {first}-{}/{size}", end - 1);
        assert_eq!(header(&part, "content-range"), expected);
        assert_eq!(header(&part, "content-length"), (end - first).to_string());
        assert_eq!(part.bytes().await.unwrap(), bytes[first..end], "{range}");
    }
    let range = format!("bytes={size}-");
    let behind = site.ask(Method::GET, &path).header("range", range).send().await.unwrap();
    assert_eq!(header(&behind, "content-range"), format!("bytes */{size}"));
    assert_eq!(behind.status(), 416);
}

#[tokio::test]
async fn an_empty_blob_is_given_too() {
    let site = Site::open().await;
    let digest = Digest::sha256_of(b"").to_string();
    assert_eq!(site.push_blob("app", &digest, b"").await.status(), 201);
    let got = site.get(&format!("/v2/app/blobs/{digest}")).await;
    assert_eq!((got.status().as_u16(), header(&got, "content-length")), (200, "0"));
    assert_eq!(got.bytes().await.unwrap().len(), 0);
}

#[tokio::test]
async fn nothing_can_be_deleted() {
    let site = Site::open().await;
    let image = small_image();
    site.push("app", "1.0", &image).await;
    for path in ["/v2/app/manifests/1.0", &format!("/v2/app/blobs/{}", image.layers[0].0)] {
        let answer = site.write(Method::DELETE, path).send().await.unwrap();
        assert_eq!(refusal(answer).await, refused(405, "UNSUPPORTED"));
        assert_eq!(site.head(path).await.status(), 200);
    }
}

#[tokio::test]
async fn the_log_tells_what_was_asked_and_how_much_was_given() {
    let site = Site::open().await;
    let image = small_image();
    site.push("app", "1.0", &image).await;
    let path = format!("/v2/app/blobs/{}", image.layers[0].0);
    let asked = site.ask(Method::GET, &path).header("range", "bytes=0-99");
    asked.send().await.unwrap().bytes().await.unwrap();
    let log = site.server.log();
    let seen = log.last().unwrap();
    assert_eq!((seen.method.as_str(), &seen.path, seen.status), ("GET", &path, 206));
    assert_eq!((seen.range.as_deref(), seen.bytes), (Some("bytes=0-99"), 100));
}
