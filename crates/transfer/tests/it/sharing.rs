use serde_json::json;
use strata_testkit::{BuiltImage, Image, Layer, Packing, noise};
use strata_transfer::TransferError;

use crate::site::{Site, altered};

fn tar(seed: u64) -> Vec<u8> {
    Layer::new().file(format!("file-{seed}"), noise(seed, 300_000)).tar()
}

fn of_layers(seeds: &[u64]) -> BuiltImage {
    let mut image = Image::new();
    for seed in seeds {
        image = image.layer(tar(*seed), Packing::Gzip, "COPY");
    }
    image.build()
}

#[tokio::test]
async fn a_layer_of_two_images_is_fetched_once() {
    let site = Site::open().await;
    let (one, two) = (of_layers(&[1, 2]), of_layers(&[1, 3]));
    site.serve("one:1", &one);
    site.serve("two:1", &two);
    site.pull("one:1").await.unwrap();
    site.pull("two:1").await.unwrap();
    site.has_all_of(&one);
    site.has_all_of(&two);
    assert_eq!(site.asked(&one.layers[0].0).len(), 1);
    assert_eq!(site.store.shared_with(&two.manifest_digest).unwrap(), [1, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pulls_at_the_same_time_share_layers_without_waiting_for_each_other_for_ever() {
    let site = Site::open().await;
    let one = of_layers(&[1, 2, 3, 4, 5, 6, 7, 8]);
    let two = of_layers(&[8, 7, 6, 5, 4, 3, 2, 1]);
    let three = of_layers(&[5, 1, 9]);
    site.serve("one:1", &one);
    site.serve("two:1", &two);
    site.serve("three:1", &three);
    let pulls = tokio::join!(site.pull("one:1"), site.pull("two:1"), site.pull("three:1"));
    for pulled in [pulls.0, pulls.1, pulls.2] {
        pulled.unwrap();
    }
    for image in [&one, &two, &three] {
        site.has_all_of(image);
        for (digest, _) in &image.layers {
            assert_eq!(site.asked(digest).len(), 1);
        }
    }
}

#[tokio::test]
async fn a_layer_that_an_image_has_twice_is_fetched_once() {
    let site = Site::open().await;
    let image = of_layers(&[1, 2, 1]);
    site.serve("app:1", &image);
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
    assert_eq!(site.asked(&image.layers[0].0).len(), 1);
}

#[tokio::test]
async fn a_layer_that_an_image_has_twice_as_two_things_is_refused() {
    let site = Site::open().await;
    let known = of_layers(&[2]);
    site.serve("known:1", &known);
    site.pull("known:1").await.unwrap();
    // The second diff ID is that of another layer, whose files would be shown in place of the real ones.
    let lying = altered(&of_layers(&[1, 1]), |_, config| {
        config["rootfs"]["diff_ids"][1] = json!(known.layers[0].1);
    });
    site.serve("app:1", &lying);
    let error = site.pull("app:1").await.unwrap_err();
    assert!(matches!(error, TransferError::DiffIdMismatch { .. }), "{error:?}");
    let sizes = altered(&of_layers(&[1, 1]), |manifest, _| {
        manifest["layers"][1]["size"] = json!(1);
    });
    site.serve("app:2", &sizes);
    let error = site.pull("app:2").await.unwrap_err();
    assert!(matches!(error, TransferError::Document { .. }), "{error:?}");
}

#[tokio::test]
async fn a_stored_layer_is_not_shown_with_the_files_of_another() {
    let site = Site::open().await;
    let known = of_layers(&[1, 2]);
    site.serve("known:1", &known);
    site.pull("known:1").await.unwrap();
    let lying = altered(&of_layers(&[1]), |_, config| {
        config["rootfs"]["diff_ids"][0] = json!(known.layers[1].1);
    });
    site.serve("app:1", &lying);
    let error = site.pull("app:1").await.unwrap_err();
    assert!(matches!(error, TransferError::DiffIdMismatch { .. }), "{error:?}");
    assert!(site.store.image(&lying.manifest_digest).unwrap().is_none());
}

#[tokio::test]
async fn to_pull_again_fetches_nothing() {
    let site = Site::open().await;
    let image = of_layers(&[1, 2]);
    site.serve("app:1", &image);
    site.pull("app:1").await.unwrap();
    let before = site.server.log().len();
    site.pull("app:1").await.unwrap();
    let log = site.server.log();
    let asked: Vec<(&str, &str)> =
        log[before..].iter().map(|seen| (seen.method.as_str(), seen.path.as_str())).collect();
    assert_eq!(asked, [("HEAD", "/v2/app/manifests/1")]);
    site.has_all_of(&image);
}

#[tokio::test]
async fn a_layer_that_lost_its_list_of_files_gets_it_back_without_the_registry() {
    let site = Site::open().await;
    let image = of_layers(&[1, 2]);
    site.serve("app:1", &image);
    site.pull("app:1").await.unwrap();
    let trees = site.files("trees");
    // And the key of their fingerprints.
    assert_eq!(trees.len(), 3);
    for file in trees {
        std::fs::remove_file(file).unwrap();
    }
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
    assert_eq!(site.asked(&image.layers[0].0).len(), 1);
}
