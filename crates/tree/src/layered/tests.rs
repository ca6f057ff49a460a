//! What the ordered walk says, against what laying path on path says. `PROPTEST_CASES` says how many stacks.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use proptest::prelude::*;
use strata_layer::{Limits, scan};
use strata_testkit::Layer;

use super::outline;
use crate::listed::{Scope, counts, merged_records};
use crate::{Counts, Listing, OpenSet, Row, Tree, TreeBuilder};

#[derive(Debug, Clone)]
enum Step {
    File(String, u8),
    Folder(String, u32),
    Link(String, String),
    Hardlink(String, String),
    Whiteout(String),
    Opaque(String),
}

fn path() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b", "b.c", "c", "d"]);
    prop::collection::vec(name, 1..4).prop_map(|names| names.join("/"))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (path(), 0_u8..3).prop_map(|(path, byte)| Step::File(path, byte)),
        4 => (path(), 0_u32..2).prop_map(|(path, mode)| Step::Folder(path, mode)),
        1 => (path(), path()).prop_map(|(path, to)| Step::Link(path, format!("/{to}"))),
        1 => (path(), path()).prop_map(|(path, to)| Step::Hardlink(path, to)),
        3 => path().prop_map(Step::Whiteout),
        1 => path().prop_map(Step::Opaque),
    ]
}

fn tree(steps: &[Step]) -> Option<Tree<Vec<u8>>> {
    let layer = steps.iter().fold(Layer::new(), |layer, step| match step {
        Step::File(path, byte) => layer.file(path, vec![*byte; usize::from(*byte)]),
        Step::Folder(path, mode) => {
            layer.raw(path.as_bytes(), tar::EntryType::Directory, 0o755 + mode, b"", b"")
        }
        Step::Link(path, to) => layer.symlink(path, to),
        Step::Hardlink(path, to) => layer.hardlink(path, to),
        Step::Whiteout(path) => layer.whiteout(path),
        Step::Opaque(path) => layer.opaque(path),
    });
    let mut builder = TreeBuilder::new();
    let scanned = scan(&layer.tar()[..], &Limits::default(), &mut builder).ok()?;
    Tree::open(builder.finish(&scanned.diff_id).ok()?).ok()
}

/// A page of rows, whatever can be told of each.
fn shown(listing: &Listing<Vec<u8>>, open: &OpenSet) -> (usize, Vec<String>) {
    let (total, rows) = listing.visible(open, 1, 7);
    let text = |row: &Row<'_>| format!("{row:?} {:?}", listing.path(row.id));
    (total, rows.iter().map(|(place, row)| format!("{place} {}", text(row))).collect())
}

/// Compares both ways of listing one layer, and tells whether the walk knew it all.
fn compare(trees: &Arc<[Tree<Vec<u8>>]>, layer: usize, scope: Scope, open: &OpenSet) -> bool {
    let stack = &trees[..=layer];
    let merged = merged_records(stack, layer, scope).unwrap();
    let Some(walked) = outline(stack, scope).unwrap() else { return false };
    assert_eq!(walked.all(stack), merged);
    for (row, expected) in (0..).zip(&merged) {
        assert_eq!(walked.listed(stack, row), Some(*expected), "row {row}");
    }
    let made = Listing::of_records(Arc::clone(trees), merged);
    let lazy = || match scope {
        Scope::System => Listing::up_to(Arc::clone(trees), layer).unwrap(),
        Scope::Changes => Listing::of_layer(Arc::clone(trees), layer).unwrap(),
    };
    // What is gone is in no list of a system, and counts all the same.
    let changes = merged_records(stack, layer, Scope::Changes).unwrap();
    let deleted = counts(stack, &changes).deleted;
    assert_eq!(lazy().counts(), Counts { deleted, ..made.counts() });
    assert_eq!(lazy().total(), made.total());
    assert_eq!(shown(&lazy(), open), shown(&made, open));
    for place in 0..made.total() {
        let (one, row) = (lazy(), made.row(place).unwrap());
        assert_eq!(one.row(place), Some(row));
        assert_eq!(one.find(&made.path(row.id)), Some(row.id));
        assert_eq!(one.parent(row.id), made.parent(row.id));
        assert_eq!(one.children(Some(place)), made.children(Some(place)));
    }
    assert_eq!(lazy().row(made.total()), None);
    assert_eq!(lazy().children(None), made.children(None));
    true
}

proptest! {
    #[test]
    fn the_walk_and_the_merge_list_the_same(
        stack in prop::collection::vec(prop::collection::vec(step(), 0..14), 1..5),
        open in prop::collection::vec(0_u32..12, 0..6),
        all_open in any::<bool>(),
    ) {
        let trees: Vec<_> = stack.iter().filter_map(|steps| tree(steps)).collect();
        let trees: Arc<[_]> = trees.into();
        let open = OpenSet { all_open, except: open.into_iter().collect() };
        for layer in 0..trees.len() {
            compare(&trees, layer, Scope::System, &open);
            compare(&trees, layer, Scope::Changes, &open);
        }
    }
}

#[test]
fn most_stacks_are_walked_and_links_as_folders_are_not() {
    let base = [Step::File("usr/bin/sh".into(), 1), Step::Link("bin".into(), "/usr/bin".into())];
    let base = || tree(&base).unwrap();
    let open = OpenSet::default();
    let above = tree(&[Step::File("usr/bin/ls".into(), 2), Step::Whiteout("usr/bin/sh".into())]);
    let plain: Arc<[_]> = [base(), above.unwrap()].into();
    assert!(compare(&plain, 1, Scope::System, &open) && compare(&plain, 1, Scope::Changes, &open));
    let through = tree(&[Step::File("bin/ls".into(), 2)]).unwrap();
    let through: Arc<[_]> = [base(), through, base()].into();
    for layer in [1, 2] {
        assert!(!compare(&through, layer, Scope::Changes, &open));
    }
    let links = [Step::File("a".into(), 1), Step::Hardlink("b".into(), "a".into())];
    let lost: Arc<[_]> =
        [tree(&links).unwrap(), tree(&[Step::Whiteout("a".into())]).unwrap()].into();
    assert!(!compare(&lost, 1, Scope::System, &open), "the link is the file now");
    assert!(compare(&lost, 1, Scope::Changes, &open));
}
