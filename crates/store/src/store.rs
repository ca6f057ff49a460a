//! The store itself: its folder, opened once and shared.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use crate::database::Database;
use crate::disk::{BESIDE, failed, make_folder, replace};
use crate::index_file::IndexFile;
use crate::lock::StoreLock;
use crate::{StoreError, unix};

/// What an OCI image layout says of itself (OCI image specification, image-layout.md, "oci-layout file").
const LAYOUT: &[u8] = br#"{"imageLayoutVersion":"1.0.0"}"#;
/// Files that nobody holds any more are of a process that died, once they are so old: a file is locked right after it is
/// made.
const LEFTOVER_AGE: Duration = Duration::from_secs(60);
/// What is at the top of a store.
const FOLDERS: [&str; 4] = ["blobs", "blobs/sha256", "ingest", "trees"];

/// A store on disk. Copies share one connection to the database. Every call blocks.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    database: Database,
    fingerprint_key: OnceLock<[u8; 32]>,
}

impl Inner {
    fn new(folder: &Path, database: Database) -> Self {
        Self { folder: folder.to_owned(), database, fingerprint_key: OnceLock::new() }
    }
}

impl Store {
    /// Opens the store in this folder, making it if there is none.
    ///
    /// A store that is there but cannot be written, because its file system is full or read-only, is opened to be read as
    /// it was when it was last closed; what would change it then fails.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`] if the folder is a link, is somebody else's or holds something else,
    /// [`StoreError::Newer`] if a newer version wrote it, or what keeps it from being made.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        // Without a slash at the end, which would lead through a link.
        let folder = &folder.components().collect::<PathBuf>();
        match Self::open_to_write(folder) {
            Err(refusal) if is_unwritable(&refusal) => {
                Self::open_to_read(folder).map_err(|_| refusal)
            }
            opened => opened,
        }
    }

    /// Opens a store that is whole, and changes nothing.
    fn open_to_read(folder: &Path) -> Result<Self, StoreError> {
        open_folder(folder)?;
        let database = Database::open_to_read(folder)?;
        IndexFile::read(folder)?;
        tracing::warn!(folder = %folder.display(), "the store cannot be written, and is only read");
        Ok(Self { inner: Arc::new(Inner::new(folder, database)) })
    }

    fn open_to_write(folder: &Path) -> Result<Self, StoreError> {
        let owned = open_folder(folder)?;
        let lock = StoreLock::take(folder)?;
        // Before anything is changed: a newer version may have its reasons for what it has done here.
        let database = Database::open(folder)?;
        close(folder, &owned)?;
        let layout = folder.join("oci-layout");
        if !layout.exists() {
            replace(&layout, LAYOUT)?;
        }
        FOLDERS.iter().try_for_each(|name| make_folder(&folder.join(name)))?;
        let store = Self { inner: Arc::new(Inner::new(folder, database)) };
        IndexFile::make(folder)?;
        store.reconcile(&lock, &IndexFile::read(folder)?)?;
        store.remove_leftovers(&lock);
        Ok(store)
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// The key of the fingerprints, once it has been asked for.
    pub(crate) fn known_key(&self) -> &OnceLock<[u8; 32]> {
        &self.inner.fingerprint_key
    }

    pub(crate) fn database(&self) -> &Database {
        &self.inner.database
    }

    /// Removes what processes that died left behind and nobody can take up again.
    fn remove_leftovers(&self, _lock: &StoreLock) {
        for path in entries(self.folder()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // Only who has the lock writes these: this one's writer is dead.
            if name.starts_with(&format!("{BESIDE}-")) {
                fs::remove_file(&path).ok();
            }
        }
        for path in entries(&self.ingest_folder()) {
            let age = fs::symlink_metadata(&path).and_then(|data| data.modified()).ok();
            let age = age.and_then(|modified| SystemTime::now().duration_since(modified).ok());
            let is_part = path.extension().is_some_and(|ending| ending == "part");
            if is_part || age.is_none_or(|age| age < LEFTOVER_AGE) {
                continue;
            }
            let free =
                unix::private().write(true).open(&path).and_then(|file| unix::lock(&file, false));
            if matches!(free, Ok(true)) {
                fs::remove_file(&path).ok();
            }
        }
    }
}

/// Whether the file system takes no change now, though what is there can be read.
fn is_unwritable(error: &StoreError) -> bool {
    match error {
        StoreError::File { source, .. } => matches!(
            source.kind(),
            io::ErrorKind::ReadOnlyFilesystem
                | io::ErrorKind::StorageFull
                | io::ErrorKind::QuotaExceeded
        ),
        StoreError::Database { source, .. } => crate::database::is_unwritable(source),
        _ => false,
    }
}

/// The paths in a folder; none if it cannot be read.
fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

/// Makes the folder if there is none. A store is a folder of ours, and nothing else is in it.
fn open_folder(folder: &Path) -> Result<Metadata, StoreError> {
    let refused = |reason| StoreError::NotAStore { path: folder.to_owned(), reason };
    make_folder(folder)?;
    let data = fs::symlink_metadata(folder).map_err(failed("read", folder))?;
    if !unix::is_mine(&data) {
        return Err(refused("it belongs to somebody else"));
    }
    // In this order: another process that makes the store now begins with its lock.
    let is_empty = fs::read_dir(folder).map_err(failed("read", folder))?.next().is_none();
    let is_store = || folder.join("oci-layout").is_file() || folder.join("lock").is_file();
    if is_empty || is_store() { Ok(data) } else { Err(refused("it holds other things")) }
}

/// Nobody else is to look into it.
fn close(folder: &Path, data: &Metadata) -> Result<(), StoreError> {
    match unix::close_to_others(folder, data) {
        // A read-only file system can be read all the same.
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => Ok(()),
        closed => closed.map_err(failed("close to others", folder)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use strata_spec::{Descriptor, Digest, MediaType, Reference};

    use super::*;

    #[test]
    fn a_store_that_cannot_be_written_is_read_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("what? 100%#store");
        let reference = Reference::parse("localhost/practice/empty:1").unwrap();
        let document = br#"{"schemaVersion":2,"manifests":[]}"#;
        let digest = Digest::sha256_of(document);
        let target = Descriptor::new(MediaType::OciIndex, digest.clone(), document.len() as u64);
        Store::open(&path).unwrap().put_target(&reference, &target, document).unwrap();
        let store = Store::open_to_read(&path).unwrap();
        assert_eq!(
            store.target(&reference).unwrap().map(|found| found.digest),
            Some(digest.clone())
        );
        assert_eq!(store.read_document(&digest, 1024).unwrap(), document);
        let other = Reference::parse("localhost/practice/empty:2").unwrap();
        let refused = store.put_target(&other, &target, document).unwrap_err();
        assert!(is_unwritable(&refused), "{refused}");
        assert_eq!(Store::open(&path).unwrap().target(&other).unwrap(), None);
        assert!(Store::open_to_read(&folder.path().join("nowhere")).is_err());
    }
}
