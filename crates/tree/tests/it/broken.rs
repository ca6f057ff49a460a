//! Bytes that are no tree, or a damaged one: an error, never a crash, never nonsense.

use proptest::prelude::*;
use strata_testkit::Layer;
use strata_tree::{Tree, TreeError};

use crate::bytes;

fn sample() -> Vec<u8> {
    bytes(
        &Layer::new()
            .dir("a")
            .pax(&[("SCHILY.xattr.user.a", b"1")])
            .file("a/b", b"123")
            .symlink("a/c", "b")
            .hardlink("d", "a/b")
            .whiteout("e")
            .tar(),
    )
}

/// Reads everything there is to read.
fn read_all(tree: &Tree<&[u8]>) {
    for id in 0..u32::try_from(tree.len()).unwrap() {
        let id = strata_tree::NodeId(id);
        let node = tree.node(id);
        let _ = (node.name(), node.kind(), node.attributes(), node.link(), node.device());
        let _ = (node.xattrs(), node.subtree_end(), tree.path(id), tree.content_of(id));
        assert_eq!(tree.find(&tree.path(id)), Some(id));
    }
}

/// The same bytes with a checksum that is right, so that what lies behind the checksum is tried too.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.len() - 32;
    let checksum = *blake3::hash(&bytes[..end]).as_bytes();
    bytes[end..].copy_from_slice(&checksum);
    bytes
}

#[test]
fn every_flipped_bit_is_noticed() {
    let whole = sample();
    read_all(&Tree::open(&whole[..]).unwrap());
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1 << (at % 8);
        assert!(Tree::open(damaged).is_err(), "byte {at}");
    }
}

#[test]
fn every_cut_is_noticed() {
    let whole = sample();
    for length in 0..whole.len() {
        assert!(Tree::open(&whole[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn another_version_is_told_from_damage() {
    let mut newer = sample();
    newer[8] += 1;
    assert!(matches!(Tree::open(sealed(newer)), Err(TreeError::Version { .. })));
    let mut damaged = sample();
    damaged[200] ^= 1;
    assert!(matches!(Tree::open(damaged), Err(TreeError::Damaged { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]
    #[test]
    fn no_bytes_that_pass_as_a_tree_crash_a_reader(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)
    ) {
        let mut bytes = sample();
        for (at, byte) in changes {
            let at = at.index(bytes.len() - 32);
            bytes[at] = byte;
        }
        let bytes = sealed(bytes);
        if let Ok(tree) = Tree::open(&bytes[..]) {
            read_all(&tree);
        }
    }
}
