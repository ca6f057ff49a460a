//! The end of a pull: all that has arrived becomes visible at once.

use std::collections::HashMap;

use strata_layer::Checkpoints;
use strata_spec::Digest;
use strata_store::{ImageCommit, LayerRecord, Ready, Store, StoreError};

use super::layer::Arrived;
use super::on_thread;
use super::resolve::Resolved;
use crate::{Plan, Pulled, TransferError};

/// What the record, its journal and the list of names may grow by.
const RECORD_BYTES: u64 = 256 * 1024;

/// Makes the image visible: one barrier for all its files, then its record, then its tag.
pub(super) async fn commit(
    store: &Store,
    plan: Plan,
    resolved: Resolved,
    mut arrived: HashMap<Digest, Arrived>,
) -> Result<Pulled, TransferError> {
    let mut blobs: Vec<Ready> = Vec::new();
    let mut trees = Vec::new();
    let mut checkpoints = Vec::new();
    let mut tar_bytes: HashMap<Digest, u64> = HashMap::new();
    for planned in plan.distinct() {
        if let Some(layer) = arrived.remove(&planned.descriptor.digest) {
            if !layer.checkpoints.is_empty() {
                checkpoints.push((layer.digest.clone(), layer.checkpoints));
            }
            tar_bytes.insert(layer.digest, layer.tar_bytes);
            blobs.extend(layer.ready);
            trees.extend(layer.tree.map(|tree| (planned.diff_id.clone(), tree)));
        }
    }
    let pulled = Pulled {
        reference: plan.reference.clone(),
        target: plan.target.clone(),
        manifest: resolved.manifest_digest.clone(),
        platform: plan.platform.clone(),
    };
    let store = store.clone();
    on_thread("the commit", move || {
        let documents = resolved.documents.iter().map(|(_, bytes)| bytes.len() as u64);
        check_room(&store, &resolved.manifest_digest, documents.sum())?;
        let layers = records(&store, &plan, &tar_bytes)?;
        store.commit(ImageCommit {
            source: plan.reference.registry().to_owned(),
            reference: Some(plan.reference),
            target: plan.target,
            documents: resolved.documents,
            blobs,
            trees,
            manifest: resolved.manifest_digest,
            layers,
        })?;
        keep_checkpoints(&store, checkpoints);
        Ok(())
    })
    .await?;
    Ok(pulled)
}

/// Without them a layer is read from its start: that is no reason to fail.
fn keep_checkpoints(store: &Store, checkpoints: Vec<(Digest, Checkpoints)>) {
    for (layer, checkpoints) in checkpoints {
        if let Err(error) = store.keep_checkpoints(&layer, &checkpoints.encode()) {
            tracing::warn!(%layer, %error, "the checkpoints of a layer are not kept");
        }
    }
}

/// Fails before anything is written if the files that come with the layers will not fit: a disk that fills up in the
/// middle of a commit would leave the store whole, but nobody would know how much is missing.
fn check_room(store: &Store, manifest: &Digest, file_bytes: u64) -> Result<(), StoreError> {
    let needed_bytes = file_bytes.saturating_add(RECORD_BYTES);
    let free_bytes = free_bytes(store);
    if needed_bytes <= free_bytes {
        return Ok(());
    }
    let (digest, path) = (manifest.clone(), store.folder().to_owned());
    Err(StoreError::DiskFull { digest, path, needed_bytes, free_bytes })
}

/// Bytes that may still be written beside the store; without end where the system does not tell.
fn free_bytes(store: &Store) -> u64 {
    rustix::fs::statvfs(store.folder())
        .map_or(u64::MAX, |found| found.f_bavail.saturating_mul(found.f_frsize))
}

/// The layers of the image, the oldest first. The size of a plain tar that did not arrive now stands in the store.
fn records(
    store: &Store,
    plan: &Plan,
    arrived: &HashMap<Digest, u64>,
) -> Result<Vec<LayerRecord>, TransferError> {
    let record = |layer: &crate::PlannedLayer| {
        let digest = layer.descriptor.digest.clone();
        let tar_bytes = match arrived.get(&digest) {
            Some(known) => *known,
            None => store.layer_tar_bytes(&digest)?.unwrap_or_default(),
        };
        let (diff_id, size_bytes) = (layer.diff_id.clone(), layer.descriptor.size);
        Ok(LayerRecord { digest, diff_id, size_bytes, tar_bytes })
    };
    plan.layers.iter().map(record).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn file_lists_that_do_not_fit_are_told_in_bytes_before_one_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store")).unwrap();
        let manifest = Digest::sha256_of(b"a manifest");
        assert!(check_room(&store, &manifest, 1).is_ok());
        let refused = check_room(&store, &manifest, u64::MAX - 1);
        let Err(StoreError::DiskFull { needed_bytes, free_bytes, path, .. }) = refused else {
            panic!("{refused:?}");
        };
        assert!(needed_bytes > free_bytes && free_bytes > 0);
        assert_eq!(path, store.folder());
    }
}
