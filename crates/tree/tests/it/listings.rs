//! What a layer did, path by path.

use std::sync::Arc;

use strata_layer::EntryKind;
use strata_testkit::Layer;
use strata_tree::{Change, Listing, TreeError};

use crate::{changes, path, rows, trees};

fn expect(listing: &Listing<Vec<u8>>, expected: &[(&str, Change)]) {
    let expected: Vec<_> =
        expected.iter().map(|&(path, change)| (path.to_owned(), change)).collect();
    assert_eq!(changes(listing), expected);
}

#[test]
fn each_sort_of_change_is_told_from_the_others() {
    let trees = trees(vec![
        Layer::new()
            .dir("d")
            .file("d/attributes", b"1")
            .file("d/content", b"1")
            .file("d/gone", b"1")
            .file("d/kind", b"1")
            .file("d/same", b"1")
            .file("d/untouched", b"1"),
        Layer::new()
            .file("d/added", b"12")
            .file("d/content", b"2")
            .file("d/same", b"1")
            .symlink("d/kind", "x")
            .whiteout("d/gone")
            .mode(0o600)
            .file("d/attributes", b"1"),
    ]);
    let layer = Listing::of_layer(trees, 1).unwrap();
    expect(
        &layer,
        &[
            ("d", Change::Unchanged),
            ("d/added", Change::Added),
            ("d/attributes", Change::Metadata),
            ("d/content", Change::Changed),
            ("d/gone", Change::Deleted),
            ("d/kind", Change::Replaced),
            ("d/same", Change::Unchanged),
        ],
    );
    let counts = layer.counts();
    assert_eq!((counts.added, counts.changed, counts.metadata), (1, 1, 1));
    assert_eq!((counts.replaced, counts.deleted), (1, 1));
    assert_eq!((counts.files, counts.directories, counts.bytes), (5, 1, 5));
}

#[test]
fn the_system_up_to_a_layer_says_who_brought_what() {
    let trees = trees(vec![
        Layer::new().file("content", b"1").file("gone", b"1").file("untouched", b"1"),
        Layer::new().file("content", b"2").whiteout("gone"),
    ]);
    let up_to = Listing::up_to(trees, 1).unwrap();
    let found: Vec<_> =
        rows(&up_to).map(|row| (row.name, row.layer, row.was_in, row.change)).collect();
    assert_eq!(
        found,
        [
            (&b"content"[..], 1, Some(0), Change::Changed),
            (b"untouched", 0, Some(0), Change::Unchanged),
        ]
    );
}

#[test]
fn a_deleted_folder_can_be_opened() {
    let trees = trees(vec![
        Layer::new().dir("a").file("a/b/c", b"123").file("a/d", b"4"),
        Layer::new().file("a/d", b"55"),
        Layer::new().whiteout("a"),
    ]);
    let layer = Listing::of_layer(trees.clone(), 2).unwrap();
    expect(
        &layer,
        &[
            ("a", Change::Deleted),
            ("a/b", Change::Deleted),
            ("a/b/c", Change::Deleted),
            ("a/d", Change::Deleted),
        ],
    );
    let a = layer.row(0).unwrap();
    assert_eq!((a.bytes, a.files, a.named, a.was_in), (5, 2, true, Some(0)));
    let d = layer.row(3).unwrap();
    assert_eq!((d.bytes, d.named, d.was_in, d.layer), (2, false, Some(1), 1));
    assert_eq!(layer.counts().bytes, 0);
    assert_eq!(Listing::up_to(trees, 2).unwrap().total(), 0);
}

#[test]
fn an_opaque_folder_hides_all_but_what_comes_with_it() {
    let trees = trees(vec![
        Layer::new().dir("a").file("a/old", b"1").file("a/sub/x", b"1").file("a/sub/y", b"1"),
        Layer::new().dir("a").opaque("a").file("a/new", b"1").file("a/sub/x", b"1"),
    ]);
    expect(
        &Listing::of_layer(trees.clone(), 1).unwrap(),
        &[
            ("a", Change::Unchanged),
            ("a/new", Change::Added),
            ("a/old", Change::Deleted),
            ("a/sub", Change::Unchanged),
            ("a/sub/x", Change::Unchanged),
            ("a/sub/y", Change::Deleted),
        ],
    );
    let up_to: Vec<_> =
        changes(&Listing::up_to(trees, 1).unwrap()).into_iter().map(|(path, _)| path).collect();
    assert_eq!(up_to, ["a", "a/new", "a/sub", "a/sub/x"]);
}

#[test]
fn an_opaque_root_hides_everything() {
    let trees =
        trees(vec![Layer::new().file("old", b"1"), Layer::new().opaque("").file("new", b"")]);
    expect(
        &Listing::of_layer(trees, 1).unwrap(),
        &[("new", Change::Added), ("old", Change::Deleted)],
    );
}

#[test]
fn a_whiteout_beside_a_new_folder_of_the_name_hides_the_old_one() {
    let old = || Layer::new().dir("a").file("a/old", b"1");
    let before = Layer::new().whiteout("a").dir("a").file("a/new", b"");
    let after = Layer::new().dir("a").file("a/new", b"").whiteout("a");
    for layer in [before, after] {
        let trees = trees(vec![old(), layer]);
        expect(
            &Listing::of_layer(trees, 1).unwrap(),
            &[("a", Change::Unchanged), ("a/new", Change::Added), ("a/old", Change::Deleted)],
        );
    }
}

#[test]
fn a_folder_in_the_place_of_a_file_and_the_other_way_round() {
    let trees = trees(vec![
        Layer::new().file("a", b"1").dir("b").file("b/x", b"22"),
        Layer::new().dir("a").file("a/x", b"").file("b", b"333"),
    ]);
    let layer = Listing::of_layer(trees, 1).unwrap();
    expect(
        &layer,
        &[
            ("a", Change::Replaced),
            ("a/x", Change::Added),
            ("b", Change::Replaced),
            ("b/x", Change::Deleted),
        ],
    );
    let b = layer.row(2).unwrap();
    assert_eq!((b.kind, b.bytes), (EntryKind::File, 3));
}

#[test]
fn a_deletion_of_what_was_not_there_is_listed_and_takes_nothing_away() {
    let trees = trees(vec![Layer::new().file("a", b"1"), Layer::new().whiteout("nothing")]);
    let layer = Listing::of_layer(trees.clone(), 1).unwrap();
    let row = layer.row(0).unwrap();
    assert_eq!(
        (row.name, row.change, row.was_in, row.bytes),
        (&b"nothing"[..], Change::Deleted, None, 0)
    );
    assert_eq!(Listing::up_to(trees, 1).unwrap().total(), 1);
}

#[test]
fn what_was_deleted_and_came_back_is_added() {
    let trees = trees(vec![
        Layer::new().file("d/a", b"1"),
        Layer::new().whiteout("d"),
        Layer::new().file("d/a", b"1"),
    ]);
    expect(&Listing::of_layer(trees, 2).unwrap(), &[("d", Change::Added), ("d/a", Change::Added)]);
}

#[test]
fn a_hard_link_is_compared_by_the_bytes_it_shares() {
    let trees = trees(vec![
        Layer::new().file("a", b"1").hardlink("b", "a").file("c", b"1"),
        Layer::new().file("a", b"2").hardlink("b", "a").hardlink("c", "a"),
        Layer::new().file("b", b"2"),
    ]);
    expect(
        &Listing::of_layer(trees.clone(), 1).unwrap(),
        &[("a", Change::Changed), ("b", Change::Changed), ("c", Change::Changed)],
    );
    expect(&Listing::of_layer(trees, 2).unwrap(), &[("b", Change::Unchanged)]);
}

#[test]
fn a_folder_of_which_only_the_time_differs_does_not_count_as_changed() {
    let trees = trees(vec![
        Layer::new().time(1).dir("a").dir("b"),
        Layer::new().time(2).dir("a").file("a/x", b"").mode(0o700).dir("b"),
    ]);
    let layer = Listing::of_layer(trees, 1).unwrap();
    assert_eq!(changes(&layer)[0], ("a".to_owned(), Change::Metadata));
    assert_eq!((layer.counts().metadata, layer.counts().added), (1, 1));
}

#[test]
fn the_system_up_to_a_layer_counts_what_the_layer_deleted() {
    let trees = trees(vec![
        Layer::new().file("d/a", b"1").file("d/b", b"1").file("c", b"1"),
        Layer::new().whiteout("d").file("e", b"1"),
    ]);
    let layer = Listing::of_layer(trees.clone(), 1).unwrap().counts();
    let system = Listing::up_to(trees, 1).unwrap().counts();
    assert_eq!((layer.added, layer.deleted), (1, 3));
    assert_eq!((system.added, system.deleted), (1, 3));
}

#[test]
fn a_folder_full_of_changes_says_so_and_one_that_only_leads_there_too() {
    let trees = trees(vec![
        Layer::new().time(1).dir("a").dir("a/b").file("a/b/x", b"1").dir("c"),
        Layer::new().time(2).dir("a").dir("a/b").file("a/b/x", b"2").mode(0o700).dir("c"),
    ]);
    let layer = Listing::of_layer(trees, 1).unwrap();
    let found: Vec<_> = rows(&layer)
        .map(|row| (path(&layer, &row), layer.changed_below(row.id), row.only_leads))
        .collect();
    let expected =
        [("a", true, true), ("a/b", true, true), ("a/b/x", false, false), ("c", false, false)];
    assert_eq!(found, expected.map(|(path, below, leads)| (path.to_owned(), below, leads)));
}

#[test]
fn a_deletion_of_what_was_not_there_is_told_from_others() {
    let trees =
        trees(vec![Layer::new().file("a", b"1"), Layer::new().whiteout("a").whiteout("never")]);
    let layer = Listing::of_layer(trees, 1).unwrap();
    let found: Vec<_> = rows(&layer).map(|row| (path(&layer, &row), row.of_nothing)).collect();
    assert_eq!(found, [("a".to_owned(), false), ("never".to_owned(), true)]);
}

#[test]
fn bytes_of_a_folder_leave_out_what_the_layer_deleted_in_it() {
    let trees = trees(vec![
        Layer::new().file("a/old", vec![0; 1000]),
        Layer::new().whiteout("a/old").file("a/new", b"12345"),
    ]);
    let layer = Listing::of_layer(trees, 1).unwrap();
    let found: Vec<_> =
        rows(&layer).map(|row| (path(&layer, &row), row.bytes, row.files)).collect();
    assert_eq!(found, [("a".into(), 5, 1), ("a/new".into(), 5, 1), ("a/old".into(), 1000, 1)]);
}

#[test]
fn a_layer_that_is_not_there_is_an_error() {
    let trees = trees(vec![Layer::new()]);
    let wrong = Listing::up_to(trees, 1);
    assert!(matches!(wrong, Err(TreeError::NoSuchLayer { index: 1, count: 1 })));
}

#[test]
fn a_hard_link_to_a_lower_layer_is_the_file_once_that_is_replaced() {
    let trees = trees(vec![
        Layer::new().file("d/f", "1234").file("kept", "12"),
        Layer::new().hardlink("g", "d/f").hardlink("h", "g").hardlink("k", "kept"),
        Layer::new().file("d/f", "another"),
    ]);
    let listing = Listing::up_to(Arc::clone(&trees), 2).unwrap();
    let row = |name: &str| {
        let row = listing.row(listing.place(listing.find(name.as_bytes()).unwrap()).unwrap());
        row.map(|row| (row.kind, row.bytes, row.link.to_owned())).unwrap()
    };
    assert_eq!(row("g"), (EntryKind::File, 4, Vec::new()));
    assert_eq!(row("h"), (EntryKind::File, 4, Vec::new()));
    assert_eq!(row("k"), (EntryKind::Hardlink, 0, b"kept".to_vec()));
    // Before that it is another name of a file that is listed.
    let below = Listing::up_to(trees, 1).unwrap();
    let row = below.row(below.place(below.find(b"g").unwrap()).unwrap()).unwrap();
    assert_eq!((row.kind, row.bytes), (EntryKind::Hardlink, 0));
}

#[test]
fn a_hard_link_is_the_file_once_a_later_layer_hides_that() {
    let first = || {
        Layer::new()
            .file("kept", "12345")
            .hardlink("kept-too", "kept")
            .file("gone", "123")
            .hardlink("left", "gone")
            .file("other", "1234567")
            .hardlink("old", "other")
    };
    let second = Layer::new().whiteout("gone").file("other", "new");
    let trees = trees(vec![first(), second]);
    let listing = Listing::up_to(Arc::clone(&trees), 1).unwrap();
    let row = |name: &str| {
        let row = listing.row(listing.place(listing.find(name.as_bytes()).unwrap()).unwrap());
        row.map(|row| (row.kind, row.bytes, row.link.to_owned())).unwrap()
    };
    assert_eq!(row("kept-too"), (EntryKind::Hardlink, 0, b"kept".to_vec()));
    assert_eq!(row("left"), (EntryKind::File, 3, Vec::new()));
    assert_eq!(row("old"), (EntryKind::File, 7, Vec::new()));
    assert_eq!(row("other"), (EntryKind::File, 3, Vec::new()));
    assert_eq!(listing.counts().bytes, 5 + 3 + 7 + 3);
    // In its own layer it is what the layer says.
    let own = Listing::of_layer(trees, 0).unwrap();
    let left = own.row(own.place(own.find(b"left").unwrap()).unwrap()).unwrap();
    assert_eq!((left.kind, left.link), (EntryKind::Hardlink, &b"gone"[..]));
}
