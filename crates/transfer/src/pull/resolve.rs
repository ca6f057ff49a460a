//! From a reference to a checked manifest and config.

use strata_remote::Client;
use strata_spec::{
    Descriptor, Digest, Document, ImageConfig, Index, MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES,
    Manifest, Platform, Reference,
};
use strata_store::Store;

use super::on_thread;
use crate::TransferError;

/// An index may point to an index; deeper nesting has no use and could go on for ever.
const MAX_INDEX_DEPTH: usize = 3;
/// How many images of an index are offered to choose from. There are not that many platforms.
const MAX_OFFERS: usize = 1000;

/// The documents of one image, each checked against its digest.
pub(super) struct Resolved {
    /// What the reference points to.
    pub target: Descriptor,
    /// The image's manifest.
    pub manifest: Manifest,
    /// The digest that the manifest goes by, of whichever algorithm.
    pub manifest_digest: Digest,
    /// The image's config.
    pub config: ImageConfig,
    /// Every document on the way, to be kept.
    pub documents: Vec<(Digest, Vec<u8>)>,
    /// The images that the outermost index offers, each for a platform; empty where there is no index.
    pub offers: Vec<Descriptor>,
}

/// Finds the image of `platform` that `reference` points to.
pub(super) async fn resolve(
    store: &Store,
    client: &Client,
    reference: &Reference,
    platform: &Platform,
) -> Result<Resolved, TransferError> {
    let (mut documents, mut offers) = (Vec::new(), Vec::new());
    // A HEAD first: where the store has this very manifest, no GET is spent on it (registries count those).
    let mut target = client.resolve(reference).await?;
    let mut document = document(store, client, reference, &target).await?;
    // What is checked now counts, not what the answer to HEAD said.
    target = Descriptor { digest: target.digest, ..document.descriptor() };
    let mut at = target.digest.clone();
    let mut depth = 0;
    let manifest = loop {
        match document {
            Document::Manifest(manifest) => break manifest,
            Document::Index(index) => {
                depth += 1;
                if depth > MAX_INDEX_DEPTH {
                    return Err(TransferError::TooDeep {
                        reference: Box::new(reference.clone()),
                        limit: MAX_INDEX_DEPTH,
                    });
                }
                if offers.is_empty() {
                    offers = offered(&index);
                }
                let child = pick(reference, &index, platform)?;
                documents.push((at, index.raw().to_vec()));
                document = self::document(store, client, reference, &child).await?;
                at = child.digest;
            }
        }
    };
    if !manifest.is_image() {
        return Err(TransferError::NotAnImage {
            reference: Box::new(reference.clone()),
            media_type: manifest.config().media_type.clone(),
        });
    }
    let config = config(store, client, reference, &manifest).await?;
    documents.push((manifest.config().digest.clone(), config.raw().to_vec()));
    documents.push((at.clone(), manifest.raw().to_vec()));
    Ok(Resolved { target, manifest: *manifest, manifest_digest: at, config, documents, offers })
}

fn pick(
    reference: &Reference,
    index: &Index,
    platform: &Platform,
) -> Result<Descriptor, TransferError> {
    Platform::pick(index.manifests(), platform).cloned().ok_or_else(|| TransferError::NoPlatform {
        reference: Box::new(reference.clone()),
        wanted: Box::new(platform.clone()),
        available: offered(index).into_iter().filter_map(|entry| entry.platform).collect(),
    })
}

/// The entries of an index that are for a platform; attestations say theirs is unknown.
fn offered(index: &Index) -> Vec<Descriptor> {
    let is_for_one = |entry: &&Descriptor| {
        entry.platform.as_ref().is_some_and(|platform| platform.os != "unknown")
    };
    index.manifests().iter().filter(is_for_one).take(MAX_OFFERS).cloned().collect()
}

/// A manifest or index: from the store where it is there, else from the registry.
async fn document(
    store: &Store,
    client: &Client,
    reference: &Reference,
    descriptor: &Descriptor,
) -> Result<Document, TransferError> {
    if let Some(kept) = kept(store, descriptor, MAX_MANIFEST_BYTES).await? {
        return Document::parse(kept, Some(&descriptor.media_type)).map_err(|source| {
            TransferError::Document {
                reference: Box::new(reference.clone()),
                what: "the manifest",
                source,
            }
        });
    }
    Ok(client.fetch_described_manifest(reference, descriptor).await?.document)
}

async fn config(
    store: &Store,
    client: &Client,
    reference: &Reference,
    manifest: &Manifest,
) -> Result<ImageConfig, TransferError> {
    let descriptor = manifest.config();
    let raw = match kept(store, descriptor, MAX_CONFIG_BYTES).await? {
        Some(kept) => kept,
        None => client.fetch_document(reference, descriptor, MAX_CONFIG_BYTES).await?.to_vec(),
    };
    ImageConfig::parse(raw).map_err(|source| TransferError::Document {
        reference: Box::new(reference.clone()),
        what: "the config",
        source,
    })
}

/// A document that the store has, unless it is damaged there or not of this size: then the registry is asked.
async fn kept(
    store: &Store,
    descriptor: &Descriptor,
    max_bytes: u64,
) -> Result<Option<Vec<u8>>, TransferError> {
    let (store, digest, size) = (store.clone(), descriptor.digest.clone(), descriptor.size);
    on_thread("a document", move || {
        if store.blob_size(&digest)? != Some(size) {
            return Ok(None);
        }
        Ok(store.read_document(&digest, max_bytes).ok())
    })
    .await
}
