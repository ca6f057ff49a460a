//! The file index of each layer, by diff ID: kept here, understood elsewhere.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

use strata_spec::{DiffId, Digest};

use crate::disk::{failed, rename, sync_folder, unique};
use crate::{Mapped, Store, StoreError, unix};

/// The index of a layer's files, waiting for a commit. Without one it is gone.
#[derive(Debug)]
pub struct TreeFile {
    pub(crate) path: PathBuf,
    pub(crate) file: File,
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
