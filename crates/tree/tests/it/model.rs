//! Random stacks of layers, against a model that unpacks into a map of paths. `PROPTEST_CASES` says how many.

use std::collections::BTreeMap;

use proptest::prelude::*;
use strata_testkit::Layer;
use strata_tree::{Change, Listing};

use crate::{path, rows, trees};

#[derive(Debug, Clone)]
enum Step {
    File(String, u8),
    Folder(String),
    Link(String, String),
    Whiteout(String),
    Opaque(String),
}

/// A path's content and the layer that brought it.
#[derive(Debug, Clone, PartialEq)]
struct Thing {
    content: Content,
    layer: usize,
}

#[derive(Debug, Clone, PartialEq)]
enum Content {
    File(u8),
    Folder,
    Link(String),
}

type System = BTreeMap<String, Thing>;

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "b.c", "c"]).prop_map(str::to_owned)
}

fn some_path() -> impl Strategy<Value = String> {
    prop::collection::vec(name(), 1..4).prop_map(|names| names.join("/"))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (some_path(), 0_u8..3).prop_map(|(path, byte)| Step::File(path, byte)),
        3 => some_path().prop_map(Step::Folder),
        // Links to nowhere: links that lead somewhere have tests of their own.
        1 => (some_path(), name()).prop_map(|(path, name)| Step::Link(path, format!("/none/{name}"))),
        2 => some_path().prop_map(Step::Whiteout),
        1 => some_path().prop_map(Step::Opaque),
    ]
}

fn inside(folder: &str, path: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn remove(system: &mut System, path: &str) {
    system.retain(|other, _| other != path && !inside(path, other));
}

/// Deletions of a layer come first whatever their order, then its entries one by one. What an entry needs as a
/// folder becomes one.
fn unpack(system: &mut System, steps: &[Step], layer: usize) {
    for step in steps {
        match step {
            Step::Whiteout(path) => remove(system, path),
            Step::Opaque(path) => system.retain(|other, _| !inside(path, other)),
            _ => {}
        }
    }
    for step in steps {
        let (path, content) = match step {
            Step::File(path, byte) => (path, Content::File(*byte)),
            Step::Folder(path) => (path, Content::Folder),
            Step::Link(path, target) => (path, Content::Link(target.clone())),
            Step::Opaque(path) => {
                // The mark itself lies in the folder, which must be there.
                make_folder(system, path, layer);
                continue;
            }
            Step::Whiteout(path) => {
                if let Some((folder, _)) = path.rsplit_once('/') {
                    make_folder(system, folder, layer);
                }
                continue;
            }
        };
        if let Some((folder, _)) = path.rsplit_once('/') {
            make_folder(system, folder, layer);
        }
        let was = system.get(path).map(|thing| &thing.content);
        if !(was == Some(&Content::Folder) && content == Content::Folder) {
            remove(system, path);
        }
        system.insert(path.clone(), Thing { content, layer });
    }
}

fn make_folder(system: &mut System, path: &str, layer: usize) {
    for (at, _) in path.match_indices('/').chain([(path.len(), "")]) {
        let folder = &path[..at];
        if system.get(folder).is_none_or(|thing| thing.content != Content::Folder) {
            remove(system, folder);
            system.insert(folder.to_owned(), Thing { content: Content::Folder, layer });
        }
    }
}

fn layer_of(steps: &[Step]) -> Layer {
    steps.iter().fold(Layer::new(), |layer, step| match step {
        Step::File(path, byte) => layer.file(path, [*byte]),
        Step::Folder(path) => layer.dir(path),
        Step::Link(path, target) => layer.symlink(path, target),
        Step::Whiteout(path) => layer.whiteout(path),
        Step::Opaque(path) => layer.opaque(path),
    })
}

/// Steps of one layer as a layer can have them: each path once, nothing below what is no folder.
fn consistent(steps: Vec<Step>) -> Vec<Step> {
    let mut kept: Vec<Step> = Vec::new();
    let path_of = |step: &Step| match step {
        Step::File(path, _) | Step::Folder(path) | Step::Link(path, _) => (path.clone(), 0),
        Step::Whiteout(path) => (path.clone(), 1),
        Step::Opaque(path) => (format!("{path}/.wh..wh..opq"), 2),
    };
    let is_folder = |step: &Step| matches!(step, Step::Folder(_));
    for step in steps {
        let (path, sort) = path_of(&step);
        let conflicts = kept.iter().any(|other| {
            let (taken, taken_sort) = path_of(other);
            (path == taken && sort == taken_sort)
                || (inside(&taken, &path) && taken_sort == 0 && !is_folder(other))
                || (inside(&path, &taken) && sort == 0 && !is_folder(&step))
        });
        if !conflicts {
            kept.push(step);
        }
    }
    kept
}

fn check(stack: &[Vec<Step>]) {
    let trees = trees(stack.iter().map(|steps| layer_of(steps)).collect());
    let mut below = System::new();
    for (layer, steps) in stack.iter().enumerate() {
        let mut system = below.clone();
        unpack(&mut system, steps, layer);
        let up_to = Listing::up_to(trees.clone(), layer).unwrap();
        let found: Vec<_> = rows(&up_to).map(|row| path(&up_to, &row)).collect();
        let mut expected: Vec<_> = system.keys().cloned().collect();
        expected.sort_by(|a, b| a.split('/').cmp(b.split('/')));
        assert_eq!(found, expected, "the system up to layer {layer}");
        for row in rows(&up_to) {
            compare(&path(&up_to, &row), row.change, below.get(&path(&up_to, &row)), &system);
        }
        let of_layer = Listing::of_layer(trees.clone(), layer).unwrap();
        let listed: BTreeMap<_, _> =
            rows(&of_layer).map(|row| (path(&of_layer, &row), row.change)).collect();
        assert_eq!(listed.len(), of_layer.total(), "a path is listed twice");
        for path in below.keys().filter(|path| !system.contains_key(*path)) {
            assert_eq!(listed.get(path), Some(&Change::Deleted), "{path} in layer {layer}");
        }
        for (path, thing) in &system {
            if below.get(path).map(|was| &was.content) != Some(&thing.content) {
                assert!(listed.contains_key(path), "{path} in layer {layer}");
            }
        }
        for (path, change) in &listed {
            assert_eq!(
                system.contains_key(path),
                *change != Change::Deleted,
                "{path} in layer {layer}"
            );
        }
        totals_add_up(&up_to);
        totals_add_up(&of_layer);
        below = system;
    }
}

fn compare(path: &str, change: Change, was: Option<&Thing>, system: &System) {
    let now = &system[path].content;
    let expected = match (was.map(|was| &was.content), now) {
        (None, _) => Change::Added,
        (Some(was), now) if was == now => Change::Unchanged,
        (Some(Content::File(_)), Content::File(_)) | (Some(Content::Link(_)), Content::Link(_)) => {
            Change::Changed
        }
        _ => Change::Replaced,
    };
    assert_eq!(change, expected, "{path}");
}

fn totals_add_up(listing: &Listing<Vec<u8>>) {
    let all: Vec<_> = rows(listing).collect();
    for (place, row) in all.iter().enumerate() {
        let end =
            (place + 1..all.len()).find(|&at| all[at].depth <= row.depth).unwrap_or(all.len());
        assert_eq!(row.has_children, end > place + 1);
        let siblings = all[place + 1..end].iter().filter(|below| below.depth == row.depth + 1);
        for (sibling, position) in siblings.clone().zip(1..) {
            assert_eq!(
                (sibling.position_in_set, sibling.set_size),
                (position, siblings.clone().count())
            );
        }
    }
}

proptest! {
    #[test]
    fn random_stacks_are_what_unpacking_them_gives(
        stack in prop::collection::vec(prop::collection::vec(step(), 0..10), 1..5)
    ) {
        check(&stack.into_iter().map(consistent).collect::<Vec<_>>());
    }
}
