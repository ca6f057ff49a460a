use std::fs;

use strata_testkit::{BuiltImage, Image, Layer, Packing, noise};
use strata_transfer::TransferError;

use crate::site::{Site, altered};

/// A pulled image of two layers, one packed and one plain.
async fn pulled() -> (Site, BuiltImage) {
    let site = Site::open().await;
    let packed = Layer::new().file("packed", noise(1, 200_000)).tar();
    let plain = Layer::new().file("plain", noise(2, 200_000)).tar();
    let image = Image::new()
        .layer(packed, Packing::Gzip, "COPY packed /")
        .layer(plain, Packing::Plain, "COPY plain /")
        .build();
    site.serve("app:1", &image);
    site.pull("app:1").await.unwrap();
    (site, image)
}

fn lose_trees(site: &Site) {
    for tree in site.files("trees") {
        fs::remove_file(tree).unwrap();
    }
}

/// Changes the byte at `at` of a layer's file.
fn damage(site: &Site, image: &BuiltImage, layer: usize, at: impl Fn(usize) -> usize) {
    let hex = image.layers[layer].0.hex().to_owned();
    let file = site.files("blobs").into_iter().find(|file| file.ends_with(&hex)).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let at = at(bytes.len());
    bytes[at] ^= 1;
    fs::write(file, bytes).unwrap();
}

#[tokio::test]
async fn a_stored_layer_that_is_damaged_is_fetched_anew_where_its_files_must_be_listed_again() {
    for layer in [0, 1] {
        let (site, image) = pulled().await;
        lose_trees(&site);
        damage(&site, &image, layer, |length| length / 2);
        site.pull("app:1").await.unwrap();
        site.has_all_of(&image);
        assert_eq!(site.asked(&image.layers[layer].0).len(), 2);
        assert_eq!(site.asked(&image.layers[1 - layer].0).len(), 1, "the sound one is not");
    }
}

#[tokio::test]
async fn damage_that_leaves_the_plain_tar_as_it_was_is_seen_too() {
    let (site, image) = pulled().await;
    lose_trees(&site);
    // The fifth byte of a gzip member is part of its time (RFC 1952).
    damage(&site, &image, 0, |_| 4);
    site.pull("app:1").await.unwrap();
    site.has_all_of(&image);
}

#[tokio::test]
async fn a_sound_layer_with_another_diff_id_is_refused_and_not_fetched_again() {
    let (site, image) = pulled().await;
    lose_trees(&site);
    let other = Image::new()
        .layer(Layer::new().file("other", "x").tar(), Packing::Plain, "COPY other /")
        .build();
    let lying = altered(&image, |_, config| {
        config["rootfs"]["diff_ids"][0] = other.layers[0].1.to_string().into();
    });
    site.serve("app:2", &lying);
    let refused = site.pull("app:2").await;
    assert!(matches!(refused, Err(TransferError::DiffIdMismatch { .. })), "{refused:?}");
    assert_eq!(site.asked(&image.layers[0].0).len(), 1);
}
