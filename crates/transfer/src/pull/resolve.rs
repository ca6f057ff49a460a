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

/// The documents of one image, each checked against its digest.
pub(super) struct Resolved {
    /// What the reference points to.
    pub target: Descriptor,
    /// The image's manifest.
    pub manifest: Manifest,
    /// The image's config.
    pub config: ImageConfig,
    /// Every document on the way, to be kept.
    pub documents: Vec<(Digest, Vec<u8>)>,
}

/// Finds the image of `platform` that `reference` points to.
pub(super) async fn resolve(
    store: &Store,
    client: &Client,
    reference: &Reference,
    platform: &Platform,
) -> Result<Resolved, TransferError> {
    let mut documents = Vec::new();
    // A HEAD first: where the store has this very manifest, no GET is spent on it (registries count those).
    let target = client.resolve(reference).await?;
    let mut document = document(store, client, reference, &target).await?;
    let mut depth = 0;
    let manifest = loop {
        match document {
            Document::Manifest(manifest) => break manifest,
            Document::Index(index) => {
                depth += 1;
                if depth > MAX_INDEX_DEPTH {
                    return Err(TransferError::TooDeep {
                        reference: reference.clone(),
                        limit: MAX_INDEX_DEPTH,
                    });
                }
                let child = pick(reference, &index, platform)?;
                documents.push((index.digest(), index.raw().to_vec()));
                document = self::document(store, client, reference, &child).await?;
            }
        }
    };
    if !manifest.is_image() {
        return Err(TransferError::NotAnImage {
            reference: reference.clone(),
            media_type: manifest.config().media_type.clone(),
        });
    }
    let config = config(store, client, reference, &manifest).await?;
    documents.push((manifest.config().digest.clone(), config.raw().to_vec()));
    documents.push((manifest.digest(), manifest.raw().to_vec()));
    Ok(Resolved { target, manifest: *manifest, config, documents })
}

fn pick(
    reference: &Reference,
    index: &Index,
    platform: &Platform,
) -> Result<Descriptor, TransferError> {
    Platform::pick(index.manifests(), platform).cloned().ok_or_else(|| TransferError::NoPlatform {
        reference: reference.clone(),
        wanted: platform.clone(),
        available: index
            .manifests()
            .iter()
            .filter_map(|entry| entry.platform.clone())
            .filter(|platform| platform.os != "unknown")
            .collect(),
    })
}

/// A manifest or index: from the store where it is there, else from the registry.
async fn document(
    store: &Store,
    client: &Client,
    reference: &Reference,
    descriptor: &Descriptor,
) -> Result<Document, TransferError> {
    if let Some(kept) = kept(store, &descriptor.digest, MAX_MANIFEST_BYTES).await? {
        return Document::parse(kept, Some(&descriptor.media_type)).map_err(|source| {
            TransferError::Document { reference: reference.clone(), what: "the manifest", source }
        });
    }
    let by_digest = reference.clone().with_digest(descriptor.digest.clone());
    Ok(client.fetch_manifest(&by_digest).await?.document)
}

async fn config(
    store: &Store,
    client: &Client,
    reference: &Reference,
    manifest: &Manifest,
) -> Result<ImageConfig, TransferError> {
    let descriptor = manifest.config();
    let raw = match kept(store, &descriptor.digest, MAX_CONFIG_BYTES).await? {
        Some(kept) => kept,
        None => client.fetch_document(reference, descriptor, MAX_CONFIG_BYTES).await?.to_vec(),
    };
    ImageConfig::parse(raw).map_err(|source| TransferError::Document {
        reference: reference.clone(),
        what: "the config",
        source,
    })
}

/// A document that the store has, unless it is damaged there: then it is fetched again.
async fn kept(
    store: &Store,
    digest: &Digest,
    max_bytes: u64,
) -> Result<Option<Vec<u8>>, TransferError> {
    let (store, digest) = (store.clone(), digest.clone());
    on_thread("a document", move || {
        if store.blob_size(&digest)?.is_none() {
            return Ok(None);
        }
        Ok(store.read_document(&digest, max_bytes).ok())
    })
    .await
}
