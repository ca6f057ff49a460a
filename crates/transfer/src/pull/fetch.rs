//! Fetching all layers of an image that are missing, several at once.

use std::collections::HashMap;
use std::sync::Arc;

use strata_remote::Client;
use strata_spec::Digest;
use strata_store::{Ready, Store};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::layer::{Arrival, Arrived, LayerJob};
use super::{on_thread, worker};
use crate::{Plan, Reporter, StepState, TransferError};

/// How many layers travel at the same time. Many small layers are bound by round trips, a few large ones by the
/// link; six serves both without tripping the per-client limits of public registries.
const LAYERS_AT_ONCE: usize = 6;

/// Fetches every missing layer; the first failure ends the others.
///
/// A layer that has arrived stays locked until it is committed. Two pulls that share two layers could so wait for each
/// other for ever; therefore nobody waits for a lock while holding one: what has arrived is made visible first.
pub(super) async fn fetch_layers(
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
            job.run(false).await
        });
    }
    let (mut arrived, mut busy) = (HashMap::new(), Vec::new());
    while let Some(ended) = tasks.join_next().await {
        match ended.map_err(|_| worker("a layer"))?? {
            Arrival::Here(layer) => {
                arrived.insert(layer.digest.clone(), layer);
            }
            Arrival::Busy(job) => busy.push(job),
        }
    }
    for job in busy {
        let_go(store, &mut arrived).await?;
        if let Arrival::Here(layer) = job.run(true).await? {
            arrived.insert(layer.digest.clone(), layer);
        }
    }
    Ok(arrived)
}

/// Makes the blobs that have arrived visible, and so lets go of their locks.
async fn let_go(
    store: &Store,
    arrived: &mut HashMap<Digest, Arrived>,
) -> Result<(), TransferError> {
    let blobs: Vec<Ready> = arrived.values_mut().filter_map(|layer| layer.ready.take()).collect();
    if blobs.is_empty() {
        return Ok(());
    }
    let store = store.clone();
    on_thread("layers", move || Ok(store.commit_blobs(blobs)?)).await
}
