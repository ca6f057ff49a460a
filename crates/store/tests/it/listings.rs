use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::json;
use strata_spec::{Digest, MediaType};
use strata_store::{Store, Totals};
use tempfile::tempdir;

use crate::image::Image;

const IMAGES: usize = 2_000;

/// The same numbers at every run (Knuth's MMIX constants).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Images that draw their layers from a common few, some of them twice.
fn images() -> Vec<Image> {
    let mut numbers = Numbers(7);
    let layers: Vec<Vec<u8>> = (0..300).map(|number| vec![b'.'; 10 + number * 3]).collect();
    let image = |number: usize| {
        let own = format!("own {number}");
        let mut chosen: Vec<&[u8]> = vec![own.as_bytes()];
        for _ in 0..numbers.below(6) {
            chosen.push(&layers[numbers.below(layers.len())]);
        }
        Image::new("amd64", &chosen)
    };
    (0..IMAGES).map(image).collect()
}

/// A layout as another tool writes it; every third image has a second name.
fn write(images: &[Image], folder: &std::path::Path) -> usize {
    let mut entries = Vec::new();
    for (number, image) in images.iter().enumerate() {
        image.write(folder);
        let names = [Some("a"), (number % 3 == 0).then_some("b")];
        for name in names.into_iter().flatten() {
            let name = format!("registry.example/{name}/{number}:1");
            entries.push(json!({
                "mediaType": MediaType::OciManifest.as_str(),
                "digest": image.digest().to_string(), "size": image.manifest.len(),
                "annotations": { "org.opencontainers.image.ref.name": name },
            }));
        }
    }
    let count = entries.len();
    let index = json!({ "schemaVersion": 2, "manifests": entries });
    fs::write(folder.join("index.json"), index.to_string()).unwrap();
    count
}

#[test]
fn two_thousand_images_are_listed_as_a_plain_model_says() {
    let folder = tempdir().unwrap();
    drop(Store::open(folder.path()).unwrap());
    fs::remove_file(folder.path().join("strata.db")).unwrap();
    let images = images();
    let names = write(&images, folder.path());
    let store = Store::open(folder.path()).unwrap();

    let mut users: BTreeMap<&[u8], BTreeSet<usize>> = BTreeMap::new();
    for (number, image) in images.iter().enumerate() {
        for layer in &image.layers {
            users.entry(layer).or_default().insert(number);
        }
    }
    let sum = |layers: &BTreeSet<&[u8]>| layers.iter().map(|layer| layer.len() as u64).sum::<u64>();
    let listed = store.images().unwrap();
    assert_eq!(listed.len(), names);
    let mut by_manifest: BTreeMap<Digest, Vec<_>> = BTreeMap::new();
    for record in listed {
        by_manifest.entry(record.manifest.clone()).or_default().push(record);
    }
    let mut image_bytes = 0;
    for (number, image) in images.iter().enumerate() {
        let distinct: BTreeSet<&[u8]> = image.layers.iter().map(Vec::as_slice).collect();
        let (shared, own): (BTreeSet<&[u8]>, _) =
            distinct.iter().partition(|layer| users[*layer].len() > 1);
        image_bytes += sum(&distinct);
        let records = &by_manifest[&image.digest()];
        assert_eq!(records.len(), if number % 3 == 0 { 2 } else { 1 });
        for record in records {
            assert_eq!((record.only_here_bytes, record.shared_bytes), (sum(&own), sum(&shared)));
            let layers: Vec<_> =
                image.layers.iter().map(|bytes| Digest::sha256_of(bytes)).collect();
            assert_eq!(record.layers.iter().map(|l| l.digest.clone()).collect::<Vec<_>>(), layers);
        }
        if number % 50 == 0 {
            let alone = store.image(&image.digest()).unwrap().unwrap();
            assert!(records.contains(&alone), "one by one it is the same");
            let others: Vec<usize> =
                image.layers.iter().map(|layer| users[layer.as_slice()].len() - 1).collect();
            assert_eq!(store.shared_with(&image.digest()).unwrap(), others);
        }
    }
    let distinct_bytes = sum(&users.keys().copied().collect());
    let documents = |image: &Image| [image.manifest.clone(), image.config.clone()];
    let documents: BTreeSet<Vec<u8>> = images.iter().flat_map(documents).collect();
    let document_bytes: u64 = documents.iter().map(|raw| raw.len() as u64).sum();
    let expected = Totals {
        image_count: IMAGES,
        stored_bytes: distinct_bytes + document_bytes,
        image_bytes,
        saved_bytes: image_bytes - distinct_bytes,
    };
    assert_eq!(store.totals().unwrap(), expected);
}
