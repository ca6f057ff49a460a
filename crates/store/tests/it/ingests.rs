use std::fs;
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use strata_spec::{Algorithm, Digest};
use strata_store::{Store, StoreError};
use tempfile::tempdir;

use crate::image::{blob_path, take_in};

const BYTES: &[u8] = b"ten bytes.";

fn digest() -> Digest {
    Digest::sha256_of(BYTES)
}

#[test]
fn what_came_is_kept_and_taken_up_again() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut ingest = store.ingest(&digest(), 10, &|| false).unwrap();
    ingest.append(&BYTES[..4]).unwrap();
    drop((ingest, store));
    let store = Store::open(folder.path()).unwrap();
    let mut ingest = store.ingest(&digest(), 10, &|| false).unwrap();
    assert_eq!(ingest.offset(), 4);
    let mut back = Vec::new();
    ingest.read_back().unwrap().read_to_end(&mut back).unwrap();
    assert_eq!(back, BYTES[..4]);
    ingest.append(&BYTES[4..]).unwrap();
    let ready = ingest.finish().unwrap();
    assert_eq!(store.blob_size(&digest()).unwrap(), None, "ready is not visible");
    store.commit_blobs(vec![ready]).unwrap();
    assert_eq!(store.read_document(&digest(), 10).unwrap(), BYTES);
    assert_eq!(store.totals().unwrap().stored_bytes, 10);
}

#[test]
fn a_ready_blob_that_nobody_commits_is_whole_at_the_next_try() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    drop(take_in(&store, BYTES).unwrap());
    let ingest = store.ingest(&digest(), 10, &|| false).unwrap();
    assert_eq!(ingest.offset(), 10);
    store.commit_blobs(vec![ingest.finish().unwrap()]).unwrap();
    assert_eq!(store.read_document(&digest(), 10).unwrap(), BYTES);
}

#[test]
fn more_than_was_announced_is_refused_and_not_written() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut ingest = store.ingest(&digest(), 10, &|| false).unwrap();
    ingest.append(&BYTES[..8]).unwrap();
    let refused = ingest.append(b"123");
    assert!(matches!(refused, Err(StoreError::TooMany { announced_bytes: 10, .. })));
    assert_eq!(ingest.offset(), 8);
    ingest.append(&BYTES[8..]).unwrap();
    store.commit_blobs(vec![ingest.finish().unwrap()]).unwrap();
    assert_eq!(store.read_document(&digest(), 10).unwrap(), BYTES);
}

#[test]
fn fewer_than_were_announced_are_no_blob() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut ingest = store.ingest(&digest(), 10, &|| false).unwrap();
    ingest.append(&BYTES[..9]).unwrap();
    let refused = ingest.finish();
    assert!(matches!(
        refused,
        Err(StoreError::Incomplete { found_bytes: 9, announced_bytes: 10, .. })
    ));
    assert_eq!(store.ingest(&digest(), 10, &|| false).unwrap().offset(), 9, "they are kept");
}

#[test]
fn bytes_that_were_forgotten_are_not_there_at_the_next_try() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut ingest = store.ingest(&digest(), 10, &|| false).unwrap();
    ingest.append(b"wrong").unwrap();
    ingest.truncate(2).unwrap();
    ingest.append(b"x").unwrap();
    drop(ingest);
    let mut ingest = store.ingest(&digest(), 10, &|| false).unwrap();
    assert_eq!(ingest.offset(), 3);
    ingest.truncate(0).unwrap();
    drop(ingest);
    assert_eq!(fs::read_dir(folder.path().join("ingest")).unwrap().count(), 0);
}

#[test]
fn kept_bytes_beyond_the_announced_size_are_forgotten() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    drop(take_in(&store, BYTES).unwrap());
    assert_eq!(store.ingest(&digest(), 9, &|| false).unwrap().offset(), 0);
}

#[test]
fn a_blob_larger_than_the_disk_is_refused_before_its_first_byte() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let size = i64::MAX as u64;
    let refused = store.ingest(&digest(), size, &|| false);
    match refused {
        Err(StoreError::DiskFull { needed_bytes, free_bytes, path, .. }) => {
            assert_eq!((needed_bytes, path.as_path()), (size, folder.path()));
            assert!(free_bytes > 0 && free_bytes < size);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(fs::read_dir(folder.path().join("ingest")).unwrap().count(), 0);
}

#[test]
fn who_waits_for_a_held_blob_can_be_stopped() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let held = store.ingest(&digest(), 10, &|| false).unwrap();
    let asked = AtomicUsize::new(0);
    let stopped = || asked.fetch_add(1, Ordering::Relaxed) >= 2;
    assert!(matches!(store.ingest(&digest(), 10, &stopped), Err(StoreError::Stopped)));
    assert_eq!(asked.load(Ordering::Relaxed), 3, "it asks until it is told so");
    drop(held);
}

#[test]
fn who_waited_for_a_blob_that_was_committed_gets_a_new_file_and_leaves_the_blob_alone() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let ready = take_in(&store, BYTES).unwrap();
    let waits = AtomicUsize::new(0);
    thread::scope(|threads| {
        let waiting = threads.spawn(|| {
            let count = || {
                waits.fetch_add(1, Ordering::Relaxed);
                false
            };
            let mut ingest = store.ingest(&digest(), 10, &count).unwrap();
            let offset = ingest.offset();
            ingest.append(b"other").unwrap();
            offset
        });
        while waits.load(Ordering::Relaxed) == 0 {
            thread::yield_now();
        }
        store.commit_blobs(vec![ready]).unwrap();
        assert_eq!(waiting.join().unwrap(), 0);
    });
    assert_eq!(fs::read(blob_path(&store, &digest())).unwrap(), BYTES);
}

#[test]
fn an_upload_gets_its_name_at_the_end() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
        let digest = Digest::of(algorithm, BYTES);
        let mut upload = store.ingest_unnamed().unwrap();
        upload.append(&BYTES[..3]).unwrap();
        upload.append(&BYTES[3..]).unwrap();
        assert_eq!(upload.offset(), 10);
        store.commit_blobs(vec![upload.finish(&digest).unwrap()]).unwrap();
        assert_eq!(store.read_document(&digest, 10).unwrap(), BYTES);
    }
}

#[test]
fn an_upload_of_other_bytes_than_promised_leaves_nothing() {
    let folder = tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut upload = store.ingest_unnamed().unwrap();
    upload.append(b"other").unwrap();
    assert!(matches!(upload.finish(&digest()), Err(StoreError::Damaged { .. })));
    let mut unfinished = store.ingest_unnamed().unwrap();
    unfinished.append(b"some").unwrap();
    drop(unfinished);
    assert_eq!(fs::read_dir(folder.path().join("ingest")).unwrap().count(), 0);
}
