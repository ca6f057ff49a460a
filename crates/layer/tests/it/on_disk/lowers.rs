//! What a layer is unpacked to depends on the layers below.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use strata_layer::UnpackError;
use strata_testkit::Layer;

use super::{Site, inode, layer, needs_root, paths};

#[test]
fn folders_that_no_entry_names_are_as_they_are_below() {
    if !needs_root() {
        return;
    }
    let mut site = Site::new();
    let base = Layer::new().mode(0o750).owner(7, 8).time(1_000).dir("var").dir("var/lib");
    site.unpack(&base.tar()).unwrap();
    site.unpack(&Layer::new().file("var/lib/new", "x").file("opt/own/file", "y").tar()).unwrap();
    for name in ["var", "var/lib"] {
        let data = fs::metadata(site.top().join(name)).unwrap();
        assert_eq!((data.mode() & 0o7777, data.uid(), data.gid()), (0o750, 7, 8), "{name}");
        assert_eq!(data.mtime(), 1_000);
    }
    let data = fs::metadata(site.top().join("opt/own")).unwrap();
    assert_eq!((data.mode() & 0o7777, data.uid(), data.mtime()), (0o755, 0, 0));
}

#[test]
fn paths_go_through_links_of_lower_layers() {
    let mut site = Site::new();
    site.unpack(&layer(&["usr/", "usr/bin/"]).symlink("bin", "usr/bin").tar()).unwrap();
    site.unpack(&Layer::new().file("bin/tool", "x").whiteout("bin/other").tar()).unwrap();
    assert_eq!(paths(site.top()), ["usr/", "usr/bin/", "usr/bin/other", "usr/bin/tool"]);
    // A folder that the layer names takes the link's place.
    site.unpack(&layer(&["bin/", "bin/tool"]).tar()).unwrap();
    assert_eq!(paths(site.top()), ["bin/", "bin/tool"]);
}

#[test]
fn links_in_circles_are_refused_and_links_to_nowhere_are_gone() {
    let mut site = Site::new();
    let links =
        Layer::new().symlink("one", "two").symlink("two", "one").symlink("out", "../../x/y");
    site.unpack(&links.tar()).unwrap();
    let refused = site.unpack(&Layer::new().file("one/file", "x").tar());
    assert!(matches!(refused, Err(UnpackError::Path { .. })), "{refused:?}");
    let mut site = Site::new();
    site.unpack(&Layer::new().symlink("out", "../../x/y").file("out/file", "x").tar()).unwrap();
    assert_eq!(paths(site.top()), ["out -> ../../x/y", "x/", "x/y/", "x/y/file"]);
    assert!(!site.folder.path().join("x").exists());
}

#[test]
fn a_hard_link_to_a_file_below_brings_it_up() {
    let mut site = Site::new();
    site.unpack(&Layer::new().dir("etc").mode(0o640).file("etc/passwd", "root").tar()).unwrap();
    site.unpack(
        &layer(&[]).hardlink("etc/again", "etc/passwd").hardlink("more", "etc/again").tar(),
    )
    .unwrap();
    let at = |name: &str| site.top().join(name);
    assert_eq!(fs::read_to_string(at("etc/again")).unwrap(), "root");
    assert_eq!(fs::metadata(at("more")).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(inode(&at("etc/again")), inode(&at("etc/passwd")));
    assert_eq!(inode(&at("more")), inode(&at("etc/passwd")));
    // Below it is another file, and stays as it was.
    assert_eq!(fs::metadata(site.layers[1].join("etc/passwd")).unwrap().nlink(), 1);
}

#[test]
fn a_hard_link_to_what_is_not_there_is_refused() {
    let mut site = Site::new();
    site.unpack(&layer(&["etc/", "etc/passwd", "etc/gone"]).tar()).unwrap();
    site.unpack(&Layer::new().whiteout("etc/gone").tar()).unwrap();
    for target in ["etc/none", "etc", "etc/gone", "none/none"] {
        let refused = site.unpack(&Layer::new().hardlink("link", target).tar());
        assert!(matches!(refused, Err(UnpackError::Link { .. })), "{target}: {refused:?}");
        fs::remove_dir_all(site.folder.path().join("layer2")).unwrap();
    }
}

#[test]
fn what_a_layer_has_twice_is_there_once_as_it_was_last() {
    let mut site = Site::new();
    let tar = layer(&["a/", "a/inner", "b", "c"])
        .file("a", "now a file")
        .dir("b")
        .file("b/inner", "x")
        .symlink("c", "b")
        .file("b/inner", "y")
        .hardlink("d", "b/inner")
        .hardlink("d", "b/inner")
        .hardlink("d", "d")
        .tar();
    site.unpack(&tar).unwrap();
    assert_eq!(paths(site.top()), ["a", "b/", "b/inner", "c -> b", "d"]);
    assert_eq!(fs::read_to_string(site.top().join("a")).unwrap(), "now a file");
    assert_eq!(fs::read_to_string(site.top().join("d")).unwrap(), "y");
}

#[test]
fn a_file_that_others_share_is_replaced_and_not_written_into() {
    let mut site = Site::new();
    let tar = layer(&["one"]).hardlink("two", "one").file("one", "other").tar();
    site.unpack(&tar).unwrap();
    assert_eq!(fs::read_to_string(site.top().join("two")).unwrap(), "one");
    assert_eq!(fs::read_to_string(site.top().join("one")).unwrap(), "other");
}
