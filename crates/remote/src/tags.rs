//! The tags of a repository, page by page.

use reqwest::header::LINK;
use reqwest::{Method, Url};
use serde::Deserialize;
use strata_spec::Reference;

use crate::endpoint::Endpoint;
use crate::exchange::{Ask, Subject};
use crate::{Client, RemoteError, body, links, origin};

/// The largest page of tags that is read, in bytes.
const MAX_PAGE_BYTES: u64 = 4 * 1024 * 1024;

/// Which page of tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagPage {
    /// The first one.
    First {
        /// How many tags it should have; registries may give fewer or more.
        limit: u32,
    },
    /// The one that [`Tags::next`] names.
    Next(String),
}

/// One page of tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// The tags, in the registry's order. What cannot be a tag is left out.
    pub tags: Vec<String>,
    /// The next page, if there is one on the same registry.
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    tags: Option<Vec<String>>,
}

impl Client {
    /// Lists tags of the repository that `reference` names; its own tag does not matter.
    ///
    /// # Errors
    /// [`RemoteError`]; [`RemoteError::NotARegistry`] if the answer is no list.
    pub async fn tags(&self, reference: &Reference, page: &TagPage) -> Result<Tags, RemoteError> {
        let endpoint = Endpoint::of(reference.registry(), self.options())?;
        let repository = reference.repository().to_owned();
        let mut url = endpoint.url(&format!("/v2/{repository}/tags/list"));
        match page {
            TagPage::First { limit } => url.set_query(Some(&format!("n={limit}"))),
            TagPage::Next(query) => url.set_query(Some(query)),
        }
        let (subject, method) = (Subject::Tags, Method::GET);
        let accept = "application/json";
        let ask = Ask { endpoint, repository, subject, method, url, accept, from: 0 };
        let ask = self.at_home(&ask)?;
        self.persist(|| self.tags_once(&ask, reference)).await
    }

    async fn tags_once(&self, ask: &Ask, reference: &Reference) -> Result<Tags, RemoteError> {
        let response = self.attempt(ask).await?;
        let link = response.headers().get(LINK).and_then(|value| value.to_str().ok());
        let next = link.and_then(links::next).and_then(|target| next_query(&ask.url, target));
        let raw = body::read(response, MAX_PAGE_BYTES, self.options().idle_timeout).await?;
        let page: Page = serde_json::from_slice(&raw).map_err(|_| RemoteError::NotARegistry {
            registry: ask.endpoint.registry.clone(),
            url: origin::shown(&ask.url),
            found: "something that is no list of tags".to_owned(),
        })?;
        let mut tags = page.tags.unwrap_or_default();
        tags.retain(|tag| reference.clone().with_tag(tag).is_ok());
        Ok(Tags { tags, next })
    }
}

/// The query of the next page. Only the same list of the same registry can go on, and not with the same page.
pub(crate) fn next_query(current: &Url, target: &str) -> Option<String> {
    let next = current.join(target).ok()?;
    let goes_on = origin::same(current, &next) && next.path() == current.path();
    let query = next.query().filter(|query| goes_on && current.query() != Some(query))?;
    Some(query.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_list_goes_on_only_where_it_began() {
        let current = Url::parse("https://r.example/v2/a/tags/list?n=2").unwrap();
        let next = |target| next_query(&current, target);
        assert_eq!(next("/v2/a/tags/list?n=2&last=b").as_deref(), Some("n=2&last=b"));
        assert_eq!(next("?last=b").as_deref(), Some("last=b"));
        for target in [
            "https://evil.example/v2/a/tags/list?last=b",
            "http://r.example/v2/a/tags/list?last=b",
            "/v2/other/tags/list?last=b",
            "/v2/a/tags/list?n=2",
            "/v2/a/tags/list",
        ] {
            assert_eq!(next(target), None, "{target}");
        }
    }
}
