//! Buried bytes, and dive's numbers, against a count of every path by hand.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use strata_testkit::Layer;
use strata_tree::{Burial, DiveWaste, Tree, Waste};

use crate::trees;

type Trees = std::sync::Arc<[Tree<Vec<u8>>]>;

/// Path, carrying layer, hiding layer, how, bytes.
fn buried(trees: &Trees) -> Vec<(String, usize, usize, Burial, u64)> {
    let waste = Waste::of(trees);
    let row = |buried: &strata_tree::Buried| {
        let path = trees[buried.layer].path(buried.node);
        (String::from_utf8(path).unwrap(), buried.layer, buried.by, buried.how, buried.bytes)
    };
    waste.buried.iter().map(row).collect()
}

#[test]
fn what_is_overwritten_deleted_or_emptied_is_told_with_who_did_it() {
    let trees = trees(vec![
        Layer::new()
            .file("etc/conf", "12345")
            .file("cache/a/1", "123")
            .file("cache/b", "1")
            .file("lists/x", "1234")
            .file("kept", "1"),
        Layer::new().file("etc/conf", "123").file("cache/c", "12").file("lists/y", "1"),
        Layer::new().whiteout("cache").opaque("lists").file("etc/conf", "1234"),
        Layer::new().whiteout("etc/conf"),
    ]);
    let expected = [
        ("cache/a", 0, 2, Burial::Deleted, 3),
        ("cache/b", 0, 2, Burial::Deleted, 1),
        ("cache/c", 1, 2, Burial::Deleted, 2),
        ("etc/conf", 0, 1, Burial::Overwritten, 5),
        ("etc/conf", 1, 2, Burial::Overwritten, 3),
        ("etc/conf", 2, 3, Burial::Deleted, 4),
        ("lists/x", 0, 2, Burial::Deleted, 4),
        ("lists/y", 1, 2, Burial::Deleted, 1),
    ];
    let expected =
        expected.map(|(path, layer, by, how, bytes)| (path.to_owned(), layer, by, how, bytes));
    assert_eq!(buried(&trees), expected);
    let waste = Waste::of(&trees);
    assert_eq!((waste.buried_bytes(), waste.carried_bytes), (23, 24));
}

#[test]
fn a_folder_of_one_layer_is_told_as_one() {
    let trees = trees(vec![
        Layer::new().file("root/.cache/pip/http/1", "123").file("root/.cache/pip/http/2", "1"),
        Layer::new().whiteout("root/.cache"),
    ]);
    let expected = ("root/.cache".to_owned(), 0, 1, Burial::Deleted, 4);
    assert_eq!(buried(&trees), [expected]);
    assert_eq!(Waste::of(&trees).buried[0].files, 2);
}

#[test]
fn kinds_that_change_hide_what_was_there_but_a_link_that_is_gone_through_does_not() {
    let trees = trees(vec![
        Layer::new().file("a/b", "12").file("c", "123").symlink("lib", "usr/lib").file("d", "1"),
        Layer::new().file("a", "1").file("c/x", "1").file("lib/y", "1").symlink("d", "c"),
    ]);
    let expected = [
        ("a".to_owned(), 0, 1, Burial::Overwritten, 2),
        ("c".to_owned(), 0, 1, Burial::Overwritten, 3),
        ("d".to_owned(), 0, 1, Burial::Overwritten, 1),
    ];
    assert_eq!(buried(&trees), expected);
}

#[test]
fn bytes_that_a_hard_link_still_shows_are_not_buried() {
    let trees = trees(vec![
        Layer::new()
            .file("big", "12345")
            .hardlink("big2", "big")
            .file("d/one", "123")
            .file("d/two", "1")
            .hardlink("one", "d/one")
            .file("gone", "12")
            .hardlink("gone2", "gone")
            .file("low", "1234567"),
        Layer::new().hardlink("high", "low"),
        Layer::new()
            .whiteout("big")
            .whiteout("d")
            .whiteout("low")
            .whiteout("gone")
            .whiteout("gone2"),
    ]);
    let expected = [
        ("d".to_owned(), 0, 2, Burial::Deleted, 1),
        ("gone".to_owned(), 0, 2, Burial::Deleted, 2),
        ("gone2".to_owned(), 0, 2, Burial::Deleted, 0),
    ];
    assert_eq!(buried(&trees), expected);
    assert_eq!(Waste::of(&trees).buried[0].files, 1);
}

#[test]
fn a_mark_beside_a_folder_of_the_same_name_counts_as_dive_counts_it() {
    // The mark counts what was below (7), the files of the new folder count by themselves.
    let expected =
        DiveWaste { minimum_bytes: 4 + 3 + 7 + 1, discovered_bytes: 7 + 7 + 1, wasted_bytes: 0 };
    let lower = || Layer::new().file("x/a", "1234").file("x/b", "123");
    for upper in [
        Layer::new().whiteout("x").file("x/c", "1"),
        Layer::new().file("x/c", "1").whiteout("x"),
        Layer::new().whiteout("x").dir("x").file("x/c", "1"),
        Layer::new().dir("x").whiteout("x").file("x/c", "1"),
    ] {
        let found = Waste::of(&trees(vec![lower(), upper])).dive;
        assert_eq!(found, expected);
    }
    // An opaque mark is none that dive counts.
    let opaque = Layer::new().opaque("x").file("x/c", "1");
    let found = Waste::of(&trees(vec![lower(), opaque])).dive;
    assert_eq!(found.discovered_bytes, 7 + 1);
}

#[test]
fn one_layer_and_none_waste_nothing() {
    for layers in [vec![], vec![Layer::new()], vec![Layer::new().file("a", "1").whiteout("b")]] {
        let waste = Waste::of(&trees(layers));
        assert!(waste.buried.is_empty());
        assert_eq!(waste.dive.wasted_bytes, 0);
        assert!((waste.dive.efficiency() - 1.0).abs() < f64::EPSILON);
    }
}

/// What a random layer does to a path of few names.
#[derive(Debug, Clone)]
enum Deed {
    Put(String, usize),
    Delete(String),
}

fn deeds() -> impl Strategy<Value = Vec<Vec<Deed>>> {
    let path = prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]), 1..4)
        .prop_map(|names| names.join("/"));
    let deed = (path, 0_usize..9, any::<bool>()).prop_map(|(path, size, put)| {
        if put { Deed::Put(format!("{path}/file"), size) } else { Deed::Delete(path) }
    });
    prop::collection::vec(prop::collection::vec(deed, 1..7), 1..5)
}

/// Each layer's files and deletions, where a layer that puts below what it deletes does only the former.
fn plain(layers: &[Vec<Deed>]) -> Vec<(BTreeMap<String, usize>, Vec<String>)> {
    layers
        .iter()
        .map(|deeds| {
            let mut files = BTreeMap::new();
            for deed in deeds {
                if let Deed::Put(path, size) = deed {
                    files.insert(path.clone(), *size);
                }
            }
            let mut gone: Vec<String> = Vec::new();
            for deed in deeds {
                let Deed::Delete(path) = deed else { continue };
                let is_used = files.keys().any(|file| inside(file, path));
                let is_known = gone
                    .iter()
                    .any(|other| other == path || inside(other, path) || inside(path, other));
                if !is_used && !is_known {
                    gone.push(path.clone());
                }
            }
            (files, gone)
        })
        .collect()
}

fn inside(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Buried bytes and dive's numbers, file by file and layer by layer, as the definitions say.
fn by_hand(layers: &[(BTreeMap<String, usize>, Vec<String>)]) -> (u64, DiveWaste) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut folders: BTreeSet<String> = BTreeSet::new();
    let mut sizes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut buried = 0;
    for (files, gone) in layers {
        for path in gone {
            let below: Vec<String> =
                seen.keys().filter(|file| inside(file, path)).cloned().collect();
            // Dive knows no deletion of what was not there; an empty folder was.
            if folders.contains(path) {
                sizes
                    .entry(path.clone())
                    .or_default()
                    .push(below.iter().map(|file| seen[file]).sum());
            }
            for file in below {
                buried += seen.remove(&file).unwrap();
            }
            folders.retain(|folder| folder != path && !inside(folder, path));
        }
        // The mark of a deletion stands in a folder too, and makes it.
        for path in gone.iter().chain(files.keys()) {
            folders.extend(path.match_indices('/').map(|(end, _)| path[..end].to_owned()));
        }
        for (file, size) in files {
            buried += seen.insert(file.clone(), *size).unwrap_or(0);
            sizes.entry(file.clone()).or_default().push(*size);
        }
    }
    let sum = |of: &dyn Fn(&Vec<usize>) -> usize| sizes.values().map(of).sum::<usize>() as u64;
    let dive = DiveWaste {
        minimum_bytes: sum(&|sizes| sizes.iter().copied().min().unwrap()),
        discovered_bytes: sum(&|sizes| sizes.iter().sum()),
        wasted_bytes: sum(&|sizes| if sizes.len() > 1 { sizes.iter().sum() } else { 0 }),
    };
    (buried as u64, dive)
}

proptest! {
    #[test]
    fn random_layers_waste_what_a_count_by_hand_says(layers in deeds()) {
        let plain = plain(&layers);
        let made = plain.iter().map(|(files, gone)| {
            let layer = files.iter().fold(Layer::new(), |layer, (path, size)| layer.file(path, "x".repeat(*size)));
            gone.iter().fold(layer, |layer, path| layer.whiteout(path))
        });
        let trees = trees(made.collect());
        let waste = Waste::of(&trees);
        let (buried, dive) = by_hand(&plain);
        prop_assert_eq!(waste.buried_bytes(), buried);
        prop_assert_eq!(waste.dive, dive);
        let carried: usize = plain.iter().flat_map(|(files, _)| files.values()).sum();
        prop_assert_eq!(waste.carried_bytes, carried as u64);
    }
}
