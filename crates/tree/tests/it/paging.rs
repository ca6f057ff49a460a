//! Orders, filters and pages.

use std::sync::Arc;

use strata_layer::EntryKind;
use strata_testkit::Layer;
use strata_tree::{Listing, OpenSet, Sort, Tree};

use crate::{path, rows, trees};

fn sample() -> Arc<[Tree<Vec<u8>>]> {
    trees(vec![
        Layer::new()
            .dir("a")
            .file("a/1.py", vec![0; 10])
            .file("a/2.txt", vec![0; 30])
            .file("a/deep/3.py", vec![0; 5])
            .file("b", vec![0; 20])
            .dir("c")
            .file("c/Readme.md", vec![0; 100]),
    ])
}

fn paths(listing: &Listing<Vec<u8>>) -> Vec<String> {
    rows(listing).map(|row| path(listing, &row)).collect()
}

#[test]
fn siblings_are_ordered_within_their_folder() {
    let listing = Listing::up_to(sample(), 0).unwrap();
    let largest = listing.sorted(Sort::BySize { descending: true });
    assert_eq!(
        paths(&largest),
        ["c", "c/Readme.md", "a", "a/2.txt", "a/1.py", "a/deep", "a/deep/3.py", "b"]
    );
    assert_eq!(
        paths(&listing.sorted(Sort::BySize { descending: false })),
        ["b", "a", "a/deep", "a/deep/3.py", "a/1.py", "a/2.txt", "c", "c/Readme.md"]
    );
    assert_eq!(
        paths(&listing.sorted(Sort::ByName { descending: true })),
        ["c", "c/Readme.md", "b", "a", "a/deep", "a/deep/3.py", "a/2.txt", "a/1.py"]
    );
    assert_eq!(paths(&largest.sorted(Sort::ByName { descending: false })), paths(&listing));
    for (row, same) in rows(&listing).map(|row| (row, largest.place(row.id).unwrap())) {
        let other = largest.row(same).unwrap();
        assert_eq!((row.name, row.bytes, row.set_size), (other.name, other.bytes, other.set_size));
        assert_eq!(listing.path(row.id), largest.path(row.id));
    }
    assert_eq!(largest.row(0).unwrap().position_in_set, 1);
}

/// Two layers: what is in the upper one is added, changed, given to another or deleted.
fn changed() -> Arc<[Tree<Vec<u8>>]> {
    let below = Layer::new().file("a/big", vec![0; 2000]).file("a/gone", "x").mode(0o4755);
    let below = below.file("a/su", "tool").mode(0o755).owner(0, 50).file("b/log", vec![0; 10]);
    let above = Layer::new().file("a/big", vec![1; 3000]).whiteout("a/gone").owner(1000, 50);
    let above =
        above.file("b/log", vec![0; 10]).pax(&[("SCHILY.xattr.security.capability", b"cap")]);
    trees(vec![below, above.file("b/ping", vec![7; 1500])])
}

#[test]
fn a_filter_may_have_conditions_on_owner_mode_size_and_change() {
    let system = Listing::up_to(changed(), 1).unwrap();
    let layer = Listing::of_layer(changed(), 1).unwrap();
    let found = |listing: &Listing<Vec<u8>>, text: &str| -> Vec<String> {
        let rows = listing.filtered(text);
        let rows = super::rows(&rows).filter(|row| row.matched && row.kind == EntryKind::File);
        rows.map(|row| path(listing, &row)).collect()
    };
    for (text, expected) in [
        ("owner:1000", &["b/log", "b/ping"][..]),
        ("owner:0", &["a/big", "a/su"]),
        ("owner::50", &["b/log", "b/ping"]),
        ("owner:0:50", &[]),
        ("mode:setuid", &["a/su"]),
        ("mode:4755", &["a/su"]),
        ("mode:capability", &["b/ping"]),
        ("size:>1k", &["a/big", "b/ping"]),
        ("size:<=1500 size:>5", &["b/log", "b/ping"]),
        ("b/* size:>1k", &["b/ping"]),
        ("big owner:1000", &[]),
    ] {
        assert_eq!(found(&system, text), expected, "{text}");
    }
    for (text, expected) in [
        ("change:added", &["b/ping"][..]),
        ("change:changed", &["a/big"]),
        ("change:attributes", &["b/log"]),
        ("change:deleted,changed", &["a/big", "a/gone"]),
        ("change:replaced", &[]),
    ] {
        assert_eq!(found(&layer, text), expected, "{text}");
    }
    assert_eq!(paths(&system.filtered("owner:1000 log")), ["b", "b/log"], "not all of a folder");
}

#[test]
fn siblings_are_ordered_by_owner_by_mode_and_by_change() {
    let system = Listing::up_to(changed(), 1).unwrap();
    let names = |sort| paths(&system.sorted(sort));
    assert_eq!(names(Sort::ByOwner), ["a", "a/big", "a/su", "b", "b/log", "b/ping"]);
    assert_eq!(names(Sort::ByMode), ["a", "a/su", "a/big", "b", "b/log", "b/ping"]);
    let layer = Listing::of_layer(changed(), 1).unwrap();
    let names = paths(&layer.sorted(Sort::ByChange));
    assert_eq!(names, ["a", "a/gone", "a/big", "b", "b/log", "b/ping"]);
}

#[test]
fn a_filter_keeps_what_fits_with_the_folders_above_it() {
    let listing = Listing::up_to(sample(), 0).unwrap();
    let python = listing.filtered("*.py");
    assert_eq!(paths(&python), ["a", "a/1.py", "a/deep", "a/deep/3.py"]);
    let found: Vec<_> = rows(&python).map(|row| (row.matched, row.bytes, row.files)).collect();
    assert_eq!(found, [(false, 15, 2), (true, 10, 1), (false, 5, 1), (true, 5, 1)]);
    assert_eq!(paths(&listing.filtered("readme")), ["c", "c/Readme.md"]);
    assert_eq!(paths(&listing.filtered("deep")), ["a", "a/deep", "a/deep/3.py"]);
    assert_eq!(paths(&listing.filtered("a/**/*.py")), ["a", "a/1.py", "a/deep", "a/deep/3.py"]);
    assert_eq!(paths(&listing.filtered("a/*.py")), ["a", "a/1.py"]);
    assert_eq!(listing.filtered("nothing like it").total(), 0);
    assert_eq!(paths(&python.filtered("")), paths(&listing));
    let sorted = python.sorted(Sort::BySize { descending: true });
    assert_eq!(sorted.row(1).unwrap().set_size, 2);
    assert_eq!(python.counts(), listing.counts());
}

#[test]
fn closed_folders_hide_what_is_in_them() {
    let listing = Listing::up_to(sample(), 0).unwrap();
    let show = |open: &OpenSet, from, count| {
        let (total, rows) = listing.visible(open, from, count);
        (total, rows.iter().map(|(_, row)| path(&listing, row)).collect::<Vec<_>>())
    };
    assert_eq!(show(&OpenSet::default(), 0, 10), (3, vec!["a".into(), "b".into(), "c".into()]));
    let a = rows(&listing).find(|row| row.name == b"a").unwrap().id;
    let open = OpenSet::closed_except([a]);
    assert_eq!(show(&open, 1, 2), (6, vec!["a/1.py".into(), "a/2.txt".into()]));
    let open = OpenSet::open_except([a, 4_000_000_000]);
    assert_eq!(show(&open, 0, 10).1, ["a", "b", "c", "c/Readme.md"]);
    assert_eq!(show(&open, 100, 10), (4, vec![]));
    assert!(open.is_open(3) && !open.is_open(a));
}

#[test]
fn ids_that_no_row_has_are_answered_with_nothing() {
    let listing = Listing::up_to(sample(), 0).unwrap();
    assert!(listing.path(u32::MAX).is_empty());
    assert!(
        listing.entry(99).is_none() && listing.row(99).is_none() && listing.place(99).is_none()
    );
    let (layer, node) = listing.entry(1).unwrap();
    assert_eq!(sample()[layer].path(node), listing.path(1));
}

#[test]
fn rows_are_found_by_path_with_and_without_links() {
    let listing = Listing::up_to(
        trees(vec![
            Layer::new()
                .dir("usr/bin")
                .file("usr/bin/dash", b"")
                .symlink("bin", "usr/bin")
                .symlink("usr/bin/sh", "dash")
                .symlink("usr/bin/up", "../../../bin/./sh")
                .symlink("loop", "/loop/x"),
        ]),
        0,
    )
    .unwrap();
    let sorted = listing.sorted(Sort::BySize { descending: true });
    for listing in [listing, sorted] {
        let path_of = |id: Option<u32>| id.map(|id| String::from_utf8(listing.path(id)).unwrap());
        assert_eq!(path_of(listing.find(b"/usr/bin/sh")), Some("usr/bin/sh".into()));
        assert_eq!(listing.find(b"bin/sh"), None);
        assert_eq!(listing.find(b""), None);
        assert_eq!(path_of(listing.follow(b"bin/sh")), Some("usr/bin/dash".into()));
        assert_eq!(path_of(listing.follow(b"/bin/up")), Some("usr/bin/dash".into()));
        assert_eq!(path_of(listing.follow(b"bin")), Some("usr/bin".into()));
        assert_eq!(listing.follow(b"loop"), None);
        assert_eq!(listing.follow(b"bin/nothing"), None);
    }
}
