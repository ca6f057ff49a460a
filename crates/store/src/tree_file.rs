//! The file index of each layer, by diff ID: kept here, understood elsewhere.

use std::fs;
use std::io;
use std::path::PathBuf;

use strata_spec::{DiffId, Digest};

use crate::disk::{failed, rename, sync_folder, unique, write_synced};
use crate::{Mapped, Store, StoreError, unix};

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
    pub fn keep_tree(&self, diff_id: &DiffId, bytes: &[u8]) -> Result<(), StoreError> {
        let beside = unique(&self.ingest_folder(), "tree");
        write_synced(&beside, bytes)?;
        rename(&beside, &self.tree_path(diff_id))?;
        sync_folder(&self.tree_folder())
    }

    pub(crate) fn tree_path(&self, diff_id: &DiffId) -> PathBuf {
        let digest = &diff_id.0;
        self.tree_folder().join(format!("{}-{}", digest.algorithm().as_str(), digest.hex()))
    }

    pub(crate) fn tree_folder(&self) -> PathBuf {
        self.folder().join("trees")
    }
}
