//! The store itself: its folder, opened once and shared.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::database::Database;
use crate::disk::{failed, replace};
use crate::index_file::IndexFile;
use crate::lock::StoreLock;
use crate::{StoreError, unix};

/// What an OCI image layout says of itself (OCI image specification, image-layout.md, "oci-layout file").
const LAYOUT: &[u8] = br#"{"imageLayoutVersion":"1.0.0"}"#;
/// Files of a process that died are removed after so long, if nobody holds them.
const LEFTOVER_AGE: Duration = Duration::from_secs(24 * 60 * 60);
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
}

impl Store {
    /// Opens the store in this folder, making it if there is none.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`] if the folder is a link, is somebody else's or holds something else,
    /// [`StoreError::Newer`] if a newer version wrote it, or what keeps it from being made.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        unix::make_private_folder(folder).map_err(failed("make the folder", folder))?;
        check_folder(folder)?;
        let lock = StoreLock::take(folder)?;
        let layout = folder.join("oci-layout");
        if !layout.exists() {
            replace(&layout, LAYOUT)?;
        }
        for name in FOLDERS {
            let path = folder.join(name);
            unix::make_private_folder(&path).map_err(failed("make the folder", &path))?;
        }
        let database = Database::open(folder)?;
        let store = Self { inner: Arc::new(Inner { folder: folder.to_owned(), database }) };
        IndexFile::make(folder)?;
        store.reconcile(&lock, &IndexFile::read(folder)?)?;
        store.remove_leftovers();
        Ok(store)
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    pub(crate) fn database(&self) -> &Database {
        &self.inner.database
    }

    /// Removes what processes that died left behind and nobody can take up again.
    fn remove_leftovers(&self) {
        let Ok(entries) = fs::read_dir(self.ingest_folder()) else { return };
        for entry in entries.flatten() {
            let path = entry.path();
            let age = entry.metadata().and_then(|data| data.modified()).ok();
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

/// A store is a folder of ours, and nothing else is in it.
fn check_folder(folder: &Path) -> Result<(), StoreError> {
    let refused = |reason| StoreError::NotAStore { path: folder.to_owned(), reason };
    let data = fs::symlink_metadata(folder).map_err(failed("read", folder))?;
    if !data.is_dir() {
        return Err(refused("it is not a folder, or it is a link to one"));
    }
    if !unix::is_mine(&data) {
        return Err(refused("it belongs to somebody else"));
    }
    let is_store = folder.join("oci-layout").is_file() || folder.join("lock").is_file();
    let mut entries = fs::read_dir(folder).map_err(failed("read", folder))?;
    let is_empty = entries.next().is_none();
    if !is_store && !is_empty {
        return Err(refused("it holds other things"));
    }
    let closed = unix::close_to_others(folder, &data);
    match closed {
        // A read-only file system can be read all the same.
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => Ok(()),
        closed => closed.map_err(failed("close to others", folder)),
    }
}
