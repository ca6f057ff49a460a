//! A request as the registry's API knows it: signed in, redirected and tried again as often as is due.

use std::future::Future;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, HeaderValue, RANGE};
use reqwest::{Method, Request, Response, StatusCode, Url};
use strata_spec::Digest;

use crate::authorization::Grant;
use crate::endpoint::Endpoint;
use crate::redirect::{self, MAX_REDIRECTS};
use crate::refusal::refusal;
use crate::retry::Tries;
use crate::watcher::{Label, Purpose};
use crate::{Client, RemoteError, origin};

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The registry itself.
    Root,
    /// A manifest or index, by tag or digest.
    Manifest(String),
    /// A blob.
    Blob(Digest),
    /// The list of tags.
    Tags,
    /// The list of repositories.
    Catalog,
    /// What refers to a manifest.
    Referrers(Digest),
    /// Docker Hub's web API, which is no registry.
    Hub,
}

/// Whether a login was behind the request that an answer is to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HasLogin(pub bool);

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub endpoint: Endpoint,
    /// The repository; empty where the registry itself is asked.
    pub repository: String,
    pub subject: Subject,
    pub method: Method,
    pub url: Url,
    /// What may come.
    pub accept: &'static str,
    /// The first byte that is wanted.
    pub from: u64,
}

impl Ask {
    /// The leave that this request needs, as token services name it; none to be let in at all.
    pub fn scope(&self) -> Option<String> {
        match self.subject {
            Subject::Catalog => Some("registry:catalog:*".to_owned()),
            _ if self.repository.is_empty() => None,
            _ => Some(format!("repository:{}:pull", self.repository)),
        }
    }

    /// What it is about, for those who watch.
    pub fn label(&self) -> Label {
        let (purpose, subject) = match &self.subject {
            Subject::Root => (Purpose::Ping, None),
            Subject::Manifest(target) => (Purpose::Manifest, Some(target.clone())),
            Subject::Blob(digest) => (Purpose::Blob, Some(digest.to_string())),
            Subject::Tags => (Purpose::Tags, None),
            Subject::Catalog => (Purpose::Catalog, None),
            Subject::Referrers(digest) => (Purpose::Referrers, Some(digest.to_string())),
            Subject::Hub => (Purpose::Hub, None),
        };
        let (registry, repository) = (self.endpoint.registry.clone(), self.repository.clone());
        Label { purpose, registry, repository, subject, host: None }
    }
}

impl Client {
    /// Asks until there is an answer, or a failure that will not pass.
    pub(crate) async fn exchange(&self, ask: &Ask) -> Result<Response, RemoteError> {
        self.persist(|| self.attempt(ask)).await
    }

    /// Does something until it succeeds, or fails in a way that will not pass.
    pub(crate) async fn persist<T, F, Attempt>(&self, attempt: F) -> Result<T, RemoteError>
    where
        F: Fn() -> Attempt,
        Attempt: Future<Output = Result<T, RemoteError>>,
    {
        let mut tries = Tries::new(self.options().attempts);
        loop {
            let error = match attempt().await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            match error.passing().and_then(|asked| tries.wait(asked)) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            }
        }
    }

    /// Asks once; twice where the registry first wants to know who we are. Gives successes, and 416 for a part.
    pub(crate) async fn attempt_at(&self, ask: &Ask) -> Result<Response, RemoteError> {
        let mut grant = self.grants().known(ask);
        let mut fresh = false;
        loop {
            let mut response = self.follow(ask, grant.as_ref()).await?;
            let status = response.status();
            let has_login = grant.as_ref().is_some_and(|grant| grant.login);
            response.extensions_mut().insert(HasLogin(has_login));
            if status.is_success() || ask.from > 0 && status == StatusCode::RANGE_NOT_SATISFIABLE {
                return Ok(response);
            }
            let ours = origin::same(response.url(), &ask.url);
            if status == StatusCode::UNAUTHORIZED && ours && !fresh {
                // What was known may have run out, or was given to somebody without a login.
                self.grants().forget(ask);
                let granted = self.authorize(ask, response).await?;
                fresh = true;
                grant = Some(granted);
                continue;
            }
            if fresh {
                self.grants().forget(ask);
            }
            let tried_login = grant.is_some_and(|grant| grant.login);
            return Err(refusal(ask, response, tried_login).await);
        }
    }

    /// Asks once, and never says who we are.
    pub(crate) async fn attempt_anonymously(&self, ask: &Ask) -> Result<Response, RemoteError> {
        let response = self.follow(ask, None).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(refusal(ask, response, false).await)
    }

    /// Sends a request and goes where its redirects lead. The login stays with the origin it belongs to.
    async fn follow(&self, ask: &Ask, grant: Option<&Grant>) -> Result<Response, RemoteError> {
        let mut url = ask.url.clone();
        let mut authorization = grant.map(|grant| grant.header.clone());
        let label = ask.label();
        for _ in 0..=MAX_REDIRECTS {
            let request = request(ask, &url, authorization.as_ref());
            let response = self.send(&label, request).await?;
            // What Docker Hub's web API allows is not what its registry allows.
            if origin::same(&url, &ask.url) && ask.subject != Subject::Hub {
                self.notes().limits.note(&label.registry, response.headers());
                self.notes().warnings.note(&label.registry, response.headers());
            }
            let Some(next) = redirect::target(&response)? else {
                return Ok(response);
            };
            if !origin::same(&url, &next) {
                // Nor does it come back where a redirect leads back: the way there was not ours.
                authorization = None;
            }
            url = next;
        }
        Err(RemoteError::RedirectRefused {
            url: origin::shown(&ask.url),
            to: origin::shown(&url),
            reason: "there are too many in a row",
        })
    }
}

fn request(ask: &Ask, url: &Url, authorization: Option<&HeaderValue>) -> Request {
    let mut request = Request::new(ask.method.clone(), url.clone());
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static(ask.accept));
    // The bytes of a blob are what its digest is of: nothing may be packed around them on the way.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if ask.from > 0
        && let Ok(range) = HeaderValue::from_str(&format!("bytes={}-", ask.from))
    {
        headers.insert(RANGE, range);
    }
    if let Some(authorization) = authorization {
        headers.insert(AUTHORIZATION, authorization.clone());
    }
    request
}
