use strata_spec::Digest;
use strata_store::{LayerRecord, Store};
use tempfile::tempdir;

use crate::image::{Image, diff_id, tree, written};
use crate::whole;

const NAME: &str = "localhost/app:1";

/// Keeps a layer that no image names.
fn keep(store: &Store, layer: &[u8]) -> LayerRecord {
    let mut ingest = store.ingest_unnamed().unwrap();
    ingest.append(layer).unwrap();
    let blob = ingest.seal().unwrap();
    let record = LayerRecord {
        digest: blob.digest().clone(),
        diff_id: diff_id(layer),
        size_bytes: blob.size_bytes(),
        tar_bytes: 2048,
    };
    let files = store.take_tree(|out| written(out, &tree(layer))).unwrap();
    store.keep_layer(blob, files, &record).unwrap();
    record
}

#[test]
fn a_layer_that_no_image_names_is_kept_and_known() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let record = keep(&store, b"made");
    assert_eq!(record.digest, Digest::sha256_of(b"made"));
    assert_eq!(keep(&store, b"made"), record, "once more is no harm");
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.kept_layer(&record.digest).unwrap(), Some(record.clone()));
    assert!(store.has_layer(&record.digest, 4, &record.diff_id).unwrap());
    assert!(store.is_checked_layer(&record.digest, &record.diff_id).unwrap());
    assert!(!store.is_checked_layer(&record.digest, &diff_id(b"other")).unwrap());
    assert_eq!(store.layer_tar_bytes(&record.digest).unwrap(), Some(2048));
    assert_eq!(store.tree(&record.diff_id).unwrap().unwrap().as_ref(), tree(b"made"));
    assert!(store.images().unwrap().is_empty());
    whole::check(&store);
}

#[test]
fn an_image_takes_a_kept_layer_without_bringing_it() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    keep(&store, b"made");
    let image = Image::new("amd64", &[b"base", b"made"]);
    let commit = image.bring(&store, Some(NAME)).unwrap();
    assert_eq!((commit.blobs.len(), commit.trees.len()), (1, 1), "the base alone");
    store.commit(commit).unwrap();
    assert_eq!(store.images().unwrap().len(), 1);
    whole::check(&store);
}

#[test]
fn a_kept_layer_whose_files_are_gone_is_none() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let record = keep(&store, b"made");
    store.doubt_layer(&record.diff_id).unwrap();
    assert_eq!(store.kept_layer(&record.digest).unwrap(), None);
    assert_eq!(store.kept_layer(&Digest::sha256_of(b"other")).unwrap(), None);
}

#[test]
fn a_layer_that_is_not_kept_leaves_nothing() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut ingest = store.ingest_unnamed().unwrap();
    ingest.append(b"made").unwrap();
    let blob = ingest.seal().unwrap();
    let files = store.take_tree(|out| written(out, b"tree")).unwrap();
    drop((blob, files));
    assert_eq!(std::fs::read_dir(folder.path().join("ingest")).unwrap().count(), 0);
    assert_eq!(store.blob_size(&Digest::sha256_of(b"made")).unwrap(), None);
}
