//! Two images beside each other, against a comparison of two maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use strata_testkit::Layer;
use strata_tree::{Change, Listing, Tree};

use crate::{bytes, changes};

fn compared(left: Vec<Layer>, right: Vec<Layer>) -> Listing<Vec<u8>> {
    let count = left.len();
    let all = left.into_iter().chain(right);
    let trees: Arc<[_]> = all.map(|layer| Tree::open(bytes(&layer.tar())).unwrap()).collect();
    Listing::compared(trees, count).unwrap()
}

fn differing(listing: &Listing<Vec<u8>>) -> Vec<(String, Change)> {
    let all = changes(&listing.differences());
    all.into_iter().filter(|(_, change)| *change != Change::Unchanged).collect()
}

#[test]
fn each_path_is_the_same_changed_or_only_on_one_side() {
    let left = vec![
        Layer::new()
            .file("etc/same", "1")
            .file("etc/other", "1")
            .file("etc/gone", "123")
            .file("etc/mode", "x"),
        Layer::new().whiteout("etc/gone").file("old/a", "12").symlink("kind", "etc"),
    ];
    let right = vec![
        Layer::new()
            .file("etc/same", "1")
            .file("etc/other", "2")
            .mode(0o700)
            .file("etc/mode", "x")
            .mode(0o644)
            .file("kind", "1")
            .file("new/b", "123"),
    ];
    let listing = compared(left, right);
    let expected = [
        ("etc/mode", Change::Metadata),
        ("etc/other", Change::Changed),
        ("kind", Change::Replaced),
        ("new", Change::Added),
        ("new/b", Change::Added),
        ("old", Change::Deleted),
        ("old/a", Change::Deleted),
    ];
    let expected = expected.map(|(path, change)| (path.to_owned(), change));
    assert_eq!(differing(&listing), expected);
    // What is the same is in the whole list, and what was deleted before is in neither.
    let all: Vec<String> = changes(&listing).into_iter().map(|(path, _)| path).collect();
    assert!(all.contains(&"etc/same".to_owned()) && !all.contains(&"etc/gone".to_owned()));
    let row = listing.row(listing.place(listing.find(b"new/b").unwrap()).unwrap()).unwrap();
    assert_eq!((row.layer, row.was_in), (2, None));
    let row = listing.row(listing.place(listing.find(b"old/a").unwrap()).unwrap()).unwrap();
    assert_eq!((row.layer, row.was_in), (1, Some(1)));
}

#[test]
fn the_same_file_under_another_name_or_behind_a_link_is_the_same() {
    let left = vec![Layer::new().file("a", "12").hardlink("b", "a")];
    let right = vec![Layer::new().file("a", "12").file("b", "12")];
    assert_eq!(differing(&compared(left, right)), []);
}

#[test]
fn an_image_without_layers_has_nothing() {
    let file = || vec![Layer::new().file("a", "1")];
    assert_eq!(differing(&compared(vec![], file())), [("a".to_owned(), Change::Added)]);
    assert_eq!(differing(&compared(file(), vec![])), [("a".to_owned(), Change::Deleted)]);
    assert_eq!(compared(vec![], vec![]).total(), 0);
}

fn files() -> impl Strategy<Value = BTreeMap<String, u8>> {
    let path = prop::collection::vec(prop::sample::select(vec!["a", "b", "a.b", "c"]), 1..4)
        .prop_map(|names| format!("{}/f", names.join("/")));
    prop::collection::btree_map(path, 0_u8..3, 0..12)
}

fn layers(files: &BTreeMap<String, u8>, cut: usize) -> Vec<Layer> {
    let part = |wanted: bool| {
        files
            .iter()
            .enumerate()
            .filter(|(at, _)| (at % 3 < cut) == wanted)
            .fold(Layer::new(), |layer, (_, (path, content))| layer.file(path, content.to_string()))
    };
    vec![part(true), part(false)]
}

proptest! {
    #[test]
    fn random_images_differ_where_their_maps_do(left in files(), right in files(), cut in 0_usize..3) {
        let listing = compared(layers(&left, cut), layers(&right, 2 - cut));
        let found: BTreeMap<String, Change> =
            differing(&listing).into_iter().filter(|(path, _)| path.ends_with("/f")).collect();
        let mut expected = BTreeMap::new();
        for path in left.keys().chain(right.keys()) {
            let change = match (left.get(path), right.get(path)) {
                (Some(one), Some(other)) if one == other => continue,
                (Some(_), Some(_)) => Change::Changed,
                (Some(_), None) => Change::Deleted,
                _ => Change::Added,
            };
            expected.insert(path.clone(), change);
        }
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn folders_of_one_side_are_counted_even_if_a_later_layer_only_touched_their_time() {
    let right = vec![
        Layer::new().dir("new").file("new/a", "1"),
        Layer::new().time(99).dir("new").file("new/b", "1"),
    ];
    let listing = compared(vec![Layer::new().file("old", "1")], right);
    let counts = listing.counts();
    assert_eq!((counts.added, counts.deleted), (3, 1));
}
