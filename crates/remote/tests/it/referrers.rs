//! What refers to an image.

use serde_json::json;
use strata_spec::Digest;

use crate::images::{INDEX, manifest};
use crate::server::{Reply, Server, client};

fn index(entries: &[(&str, &str)]) -> Vec<u8> {
    let manifests: Vec<_> = entries
        .iter()
        .map(|(note, kind)| {
            let raw = manifest(note);
            json!({
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": Digest::sha256_of(&raw).to_string(),
                "size": raw.len(),
                "artifactType": kind,
            })
        })
        .collect();
    json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}).to_string().into_bytes()
}

#[tokio::test]
async fn referrers_are_listed_over_pages_and_filtered_here_where_the_registry_does_not() {
    let server = Server::start(|asked| {
        if asked.target.contains("last=") {
            return Reply::ok(index(&[("c", "signature")])).with("Content-Type", INDEX);
        }
        Reply::ok(index(&[("a", "signature"), ("b", "sbom")])).with("Content-Type", INDEX).with(
            "Link",
            &format!("<{}?last=b>; rel=next", asked.target.split('?').next().unwrap()),
        )
    });
    let digest = Digest::sha256_of(b"image");
    let reference = server.reference("app:1");
    let all = client().referrers(&reference, &digest, None).await.unwrap();
    assert_eq!(all.len(), 3);
    let signed = client().referrers(&reference, &digest, Some("signature")).await.unwrap();
    assert_eq!(signed.len(), 2);
}

#[tokio::test]
async fn a_registry_without_the_list_is_asked_for_the_tag_that_stands_in() {
    let digest = Digest::sha256_of(b"image");
    let tag = digest.to_string().replacen(':', "-", 1);
    let stand_in = index(&[("a", "signature")]);
    let server = Server::start(move |asked| {
        if asked.target.ends_with(&format!("/manifests/{tag}")) {
            return Reply::ok(stand_in.as_slice()).with("Content-Type", INDEX);
        }
        Reply::new(404, "")
    });
    let found = client().referrers(&server.reference("app:1"), &digest, None).await.unwrap();
    assert_eq!(found.len(), 1);
    let none = Server::start(|asked| match asked.target.contains("/tags/list") {
        true => Reply::ok(r#"{"tags": []}"#),
        false => Reply::new(404, ""),
    });
    let found = client().referrers(&none.reference("app:1"), &digest, None).await.unwrap();
    assert!(found.is_empty());
}

#[tokio::test]
async fn a_registry_that_says_it_has_filtered_may_leave_types_out() {
    let raw = manifest("a");
    let entry = json!({
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": Digest::sha256_of(&raw).to_string(),
        "size": raw.len(),
    });
    let listed = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]}).to_string();
    let server = Server::start(move |asked| {
        let reply = Reply::ok(listed.as_str()).with("Content-Type", INDEX);
        match asked.target.contains("/filtering/") {
            true => reply.with("OCI-Filters-Applied", "other, artifactType"),
            false => reply,
        }
    });
    let digest = Digest::sha256_of(b"image");
    for (name, expected) in [("filtering", 1), ("plain", 0)] {
        let reference = server.reference(name);
        let found = client().referrers(&reference, &digest, Some("signature")).await.unwrap();
        assert_eq!(found.len(), expected, "{name}");
    }
    assert!(
        server.asked()[0].target.ends_with(&format!("/referrers/{digest}?artifactType=signature"))
    );
}
