//! The kernel reads what is unpacked as it is meant.

use strata_layer::{CaptureOptions, EntryKind};
use strata_testkit::Layer;

use super::{Site, layer, needs_root};

#[test]
fn deletions_hidings_and_replacements_are_seen_by_an_overlay() {
    if !needs_root() {
        return;
    }
    let mut site = Site::new();
    let base = &[
        "a/", "a/one", "a/two", "b/", "b/in", "b/sub/", "b/sub/in", "c", "d/", "d/in", "e/", "e/in",
    ];
    site.unpack(&layer(base).tar()).unwrap();
    let above = Layer::new()
        .whiteout("a/one")
        .dir("b")
        .file("b/new", "x")
        .opaque("b")
        .dir("c")
        .file("c/now", "x")
        .file("d", "a file where a folder was")
        .whiteout("e")
        .dir("e")
        .file("e/new", "x");
    site.unpack(&above.tar()).unwrap();
    let Some(merged) = site.mounted() else { return };
    let expected = ["a/", "a/two", "b/", "b/new", "c/", "c/now", "d", "e/", "e/new"];
    assert_eq!(merged.paths(), expected);
}

#[test]
fn a_root_that_hides_all_is_seen_so() {
    if !needs_root() {
        return;
    }
    let mut site = Site::new();
    site.unpack(&layer(&["a/", "a/one", "b", "c/", "c/in"]).tar()).unwrap();
    site.unpack(&layer(&["d"]).tar()).unwrap();
    site.unpack(&layer(&["c/", "c/new"]).opaque("").tar()).unwrap();
    let Some(merged) = site.mounted() else { return };
    assert_eq!(merged.paths(), ["c/", "c/new"]);
}

#[test]
fn a_file_then_a_folder_of_one_name_hides_what_is_below() {
    if !needs_root() {
        return;
    }
    let mut site = Site::new();
    site.unpack(&layer(&["a/", "a/old"]).tar()).unwrap();
    site.unpack(&layer(&["a", "a/", "a/new"]).tar()).unwrap();
    let Some(merged) = site.mounted() else { return };
    assert_eq!(merged.paths(), ["a/", "a/new"]);
}

#[test]
fn only_folders_that_hide_something_are_captured_as_hiding() {
    if !needs_root() {
        return;
    }
    let mut site = Site::new();
    site.unpack(&layer(&["real/", "real/in/", "file"]).tar()).unwrap();
    let marks = ["real", "real/in", "fresh", "fresh/in", "file"];
    let above = layer(&["real/", "real/in/", "fresh/", "fresh/in/", "file/"]);
    site.unpack(&marks.iter().fold(above, |layer, path| layer.opaque(path)).tar()).unwrap();
    let (captured, entries) = site.capture(&CaptureOptions::default());
    let paths: Vec<String> =
        entries.iter().map(|entry| String::from_utf8(entry.path.clone()).unwrap()).collect();
    let expected = ["file", "fresh", "fresh/in", "real", "real/.wh..wh..opq", "real/in"];
    assert_eq!(paths, expected);
    assert_eq!((captured.entries, captured.skipped.count), (6, 0));
    assert_eq!(entries[0].kind, EntryKind::Directory);
}

#[test]
fn sockets_and_names_of_deletions_are_left_out_and_told() {
    let mut site = Site::new();
    site.unpack(&layer(&["a"]).tar()).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(site.top().join("s")).unwrap();
    std::fs::write(site.top().join(".wh.a"), "").unwrap();
    let (captured, entries) = site.capture(&CaptureOptions::default());
    assert_eq!(entries.len(), 1);
    assert_eq!(captured.skipped.count, 2);
}
