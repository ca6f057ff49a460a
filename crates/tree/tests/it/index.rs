//! What goes into a tree comes out again.

use strata_layer::{EntryKind, Timestamp};
use strata_testkit::Layer;
use strata_tree::{Tree, TreeBuilder};
use tar::EntryType;

use crate::bytes;

fn tree(layer: Layer) -> Tree<Vec<u8>> {
    Tree::open(bytes(&layer.tar())).unwrap()
}

#[test]
fn every_field_comes_back() {
    let layer = Layer::new()
        .owner(7, 8)
        .time(1_600_000_000)
        .pax(&[("SCHILY.xattr.user.b", b"2\n"), ("SCHILY.xattr.user.a", b""), ("mtime", b"-0.5")])
        .file("etc/passwd", b"root")
        .file("etc/copy", b"root")
        .symlink("etc/link", "../x/")
        .hardlink("etc/same", "etc/passwd")
        .raw(b"dev/null", EntryType::Char, 0o666, b"", b"");
    let tree = tree(layer);
    let passwd = tree.node(tree.find(b"etc/passwd").unwrap());
    assert_eq!(passwd.name(), b"passwd");
    assert_eq!(passwd.kind(), EntryKind::File);
    assert_eq!((passwd.size(), passwd.offset() % 512), (4, 0));
    assert_eq!(passwd.xattrs(), [(&b"user.a"[..], &b""[..]), (b"user.b", b"2\n")]);
    let attributes = passwd.attributes();
    assert_eq!((attributes.mode, attributes.uid, attributes.gid), (0o644, 7, 8));
    assert_eq!(attributes.modified, Timestamp { seconds: -1, nanos: 500_000_000 });
    let copy = tree.node(tree.find(b"etc/copy").unwrap());
    assert_eq!((passwd.fingerprint(), copy.xattrs()), (copy.fingerprint(), Vec::new()));
    assert_ne!(passwd.fingerprint(), [0; 16]);
    assert_eq!(tree.node(tree.find(b"etc/link").unwrap()).link(), b"../x/");
    assert_eq!(tree.node(tree.find(b"dev/null").unwrap()).kind(), EntryKind::CharDevice);
    let same = tree.find(b"etc/same").unwrap();
    assert_eq!(tree.content_of(same), tree.find(b"etc/passwd"));
    assert_eq!(tree.path(same), b"etc/same");
}

#[test]
fn folders_come_before_their_content_and_siblings_by_name() {
    let tree = tree(
        Layer::new()
            .file("b/z", b"12345")
            .file("b.txt", b"1")
            .file("a", b"")
            .dir("b")
            .file("b/c/d", b"678"),
    );
    let paths: Vec<_> = (0..u32::try_from(tree.len()).unwrap())
        .map(|id| String::from_utf8(tree.path(strata_tree::NodeId(id))).unwrap())
        .collect();
    assert_eq!(paths, ["", "a", "b", "b/c", "b/c/d", "b/z", "b.txt"]);
    let b = tree.node(tree.find(b"b").unwrap());
    assert_eq!((b.subtree_bytes(), b.subtree_files(), b.is_implied()), (8, 2, false));
    assert!(tree.node(tree.find(b"b/c").unwrap()).is_implied());
    let root = tree.node(Tree::<Vec<u8>>::ROOT);
    assert_eq!((root.subtree_bytes(), root.subtree_files()), (9, 4));
    assert_eq!(tree.children(tree.find(b"b").unwrap()).count(), 2);
}

#[test]
fn the_last_of_several_entries_of_a_path_counts() {
    let tree = tree(
        Layer::new().file("a", b"1").file("a", b"22").dir("d").file("d/x", b"").file("d", b"333"),
    );
    assert_eq!(tree.node(tree.find(b"a").unwrap()).size(), 2);
    assert_eq!(tree.node(tree.find(b"d").unwrap()).kind(), EntryKind::File);
    assert_eq!(tree.find(b"d/x"), None);
    assert_eq!(tree.duplicates(), 2);
}

#[test]
fn a_file_that_gets_content_below_it_becomes_a_folder() {
    let tree = tree(Layer::new().file("a", b"1").file("a/b", b"22"));
    let a = tree.node(tree.find(b"a").unwrap());
    assert!(a.is_folder() && a.is_implied());
    assert_eq!((a.subtree_bytes(), a.subtree_files()), (2, 1));
}

#[test]
fn deletions_are_nodes_under_the_real_name() {
    let tree =
        tree(Layer::new().whiteout("a/gone").dir("b").opaque("b").whiteout("c").file("c/new", b""));
    let gone = tree.node(tree.find(b"a/gone").unwrap());
    assert!(gone.is_deleted());
    assert_eq!(tree.node(tree.find(b"a").unwrap()).subtree_files(), 0);
    let b = tree.node(tree.find(b"b").unwrap());
    assert!(b.hides_lower() && b.is_folder());
    let c = tree.node(tree.find(b"c").unwrap());
    assert!(c.hides_lower() && c.is_folder() && c.is_implied());
}

#[test]
fn an_empty_layer_has_a_root_and_nothing_else() {
    let tree = tree(Layer::new());
    assert!(tree.is_empty());
    assert_eq!(tree.children(Tree::<Vec<u8>>::ROOT).count(), 0);
    assert_eq!(tree.find(b""), Some(Tree::<Vec<u8>>::ROOT));
}

#[test]
fn a_root_that_is_no_folder_is_refused() {
    let tar = Layer::new().symlink("./", "/elsewhere").tar();
    let mut builder = TreeBuilder::new();
    assert!(strata_layer::scan(&tar[..], &strata_layer::Limits::default(), &mut builder).is_err());
}
