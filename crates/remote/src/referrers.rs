//! What refers to an image: signatures, attestations, lists of contents (distribution specification, "Listing
//! Referrers").

use reqwest::Method;
use reqwest::header::LINK;
use strata_spec::{Descriptor, Digest, Document, Index, MAX_MANIFEST_BYTES, MediaType, Reference};

use crate::endpoint::Endpoint;
use crate::exchange::{Ask, Subject};
use crate::tags::next_query;
use crate::{Client, RemoteError, body, links, origin};

/// How many pages are read: one that never ends is not read to its end.
const MAX_PAGES: usize = 100;
/// How many referrers are listed.
const MAX_REFERRERS: usize = 10_000;

impl Client {
    /// Lists what refers to the manifest `digest` in the repository that `reference` names; with `artifact_type`, only
    /// what is of that type. Registries without the list are asked for the tag that stands in for it.
    ///
    /// # Errors
    /// [`RemoteError`]. Nothing that refers to it is no error.
    pub async fn referrers(
        &self,
        reference: &Reference,
        digest: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<Vec<Descriptor>, RemoteError> {
        let mut found = match self.referrers_listed(reference, digest, artifact_type).await {
            Err(RemoteError::ManifestUnknown { .. } | RemoteError::RepositoryUnknown { .. }) => {
                self.referrers_tagged(reference, digest).await?
            }
            listed => listed?,
        };
        // A registry may leave the filtering to us, and says so by leaving out a header: it is done again.
        found.retain(|entry| {
            artifact_type.is_none_or(|wanted| entry.artifact_type.as_deref() == Some(wanted))
        });
        Ok(found)
    }

    async fn referrers_listed(
        &self,
        reference: &Reference,
        digest: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<Vec<Descriptor>, RemoteError> {
        let endpoint = Endpoint::of(reference.registry(), self.options())?;
        let repository = reference.repository().to_owned();
        let mut url = endpoint.url(&format!("/v2/{repository}/referrers/{digest}"));
        if let Some(wanted) = artifact_type {
            url.query_pairs_mut().append_pair("artifactType", wanted);
        }
        let (subject, method) = (Subject::Referrers(digest.clone()), Method::GET);
        let accept = "application/vnd.oci.image.index.v1+json";
        let ask = Ask { endpoint, repository, subject, method, url, accept, from: 0 };
        let mut ask = self.at_home(&ask)?;
        let mut found = Vec::new();
        for _ in 0..MAX_PAGES {
            let (index, next) = self.persist(|| self.referrers_page(&ask)).await?;
            found.extend(index.manifests().iter().cloned());
            match next {
                Some(query) if found.len() < MAX_REFERRERS => ask.url.set_query(Some(&query)),
                _ => break,
            }
        }
        found.truncate(MAX_REFERRERS);
        Ok(found)
    }

    async fn referrers_page(&self, ask: &Ask) -> Result<(Index, Option<String>), RemoteError> {
        let response = self.attempt(ask).await?;
        let link = response.headers().get(LINK).and_then(|value| value.to_str().ok());
        let next = link.and_then(links::next).and_then(|target| next_query(&ask.url, target));
        let raw = body::read(response, MAX_MANIFEST_BYTES, self.options().idle_timeout).await?;
        let parsed = Document::parse(raw, Some(&MediaType::OciIndex));
        match parsed {
            Ok(Document::Index(index)) => Ok((*index, next)),
            Ok(Document::Manifest(_)) => Err(RemoteError::NotARegistry {
                registry: ask.endpoint.registry.clone(),
                url: origin::shown(&ask.url),
                found: "something that is no list of referrers".to_owned(),
            }),
            Err(source) => Err(RemoteError::Document { url: origin::shown(&ask.url), source }),
        }
    }

    /// The index under the tag that stands in for the list; none is an empty list.
    async fn referrers_tagged(
        &self,
        reference: &Reference,
        digest: &Digest,
    ) -> Result<Vec<Descriptor>, RemoteError> {
        let Some(tagged) = stand_in(reference, digest) else { return Ok(Vec::new()) };
        match self.fetch_manifest(&tagged).await {
            Ok(fetched) => Ok(match fetched.document {
                Document::Index(index) => index.manifests().to_vec(),
                Document::Manifest(_) => Vec::new(),
            }),
            Err(RemoteError::ManifestUnknown { .. } | RemoteError::RepositoryUnknown { .. }) => {
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }
}

/// The tag under which registries without the list keep it: the digest with a dash for its colon.
fn stand_in(reference: &Reference, digest: &Digest) -> Option<Reference> {
    let tag = digest.to_string().replacen(':', "-", 1);
    Reference::parse(&format!("{}:{tag}", reference.name())).ok()
}
