use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use strata_spec::{Digest, ImageConfig, Manifest};
use strata_store::Store;

const LIMIT: u64 = 1024 * 1024;

/// The names of `index.json` with the digests under each.
pub fn named(store: &Store) -> BTreeSet<(String, String)> {
    let text = fs::read(store.folder().join("index.json")).unwrap();
    let index: Value = serde_json::from_slice(&text).unwrap();
    let entries = index["manifests"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    entries
        .map(|entry| {
            let name = text(&entry["annotations"]["org.opencontainers.image.ref.name"]);
            (name, text(&entry["digest"]))
        })
        .collect()
}

/// Every image that is listed has all its bytes, every name of the folder is listed, and the sums are right.
pub fn check(store: &Store) {
    let images = store.images().unwrap();
    let (mut listed, mut distinct, mut image_bytes) = (BTreeSet::new(), BTreeMap::new(), 0);
    let mut manifests = BTreeSet::new();
    for image in &images {
        if let Some(reference) = &image.reference {
            listed.insert((reference.to_string(), image.manifest.to_string()));
        }
        let raw = store.read_document(&image.manifest, LIMIT).unwrap();
        let manifest = Manifest::parse(raw).unwrap();
        store.read_document(&image.target, LIMIT).unwrap();
        let config = store.read_document(&manifest.config().digest, LIMIT).unwrap();
        let config = ImageConfig::parse(config).unwrap();
        let layers: Vec<&Digest> = manifest.layers().iter().map(|layer| &layer.digest).collect();
        assert_eq!(layers, image.layers.iter().map(|layer| &layer.digest).collect::<Vec<_>>());
        for (layer, diff_id) in image.layers.iter().zip(config.diff_ids()) {
            store.read_document(&layer.digest, LIMIT).unwrap();
            assert!(store.tree(diff_id).unwrap().is_some(), "the tree of {diff_id:?}");
            distinct.insert(&layer.digest, layer.size_bytes);
        }
        if manifests.insert(&image.manifest) {
            let own: BTreeMap<_, _> =
                image.layers.iter().map(|layer| (&layer.digest, layer.size_bytes)).collect();
            image_bytes += own.values().sum::<u64>();
        }
    }
    assert_eq!(listed, named(store), "what is listed is what the folder names");
    let totals = store.totals().unwrap();
    assert_eq!(totals.image_count, manifests.len());
    assert_eq!(totals.image_bytes, image_bytes);
    assert_eq!(totals.saved_bytes, image_bytes - distinct.values().sum::<u64>());
}
