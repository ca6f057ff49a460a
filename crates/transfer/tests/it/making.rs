use std::io::Write;
use std::sync::Arc;

use strata_layer::{NewEntry, Packing, TarWriter, WriteError};
use strata_spec::Digest;
use strata_store::Store;
use strata_transfer::{ByteRange, MadeLayer, PackedLayer, TransferError, make_layer};
use strata_tree::{Listing, Tree};
use tempfile::tempdir;

/// What a maker of layers fails with.
#[derive(Debug)]
enum Failed {
    Transfer(TransferError),
    Write(WriteError),
    Own,
}

impl From<TransferError> for Failed {
    fn from(error: TransferError) -> Self {
        Self::Transfer(error)
    }
}

impl From<WriteError> for Failed {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

/// Some content that packs somewhat.
fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (((at * at) >> 7 ^ at >> 3) & 0xff).to_le_bytes()[0]).collect()
}

fn write(out: &mut dyn Write, content: &[u8]) -> Result<u64, Failed> {
    let mut tar = TarWriter::new(out);
    tar.append_empty(&NewEntry::directory("etc"))?;
    tar.append(&NewEntry::file("etc/motd", 5), &mut &b"hello"[..])?;
    tar.append(&NewEntry::file("large", content.len() as u64), &mut &content[..])?;
    let entries = tar.entries();
    tar.finish()?;
    Ok(entries)
}

fn make(store: &Store, packing: Packing, content: &[u8]) -> MadeLayer {
    let (made, entries) = make_layer(store, packing, |out| write(out, content)).unwrap();
    assert_eq!(made.entries, entries);
    made
}

/// How many files lie where layers are on their way in.
fn leftovers(store: &Store) -> usize {
    std::fs::read_dir(store.folder().join("ingest")).unwrap().count()
}

#[test]
fn a_layer_is_made_kept_and_read_in_one_pass() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let large = content(5 << 20);
    let mut tar = Vec::new();
    write(&mut tar, &large).unwrap();
    for packing in [Packing::PLAIN, Packing::default(), Packing::zstd(3)] {
        let made = make(&store, packing, &large);
        assert_eq!(made, make(&store, packing, &large), "the same bytes, the same layer");
        assert_eq!(made.diff_id.0, Digest::sha256_of(&tar));
        assert_eq!(made.tar_bytes, tar.len() as u64);
        assert_eq!(made.descriptor.media_type, packing.media_type());
        let record = made.record();
        assert_eq!(store.kept_layer(&record.digest).unwrap(), Some(record));
        // The list of its files is that of a pull, and its files are read by it.
        let tree = store.tree(&made.diff_id).unwrap().unwrap();
        let trees: Arc<[_]> = [Tree::open(tree).unwrap()].into();
        let listing = Listing::of_layer(Arc::clone(&trees), 0).unwrap();
        let (_, node) = listing.find(b"large").and_then(|id| listing.entry(id)).unwrap();
        let entry = trees[0].node(node);
        let mut layer =
            PackedLayer::open(&store, &made.descriptor.digest, Some(&made.diff_id)).unwrap();
        let mut found = Vec::new();
        let range = ByteRange {
            offset: entry.offset(),
            size: entry.size(),
            fingerprint: Some(entry.fingerprint()),
        };
        layer.copy(range, &mut found).unwrap();
        assert!(found == large);
        let is_packed = packing != Packing::PLAIN;
        assert_eq!(store.checkpoints(&made.descriptor.digest).is_some(), is_packed);
    }
    assert_eq!(leftovers(&store), 0);
}

#[test]
fn an_empty_layer_can_be_made() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let (made, ()) = make_layer(&store, Packing::default(), |out| {
        TarWriter::new(out).finish().map(|_| ()).map_err(Failed::Write)
    })
    .unwrap();
    assert_eq!((made.entries, made.tar_bytes), (0, 1024));
}

#[test]
fn a_writing_that_fails_says_why_and_leaves_nothing() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    for bytes in [10_usize, 9 << 20] {
        let failed = make_layer(&store, Packing::default(), |out| {
            let mut tar = TarWriter::new(out);
            tar.append(&NewEntry::file("a", bytes as u64), &mut &content(bytes)[..])?;
            Err::<(), _>(Failed::Own)
        });
        assert!(matches!(failed, Err(Failed::Own)), "{failed:?}");
    }
    let failed = make_layer(&store, Packing::default(), |out| {
        TarWriter::new(out).append(&NewEntry::file("a", 9), &mut &b"short"[..])?;
        Ok::<(), Failed>(())
    });
    assert!(matches!(failed, Err(Failed::Write(WriteError::Changed { .. }))), "{failed:?}");
    assert_eq!(leftovers(&store), 0);
    assert_eq!(std::fs::read_dir(folder.path().join("blobs/sha256")).unwrap().count(), 0);
}

#[test]
fn what_is_no_layer_is_not_kept() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    // The first of them ends before the scan has seen what it is, the others are stopped on the way.
    for bytes in [1_000, 20 << 20] {
        let refused = make_layer(&store, Packing::default(), |out| {
            out.write_all(&content(bytes)).map_err(|source| WriteError::Output { source })?;
            Ok::<(), Failed>(())
        });
        let Err(Failed::Transfer(TransferError::Made { .. })) = refused else {
            panic!("{refused:?}");
        };
    }
    assert_eq!(leftovers(&store), 0);
    assert_eq!(std::fs::read_dir(folder.path().join("blobs/sha256")).unwrap().count(), 0);
}

#[test]
fn a_store_that_cannot_keep_it_is_told_as_that() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    std::fs::remove_dir_all(folder.path().join("ingest")).unwrap();
    let refused = make_layer(&store, Packing::default(), |out| write(out, b"x"));
    assert!(matches!(refused, Err(Failed::Transfer(TransferError::Store(_)))), "{refused:?}");
}
