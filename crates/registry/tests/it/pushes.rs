use reqwest::{Method, StatusCode};
use serde_json::json;
use strata_registry::{Server, ServerOptions};
use strata_spec::{Digest, MAX_MANIFEST_BYTES};
use strata_store::Store;
use strata_testkit::{Image, noise};

use crate::site::{Site, TOKEN, header, refusal, refused, small_image};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// Opens an upload and gives its path.
async fn begin(site: &Site) -> String {
    let begun = site.write(Method::POST, "/v2/app/blobs/uploads/").send().await.unwrap();
    assert_eq!(begun.status(), StatusCode::ACCEPTED);
    header(&begun, "location").to_owned()
}

#[tokio::test]
async fn a_blob_comes_in_pieces_and_is_visible_only_when_it_is_whole() {
    let site = Site::open().await;
    let bytes = noise(7, 700_000);
    let digest = Digest::sha256_of(&bytes);
    let upload = begin(&site).await;
    for (first, end) in [(0, 300_000), (300_000, 500_000)] {
        let sent = site
            .write(Method::PATCH, &upload)
            .header("content-range", format!("{first}-{}", end - 1))
            .body(bytes[first..end].to_vec())
            .send()
            .await
            .unwrap();
        assert_eq!(sent.status(), StatusCode::ACCEPTED);
        assert_eq!(header(&sent, "range"), format!("0-{}", end - 1));
        assert_eq!(header(&sent, "location"), upload);
    }
    let blob = format!("/v2/app/blobs/{digest}");
    assert_eq!(site.head(&blob).await.status(), 404);
    let state = site.write(Method::GET, &upload).send().await.unwrap();
    assert_eq!((state.status().as_u16(), header(&state, "range")), (204, "0-499999"));
    let path = format!("{upload}?digest={}", digest.to_string().replace(':', "%3A"));
    let last = site.write(Method::PUT, &path).body(bytes[500_000..].to_vec()).send().await.unwrap();
    assert_eq!(last.status(), StatusCode::CREATED);
    assert_eq!(header(&last, "location"), blob);
    assert_eq!(site.get(&blob).await.bytes().await.unwrap(), bytes);
    let again = site.write(Method::GET, &upload).send().await.unwrap();
    assert_eq!(refusal(again).await, refused(404, "BLOB_UPLOAD_UNKNOWN"));
}

#[tokio::test]
async fn a_piece_in_the_wrong_place_is_refused_and_changes_nothing() {
    let site = Site::open().await;
    let upload = begin(&site).await;
    let piece = |range: &'static str| {
        site.write(Method::PATCH, &upload).header("content-range", range).body("12345")
    };
    assert_eq!(piece("0-4").send().await.unwrap().status(), 202);
    for wrong in ["0-4", "6-10", "nonsense"] {
        let answer = piece(wrong).send().await.unwrap();
        assert_eq!(answer.status(), 416, "{wrong}");
        assert_eq!(header(&answer, "range"), "0-4");
        assert_eq!(header(&answer, "location"), upload);
    }
    assert_eq!(piece("5-9").send().await.unwrap().status(), 202);
    let path = format!("{upload}?digest={}", Digest::sha256_of(b"1234512345"));
    assert_eq!(site.write(Method::PUT, &path).send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn a_blob_with_another_digest_is_not_kept() {
    let site = Site::open().await;
    let (promised, sent) = (Digest::sha256_of(b"promised"), Digest::sha256_of(b"sent"));
    let pushed = site.push_blob("app", &promised.to_string(), b"sent").await;
    assert_eq!(refusal(pushed).await, refused(400, "DIGEST_INVALID"));
    let upload = begin(&site).await;
    let finish = site.write(Method::PUT, &upload).body("sent").send().await.unwrap();
    assert_eq!(refusal(finish).await, refused(400, "DIGEST_INVALID"));
    for digest in [promised, sent] {
        assert_eq!(site.head(&format!("/v2/app/blobs/{digest}")).await.status(), 404);
    }
}

#[tokio::test]
async fn an_upload_can_be_cancelled_and_belongs_to_its_repository() {
    let site = Site::open().await;
    let upload = begin(&site).await;
    let elsewhere = upload.replace("/v2/app/", "/v2/other/");
    let answer = site.write(Method::DELETE, &elsewhere).send().await.unwrap();
    assert_eq!(refusal(answer).await, refused(404, "BLOB_UPLOAD_UNKNOWN"));
    assert_eq!(site.write(Method::DELETE, &upload).send().await.unwrap().status(), 204);
    let answer = site.write(Method::PATCH, &upload).body("x").send().await.unwrap();
    assert_eq!(refusal(answer).await, refused(404, "BLOB_UPLOAD_UNKNOWN"));
}

#[tokio::test]
async fn a_blob_that_is_here_is_mounted_and_another_begins_an_upload() {
    let site = Site::open().await;
    let digest = Digest::sha256_of(b"shared");
    site.push_blob("app", &digest.to_string(), b"shared").await;
    let path = format!("/v2/other/blobs/uploads/?mount={digest}&from=app");
    let mounted = site.write(Method::POST, &path).send().await.unwrap();
    assert_eq!(mounted.status(), 201);
    assert_eq!(header(&mounted, "location"), format!("/v2/other/blobs/{digest}"));
    let none = Digest::sha256_of(b"none");
    let path = format!("/v2/other/blobs/uploads/?mount={none}&from=app");
    let begun = site.write(Method::POST, &path).send().await.unwrap();
    assert_eq!(begun.status(), 202);
    assert!(header(&begun, "location").starts_with("/v2/other/blobs/uploads/"));
}

#[tokio::test]
async fn only_so_many_uploads_are_open_at_once() {
    let site = Site::open().await;
    let mut statuses = Vec::new();
    for _ in 0..65 {
        let begun = site.write(Method::POST, "/v2/app/blobs/uploads/").send().await.unwrap();
        statuses.push(begun.status().as_u16());
    }
    assert_eq!(statuses.pop(), Some(429));
    assert!(statuses.iter().all(|status| *status == 202), "{statuses:?}");
}

#[tokio::test]
async fn an_image_is_kept_under_its_tag() {
    let site = Site::open().await;
    let image = small_image();
    for (digest, bytes) in &image.blobs {
        site.push_blob("app", &digest.to_string(), bytes).await;
    }
    let pushed = site.push_manifest("app", "1.0", &image.media_type, &image.manifest).await;
    assert_eq!(pushed.status(), 201);
    let digest = image.manifest_digest.to_string();
    assert_eq!(header(&pushed, "docker-content-digest"), digest);
    assert_eq!(header(&pushed, "location"), format!("/v2/app/manifests/{digest}"));
    let reference = "localhost/app:1.0".parse().unwrap();
    let target = site.store.target(&reference).unwrap().unwrap();
    assert_eq!(target.digest, image.manifest_digest);
    // A tag moves.
    let other = Image::new().setting("CMD [\"sh\"]").build();
    site.push("app", "1.0", &other).await;
    let moved = site.head("/v2/app/manifests/1.0").await;
    assert_eq!(header(&moved, "docker-content-digest"), other.manifest_digest.to_string());
}

#[tokio::test]
async fn a_manifest_is_put_by_its_digest_and_by_no_other() {
    let site = Site::open().await;
    let image = small_image();
    site.push("app", "1.0", &image).await;
    let raw = [image.manifest.as_slice(), b"\n"].concat();
    let digest = Digest::sha256_of(&raw).to_string();
    let wrong = image.manifest_digest.to_string();
    let refusing = site.push_manifest("app", &wrong, MANIFEST, &raw).await;
    assert_eq!(refusal(refusing).await, refused(400, "DIGEST_INVALID"));
    assert_eq!(site.push_manifest("app", &digest, MANIFEST, &raw).await.status(), 201);
    let got = site.get(&format!("/v2/app/manifests/{digest}")).await;
    assert_eq!(got.bytes().await.unwrap(), raw);
    let tags = crate::site::json(site.get("/v2/app/tags/list").await).await;
    assert_eq!(tags["tags"], json!(["1.0"]));
}

#[tokio::test]
async fn an_index_is_kept_when_its_manifests_are_here() {
    let site = Site::open().await;
    let image = small_image();
    let kind = "application/vnd.oci.image.index.v1+json";
    let index = json!({ "schemaVersion": 2, "mediaType": kind, "manifests": [{
        "mediaType": image.media_type, "digest": image.manifest_digest, "size": image.manifest.len(),
        "platform": { "os": "linux", "architecture": "amd64" }
    }]})
    .to_string();
    let early = site.push_manifest("app", "all", kind, index.as_bytes()).await;
    assert_eq!(refusal(early).await, refused(400, "MANIFEST_BLOB_UNKNOWN"));
    site.push("app", "1.0", &image).await;
    assert_eq!(site.push_manifest("app", "all", kind, index.as_bytes()).await.status(), 201);
    let got = site.get("/v2/app/manifests/all").await;
    assert_eq!(header(&got, "content-type"), kind);
    assert_eq!(got.text().await.unwrap(), index);
}

#[tokio::test]
async fn a_manifest_that_is_none_is_refused() {
    let site = Site::open().await;
    let image = small_image();
    let index = "application/vnd.oci.image.index.v1+json";
    let missing = site.push_manifest("app", "1.0", MANIFEST, &image.manifest).await;
    assert_eq!(refusal(missing).await, refused(400, "MANIFEST_BLOB_UNKNOWN"));
    site.push("app", "1.0", &image).await;
    for (kind, raw) in [
        (MANIFEST, b"nonsense".as_slice()),
        (MANIFEST, b"{}"),
        (MANIFEST, b""),
        (index, &image.manifest),
    ] {
        let answer = site.push_manifest("app", "bad", kind, raw).await;
        assert_eq!(refusal(answer).await, refused(400, "MANIFEST_INVALID"));
    }
    let wrong_size = String::from_utf8(image.manifest.clone()).unwrap();
    let size = format!("\"size\":{}", image.blobs[0].1.len());
    let wrong_size = wrong_size.replace(&size, "\"size\":1");
    let answer = site.push_manifest("app", "bad", MANIFEST, wrong_size.as_bytes()).await;
    assert_eq!(refusal(answer).await, refused(400, "MANIFEST_BLOB_UNKNOWN"));
    let huge = vec![b' '; usize::try_from(MAX_MANIFEST_BYTES).unwrap() + 1];
    let answer = site.push_manifest("app", "bad", MANIFEST, &huge).await;
    assert_eq!(refusal(answer).await, refused(413, "SIZE_INVALID"));
    assert_eq!(site.head("/v2/app/manifests/bad").await.status(), 404);
}

#[tokio::test]
async fn writing_needs_the_token() {
    let site = Site::open().await;
    let uploads = "/v2/app/blobs/uploads/";
    let nobody = site.ask(Method::POST, uploads).send().await.unwrap();
    assert!(header(&nobody, "www-authenticate").starts_with("Basic realm="));
    assert_eq!(refusal(nobody).await, refused(401, "UNAUTHORIZED"));
    for stranger in [
        site.ask(Method::POST, uploads).bearer_auth("guess"),
        site.ask(Method::POST, uploads).basic_auth("x", Some("guess")),
        site.ask(Method::POST, uploads).basic_auth(TOKEN, None::<&str>),
        site.ask(Method::POST, uploads).header("authorization", format!("Digest {TOKEN}")),
        site.ask(Method::PUT, "/v2/app/manifests/1.0").body("{}"),
        site.ask(Method::DELETE, "/v2/app/manifests/1.0"),
    ] {
        assert_eq!(stranger.send().await.unwrap().status(), 401);
    }
    let with_password = site.ask(Method::POST, uploads).basic_auth("anybody", Some(TOKEN));
    assert_eq!(with_password.send().await.unwrap().status(), 202);
    // An upload is its writer's business, also for reading.
    let upload = begin(&site).await;
    assert_eq!(site.get(&upload).await.status(), 401);
}

#[tokio::test]
async fn a_login_is_tried_by_asking_whether_this_is_a_registry() {
    let site = Site::open().await;
    let with = |password| site.ask(Method::GET, "/v2/").basic_auth("x", Some(password)).send();
    assert_eq!(with(TOKEN).await.unwrap().status(), 200);
    assert_eq!(with("guess").await.unwrap().status(), 401);
    // Some clients send an empty login where they have none.
    assert_eq!(
        site.ask(Method::GET, "/v2/").basic_auth("", Some("")).send().await.unwrap().status(),
        200
    );
}

#[tokio::test]
async fn without_a_token_nothing_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let server = Server::start(store, ServerOptions::default()).await.unwrap();
    let site = Site::open().await;
    let url = format!("http://{}/v2/app/blobs/uploads/", server.address());
    let answer = site.write(Method::POST, &url).send().await.unwrap();
    assert_eq!(refusal(answer).await, refused(403, "DENIED"));
}

#[test]
fn the_write_token_is_not_shown() {
    let token = strata_registry::WriteToken::new(TOKEN.to_owned());
    assert!(!format!("{token:?}").contains(TOKEN));
}
