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
/// The header in which a registry says what it has filtered by.
const FILTERS_APPLIED: &str = "oci-filters-applied";
/// The most digits of a digest in a tag that stands in for the list.
const MAX_TAG_DIGITS: usize = 64;

/// The tags under which cosign keeps the signature, the attestation and the list of contents of an image. Empty for
/// digests that do not fit into a tag.
#[must_use]
pub fn cosign_tags(digest: &Digest) -> Vec<String> {
    if digest.hex().len() > MAX_TAG_DIGITS {
        return Vec::new();
    }
    let base = tag_of(digest);
    ["sig", "att", "sbom"].map(|kind| format!("{base}.{kind}")).into()
}

/// One page of the list.
struct Page {
    index: Index,
    /// The query of the next.
    next: Option<String>,
    /// The registry says it left out other types of artifacts.
    filtered: bool,
}

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
        match self.referrers_listed(reference, digest, artifact_type).await {
            Err(RemoteError::ManifestUnknown { .. } | RemoteError::RepositoryUnknown { .. }) => {
                let mut found = self.referrers_tagged(reference, digest).await?;
                found.retain(|entry| is_wanted(entry, artifact_type, false));
                Ok(found)
            }
            listed => listed,
        }
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
            let page = self.persist(|| self.referrers_page(&ask)).await?;
            let entries = page.index.manifests().iter();
            let wanted = entries.filter(|entry| is_wanted(entry, artifact_type, page.filtered));
            found.extend(wanted.cloned());
            match page.next {
                Some(query) if found.len() < MAX_REFERRERS => ask.url.set_query(Some(&query)),
                _ => break,
            }
        }
        found.truncate(MAX_REFERRERS);
        Ok(found)
    }

    async fn referrers_page(&self, ask: &Ask) -> Result<Page, RemoteError> {
        let response = self.attempt(ask).await?;
        let filters = response.headers().get_all(FILTERS_APPLIED).iter();
        let mut filters = filters.filter_map(|value| value.to_str().ok());
        let filtered = filters.any(|value| value.split(',').any(|by| by.trim() == "artifactType"));
        let link = response.headers().get(LINK).and_then(|value| value.to_str().ok());
        let next = link.and_then(links::next).and_then(|target| next_query(&ask.url, target));
        let raw = body::read(response, MAX_MANIFEST_BYTES, self.options().idle_timeout).await?;
        let parsed = Document::parse(raw, Some(&MediaType::OciIndex));
        match parsed {
            Ok(Document::Index(index)) => Ok(Page { index: *index, next, filtered }),
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

/// Whether an entry is of the wanted type. One without a type counts where the registry says it has filtered.
fn is_wanted(entry: &Descriptor, artifact_type: Option<&str>, filtered: bool) -> bool {
    match (artifact_type, entry.artifact_type.as_deref()) {
        (None, _) => true,
        (Some(wanted), Some(found)) => wanted == found,
        (Some(_), None) => filtered,
    }
}

/// The tag under which registries without the list keep it.
fn stand_in(reference: &Reference, digest: &Digest) -> Option<Reference> {
    Reference::parse(&format!("{}:{}", reference.name(), tag_of(digest))).ok()
}

/// A digest as a tag: a dash for its colon, and at most 64 digits ("Referrers Tag Schema").
fn tag_of(digest: &Digest) -> String {
    let digits: String = digest.hex().chars().take(MAX_TAG_DIGITS).collect();
    format!("{}-{digits}", digest.algorithm().as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use strata_spec::Algorithm;

    use super::*;

    #[test]
    fn tags_are_made_of_digests_of_any_length() {
        let reference = Reference::parse("r.example/a").unwrap();
        let short = Digest::sha256_of(b"");
        assert_eq!(tag_of(&short), format!("sha256-{}", short.hex()));
        let long = Digest::of(Algorithm::Sha512, b"");
        let tagged = stand_in(&reference, &long).unwrap();
        assert_eq!(tagged.tag(), Some(format!("sha512-{}", &long.hex()[..64]).as_str()));
        let kinds: Vec<_> = cosign_tags(&short);
        let base = tag_of(&short);
        assert_eq!(kinds, [format!("{base}.sig"), format!("{base}.att"), format!("{base}.sbom")]);
        assert!(cosign_tags(&long).is_empty());
    }
}
