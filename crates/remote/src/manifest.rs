//! From a name to a digest, and from a digest to checked documents.

use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use reqwest::{Method, Response};
use strata_spec::{
    Algorithm, Descriptor, Digest, Document, DocumentError, MAX_MANIFEST_BYTES, MediaType,
    Reference,
};

use crate::endpoint::Endpoint;
use crate::exchange::{Ask, Subject};
use crate::refusal::is_html;
use crate::{Client, RemoteError, body, origin};

/// The kinds of manifests that are understood, those of OCI first.
const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.docker.distribution.manifest.v2+json";
/// The tag that is meant where neither tag nor digest is given.
const DEFAULT_TAG: &str = "latest";
/// What a registry says the digest of its answer is.
const DIGEST_HEADER: &str = "docker-content-digest";

/// A manifest or index as it came, checked.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// What it is: media type, digest and size of the bytes that came.
    pub descriptor: Descriptor,
    /// The document, with its exact bytes.
    pub document: Document,
}

impl Client {
    /// Finds out what a reference points to, without fetching it where the registry allows.
    ///
    /// What a registry says here is checked only when the document is fetched: see
    /// [`Client::fetch_described_manifest`].
    ///
    /// # Errors
    /// [`RemoteError`]; [`RemoteError::ManifestUnknown`] and [`RemoteError::RepositoryUnknown`] for what is not there.
    pub async fn resolve(&self, reference: &Reference) -> Result<Descriptor, RemoteError> {
        let ask = self.manifest_ask(Method::HEAD, reference)?;
        match self.exchange(&ask).await {
            Ok(response) => {
                if let Some(found) = described(&response, reference.digest())? {
                    return Ok(found);
                }
            }
            // An answer to HEAD carries no words, and some registries know no HEAD: GET tells.
            Err(
                RemoteError::ManifestUnknown { .. }
                | RemoteError::RepositoryUnknown { .. }
                | RemoteError::Unauthorized { .. }
                | RemoteError::Denied { .. }
                | RemoteError::Unexpected { .. },
            ) => {}
            Err(error) => return Err(error),
        }
        Ok(self.fetch_manifest(reference).await?.descriptor)
    }

    /// Fetches what a reference points to: at most 4 MiB, its digest checked where the reference or the registry
    /// names one, its own media type compared with what the registry announces.
    ///
    /// # Errors
    /// [`RemoteError`]; [`RemoteError::Document`] if what came is neither a manifest nor an index.
    pub async fn fetch_manifest(&self, reference: &Reference) -> Result<Fetched, RemoteError> {
        let ask = self.manifest_ask(Method::GET, reference)?;
        let fetched = self.persist(|| self.fetch_once(&ask, reference.digest())).await;
        match fetched {
            Err(unknown @ RemoteError::ManifestUnknown { .. }) => {
                Err(self.what_is_missing(reference, unknown).await)
            }
            fetched => fetched,
        }
    }

    /// Fetches the manifest or index that a descriptor describes, and holds it to digest, size and media type.
    ///
    /// # Errors
    /// As [`Client::fetch_manifest`]; [`RemoteError::SizeMismatch`], [`RemoteError::ContentTypeMismatch`].
    pub async fn fetch_described_manifest(
        &self,
        reference: &Reference,
        descriptor: &Descriptor,
    ) -> Result<Fetched, RemoteError> {
        let by_digest = reference.clone().with_digest(descriptor.digest.clone());
        let fetched = self.fetch_manifest(&by_digest).await?;
        let url = || by_digest.to_string();
        if fetched.descriptor.size != descriptor.size {
            let (expected, found) = (descriptor.size, fetched.descriptor.size);
            return Err(RemoteError::SizeMismatch { url: url(), expected, found });
        }
        let (expected, found) = (&descriptor.media_type, &fetched.descriptor.media_type);
        if found != expected && (expected.is_manifest() || expected.is_index()) {
            let (expected, found) = (Box::new(expected.clone()), Box::new(found.clone()));
            return Err(RemoteError::ContentTypeMismatch { url: url(), expected, found });
        }
        Ok(fetched)
    }

    pub(crate) fn manifest_ask(
        &self,
        method: Method,
        reference: &Reference,
    ) -> Result<Ask, RemoteError> {
        let endpoint = Endpoint::of(reference.registry(), self.options())?;
        let target = match reference.digest() {
            Some(digest) => digest.to_string(),
            None => reference.tag().unwrap_or(DEFAULT_TAG).to_owned(),
        };
        let repository = reference.repository().to_owned();
        let url = endpoint.url(&format!("/v2/{repository}/manifests/{target}"));
        let subject = Subject::Manifest(target);
        Ok(Ask { endpoint, repository, subject, method, url, accept: ACCEPT, from: 0 })
    }

    async fn fetch_once(
        &self,
        ask: &Ask,
        expected: Option<&Digest>,
    ) -> Result<Fetched, RemoteError> {
        let response = self.attempt(ask).await?;
        if is_html(&response) {
            return Err(RemoteError::NotARegistry {
                registry: ask.endpoint.registry.clone(),
                url: origin::shown(&ask.url),
                found: "a page for browsers".to_owned(),
            });
        }
        let headers = response.headers().clone();
        let raw = body::read(response, MAX_MANIFEST_BYTES, self.options().idle_timeout).await?;
        let said = header_digest(&headers);
        for expected in expected.into_iter().chain(&said) {
            check(ask, expected, &raw)?;
        }
        let algorithm = expected.map_or(Algorithm::Sha256, Digest::algorithm);
        let digest = Digest::of(algorithm, &raw);
        let size = raw.len() as u64;
        let document = Document::parse(raw, media_type(&headers).as_ref()).map_err(|source| {
            let url = origin::shown(&ask.url);
            match source {
                DocumentError::MediaTypeMismatch { expected, found } => {
                    let (expected, found) = (Box::new(expected), Box::new(found));
                    RemoteError::ContentTypeMismatch { url, expected, found }
                }
                source => RemoteError::Document { url, source },
            }
        })?;
        let descriptor = Descriptor::new(document.media_type().clone(), digest, size);
        Ok(Fetched { descriptor, document })
    }

    /// Registries answer alike for a tag and for a repository that they do not have, and so do servers that are no
    /// registry at all. One or two further questions tell which it is.
    async fn what_is_missing(&self, reference: &Reference, unknown: RemoteError) -> RemoteError {
        match self.tags(reference, &crate::TagPage::First { limit: 1 }).await {
            Err(missing @ RemoteError::RepositoryUnknown { .. }) => {
                match self.ping(reference.registry()).await {
                    Err(other @ RemoteError::NotARegistry { .. }) => other,
                    _ => missing,
                }
            }
            _ => unknown,
        }
    }
}

/// The descriptor that an answer to HEAD gives. `None` if it leaves out a part.
fn described(
    response: &Response,
    asked: Option<&Digest>,
) -> Result<Option<Descriptor>, RemoteError> {
    let headers = response.headers();
    let size = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .filter(|size| (1..=MAX_MANIFEST_BYTES).contains(size));
    let media_type = media_type(headers).filter(|kind| kind.is_manifest() || kind.is_index());
    let said = header_digest(headers);
    if let (Some(asked), Some(said)) = (asked, &said)
        && asked.algorithm() == said.algorithm()
        && asked != said
    {
        return Err(RemoteError::DigestMismatch {
            url: origin::shown(response.url()),
            expected: Box::new(asked.clone()),
            found: Box::new(said.clone()),
        });
    }
    let digest = asked.cloned().or(said);
    Ok(match (media_type, digest, size) {
        (Some(media_type), Some(digest), Some(size)) => {
            Some(Descriptor::new(media_type, digest, size))
        }
        _ => None,
    })
}

fn check(ask: &Ask, expected: &Digest, raw: &[u8]) -> Result<(), RemoteError> {
    let found = Digest::of(expected.algorithm(), raw);
    if found == *expected {
        return Ok(());
    }
    Err(RemoteError::DigestMismatch {
        url: origin::shown(&ask.url),
        expected: Box::new(expected.clone()),
        found: Box::new(found),
    })
}

fn header_digest(headers: &HeaderMap) -> Option<Digest> {
    Digest::parse(headers.get(DIGEST_HEADER)?.to_str().ok()?.trim()).ok()
}

fn media_type(headers: &HeaderMap) -> Option<MediaType> {
    Some(MediaType::parse(headers.get(CONTENT_TYPE)?.to_str().ok()?))
}
