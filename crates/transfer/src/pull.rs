//! Pulling one image: resolve, plan, fetch the layers side by side, commit once.

mod commit;
mod fetch;
mod intake;
mod layer;
mod resolve;
mod stored;

use std::collections::HashMap;
use std::sync::Arc;

use strata_remote::Client;
use strata_spec::{Descriptor, Digest, DocumentError, Platform, Reference};
use strata_store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::{Plan, PlannedLayer, Reporter, TransferError};
use commit::commit;
use fetch::fetch_layers;
pub(crate) use intake::tree_builder;
use resolve::Resolved;

/// What to pull.
#[derive(Debug, Clone)]
pub struct PullRequest {
    /// The image, normalised. Without tag and digest, `latest` is meant.
    pub reference: Reference,
    /// Which image of an index.
    pub platform: Platform,
    /// Somebody asked for this very platform: an image that is for another, and in no index, is then refused too.
    pub exact: bool,
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

/// What a registry says of an image, before anything of it is stored.
#[derive(Debug, Clone)]
pub struct Look {
    /// What a pull would bring, and what of it is here.
    pub plan: Plan,
    /// The exact bytes of what the reference points to: an index or a manifest.
    pub target: Vec<u8>,
    /// The images that there are to choose from, each for a platform; empty where there is only one.
    pub offers: Vec<Descriptor>,
}

/// Reads what a registry says of an image; stores nothing and fetches no layer.
///
/// # Errors
/// As [`pull`], as far as documents go.
pub async fn look(
    store: &Store,
    client: &Client,
    request: &PullRequest,
) -> Result<Look, TransferError> {
    let reference = request.reference.clone().with_default_tag();
    let resolved = resolve::resolve(store, client, &reference, &request.platform).await?;
    if request.exact {
        check_platform(&reference, &resolved, &request.platform)?;
    }
    let plan = plan(store, &reference, &resolved).await?;
    let digest = &resolved.target.digest;
    let target = resolved.documents.iter().find(|(name, _)| name == digest);
    let target = target.map(|(_, bytes)| bytes.clone()).unwrap_or_default();
    Ok(Look { plan, target, offers: resolved.offers })
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
        if request.exact {
            check_platform(&reference, &resolved, &request.platform)?;
        }
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
    commit(store, plan, resolved, arrived).await
}

/// Where there is no index to choose from, the only image must be for the wanted platform.
fn check_platform(
    reference: &Reference,
    resolved: &Resolved,
    wanted: &Platform,
) -> Result<(), TransferError> {
    let found = resolved.config.platform();
    if found.satisfies(wanted).is_some() {
        return Ok(());
    }
    Err(TransferError::NoPlatform {
        reference: Box::new(reference.clone()),
        wanted: Box::new(wanted.clone()),
        available: vec![found],
    })
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
            reference: Box::new(reference.clone()),
            layers: layers.len(),
            diff_ids: diff_ids.len(),
        });
    }
    let mut layers: Vec<PlannedLayer> = layers
        .iter()
        .zip(diff_ids)
        .map(|(descriptor, diff_id)| PlannedLayer {
            descriptor: descriptor.clone(),
            diff_id: diff_id.clone(),
            here: false,
        })
        .collect();
    check_repeated(reference, &layers)?;
    let store = store.clone();
    let layers = on_thread("the plan", move || {
        for layer in &mut layers {
            layer.here = known_tar_bytes(&store, layer)?.is_some();
        }
        Ok(layers)
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

/// The bytes of a layer's plain tar, if the store has the layer and its tree, and has seen that they belong together.
fn known_tar_bytes(store: &Store, planned: &PlannedLayer) -> Result<Option<u64>, StoreError> {
    let PlannedLayer { descriptor, diff_id, .. } = planned;
    let is_here = store.has_layer(&descriptor.digest, descriptor.size, diff_id)?
        && store.is_checked_layer(&descriptor.digest, diff_id)?;
    if is_here { store.layer_tar_bytes(&descriptor.digest) } else { Ok(None) }
}

/// A manifest may name a layer several times, but only as the same thing: what is checked once must hold for all.
fn check_repeated(reference: &Reference, layers: &[PlannedLayer]) -> Result<(), TransferError> {
    let mut known: HashMap<&Digest, &PlannedLayer> = HashMap::new();
    for layer in layers {
        let digest = &layer.descriptor.digest;
        let first = *known.entry(digest).or_insert(layer);
        if first.diff_id != layer.diff_id {
            return Err(TransferError::DiffIdMismatch {
                layer: digest.clone(),
                expected: layer.diff_id.0.clone(),
                found: first.diff_id.0.clone(),
            });
        }
        if first.descriptor.size != layer.descriptor.size {
            let reason = format!("it gives the layer {} two sizes", digest.short());
            return Err(TransferError::Document {
                reference: Box::new(reference.clone()),
                what: "the manifest",
                source: DocumentError::Invalid { what: "manifest", reason },
            });
        }
    }
    Ok(())
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
