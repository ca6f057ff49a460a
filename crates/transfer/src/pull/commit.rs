//! The end of a pull: all that has arrived becomes visible at once.

use std::collections::HashMap;

use strata_spec::Digest;
use strata_store::{ImageCommit, LayerRecord, Ready, Store};

use super::layer::Arrived;
use super::on_thread;
use super::resolve::Resolved;
use crate::{Plan, Pulled, TransferError};

/// Makes the image visible: one barrier for all its files, then its record, then its tag.
pub(super) async fn commit(
    store: &Store,
    plan: Plan,
    resolved: Resolved,
    mut arrived: HashMap<Digest, Arrived>,
) -> Result<Pulled, TransferError> {
    let mut blobs: Vec<Ready> = Vec::new();
    let mut trees = Vec::new();
    let mut tar_bytes: HashMap<Digest, u64> = HashMap::new();
    for planned in plan.distinct() {
        if let Some(layer) = arrived.remove(&planned.descriptor.digest) {
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
        Ok(())
    })
    .await?;
    Ok(pulled)
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
