use serde_json::json;
use strata_registry::{Fault, Faults};
use strata_remote::RemoteError;
use strata_spec::Digest;
use strata_testkit::{BuiltImage, Image, Layer, Packing, noise};
use strata_transfer::TransferError;

use crate::site::{Site, altered};

fn image() -> BuiltImage {
    let first = Layer::new().file("first", noise(1, 200_000)).tar();
    let second = Layer::new().file("second", noise(2, 200_000)).tar();
    Image::new()
        .layer(first, Packing::Gzip, "COPY first /")
        .layer(second, Packing::Gzip, "COPY second /")
        .build()
}

/// Pulls an image that must be refused; nothing of it may be seen.
async fn refused(image: &BuiltImage) -> TransferError {
    let site = Site::open().await;
    site.serve("app:1", image);
    let error = site.pull("app:1").await.unwrap_err();
    site.has_nothing_of(image);
    error
}

#[tokio::test]
async fn a_layer_with_a_wrong_byte_is_refused() {
    let site = Site::open().await;
    let image = image();
    site.serve("app:1", &image);
    let layer = &image.layers[1].0;
    // In the file's content, and in gzip's own check at the end.
    for at in [100_000, image.blobs[1].1.len() as u64 - 6] {
        site.fail(Faults::none().always(&format!("/blobs/{layer}"), Fault::Flip { at }));
        let error = site.pull("app:1").await.unwrap_err();
        let TransferError::DigestMismatch { expected, found } = error else {
            panic!("{error:?}");
        };
        assert_eq!(expected, *layer);
        assert_ne!(found, *layer);
        site.has_nothing_of(&image);
    }
    site.fail(Faults::none());
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
}

#[tokio::test]
async fn a_layer_with_another_diff_id_is_refused() {
    let other = Digest::sha256_of(b"other");
    let lying = altered(&image(), |_, config| {
        config["rootfs"]["diff_ids"][0] = json!(other);
    });
    let error = refused(&lying).await;
    let TransferError::DiffIdMismatch { layer, expected, found } = error else {
        panic!("{error:?}");
    };
    assert_eq!((layer, expected), (lying.layers[0].0.clone(), other));
    assert_eq!(found, lying.layers[0].1);
}

#[tokio::test]
async fn a_layer_of_another_size_is_refused() {
    for more in [-1, 1, 1_000_000] {
        let lying = altered(&image(), |manifest, _| {
            let size = manifest["layers"][1]["size"].as_i64().unwrap();
            manifest["layers"][1]["size"] = json!(size + more);
        });
        let error = refused(&lying).await;
        let expected = matches!(error, TransferError::Remote(RemoteError::SizeMismatch { .. }));
        assert!(expected, "{more}: {error:?}");
    }
}

#[tokio::test]
async fn a_layer_that_is_no_tar_is_refused() {
    let nonsense = Image::new().layer(noise(1, 100_000), Packing::Gzip, "COPY").build();
    let error = refused(&nonsense).await;
    assert!(matches!(error, TransferError::Layer { .. }), "{error:?}");
    // Bytes after the end of the packed data have the right digest and are content that nobody sees.
    let tar = Layer::new().file("a", noise(1, 100_000)).tar();
    let mut trailing = Image::new().layer(tar, Packing::Gzip, "COPY").build();
    trailing.blobs[0].1.extend_from_slice(b"more");
    let (digest, size) = (Digest::sha256_of(&trailing.blobs[0].1), trailing.blobs[0].1.len());
    trailing.blobs[0].0 = digest.clone();
    trailing.layers[0].0 = digest.clone();
    let trailing = altered(&trailing, |manifest, _| {
        manifest["layers"][0]["digest"] = json!(digest);
        manifest["layers"][0]["size"] = json!(size);
    });
    let error = refused(&trailing).await;
    assert!(matches!(error, TransferError::Layer { .. }), "{error:?}");
}

#[tokio::test]
async fn a_layer_that_leads_out_of_the_image_is_refused() {
    let tar = Layer::new().file("../../etc/cron.d/evil", "x").tar();
    let escaping = Image::new().layer(tar, Packing::Plain, "COPY").build();
    let error = refused(&escaping).await;
    assert!(matches!(error, TransferError::Layer { .. }), "{error:?}");
}

#[tokio::test]
async fn what_is_no_image_is_refused() {
    let kind = "application/vnd.cncf.helm.config.v1+json";
    let chart = altered(&image(), |manifest, _| {
        manifest["config"]["mediaType"] = json!(kind);
    });
    let error = refused(&chart).await;
    let TransferError::NotAnImage { media_type, .. } = error else { panic!("{error:?}") };
    assert_eq!(media_type.as_str(), kind);
}

#[tokio::test]
async fn an_image_with_more_layers_than_diff_ids_is_refused() {
    let lying = altered(&image(), |_, config| {
        config["rootfs"]["diff_ids"].as_array_mut().unwrap().pop();
    });
    let error = refused(&lying).await;
    let expected = matches!(error, TransferError::LayerCount { layers: 2, diff_ids: 1, .. });
    assert!(expected, "{error:?}");
}

#[tokio::test]
async fn a_config_with_a_wrong_byte_is_refused() {
    let site = Site::open().await;
    let image = image();
    site.serve("app:1", &image);
    let config = &image.blobs.last().unwrap().0;
    site.fail(Faults::none().always(&format!("/blobs/{config}"), Fault::Flip { at: 10 }));
    let error = site.pull("app:1").await.unwrap_err();
    let expected = matches!(error, TransferError::Remote(RemoteError::DigestMismatch { .. }));
    assert!(expected, "{error:?}");
    site.has_nothing_of(&image);
}

#[tokio::test]
async fn an_image_whose_layer_is_gone_is_refused() {
    let site = Site::open().await;
    let image = image();
    for (digest, bytes) in image.blobs.iter().filter(|blob| blob.0 != image.layers[1].0) {
        site.serve_blob(digest, bytes);
    }
    site.serve_document("app:1", &image.media_type, &image.manifest);
    let error = site.pull("app:1").await.unwrap_err();
    let expected = matches!(error, TransferError::Remote(RemoteError::BlobUnknown { .. }));
    assert!(expected, "{error:?}");
    site.has_nothing_of(&image);
}
