//! Bytes that are no tree, or a damaged one: an error, never a crash, never nonsense.

use std::sync::Arc;

use proptest::prelude::*;
use strata_layer::{Limits, scan};
use strata_testkit::Layer;
use strata_tree::{Listing, OpenSet, Tree, TreeBuilder, TreeError};

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

fn resum(tar: &mut [u8]) {
    for block in tar.chunks_exact_mut(512).filter(|block| block.iter().any(|&byte| byte != 0)) {
        block[148..156].copy_from_slice(b"        ");
        let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
}

proptest! {
    #[test]
    fn no_layer_that_passes_the_scan_crashes_tree_or_listing(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6)
    ) {
        let layer = || Layer::new().dir("a").file("a/b", b"1").symlink("a/l", "../a").whiteout("c");
        let mut tar = layer().hardlink("d", "a/b").opaque("a").file("a/l/x", b"").tar();
        for (at, byte) in changes {
            let at = at.index(tar.len());
            tar[at] = byte;
        }
        resum(&mut tar);
        let mut builder = TreeBuilder::new();
        if let Ok(scanned) = scan(&tar[..], &Limits::default(), &mut builder) {
            let upper = Tree::open(builder.finish(&scanned.diff_id).unwrap()).unwrap();
            let lower = Tree::open(bytes(&layer().tar())).unwrap();
            let trees: Arc<[_]> = [lower, upper].into();
            for listing in [Listing::of_layer(Arc::clone(&trees), 1), Listing::up_to(trees, 1)] {
                let listing = listing.unwrap();
                let (total, rows) = listing.visible(&OpenSet::open_except([]), 0, usize::MAX);
                prop_assert_eq!(total, rows.len());
                for (_, row) in rows {
                    prop_assert_eq!(listing.find(&listing.path(row.id)), Some(row.id));
                    let _ = listing.follow(&listing.path(row.id));
                }
            }
        }
    }

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
