use std::path::Path;
use std::process::Command;

use serde_json::Value;
use strata_testkit::{Image, Layer, Packing, noise};

use crate::site::{Site, TOKEN};

fn is_here() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join("skopeo").is_file());
    if !found {
        println!("skipped: there is no `skopeo`");
    }
    found
}

async fn skopeo(arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new("skopeo");
    command.arg("--insecure-policy").args(arguments).env("REGISTRY_AUTH_FILE", "/nonexistent");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

fn manifest_of(layout: &Path) -> Value {
    let index = std::fs::read(layout.join("index.json")).unwrap();
    let index: Value = serde_json::from_slice(&index).unwrap();
    index["manifests"][0]["digest"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn skopeo_pushes_and_pulls_without_changing_a_byte() {
    if !is_here() {
        return;
    }
    let site = Site::open().await;
    let tar = |seed| Layer::new().file(format!("{seed}"), noise(seed, 3_000_000)).tar();
    let image = Image::new()
        .layer(tar(1), Packing::Gzip, "COPY one /")
        .layer(tar(2), Packing::Zstd, "COPY two /")
        .build();
    site.push("made/here", "1.0", &image).await;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| format!("docker://{}/{name}", site.server.address());
    let layout = |name: &str| format!("oci:{}:1.0", folder.path().join(name).display());
    let creds = format!("--dest-creds=x:{TOKEN}");

    let (fine, said) =
        skopeo(&["copy", "--src-tls-verify=false", &at("made/here:1.0"), &layout("a")]).await;
    assert!(fine, "{said}");
    assert_eq!(manifest_of(&folder.path().join("a")), image.manifest_digest.to_string());
    let refused = skopeo(&[
        "copy",
        "--dest-tls-verify=false",
        "--dest-creds=x:guess",
        &layout("a"),
        &at("x:1.0"),
    ])
    .await;
    assert!(!refused.0, "a wrong password was accepted");
    let (fine, said) =
        skopeo(&["copy", "--dest-tls-verify=false", &creds, &layout("a"), &at("made/there:2.0")])
            .await;
    assert!(fine, "{said}");
    let (fine, said) =
        skopeo(&["copy", "--src-tls-verify=false", &at("made/there:2.0"), &layout("b")]).await;
    assert!(fine, "{said}");
    assert_eq!(manifest_of(&folder.path().join("b")), image.manifest_digest.to_string());
    let (fine, said) = skopeo(&["list-tags", "--tls-verify=false", &at("made/there")]).await;
    assert!(fine && said.contains("\"2.0\""), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn skopeo_pushes_blobs_that_the_registry_does_not_have() {
    if !is_here() {
        return;
    }
    let (from, to) = (Site::open().await, Site::open().await);
    let tar = Layer::new().file("big", noise(5, 5_000_000)).tar();
    let image = Image::new().docker().layer(tar, Packing::Gzip, "COPY big /").build();
    from.push("app", "1.0", &image).await;
    let (source, target) = (
        format!("docker://{}/app:1.0", from.server.address()),
        format!("docker://{}/copied/app:1.0", to.server.address()),
    );
    let creds = format!("--dest-creds=x:{TOKEN}");
    let arguments =
        ["copy", "--src-tls-verify=false", "--dest-tls-verify=false", &creds, &source, &target];
    let (fine, said) = skopeo(&arguments).await;
    assert!(fine, "{said}");
    let reference = "localhost/copied/app:1.0".parse().unwrap();
    let kept = to.store.target(&reference).unwrap().unwrap();
    assert_eq!(kept.digest, image.manifest_digest);
}
