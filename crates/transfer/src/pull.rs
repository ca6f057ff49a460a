//! Pulling one image: resolve, plan, fetch the layers side by side, commit once.

mod intake;
mod layer;
mod resolve;

use std::collections::HashMap;
use std::sync::Arc;

use strata_remote::Client;
use strata_spec::{Descriptor, DiffId, Digest, Platform, Reference};
use strata_store::{ImageCommit, LayerRecord, Ready, Store};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{Plan, PlannedLayer, Reporter, StepState, TransferError};
use layer::{Arrived, LayerJob};
use resolve::Resolved;

/// How many layers travel at the same time. Many small layers are bound by round trips, a few large ones by the
/// link; six serves both without tripping the per-client limits of public registries.
const LAYERS_AT_ONCE: usize = 6;

/// What to pull.
#[derive(Debug, Clone)]
pub struct PullRequest {
    /// The image, normalised. Without tag and digest, `latest` is meant.
    pub reference: Reference,
    /// Which image of an index.
    pub platform: Platform,
}

/// What a pull brought.
#[derive(Debug, Clone)]
pub struct Pulled {
    /// The reference that now points to it.
    pub reference: Reference,
    /// What the reference points to: an index or a manifest.
    pub target: Descriptor,
    /// The manifest of the pulled image.
    pub manifest: Digest,
    /// Its platform.
    pub platform: Platform,
}

/// Pulls one image into the store.
///
/// Layers that the store has are not fetched. A pull that ends early, by an error, `stop` or the end of the process,
/// leaves the store as it was and keeps the bytes that arrived for the next try.
///
/// # Errors
/// Anything of [`TransferError`]; [`TransferError::Stopped`] within half a second after `stop`.
pub async fn pull(
    store: &Store,
    client: &Client,
    request: &PullRequest,
    reporter: Arc<dyn Reporter>,
    stop: CancellationToken,
) -> Result<Pulled, TransferError> {
    let reference = request.reference.clone().with_default_tag();
    let arrive = async {
        let resolved = resolve::resolve(store, client, &reference, &request.platform).await?;
        let plan = plan(store, &reference, &resolved).await?;
        reporter.plan(&plan);
        // The guard ends every layer's wait when this future fails or is dropped.
        let layers_stop = stop.child_token();
        let _guard = layers_stop.clone().drop_guard();
        let arrived = fetch_layers(store, client, &plan, &reporter, &layers_stop).await?;
        Ok::<_, TransferError>((plan, resolved, arrived))
    };
    let (plan, resolved, arrived) = tokio::select! {
        biased;
        () = stop.cancelled() => return Err(TransferError::Stopped),
        arrived = arrive => arrived?,
    };
    // From here on it is too late to stop: a commit is short, and is done whole or not at all.
    reporter.committing();
    commit(store, &plan, resolved, arrived).await
}

/// Compares what the registry describes with what the store has.
async fn plan(
    store: &Store,
    reference: &Reference,
    resolved: &Resolved,
) -> Result<Plan, TransferError> {
    let layers = resolved.manifest.layers();
    let diff_ids = resolved.config.diff_ids();
    if layers.len() != diff_ids.len() {
        return Err(TransferError::LayerCount {
            reference: reference.clone(),
            layers: layers.len(),
            diff_ids: diff_ids.len(),
        });
    }
    let pairs: Vec<(Descriptor, DiffId)> =
        layers.iter().cloned().zip(diff_ids.iter().cloned()).collect();
    let store = store.clone();
    let layers = on_thread("the plan", move || {
        pairs
            .into_iter()
            .map(|(descriptor, diff_id)| {
                let here = store.has_layer(&descriptor.digest, descriptor.size, &diff_id)?;
                Ok(PlannedLayer { descriptor, diff_id, here })
            })
            .collect::<Result<Vec<_>, TransferError>>()
    })
    .await?;
    Ok(Plan {
        reference: reference.clone(),
        target: resolved.target.clone(),
        manifest: resolved.manifest.clone(),
        platform: resolved.config.platform(),
        config: resolved.config.clone(),
        layers,
    })
}

/// Fetches every missing layer, several at once; the first failure ends the others.
async fn fetch_layers(
    store: &Store,
    client: &Client,
    plan: &Plan,
    reporter: &Arc<dyn Reporter>,
    stop: &CancellationToken,
) -> Result<HashMap<Digest, Arrived>, TransferError> {
    let permits = Arc::new(Semaphore::new(LAYERS_AT_ONCE));
    let mut tasks = JoinSet::new();
    for planned in plan.distinct() {
        if planned.here {
            let digest = &planned.descriptor.digest;
            reporter.step(digest, StepState::AlreadyHere, planned.descriptor.size);
            continue;
        }
        let job = LayerJob {
            store: store.clone(),
            client: client.clone(),
            reference: plan.reference.clone(),
            planned: planned.clone(),
            reporter: Arc::clone(reporter),
            stop: stop.clone(),
        };
        let permits = Arc::clone(&permits);
        tasks.spawn(async move {
            let _permit = permits.acquire_owned().await;
            job.run().await
        });
    }
    let mut arrived = HashMap::new();
    while let Some(ended) = tasks.join_next().await {
        let layer = ended.map_err(|_| worker("a layer"))??;
        arrived.insert(layer.digest.clone(), layer);
    }
    Ok(arrived)
}

/// Makes the image visible: one barrier for all its files, then its record, then its tag.
async fn commit(
    store: &Store,
    plan: &Plan,
    resolved: Resolved,
    mut arrived: HashMap<Digest, Arrived>,
) -> Result<Pulled, TransferError> {
    let mut blobs: Vec<Ready> = Vec::new();
    let mut trees = Vec::new();
    let mut sizes: HashMap<Digest, u64> = HashMap::new();
    for planned in plan.distinct() {
        if let Some(layer) = arrived.remove(&planned.descriptor.digest) {
            sizes.insert(layer.digest, layer.tar_bytes);
            blobs.extend(layer.ready);
            trees.push((planned.diff_id.clone(), layer.tree));
        }
    }
    let pulled = Pulled {
        reference: plan.reference.clone(),
        target: plan.target.clone(),
        manifest: plan.manifest.digest(),
        platform: plan.platform.clone(),
    };
    let layers: Vec<(Descriptor, DiffId)> =
        plan.layers.iter().map(|layer| (layer.descriptor.clone(), layer.diff_id.clone())).collect();
    let (store, reference) = (store.clone(), plan.reference.clone());
    let (target, manifest) = (plan.target.clone(), pulled.manifest.clone());
    on_thread("the commit", move || {
        let mut records = Vec::with_capacity(layers.len());
        for (descriptor, diff_id) in layers {
            let tar_bytes = match sizes.get(&descriptor.digest) {
                Some(known) => *known,
                None => store.layer_tar_bytes(&descriptor.digest)?.unwrap_or(0),
            };
            records.push(LayerRecord {
                digest: descriptor.digest,
                diff_id,
                size_bytes: descriptor.size,
                tar_bytes,
            });
        }
        store.commit(ImageCommit {
            reference: Some(reference.clone()),
            target,
            documents: resolved.documents,
            blobs,
            trees,
            manifest,
            layers: records,
            source: reference.registry().to_owned(),
        })?;
        Ok(())
    })
    .await?;
    Ok(pulled)
}

/// Runs blocking work on a thread for it.
async fn on_thread<T: Send + 'static>(
    what: &str,
    work: impl FnOnce() -> Result<T, TransferError> + Send + 'static,
) -> Result<T, TransferError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| worker(what))?
}

fn worker(what: &str) -> TransferError {
    TransferError::Worker { what: what.to_owned() }
}
