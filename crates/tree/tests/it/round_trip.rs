//! Any entries at all: each comes back from the tree with every field.

use std::collections::BTreeMap;

use proptest::prelude::*;
use strata_layer::{Entry, EntryKind, EntrySink, FingerprintKey, Timestamp};
use strata_spec::{DiffId, Digest};
use strata_tree::{Tree, TreeBuilder};

fn kind() -> impl Strategy<Value = EntryKind> {
    prop::sample::select(vec![
        EntryKind::File,
        EntryKind::Symlink,
        EntryKind::Hardlink,
        EntryKind::CharDevice,
        EntryKind::BlockDevice,
        EntryKind::Fifo,
        EntryKind::Directory,
    ])
}

/// A name of any bytes that a name may have, and none that is a mark.
fn name() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(
        any::<u8>().prop_map(|byte| if byte == b'/' || byte == 0 { b'x' } else { byte }),
        1..6,
    )
    .prop_filter("no name", |name| !matches!(&name[..], b"." | b".."))
}

fn attributes() -> impl Strategy<Value = Vec<(Vec<u8>, Vec<u8>)>> {
    prop::collection::btree_map(name(), prop::collection::vec(any::<u8>(), 0..9), 0..3)
        .prop_map(|map| map.into_iter().collect())
}

prop_compose! {
    fn entry()(
        names in prop::collection::vec(name(), 1..4),
        kind in kind(),
        mode in 0_u32..=0o7777,
        (uid, gid) in any::<(u64, u64)>(),
        // What an index can hold.
        (size, blocks) in (0..1_u64 << 48, any::<u32>()),
        seconds in any::<i64>(),
        nanos in 0_u32..1_000_000_000,
        link in prop::collection::vec(1_u8.., 1..20),
        device in any::<(u32, u32)>(),
        xattrs in attributes(),
        sparse in any::<bool>(),
        fingerprint in any::<[u8; 16]>(),
    ) -> Entry {
        let is_file = kind == EntryKind::File;
        let is_link = matches!(kind, EntryKind::Symlink | EntryKind::Hardlink);
        let is_device = matches!(kind, EntryKind::CharDevice | EntryKind::BlockDevice);
        Entry {
            path: names.join(&b'/'),
            kind,
            mode,
            uid,
            gid,
            size: if is_file { size } else { 0 },
            modified: Timestamp { seconds, nanos },
            link: if is_link { link } else { Vec::new() },
            device: if is_device { device } else { (0, 0) },
            xattrs,
            offset: u64::from(blocks) * 512,
            sparse: is_file && sparse,
            fingerprint: if is_file { fingerprint } else { [0; 16] },
        }
    }
}

fn inside(folder: &[u8], path: &[u8]) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with(b"/"))
}

proptest! {
    #[test]
    fn every_field_of_every_entry_comes_back(entries in prop::collection::vec(entry(), 0..20)) {
        let mut builder = TreeBuilder::new();
        let mut expected: BTreeMap<Vec<u8>, Entry> = BTreeMap::new();
        for entry in entries {
            let path = &entry.path;
            // What is in something that is no folder has tests of its own.
            let conflicts = expected.iter().any(|(other, old)| {
                (inside(other, path) && old.kind != EntryKind::Directory)
                    || (inside(path, other) && entry.kind != EntryKind::Directory)
                    || (other == path && old.kind != entry.kind)
            });
            if conflicts || strata_layer::mark(path).is_some() {
                continue;
            }
            builder.entry(entry.clone()).unwrap();
            expected.insert(entry.path.clone(), entry);
        }
        let diff_id = DiffId(Digest::sha256_of(b"a layer"));
        let tree = Tree::open(builder.finish(&diff_id).unwrap()).unwrap();
        prop_assert!(tree.is_of(&diff_id, &FingerprintKey::default()));
        prop_assert!(!tree.is_of(&diff_id, &FingerprintKey([1; 32])));
        for (path, entry) in expected {
            let id = tree.find(&path).unwrap();
            let node = tree.node(id);
            prop_assert_eq!(tree.path(id), path);
            prop_assert_eq!((node.kind(), node.size()), (entry.kind, entry.size));
            let found = node.attributes();
            prop_assert_eq!((found.mode, found.uid, found.gid), (entry.mode, entry.uid, entry.gid));
            prop_assert_eq!(found.modified, entry.modified);
            prop_assert_eq!((node.link(), node.device()), (&entry.link[..], entry.device));
            let xattrs: Vec<_> = entry.xattrs.iter().map(|(k, v)| (&k[..], &v[..])).collect();
            prop_assert_eq!(node.xattrs(), xattrs);
            prop_assert!(!node.is_implied() && !node.is_deleted());
            if entry.kind == EntryKind::File {
                prop_assert_eq!((node.offset(), node.is_sparse()), (entry.offset, entry.sparse));
                prop_assert_eq!(node.fingerprint(), entry.fingerprint);
            }
        }
    }
}
