//! Layers that were made here and that no image names yet: the cache of a build does.

use rusqlite::{OptionalExtension, params};
use strata_spec::{DiffId, Digest};

use crate::commit::sync;
use crate::database::{digest, failed, integer, number};
use crate::lock::StoreLock;
use crate::record::{note_blobs, now};
use crate::{LayerRecord, Ready, Store, StoreError, TreeFile};

impl Store {
    /// Keeps a layer that was made here, with the index of its files, though no image names it. Its diff ID and the size of
    /// its tar were seen when it was made: an image that names it later needs no more than the name.
    ///
    /// One barrier as for an image: files synced, renamed, their folders synced; then the record.
    ///
    /// # Errors
    /// What kept it from being done; the layer is then not known, though its files may be there.
    pub fn keep_layer(
        &self,
        blob: Ready,
        tree: TreeFile,
        layer: &LayerRecord,
    ) -> Result<(), StoreError> {
        let blobs = [blob];
        sync(&blobs)?;
        let _lock = StoreLock::take(self.folder())?;
        self.place(&[], &blobs, &[(layer.diff_id.clone(), tree)])?;
        // It has its name: who waits for its lock may look.
        drop(blobs);
        self.database().change("note a layer", |change| {
            note_blobs(change, &[(layer.digest.clone(), layer.size_bytes)])?;
            let sql = "INSERT OR REPLACE INTO kept_layers VALUES (?1, ?2, ?3, ?4, ?5)";
            let values = params![
                layer.digest.to_string(),
                layer.diff_id.0.to_string(),
                integer(layer.size_bytes),
                integer(layer.tar_bytes),
                now(),
            ];
            change.execute(sql, values).map(|_| ())
        })
    }

    /// A layer that was made here, if its blob and the index of its files are here still.
    ///
    /// # Errors
    /// [`StoreError::Database`] or [`StoreError::File`].
    pub fn kept_layer(&self, blob: &Digest) -> Result<Option<LayerRecord>, StoreError> {
        let sql =
            "SELECT digest, diff_id, size_bytes, tar_bytes FROM kept_layers WHERE digest = ?1";
        let connection = self.database().read();
        let known = connection.query_row(sql, [blob.to_string()], |row| {
            Ok(LayerRecord {
                digest: digest(row, 0)?,
                diff_id: DiffId(digest(row, 1)?),
                size_bytes: number(row, 2)?,
                tar_bytes: number(row, 3)?,
            })
        });
        let Some(layer) = known.optional().map_err(failed("find a layer"))? else {
            return Ok(None);
        };
        let is_here = self.has_layer(&layer.digest, layer.size_bytes, &layer.diff_id)?;
        Ok(is_here.then_some(layer))
    }
}
