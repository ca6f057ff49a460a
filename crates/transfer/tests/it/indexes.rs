use serde_json::{Value, json};
use strata_spec::Platform;
use strata_testkit::{BuiltImage, Image, Layer, Packing};
use strata_transfer::{PullRequest, TransferError, look};

use crate::site::{INDEX, Site};

fn for_platform(os: &str, architecture: &str) -> BuiltImage {
    let tar = Layer::new().file("which", format!("{os}/{architecture}")).tar();
    Image::new().platform(os, architecture).layer(tar, Packing::Gzip, "COPY which /").build()
}

fn entry(image: &BuiltImage, platform: Option<Value>) -> Value {
    let mut entry = json!({
        "mediaType": image.media_type, "digest": image.manifest_digest, "size": image.manifest.len()
    });
    if let Some(platform) = platform {
        entry["platform"] = platform;
    }
    entry
}

/// A registry with an index of three images and an attestation.
async fn three() -> (Site, [BuiltImage; 3]) {
    let site = Site::open().await;
    let images = [("linux", "amd64"), ("linux", "arm64"), ("windows", "amd64")];
    let images = images.map(|(os, architecture)| for_platform(os, architecture));
    let mut entries: Vec<Value> = ["linux/amd64", "linux/arm64", "windows/amd64"]
        .iter()
        .zip(&images)
        .map(|(platform, image)| {
            let (os, architecture) = platform.split_once('/').unwrap();
            entry(image, Some(json!({ "os": os, "architecture": architecture })))
        })
        .collect();
    entries.push(entry(&images[0], Some(json!({ "os": "unknown", "architecture": "unknown" }))));
    for (place, image) in images.iter().enumerate() {
        site.serve(&format!("app:part-{place}"), image);
    }
    site.serve_index("app:1", &entries);
    (site, images)
}

#[tokio::test]
async fn the_image_for_the_wanted_platform_is_pulled_and_no_other() {
    let (site, images) = three().await;
    let pulled = site.pull_for("app:1", "linux/arm64").await.unwrap();
    assert_eq!(pulled.manifest, images[1].manifest_digest);
    assert_eq!(pulled.platform, Platform::parse("linux/arm64").unwrap());
    assert_ne!(pulled.target.digest, pulled.manifest);
    assert_eq!(pulled.target.media_type.as_str(), INDEX);
    site.has_all_of(&images[1]);
    assert!(site.store.blob_size(&pulled.target.digest).unwrap().is_some());
    assert_eq!(site.asked(&images[0].layers[0].0), []);
    assert_eq!(site.store.blob_size(&images[0].manifest_digest).unwrap(), None);
    // Another platform of the same name is added, not put in its place.
    site.pull_for("app:1", "linux/amd64").await.unwrap();
    assert_eq!(site.store.images_of(&site.reference("app:1")).unwrap().len(), 2);
}

#[tokio::test]
async fn a_platform_that_is_not_there_lists_those_that_are() {
    let (site, images) = three().await;
    let error = site.pull_for("app:1", "linux/s390x").await.unwrap_err();
    let TransferError::NoPlatform { available, wanted, .. } = error else {
        panic!("{error:?}");
    };
    let available: Vec<String> = available.iter().map(ToString::to_string).collect();
    assert_eq!(available, ["linux/amd64", "linux/arm64", "windows/amd64"]);
    assert_eq!(wanted.to_string(), "linux/s390x");
    site.has_nothing_of(&images[0]);
}

#[tokio::test]
async fn an_index_in_an_index_is_followed() {
    let (site, images) = three().await;
    let platform = json!({ "os": "linux", "architecture": "amd64" });
    let inner = site.serve_index("app:inner", &[entry(&images[0], Some(platform))]);
    let outer = site.serve_index("app:outer", &[json!(inner)]);
    let pulled = site.pull("app:outer").await.unwrap();
    assert_eq!(
        (pulled.manifest, pulled.target.digest),
        (images[0].manifest_digest.clone(), outer.digest)
    );
    site.has_all_of(&images[0]);
    assert!(site.store.blob_size(&inner.digest).unwrap().is_some());
}

#[tokio::test]
async fn an_index_in_an_index_ends_somewhere() {
    let (site, images) = three().await;
    let mut inner = site.serve_index("app:deep", &[entry(&images[0], None)]);
    for _ in 0..3 {
        inner = site.serve_index("app:deep", &[json!(inner)]);
    }
    let error = site.pull("app:deep").await.unwrap_err();
    assert!(matches!(error, TransferError::TooDeep { limit: 3, .. }), "{error:?}");
}

#[tokio::test]
async fn an_index_that_lies_about_a_manifest_is_refused() {
    let site = Site::open().await;
    let image = for_platform("linux", "amd64");
    site.serve("app:part", &image);
    let mut lying = entry(&image, Some(json!({ "os": "linux", "architecture": "amd64" })));
    lying["size"] = json!(image.manifest.len() + 1);
    site.serve_index("app:1", &[lying]);
    let error = site.pull("app:1").await.unwrap_err();
    assert!(matches!(error, TransferError::Remote(_)), "{error:?}");
    site.has_nothing_of(&image);
}

#[tokio::test]
async fn an_only_image_for_another_platform_is_refused_where_one_was_asked_for() {
    let site = Site::open().await;
    let image = for_platform("linux", "arm64");
    site.serve("app:1", &image);
    let request = PullRequest { exact: true, ..site.request("app:1") };
    let error = site.pull_request(&request).await.unwrap_err();
    let TransferError::NoPlatform { available, .. } = error else { panic!("{error:?}") };
    assert_eq!(available, [Platform::parse("linux/arm64").unwrap()]);
    site.has_nothing_of(&image);
    // Nobody asked for a platform: it is the image that there is, and can be looked into.
    site.pull("app:1").await.unwrap();
}

#[tokio::test]
async fn a_look_tells_what_a_pull_would_bring_and_keeps_nothing() {
    let (site, images) = three().await;
    let looked = look(&site.store, &site.client, &site.request("app:1")).await.unwrap();
    assert_eq!(looked.plan.platform, Platform::parse("linux/amd64").unwrap());
    assert_eq!((looked.plan.here_bytes(), looked.plan.layers.len()), (0, 1));
    assert_eq!(looked.offers.len(), 3);
    assert_eq!(strata_spec::Digest::sha256_of(&looked.target), looked.plan.target.digest);
    site.has_nothing_of(&images[0]);
    assert!(site.gets(&images[0].layers[0].0).is_empty(), "a layer was asked for");
    site.pull("app:1").await.unwrap();
    let again = look(&site.store, &site.client, &site.request("app:1")).await.unwrap();
    assert_eq!(again.plan.here_bytes(), again.plan.total_bytes());
}
