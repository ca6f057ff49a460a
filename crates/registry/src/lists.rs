//! Lists of tags and repositories, page by page.

use std::sync::Arc;

use axum::http::header::LINK;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde_json::json;

use crate::refusal::{Code, Refusal};
use crate::reply::Reply;
use crate::shared::Shared;
use crate::upload_requests::query;

/// The longest page, and the one that is given where no number is named.
const PAGE: usize = 1000;

/// What a request wants of a list.
struct Page {
    limit: usize,
    last: Option<String>,
}

impl Page {
    fn of(uri: &Uri) -> Result<Self, Refusal> {
        let mut query = query(uri)?;
        let limit = match query.remove("n") {
            None => PAGE,
            Some(number) => number
                .parse::<usize>()
                .map_err(|_| Refusal::new(Code::PageInvalid, "`n` is not a number"))?
                .min(PAGE),
        };
        Ok(Self { limit, last: query.remove("last") })
    }

    /// Cuts what was found down to the page. Gives the header that leads to the next, if there is one.
    fn cut(&self, path: &str, found: &mut Vec<String>) -> Option<String> {
        let more = found.len() > self.limit;
        found.truncate(self.limit);
        let last = found.last().filter(|_| more)?;
        Some(format!("<{path}?n={}&last={last}>; rel=\"next\"", self.limit))
    }
}

/// `/v2/_catalog`
pub(crate) async fn catalog(shared: &Arc<Shared>, uri: &Uri) -> Result<Response, Refusal> {
    let page = Page::of(uri)?;
    let (registry, last, limit) = (shared.registry.clone(), page.last.clone(), page.limit + 1);
    let mut found =
        shared.ask(move |store| store.repositories(&registry, last.as_deref(), limit)).await?;
    let link = page.cut("/v2/_catalog", &mut found);
    Ok(linked(link).json(&json!({ "repositories": found })))
}

/// `/v2/<name>/tags/list`
pub(crate) async fn tags(shared: &Arc<Shared>, name: &str, uri: &Uri) -> Result<Response, Refusal> {
    shared.repository(name)?;
    let page = Page::of(uri)?;
    let (registry, repository) = (shared.registry.clone(), name.to_owned());
    let (last, limit) = (page.last.clone(), page.limit + 1);
    let mut found = shared
        .ask(move |store| {
            let found = store.tags(&registry, &repository, last.as_deref(), limit)?;
            let known = !found.is_empty()
                || last.is_some() && !store.tags(&registry, &repository, None, 1)?.is_empty();
            Ok(known.then_some(found))
        })
        .await?
        .ok_or_else(|| Refusal::new(Code::NameUnknown, "the registry has no such repository"))?;
    let link = page.cut(&format!("/v2/{name}/tags/list"), &mut found);
    Ok(linked(link).json(&json!({ "name": name, "tags": found })))
}

fn linked(link: Option<String>) -> Reply {
    let reply = Reply::new(StatusCode::OK);
    match link {
        Some(link) => reply.with(LINK, link),
        None => reply,
    }
}
