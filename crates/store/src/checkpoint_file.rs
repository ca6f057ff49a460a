//! Where reading can begin in the middle of a packed layer, by the blob's digest: kept here, understood elsewhere. A layer
//! can always be read from its start.

use strata_spec::Digest;

use crate::kept_file::Kept;
use crate::{Store, StoreError};

const CHECKPOINTS: Kept =
    Kept { folder: "checkpoints", magic: b"strackpt", version: 1, max_bytes: 8 << 20 };

impl Store {
    /// The checkpoints of a blob, as they were kept; none if there are none that can be trusted.
    #[must_use]
    pub fn checkpoints(&self, blob: &Digest) -> Option<Vec<u8>> {
        CHECKPOINTS.read(self, blob)
    }

    /// Keeps the checkpoints of a blob in place of those that were kept before.
    ///
    /// # Errors
    /// [`StoreError::File`]; then they are as they were.
    pub fn keep_checkpoints(&self, blob: &Digest, checkpoints: &[u8]) -> Result<(), StoreError> {
        CHECKPOINTS.keep(self, blob, checkpoints)
    }

    /// Removes the checkpoints of a blob.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn forget_checkpoints(&self, blob: &Digest) -> Result<(), StoreError> {
        CHECKPOINTS.forget(self, blob)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store")).unwrap();
        (folder, store)
    }

    #[test]
    fn checkpoints_come_back_as_they_were_kept_and_the_last_ones_count() {
        let (_folder, store) = store();
        let blob = Digest::sha256_of(b"a layer");
        assert_eq!(store.checkpoints(&blob), None);
        store.keep_checkpoints(&blob, b"one").unwrap();
        store.keep_checkpoints(&blob, b"one and two").unwrap();
        assert_eq!(store.checkpoints(&blob).unwrap(), b"one and two");
        let mode = fs::metadata(CHECKPOINTS.path(&store, &blob)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(store.ingest_folder()).unwrap().count(), 0);
        store.forget_checkpoints(&blob).unwrap();
        store.forget_checkpoints(&blob).unwrap();
        assert_eq!(store.checkpoints(&blob), None);
    }

    #[test]
    fn what_is_cut_changed_or_of_another_blob_is_as_if_it_were_not_there() {
        let (_folder, store) = store();
        let blob = Digest::sha256_of(b"a layer");
        store.keep_checkpoints(&blob, b"some checkpoints").unwrap();
        let path = CHECKPOINTS.path(&store, &blob);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(&path, &changed).unwrap();
            assert_eq!(store.checkpoints(&blob), None, "byte {at}");
            fs::write(&path, &whole[..at]).unwrap();
            assert_eq!(store.checkpoints(&blob), None, "cut at {at}");
        }
        fs::write(&path, &whole).unwrap();
        let other = Digest::sha256_of(b"another layer");
        fs::copy(&path, CHECKPOINTS.path(&store, &other)).unwrap();
        assert_eq!(store.checkpoints(&other), None);
        assert!(store.checkpoints(&blob).is_some());
    }

    #[test]
    fn a_file_of_another_store_a_link_a_folder_and_a_huge_file_are_none() {
        let (_folder, store) = store();
        let (_elsewhere, foreign) = self::store();
        let blob = Digest::sha256_of(b"a layer");
        foreign.keep_checkpoints(&blob, b"checkpoints").unwrap();
        store.keep_checkpoints(&blob, b"checkpoints").unwrap();
        let (path, theirs) = (CHECKPOINTS.path(&store, &blob), CHECKPOINTS.path(&foreign, &blob));
        fs::copy(&theirs, &path).unwrap();
        assert_eq!(store.checkpoints(&blob), None);
        fs::remove_file(&path).unwrap();
        symlink(&theirs, &path).unwrap();
        assert_eq!(store.checkpoints(&blob), None);
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(store.checkpoints(&blob), None);
        assert!(store.keep_checkpoints(&blob, b"checkpoints").is_err());
        assert_eq!(fs::read_dir(store.ingest_folder()).unwrap().count(), 0);
        fs::remove_dir(&path).unwrap();
        fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(store.checkpoints(&blob), None);
    }
}
