//! The repositories of a registry, page by page (Docker Registry HTTP API V2, `_catalog`): an extension that many
//! registries do not have.

use reqwest::Method;
use reqwest::header::LINK;
use serde::Deserialize;
use strata_spec::Reference;

use crate::endpoint::Endpoint;
use crate::exchange::{Ask, Subject};
use crate::tags::next_query;
use crate::{Client, RemoteError, body, links, origin};

/// The largest page of repositories that is read, in bytes.
const MAX_PAGE_BYTES: u64 = 4 * 1024 * 1024;

/// Which page of repositories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogPage {
    /// The first one.
    First {
        /// How many repositories it should have; registries may give fewer or more.
        limit: u32,
    },
    /// The one that [`Repositories::next`] names.
    Next(String),
}

/// One page of repositories.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repositories {
    /// Their names, in the registry's order. What cannot be a repository is left out.
    pub names: Vec<String>,
    /// The next page, if there is one on the same registry.
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    repositories: Option<Vec<String>>,
}

impl Client {
    /// Lists repositories of a registry.
    ///
    /// # Errors
    /// [`RemoteError::NoCatalog`] if it does not list them; otherwise as of any request.
    pub async fn repositories(
        &self,
        registry: &str,
        page: &CatalogPage,
    ) -> Result<Repositories, RemoteError> {
        let endpoint = Endpoint::of(registry, self.options())?;
        let mut url = endpoint.url("/v2/_catalog");
        match page {
            CatalogPage::First { limit } => url.set_query(Some(&format!("n={limit}"))),
            CatalogPage::Next(query) => url.set_query(Some(query)),
        }
        let (subject, method) = (Subject::Catalog, Method::GET);
        let (repository, accept) = (String::new(), "application/json");
        let ask = Ask { endpoint, repository, subject, method, url, accept, from: 0 };
        let ask = self.at_home(&ask)?;
        self.persist(|| self.repositories_once(&ask)).await
    }

    async fn repositories_once(&self, ask: &Ask) -> Result<Repositories, RemoteError> {
        let registry = &ask.endpoint.registry;
        let response = self.attempt(ask).await?;
        let link = response.headers().get(LINK).and_then(|value| value.to_str().ok());
        let next = link.and_then(links::next).and_then(|target| next_query(&ask.url, target));
        let raw = body::read(response, MAX_PAGE_BYTES, self.options().idle_timeout).await?;
        let page: Page = serde_json::from_slice(&raw).map_err(|_| RemoteError::NotARegistry {
            registry: registry.clone(),
            url: origin::shown(&ask.url),
            found: "something that is no list of repositories".to_owned(),
        })?;
        let mut names = page.repositories.unwrap_or_default();
        names.retain(|name| {
            Reference::parse(&format!("{registry}/{name}"))
                .is_ok_and(|reference| reference.repository() == name && reference.tag().is_none())
        });
        Ok(Repositories { names, next })
    }
}
