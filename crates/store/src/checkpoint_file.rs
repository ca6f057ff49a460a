//! Where reading can begin in the middle of a packed layer, by the blob's digest: kept here, understood elsewhere.
//!
//! ```text
//! magic 8, version 4, checksum 32, the checkpoints
//! ```
//! The checksum is made with the store's own key over all of it and the blob's digest: a file of another store, of another
//! blob, cut or changed is no file. None is worth an error, for a layer can always be read from its start; nor is one worth
//! a sync, for half a one is found out.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use strata_spec::{Algorithm, Digest, Hasher};

use crate::disk::{failed, make_folder, rename, unique, write_new};
use crate::{Store, StoreError, unix};

const MAGIC: &[u8; 8] = b"strackpt";
/// Of the checkpoints too: who changes what they mean counts on.
const VERSION: u32 = 1;
/// Magic, version and checksum.
const HEADER: usize = 8 + 4 + 32;
/// A larger file is none of ours.
const MAX_BYTES: u64 = 8 << 20;

impl Store {
    /// The checkpoints of a blob, as they were kept; none if there are none that can be trusted.
    #[must_use]
    pub fn checkpoints(&self, blob: &Digest) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = unix::private().read(true).open(self.checkpoint_path(blob)).ok()?;
        if !file.metadata().ok()?.is_file() {
            return None;
        }
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).ok()?;
        let body = bytes.get(HEADER..)?;
        let header = self.checkpoint_header(blob, body).ok()?;
        if bytes.len() as u64 > MAX_BYTES || bytes[..HEADER] != header[..] {
            return None;
        }
        Some(bytes.split_off(HEADER))
    }

    /// Keeps the checkpoints of a blob in place of those that were kept before.
    ///
    /// # Errors
    /// [`StoreError::File`]; then they are as they were.
    pub fn keep_checkpoints(&self, blob: &Digest, checkpoints: &[u8]) -> Result<(), StoreError> {
        let header = self.checkpoint_header(blob, checkpoints)?;
        make_folder(&self.checkpoint_folder())?;
        let beside = unique(&self.ingest_folder(), "checkpoints");
        write_new(&beside, &[&header[..], checkpoints].concat())?;
        rename(&beside, &self.checkpoint_path(blob)).inspect_err(|_| {
            fs::remove_file(&beside).ok();
        })
    }

    /// Removes the checkpoints of a blob.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn forget_checkpoints(&self, blob: &Digest) -> Result<(), StoreError> {
        let path = self.checkpoint_path(blob);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(failed("remove", &path)(error))
            }
            _ => Ok(()),
        }
    }

    fn checkpoint_header(&self, blob: &Digest, body: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.keyed_header(MAGIC, VERSION, blob, body)
    }

    /// Magic, version and the checksum with the store's key, over all of it and the digest that it is about.
    pub(crate) fn keyed_header(
        &self,
        magic: &[u8; 8],
        version: u32,
        blob: &Digest,
        body: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let mut header = [&magic[..], &version.to_le_bytes()[..]].concat();
        let mut hasher = Hasher::new(Algorithm::Sha256);
        hasher.update(&self.fingerprint_key()?);
        hasher.update(&header);
        hasher.update(blob.to_string().as_bytes());
        hasher.update(&(body.len() as u64).to_le_bytes());
        hasher.update(body);
        let sum = hasher.finish();
        let digits = sum.hex().as_bytes().chunks_exact(2);
        let byte = |two: &[u8]| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok();
        header.extend(digits.filter_map(byte));
        Ok(header)
    }

    fn checkpoint_path(&self, blob: &Digest) -> PathBuf {
        let name = format!("{}-{}", blob.algorithm().as_str(), blob.hex());
        self.checkpoint_folder().join(name)
    }

    fn checkpoint_folder(&self) -> PathBuf {
        self.folder().join("checkpoints")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
        let mode = fs::metadata(store.checkpoint_path(&blob)).unwrap().permissions().mode();
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
        let path = store.checkpoint_path(&blob);
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
        fs::copy(&path, store.checkpoint_path(&other)).unwrap();
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
        let (path, theirs) = (store.checkpoint_path(&blob), foreign.checkpoint_path(&blob));
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
