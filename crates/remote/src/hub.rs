//! Docker Hub's web API: its search, and the dates and sizes of tags that registries do not tell. No login ever goes
//! there.

use reqwest::{Method, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::endpoint::{DOCKER_HUB, Endpoint};
use crate::exchange::{Ask, Subject};
use crate::{Client, RemoteError, body, origin};

/// The largest page that is read, in bytes.
const MAX_PAGE_BYTES: u64 = 1024 * 1024;
/// How many tags a page has: as many as the service gives.
const PAGE_TAGS: u32 = 100;
/// The longest text of a stranger that is kept, in letters.
const MAX_TEXT: usize = 400;

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

#[derive(Deserialize)]
struct Page<T> {
    #[serde(default)]
    next: Option<String>,
    #[serde(default = "Vec::new")]
    results: Vec<T>,
}

#[derive(Deserialize)]
struct Found {
    #[serde(default)]
    repo_name: String,
    #[serde(default)]
    short_description: Option<String>,
    #[serde(default)]
    star_count: u64,
    #[serde(default)]
    pull_count: u64,
    #[serde(default)]
    is_official: bool,
}

#[derive(Deserialize)]
struct Tag {
    #[serde(default)]
    name: String,
    #[serde(default)]
    digest: Option<String>,
    #[serde(default)]
    full_size: u64,
    #[serde(default)]
    last_updated: Option<String>,
    #[serde(default)]
    images: Vec<Image>,
}

#[derive(Deserialize)]
struct Image {
    #[serde(default)]
    os: Option<String>,
    #[serde(default)]
    architecture: Option<String>,
    #[serde(default)]
    variant: Option<String>,
    #[serde(default)]
    size: u64,
}

impl Client {
    /// Searches Docker Hub; at most `limit` results.
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
            .append_pair("page_size", &limit.to_string());
        let page: Page<Found> = self.hub_page(url).await?;
        let found = page.results.into_iter().filter(|found| !found.repo_name.is_empty());
        Ok(found
            .map(|found| HubRepository {
                name: cut(&found.repo_name),
                description: cut(&found.short_description.unwrap_or_default()),
                stars: found.star_count,
                pulls: found.pull_count,
                official: found.is_official,
            })
            .collect())
    }

    /// A page of the tags of a repository of Docker Hub (`library/nginx`): the first, or the one that
    /// [`HubTags::next`] names.
    ///
    /// # Errors
    /// [`RemoteError`], if the service does not answer or answers with something else.
    pub async fn hub_tags(
        &self,
        repository: &str,
        next: Option<&str>,
    ) -> Result<HubTags, RemoteError> {
        let (namespace, name) = repository.split_once('/').unwrap_or(("library", repository));
        let path = format!("/v2/namespaces/{namespace}/repositories/{name}/tags");
        let mut url = self.hub_url(&path)?;
        match next {
            Some(query) => url.set_query(Some(query)),
            None => {
                let fields = format!("page_size={PAGE_TAGS}&ordering=last_updated");
                url.set_query(Some(&fields));
            }
        }
        let page: Page<Tag> = self.hub_page(url.clone()).await?;
        let next = page.next.and_then(|next| {
            let next = url.join(&next).ok()?;
            let goes_on = origin::same(&url, &next) && next.path() == url.path();
            Some(next.query().filter(|query| goes_on && url.query() != Some(query))?.to_owned())
        });
        let tags = page.results.into_iter().filter(|tag| !tag.name.is_empty());
        Ok(HubTags { tags: tags.map(Tag::taken).collect(), next })
    }

    fn hub_url(&self, path: &str) -> Result<Url, RemoteError> {
        let base = &self.options().hub_api;
        let invalid = || RemoteError::RegistryName { registry: base.clone() };
        let mut url = Url::parse(base).map_err(|_| invalid())?;
        url.set_path(path);
        Ok(url)
    }

    async fn hub_page<T: DeserializeOwned>(&self, url: Url) -> Result<T, RemoteError> {
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
        let response = self.attempt_anonymously(&ask).await?;
        let raw = body::read(response, MAX_PAGE_BYTES, self.options().idle_timeout).await?;
        serde_json::from_slice(&raw).map_err(|_| RemoteError::NotARegistry {
            registry: origin::host_and_port(&ask.url),
            url: origin::shown(&ask.url),
            found: "something that is no page of Docker Hub".to_owned(),
        })
    }
}

impl Tag {
    fn taken(self) -> HubTag {
        let images = self.images.into_iter().map(|image| HubImage {
            os: cut(&image.os.unwrap_or_default()),
            architecture: cut(&image.architecture.unwrap_or_default()),
            variant: image.variant.filter(|variant| !variant.is_empty()).map(|text| cut(&text)),
            size: image.size,
        });
        HubTag {
            name: cut(&self.name),
            digest: self.digest.map(|digest| cut(&digest)),
            full_size: self.full_size,
            last_updated: self.last_updated.map(|time| cut(&time)),
            images: images.collect(),
        }
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_TEXT).collect()
}
