//! How large the images are that an index offers.

use strata_remote::Client;
use strata_spec::{Descriptor, Document, MAX_MANIFEST_BYTES, Reference};
use strata_store::Store;
use strata_transfer::TransferError;
use tokio::task::JoinSet;

use crate::api::{OfferSize, UserError};
use crate::app::{App, on_thread};
use crate::error::AppError;
use crate::images::parse_reference;

/// How many manifests are asked for at the same time.
const ASKED_AT_ONCE: usize = 4;
/// More images than this are in no index that a person chooses from.
const MAX_OFFERS: usize = 64;

impl App {
    /// How large the images of an index are, and how much of each the store has; empty where there is no index. An image
    /// whose manifest does not come is left out. Manifests that the store has are not asked for.
    ///
    /// # Errors
    /// If what was typed is no reference, or the registry does not give the index.
    pub async fn offer_sizes(&self, reference: &str) -> Result<Vec<OfferSize>, UserError> {
        let reference = parse_reference(reference)?.with_default_tag();
        let client = self.observed(&self.client());
        let sizes = sizes(&self.inner.store, &client, &reference).await;
        sizes.map_err(|error| AppError::from(error).into())
    }
}

async fn sizes(
    store: &Store,
    client: &Client,
    reference: &Reference,
) -> Result<Vec<OfferSize>, TransferError> {
    let target = client.resolve(reference).await?;
    let Document::Index(index) = document(store, client, reference, &target).await? else {
        return Ok(Vec::new());
    };
    let is_for_one = |entry: &&Descriptor| {
        entry.platform.as_ref().is_some_and(|platform| platform.os != "unknown")
    };
    let mut next = index.manifests().iter().filter(is_for_one).take(MAX_OFFERS).enumerate();
    let (mut asking, mut sizes) = (JoinSet::new(), Vec::new());
    loop {
        while asking.len() < ASKED_AT_ONCE
            && let Some((at, entry)) = next.next()
        {
            let (store, client) = (store.clone(), client.clone());
            let (reference, entry) = (reference.clone(), entry.clone());
            asking.spawn(async move { (at, size(&store, &client, &reference, &entry).await) });
        }
        let Some(asked) = asking.join_next().await else { break };
        if let Ok((at, Some(size))) = asked {
            sizes.push((at, size));
        }
    }
    sizes.sort_by_key(|(at, _)| *at);
    Ok(sizes.into_iter().map(|(_, size)| size).collect())
}

async fn size(
    store: &Store,
    client: &Client,
    reference: &Reference,
    entry: &Descriptor,
) -> Option<OfferSize> {
    let found = document(store, client, reference, entry).await;
    let Document::Manifest(manifest) = found.ok()? else { return None };
    let mut layers: Vec<Descriptor> = manifest.layers().to_vec();
    layers.sort_by(|one, other| one.digest.cmp(&other.digest));
    layers.dedup_by(|one, other| one.digest == other.digest);
    let total_bytes = layers.iter().map(|layer| layer.size).sum();
    let store = store.clone();
    let here_bytes = on_thread("the layers that are here", move || {
        let mut here = 0;
        for layer in &layers {
            if store.blob_size(&layer.digest)? == Some(layer.size) {
                here += layer.size;
            }
        }
        Ok(here)
    });
    let here_bytes = here_bytes.await.ok()?;
    Some(OfferSize { manifest: entry.digest.to_string(), total_bytes, here_bytes })
}

/// A manifest or index: from the store where it is there, else from the registry.
async fn document(
    store: &Store,
    client: &Client,
    reference: &Reference,
    descriptor: &Descriptor,
) -> Result<Document, TransferError> {
    let (kept, digest) = (store.clone(), descriptor.digest.clone());
    let kept =
        on_thread("a document", move || Ok(kept.read_document(&digest, MAX_MANIFEST_BYTES)?));
    if let Ok(kept) = kept.await
        && let Ok(document) = Document::parse(kept, Some(&descriptor.media_type))
    {
        return Ok(document);
    }
    Ok(client.fetch_described_manifest(reference, descriptor).await?.document)
}
