//! Layers made to fill memory or time.

use strata_layer::{Entry, EntryKind, EntrySink, LayerError, Timestamp};
use strata_tree::TreeBuilder;

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
