//! The file index of each layer, by diff ID: kept here, understood elsewhere.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use strata_spec::{DiffId, Digest};

use crate::disk::{failed, rename, replace, sync_folder, unique};
use crate::lock::StoreLock;
use crate::{Mapped, Store, StoreError, unix};

/// The index of a layer's files, waiting for a commit. Without one it is gone.
#[derive(Debug)]
pub struct TreeFile {
    pub(crate) path: PathBuf,
    pub(crate) file: File,
}

/// A whole key, if there is one.
fn read_key(path: &Path) -> Result<Option<[u8; 32]>, StoreError> {
    let mut bytes = Vec::new();
    let read = unix::private()
        .read(true)
        .open(path)
        .and_then(|file| file.take(33).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(bytes.try_into().ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path)(error)),
    }
}

impl Drop for TreeFile {
    fn drop(&mut self) {
        // After a commit it has another name.
        fs::remove_file(&self.path).ok();
    }
}

impl Store {
    /// Whether the blob is here with this size, and the tree of this diff ID too.
    ///
    /// # Errors
    /// As [`Store::blob_size`].
    pub fn has_layer(
        &self,
        digest: &Digest,
        size_bytes: u64,
        diff_id: &DiffId,
    ) -> Result<bool, StoreError> {
        let has_tree =
            || fs::symlink_metadata(self.tree_path(diff_id)).is_ok_and(|tree| tree.is_file());
        Ok(self.blob_size(digest)? == Some(size_bytes) && has_tree())
    }

    /// The index of a layer's files, mapped; none if it is not here.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn tree(&self, diff_id: &DiffId) -> Result<Option<Mapped>, StoreError> {
        let path = self.tree_path(diff_id);
        let file = match unix::private().read(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("read", &path)(error)),
        };
        Mapped::of_tree(&file).map(Some).map_err(failed("map", &path))
    }

    /// Forgets the tree of a layer whose bytes turned out to be damaged: the next pull of it then compares all of them, and
    /// fetches them anew.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn doubt_layer(&self, diff_id: &DiffId) -> Result<(), StoreError> {
        let path = self.tree_path(diff_id);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(failed("remove", &path)(error))
            }
            _ => Ok(()),
        }
    }

    /// Keeps a tree that was missing or damaged. Who has the old one mapped keeps seeing that.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn keep_tree(&self, diff_id: &DiffId, tree: TreeFile) -> Result<(), StoreError> {
        tree.file.sync_all().map_err(failed("sync", &tree.path))?;
        rename(&tree.path, &self.tree_path(diff_id))?;
        drop(tree);
        sync_folder(&self.tree_folder())
    }

    /// The key that the fingerprints in this store's trees are made with: random, made when it is first asked for. It
    /// stands with the trees; without it they are made anew.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn fingerprint_key(&self) -> Result<[u8; 32], StoreError> {
        if let Some(key) = self.known_key().get() {
            return Ok(*key);
        }
        let key = self.read_or_make_key()?;
        Ok(*self.known_key().get_or_init(|| key))
    }

    fn read_or_make_key(&self) -> Result<[u8; 32], StoreError> {
        let path = self.tree_folder().join("key");
        if let Some(key) = read_key(&path)? {
            return Ok(key);
        }
        // One makes it, and all others wait for that.
        let _lock = StoreLock::take(self.folder())?;
        if let Some(key) = read_key(&path)? {
            return Ok(key);
        }
        let mut key = [0; 32];
        getrandom::fill(&mut key)
            .map_err(|error| failed("make", &path)(io::Error::other(error)))?;
        replace(&path, &key)?;
        Ok(key)
    }

    /// A file without a name, for what does not fit into memory while an index is made. It is gone when it is closed.
    ///
    /// # Errors
    /// What the system says.
    pub fn scratch(&self) -> io::Result<File> {
        tempfile::tempfile_in(self.ingest_folder())
    }

    /// Takes the bytes of an index that `write` gives, for a commit. None of it is visible before.
    ///
    /// # Errors
    /// [`StoreError::File`], or what `write` says.
    pub fn take_tree<E: From<StoreError>>(
        &self,
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<TreeFile, E> {
        let path = unique(&self.ingest_folder(), "tree");
        let opened = unix::private().write(true).create_new(true).open(&path);
        let file = opened.map_err(failed("write", &path))?;
        // Whoever opens the store sees by that whether it is still wanted.
        unix::lock(&file, true).map_err(failed("lock", &path))?;
        let tree = TreeFile { path, file };
        let mut written = &tree.file;
        write(&mut written)?;
        Ok(tree)
    }

    pub(crate) fn tree_path(&self, diff_id: &DiffId) -> PathBuf {
        let digest = &diff_id.0;
        self.tree_folder().join(format!("{}-{}", digest.algorithm().as_str(), digest.hex()))
    }

    pub(crate) fn tree_folder(&self) -> PathBuf {
        self.folder().join("trees")
    }
}
