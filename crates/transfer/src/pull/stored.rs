//! A layer that the store has already, read again for the list of its files.

use std::fs::File;
use std::io::{self, Read};

use strata_layer::{Checkpoints, Limits};
use strata_spec::{Digest, Hasher};
use strata_store::Store;
use tokio_util::sync::CancellationToken;

use super::intake::tree_builder;
use super::known_tar_bytes;
use super::layer::{Arrived, Indexed, index};
use crate::{PlannedLayer, TransferError};

/// Reads a stored layer, unless all is known of it. None if its bytes are not those of its name any more.
pub(super) fn index_stored(
    store: &Store,
    planned: &PlannedLayer,
    stop: CancellationToken,
) -> Result<Option<Arrived>, TransferError> {
    let digest = planned.descriptor.digest.clone();
    if let Some(tar_bytes) = known_tar_bytes(store, planned)? {
        let checkpoints = Checkpoints::default();
        return Ok(Some(Arrived { digest, ready: None, tree: None, tar_bytes, checkpoints }));
    }
    let hasher = Hasher::new(digest.algorithm());
    let mut source = StoredBytes { file: store.open_blob(&digest)?, hasher, stop };
    let mut tree = tree_builder(store)?;
    let scanned = strata_layer::scan(&mut source, &Limits::default(), &mut tree);
    // What the scan says counts only if these are the right bytes.
    if source.digest(&digest)? != digest {
        return Ok(None);
    }
    let scanned = scanned.map(|scanned| (scanned, tree));
    let Indexed { tree, tar_bytes, checkpoints } = index(store, scanned, planned)?;
    Ok(Some(Arrived { digest, ready: None, tree: Some(tree), tar_bytes, checkpoints }))
}

/// The file of a stored layer. Its reading ends when nobody waits for it any more, and all that is read is hashed.
struct StoredBytes {
    file: File,
    hasher: Hasher,
    stop: CancellationToken,
}

impl StoredBytes {
    /// Reads what is left, and tells the digest of all of it.
    fn digest(mut self, layer: &Digest) -> Result<Digest, TransferError> {
        if let Err(source) = io::copy(&mut self, &mut io::sink()) {
            let stopped = self.stop.is_cancelled();
            let failed = TransferError::ReadBack { layer: layer.clone(), source };
            return Err(if stopped { TransferError::Stopped } else { failed });
        }
        Ok(self.hasher.finish())
    }
}

impl Read for StoredBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.is_cancelled() {
            return Err(io::Error::other("the layer is not wanted any more"));
        }
        let read = self.file.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}
