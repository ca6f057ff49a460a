//! Docker Hub's web API: its search, and the dates and sizes of tags that registries do not tell. No login ever goes
//! there.

use std::time::Duration;

use reqwest::{Method, Url};

use crate::endpoint::{DOCKER_HUB, Endpoint};
use crate::exchange::{Ask, Subject};
use crate::hub_page::{Found, Page, Tag, cut, hub_reference, is_repository};
use crate::tags::next_query;
use crate::{Client, RemoteError, Words, body, origin};

/// The largest page that is read, in bytes.
const MAX_PAGE_BYTES: u64 = 1024 * 1024;
/// How many entries a page has at most: the service gives no more.
const PAGE_ENTRIES: u32 = 100;
/// The longest time that a page may take, from the request to its last byte.
const PAGE_WAIT: Duration = Duration::from_secs(10);
/// A repository that the search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubRepository {
    /// Its short name: `nginx`, `bitnami/nginx`.
    pub name: String,
    /// What it says of itself.
    pub description: String,
    /// How many people like it.
    pub stars: u64,
    /// How often it was pulled.
    pub pulls: u64,
    /// Docker looks after it.
    pub official: bool,
}

/// The image of one platform under a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubImage {
    /// The operating system.
    pub os: String,
    /// The processor architecture.
    pub architecture: String,
    /// Its variant.
    pub variant: Option<String>,
    /// Its manifest.
    pub digest: Option<String>,
    /// Compressed bytes.
    pub size: u64,
}

/// A tag with what its registry does not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubTag {
    /// The tag.
    pub name: String,
    /// What it points to.
    pub digest: Option<String>,
    /// Compressed bytes of one of its images.
    pub full_size: u64,
    /// When it was last pushed, RFC 3339.
    pub last_updated: Option<String>,
    /// Its images.
    pub images: Vec<HubImage>,
}

/// A page of tags, those that were pushed last first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HubTags {
    /// The tags.
    pub tags: Vec<HubTag>,
    /// The next page.
    pub next: Option<String>,
}

impl Client {
    /// Searches Docker Hub; at most `limit` results, and 100. What is no repository of Docker Hub is left out.
    ///
    /// # Errors
    /// [`RemoteError`], if the service does not answer or answers with something else.
    pub async fn hub_search(
        &self,
        query: &str,
        limit: u32,
    ) -> Result<Vec<HubRepository>, RemoteError> {
        let mut url = self.hub_url("/v2/search/repositories/")?;
        url.query_pairs_mut()
            .append_pair("query", query)
            .append_pair("page_size", &limit.min(PAGE_ENTRIES).to_string());
        let page = self.hub_page(url).await?;
        let found = page.entries::<Found>().filter(|found| is_repository(&found.repo_name));
        Ok(found.map(Found::taken).collect())
    }

    /// A page of the tags of a repository of Docker Hub (`library/nginx`): the first, or the one that
    /// [`HubTags::next`] names. What cannot be a tag is left out.
    ///
    /// # Errors
    /// [`RemoteError`], if the service does not answer or answers with something else;
    /// [`RemoteError::RepositoryUnknown`] for what cannot be a repository.
    pub async fn hub_tags(
        &self,
        repository: &str,
        next: Option<&str>,
    ) -> Result<HubTags, RemoteError> {
        let reference =
            hub_reference(repository).ok_or_else(|| RemoteError::RepositoryUnknown {
                registry: DOCKER_HUB.to_owned(),
                repository: cut(repository),
                words: Words::default(),
            })?;
        let repository = reference.repository();
        let (namespace, name) = repository.split_once('/').unwrap_or(("library", repository));
        let path = format!("/v2/namespaces/{namespace}/repositories/{name}/tags");
        let mut url = self.hub_url(&path)?;
        match next {
            Some(query) => url.set_query(Some(query)),
            None => {
                let fields = format!("page_size={PAGE_ENTRIES}&ordering=last_updated");
                url.set_query(Some(&fields));
            }
        }
        let page = self.hub_page(url.clone()).await?;
        let next = page.next.as_deref().and_then(|next| next_query(&url, next));
        let tags = page.entries::<Tag>();
        let tags = tags.filter(|tag| reference.clone().with_tag(&tag.name).is_ok());
        Ok(HubTags { tags: tags.map(Tag::taken).collect(), next })
    }

    fn hub_url(&self, path: &str) -> Result<Url, RemoteError> {
        let base = &self.options().hub_api;
        let invalid = || RemoteError::RegistryName { registry: base.clone() };
        let mut url = Url::parse(base).map_err(|_| invalid())?;
        url.set_path(path);
        Ok(url)
    }

    async fn hub_page(&self, url: Url) -> Result<Page, RemoteError> {
        let mut root = url.clone();
        root.set_path("/");
        root.set_query(None);
        let ask = Ask {
            endpoint: Endpoint { registry: DOCKER_HUB.to_owned(), root },
            repository: String::new(),
            subject: Subject::Hub,
            method: Method::GET,
            url,
            accept: "application/json",
            from: 0,
        };
        let reading = async {
            let response = self.attempt_anonymously(&ask).await?;
            body::read(response, MAX_PAGE_BYTES, self.options().idle_timeout).await
        };
        let late = |_| RemoteError::Stalled {
            host: origin::host_and_port(&ask.url),
            url: origin::shown(&ask.url),
            received: 0,
            quiet: PAGE_WAIT,
        };
        let raw = tokio::time::timeout(PAGE_WAIT, reading).await.map_err(late)??;
        serde_json::from_slice(&raw).map_err(|_| RemoteError::NotARegistry {
            registry: origin::host_and_port(&ask.url),
            url: origin::shown(&ask.url),
            found: "something that is no page of Docker Hub".to_owned(),
        })
    }
}
