//! Layers made to fill memory or time.

use std::io::{self, Cursor};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use strata_layer::{Entry, EntryKind, EntrySink, LayerError, Timestamp};
use strata_spec::{DiffId, Digest};
use strata_tree::{NodeId, OpenScratch, Tree, TreeBuilder};

fn entry(path: Vec<u8>) -> Entry {
    Entry {
        path,
        kind: EntryKind::File,
        mode: 0o644,
        uid: 0,
        gid: 0,
        size: 1,
        modified: Timestamp::default(),
        link: Vec::new(),
        device: (0, 0),
        xattrs: Vec::new(),
        offset: 512,
        sparse: false,
        fingerprint: [0; 16],
    }
}

#[test]
fn a_path_of_thousands_of_folders_is_refused() {
    let mut builder = TreeBuilder::new();
    let refused = builder.entry(entry(b"a/".repeat(5000)));
    assert!(matches!(refused, Err(LayerError::Sink { .. })));
}

#[test]
fn folders_that_no_entry_names_are_bounded() {
    let mut builder = TreeBuilder::new();
    let refused = (0..100_000).find_map(|number| {
        let deep = format!("{number}/{}", "d/".repeat(400));
        builder.entry(entry(deep.into_bytes())).err()
    });
    assert!(matches!(refused, Some(LayerError::Sink { .. })));
}

#[test]
fn attributes_of_all_entries_together_are_bounded() {
    let mut builder = TreeBuilder::new();
    let refused = (0..2000_u32).find_map(|number| {
        let mut entry = entry(number.to_string().into_bytes());
        let mut value = vec![b'x'; 1 << 20];
        value[..4].copy_from_slice(&number.to_le_bytes());
        entry.xattrs = vec![(b"user.x".to_vec(), value)];
        builder.entry(entry).err()
    });
    assert!(matches!(refused, Some(LayerError::Sink { .. })));
}

/// Counts how many were opened.
fn scratch(opened: &Arc<AtomicUsize>) -> OpenScratch {
    let opened = Arc::clone(opened);
    Box::new(move || {
        opened.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(Cursor::new(Vec::new())))
    })
}

/// Very many files, links and folders that go back and forth, each with a time of its own; some twice.
fn fill(builder: &mut TreeBuilder) {
    const COUNT: u32 = 200_000;
    for number in 0..COUNT + 500 {
        // A prime that no power of two divides: all folders are come back to again and again.
        let number = if number < COUNT { number * 7919 % COUNT } else { number - COUNT };
        let path = format!("opt/{}/a-file-with-a-rather-long-name-{number:09}.js", number % 300);
        let mut entry = entry(path.into_bytes());
        entry.modified.seconds = i64::from(number);
        entry.offset = u64::from(number) * 512;
        entry.fingerprint[..4].copy_from_slice(&number.to_le_bytes());
        match number % 10 {
            0 => {
                entry.kind = EntryKind::Symlink;
                entry.link = b"somewhere/else/far/away".into();
                entry.size = 0;
            }
            1 => entry.xattrs = vec![(b"user.a".to_vec(), b"b".to_vec())],
            _ => {}
        }
        builder.entry(entry).unwrap();
    }
}

#[test]
fn what_does_not_fit_into_memory_ends_in_the_same_tree() {
    let opened = Arc::new(AtomicUsize::new(0));
    let diff_id = DiffId(Digest::sha256_of(b"many"));
    let mut trees = Vec::new();
    for mut builder in [TreeBuilder::new(), TreeBuilder::spilling(scratch(&opened))] {
        fill(&mut builder);
        trees.push(builder.finish(&diff_id).unwrap());
    }
    // Records, names, attributes, extras.
    assert_eq!(opened.load(Ordering::Relaxed), 4);
    assert!(trees[0] == trees[1], "the two trees differ");
    let tree = Tree::open(&trees[0][..]).unwrap();
    assert_eq!(tree.len(), 1 + 1 + 300 + 200_000);
    assert_eq!(tree.duplicates(), 500);
    assert_eq!(tree.node(NodeId(0)).subtree_files(), 200_000);
    assert_eq!(tree.node(NodeId(0)).subtree_bytes(), 180_000);
    let found = tree.find(b"opt/7/a-file-with-a-rather-long-name-000000307.js").unwrap();
    let node = tree.node(found);
    assert_eq!((node.attributes().modified.seconds, node.offset()), (307, 307 * 512));
    assert_eq!(node.fingerprint()[..4], 307_u32.to_le_bytes());
    let found = tree.find(b"opt/1/a-file-with-a-rather-long-name-000000301.js").unwrap();
    assert_eq!(tree.node(found).xattrs(), [(&b"user.a"[..], &b"b"[..])]);
    assert_eq!(tree.node(found).fingerprint()[..4], 301_u32.to_le_bytes());
}

#[test]
fn a_scratch_file_that_cannot_be_had_ends_the_scan() {
    let mut builder = TreeBuilder::spilling(Box::new(|| Err(io::ErrorKind::StorageFull.into())));
    let refused = (0..1_000_000_u32)
        .find_map(|number| builder.entry(entry(number.to_string().into_bytes())).err());
    assert!(matches!(refused, Some(LayerError::Scratch { .. })));
}

#[test]
fn a_size_that_no_disk_has_is_shown_as_the_largest() {
    let mut builder = TreeBuilder::new();
    for name in [b"a", b"b"] {
        builder.entry(Entry { size: u64::MAX, sparse: true, ..entry(name.to_vec()) }).unwrap();
    }
    let tree = Tree::open(builder.finish(&DiffId(Digest::sha256_of(b""))).unwrap()).unwrap();
    let largest = (1 << 48) - 1;
    assert_eq!(tree.node(NodeId(0)).subtree_bytes(), largest);
    assert_eq!(tree.node(NodeId(1)).size(), largest);
}
