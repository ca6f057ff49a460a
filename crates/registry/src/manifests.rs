//! Giving and taking manifests and indexes.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use strata_spec::{Descriptor, Digest, Document, MAX_MANIFEST_BYTES, MediaType, Reference};
use strata_store::{Store, StoreError};

use crate::blobs::parse_digest;
use crate::receive;
use crate::refusal::{Code, Refusal};
use crate::reply::{DIGEST, Reply};
use crate::shared::Shared;

/// What stands last in a manifest's path.
enum Target {
    Tag(Reference),
    Digest(Digest),
}

impl Target {
    fn parse(repository: &Reference, text: &str) -> Result<Self, Refusal> {
        // A tag has no colon, a digest must have one.
        if text.contains(':') || text.contains("%3A") || text.contains("%3a") {
            return parse_digest(text).map(Self::Digest);
        }
        let tagged = repository.clone().with_tag(text);
        tagged.map(Self::Tag).map_err(|_| Refusal::new(Code::TagInvalid, "this is not a tag"))
    }
}

/// GET and HEAD of a manifest or index.
pub(crate) async fn read(
    shared: &Arc<Shared>,
    name: &str,
    target: &str,
) -> Result<Response, Refusal> {
    let repository = shared.repository(name)?;
    let target = Target::parse(&repository, target)?;
    let (registry, name) = (shared.registry.clone(), name.to_owned());
    let found = shared
        .ask(move |store| {
            if let Some(found) = find(store, &target)? {
                return Ok(Ok(found));
            }
            Ok(Err(!store.tags(&registry, &name, None, 1)?.is_empty()))
        })
        .await?;
    match found {
        Ok((descriptor, raw)) => Ok(Reply::new(StatusCode::OK)
            .with(DIGEST, &descriptor.digest)
            .body(descriptor.media_type.as_str(), raw.len() as u64, Body::from(raw))),
        Err(true) => Err(Refusal::new(Code::ManifestUnknown, "there is no such manifest")),
        Err(false) => Err(Refusal::new(Code::NameUnknown, "there is no such repository")),
    }
}

/// The document that a tag points to, or that a digest names. A blob that is neither manifest nor index is not found.
fn find(store: &Store, target: &Target) -> Result<Option<(Descriptor, Vec<u8>)>, StoreError> {
    let digest = match target {
        Target::Tag(reference) => match store.target(reference)? {
            Some(descriptor) => {
                let raw = store.read_document(&descriptor.digest, MAX_MANIFEST_BYTES)?;
                return Ok(Some((descriptor, raw)));
            }
            None => return Ok(None),
        },
        Target::Digest(digest) => digest,
    };
    if store.blob_size(digest)?.is_none_or(|size| size > MAX_MANIFEST_BYTES) {
        return Ok(None);
    }
    let raw = store.read_document(digest, MAX_MANIFEST_BYTES)?;
    let Ok(document) = Document::parse(raw, None) else { return Ok(None) };
    let raw = document.raw().to_vec();
    let kind = document.media_type().clone();
    Ok(Some((Descriptor::new(kind, digest.clone(), raw.len() as u64), raw)))
}

/// PUT of a manifest or index: all that it names must be here.
pub(crate) async fn put(
    shared: &Arc<Shared>,
    name: &str,
    target: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let repository = shared.repository(name)?;
    let parsed = Target::parse(&repository, target)?;
    let announced = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let announced = announced.map(MediaType::parse);
    let raw = receive::document(body, headers, MAX_MANIFEST_BYTES).await?;
    let document = Document::parse(raw, announced.as_ref()).map_err(|error| {
        tracing::debug!(%error, "a pushed manifest was refused");
        Refusal::new(Code::ManifestInvalid, "this is neither a manifest nor an index")
    })?;
    let mut descriptor = document.descriptor();
    let reference = match parsed {
        Target::Tag(reference) => reference,
        Target::Digest(digest) => {
            if Digest::of(digest.algorithm(), document.raw()) != digest {
                return Err(Refusal::new(Code::DigestInvalid, "the manifest has another digest"));
            }
            descriptor.digest = digest.clone();
            repository.with_digest(digest)
        }
    };
    let digest = descriptor.digest.clone();
    let whole = shared
        .ask(move |store| {
            if !has_all(store, &document)? {
                return Ok(false);
            }
            store.put_target(&reference, &descriptor, document.raw())?;
            Ok(true)
        })
        .await?;
    if !whole {
        let message = "the registry does not have all that the manifest names";
        return Err(Refusal::new(Code::ManifestBlobUnknown, message));
    }
    Ok(Reply::new(StatusCode::CREATED)
        .with(LOCATION, format!("/v2/{name}/manifests/{digest}"))
        .with(DIGEST, digest)
        .empty())
}

/// Whether the store has all that a document names, with the sizes that it says.
fn has_all(store: &Store, document: &Document) -> Result<bool, StoreError> {
    let named: Vec<&Descriptor> = match document {
        Document::Manifest(manifest) => std::iter::once(manifest.config())
            .chain(manifest.layers().iter().filter(|layer| !layer.media_type.is_foreign_layer()))
            .collect(),
        Document::Index(index) => index.manifests().iter().collect(),
    };
    for descriptor in named {
        if store.blob_size(&descriptor.digest)? != Some(descriptor.size) {
            return Ok(false);
        }
    }
    Ok(true)
}
