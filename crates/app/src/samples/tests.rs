#![allow(clippy::unwrap_used)]

use strata_layer::{Limits, scan};
use strata_spec::ImageConfig;
use strata_tree::TreeBuilder;

use super::*;

#[test]
fn samples_are_made_once_share_layers_and_are_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store")).unwrap();
    ensure(&store).unwrap();
    let images = list(&store, "localhost:5150").unwrap();
    assert!(images.len() >= 2, "{images:?}");
    assert_eq!(images[0].reference, "localhost:5150/practice/hello:1.0");
    let mut layers = Vec::new();
    for recipe in recipes() {
        let target = store.target(&recipe.reference().unwrap()).unwrap().unwrap();
        let raw = store.read_document(&target.digest, MAX_MANIFEST_BYTES).unwrap();
        let manifest = Manifest::parse(raw).unwrap();
        let raw = store.read_document(&manifest.config().digest, 1 << 20).unwrap();
        let config = ImageConfig::parse(raw).unwrap();
        assert_eq!(config.diff_ids().len(), manifest.layers().len());
        assert!(manifest.layers().len() >= 3, "{}", recipe.title);
        for (layer, diff_id) in manifest.layers().iter().zip(config.diff_ids()) {
            let blob = store.open_blob(&layer.digest).unwrap();
            let scanned = scan(blob, &Limits::default(), &mut TreeBuilder::new()).unwrap();
            assert_eq!(scanned.diff_id, *diff_id, "{}", recipe.title);
        }
        layers.push(manifest.layers().to_vec());
    }
    assert_eq!(layers[0][..2], layers[1][..2], "hello and greeter stand on the same layers");
    let before = store.generation().unwrap();
    ensure(&store).unwrap();
    assert_eq!(store.generation().unwrap(), before, "nothing is made twice");
}
