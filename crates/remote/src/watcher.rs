//! Registry X-ray: every request and its answer, told as they happen to whoever watches. Nothing secret is told.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::header::{
    AUTHORIZATION, CONTENT_LENGTH, HeaderMap, HeaderName, LOCATION, RANGE, WWW_AUTHENTICATE,
};
use reqwest::{Request, Response, StatusCode, Url, Version};
use tokio::time::Instant;

use crate::retry::retry_after;
use crate::shown_path::shown_path;
use crate::{RemoteError, challenge, origin, redirect, warnings};

/// Headers in which servers name a request for their own support, the usual one first.
const REQUEST_IDS: [&str; 5] =
    ["x-request-id", "docker-request-id", "x-amz-request-id", "x-ms-request-id", "cf-ray"];
/// The longest name of a request that is told, in bytes.
const MAX_REQUEST_ID_BYTES: usize = 128;
/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Is there a registry?
    Ping,
    /// May we?
    Token,
    /// A manifest or index.
    Manifest,
    /// A layer or config.
    Blob,
    /// A page of tags.
    Tags,
    /// A page of repositories.
    Catalog,
    /// What refers to an image.
    Referrers,
    /// Docker Hub's search and tag pages.
    Hub,
}

/// How a request was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signed {
    /// Not at all.
    No,
    /// With user and password.
    Basic,
    /// With a token.
    Bearer,
}

/// A request that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its number, different from that of every other request of this process.
    pub id: u64,
    /// What it is for.
    pub purpose: Purpose,
    /// `GET`, `HEAD`, `POST`.
    pub method: String,
    /// Scheme, host and port.
    pub origin: String,
    /// The path, and of the query what is no secret.
    pub path: String,
    /// The registry, as references name it.
    pub registry: String,
    /// The repository; empty where it is about none.
    pub repository: String,
    /// The tag or digest it is about, where it is about one.
    pub subject: Option<String>,
    /// How it is signed.
    pub signed: Signed,
    /// The first byte that is asked for, where that is not the beginning.
    pub range_from: Option<u64>,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerKind {
    /// What was asked for.
    Ok,
    /// A part of it (206).
    Part,
    /// Who are you? (401)
    Challenge {
        /// The schemes that are offered.
        schemes: Vec<String>,
    },
    /// Ask elsewhere.
    Redirect {
        /// The host that it leads to.
        host: String,
        /// It leaves the origin: a login stays behind.
        leaves: bool,
    },
    /// Nothing of that name (404).
    NotFound,
    /// No.
    Refused,
    /// Too many requests (429).
    RateLimited,
    /// The server failed.
    ServerError,
    /// No answer.
    Failed {
        /// Why.
        reason: String,
    },
}

/// The head of an answer, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: Option<u16>,
    /// How long it took.
    pub took: Duration,
    /// What it means.
    pub kind: AnswerKind,
    /// How long the server asks to wait before the next request.
    pub retry_after: Option<Duration>,
    /// How many bytes of a body it announces.
    pub bytes_announced: Option<u64>,
    /// The server's own name for this request.
    pub request_id: Option<String>,
    /// What the server wants people to know.
    pub warnings: Vec<String>,
    /// The version of HTTP: `HTTP/2.0`.
    pub http_version: Option<String>,
}

/// Somebody who is told of every request. Must not block.
pub trait Watcher: Send + Sync {
    /// A request is about to be sent.
    fn began(&self, asked: &Asked);
    /// Its answer's head has come, or none will.
    fn answered(&self, id: u64, answered: &Answered);
    /// So many bytes of its body have come in all.
    fn received(&self, id: u64, bytes: u64);
}

/// What a request is about, for those who watch.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub purpose: Purpose,
    pub registry: String,
    pub repository: String,
    pub subject: Option<String>,
    /// The host of the registry that a token service speaks for: what is trusted for the one is for the other.
    pub host: Option<String>,
}

/// A request that is watched, from its sending to the end of its body.
#[derive(Clone)]
pub(crate) struct Watched {
    watcher: Arc<dyn Watcher>,
    id: u64,
    began: Instant,
}

impl Watched {
    /// Tells that a request is about to be sent.
    pub fn begin(watcher: &Arc<dyn Watcher>, label: &Label, request: &Request) -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let id = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        watcher.began(&Asked {
            id,
            purpose: label.purpose,
            method: request.method().to_string(),
            origin: shown_origin(request.url()),
            path: shown_path(request.url()),
            registry: label.registry.clone(),
            repository: label.repository.clone(),
            subject: label.subject.clone(),
            signed: signed(request.headers()),
            range_from: range_from(request.headers()),
        });
        Self { watcher: Arc::clone(watcher), id, began: Instant::now() }
    }

    /// Tells what came of it.
    pub fn end(&self, answer: &Result<Response, RemoteError>) {
        let took = self.began.elapsed();
        let answered = match answer {
            Ok(response) => Answered {
                status: Some(response.status().as_u16()),
                took,
                kind: kind(response),
                retry_after: retry_after(response.headers()),
                bytes_announced: bytes_announced(response.headers()),
                request_id: request_id(response.headers()),
                warnings: warnings::read(response.headers()),
                http_version: Some(version(response.version()).to_owned()),
            },
            Err(error) => Answered {
                status: None,
                took,
                kind: AnswerKind::Failed { reason: error.to_string() },
                retry_after: None,
                bytes_announced: None,
                request_id: None,
                warnings: Vec::new(),
                http_version: None,
            },
        };
        self.watcher.answered(self.id, &answered);
    }

    /// Tells how much of the body has come in all.
    pub fn received(&self, bytes: u64) {
        self.watcher.received(self.id, bytes);
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").field("id", &self.id).finish_non_exhaustive()
    }
}

fn shown_origin(url: &Url) -> String {
    format!("{}://{}", url.scheme(), origin::host_and_port(url))
}

fn bytes_announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn signed(headers: &HeaderMap) -> Signed {
    match headers.get(AUTHORIZATION).map(reqwest::header::HeaderValue::as_bytes) {
        None => Signed::No,
        Some(value) if value.starts_with(b"Basic ") => Signed::Basic,
        Some(_) => Signed::Bearer,
    }
}

fn range_from(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes=")?.split('-').next()?.parse().ok()
}

fn kind(response: &Response) -> AnswerKind {
    let status = response.status();
    match status {
        StatusCode::UNAUTHORIZED => {
            let offers = response.headers().get_all(WWW_AUTHENTICATE).iter();
            let offers = offers.filter_map(|value| value.to_str().ok()).flat_map(challenge::parse);
            AnswerKind::Challenge { schemes: offers.map(|offer| offer.scheme).collect() }
        }
        StatusCode::NOT_FOUND => AnswerKind::NotFound,
        StatusCode::TOO_MANY_REQUESTS => AnswerKind::RateLimited,
        StatusCode::PARTIAL_CONTENT => AnswerKind::Part,
        status if status.is_redirection() && response.headers().contains_key(LOCATION) => {
            match redirect::target(response) {
                Ok(Some(to)) => AnswerKind::Redirect {
                    host: origin::host_and_port(&to),
                    leaves: !origin::same(response.url(), &to),
                },
                Ok(None) => AnswerKind::Refused,
                Err(error) => AnswerKind::Failed { reason: error.to_string() },
            }
        }
        status if status.is_server_error() => AnswerKind::ServerError,
        status if status.is_success() => AnswerKind::Ok,
        _ => AnswerKind::Refused,
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    REQUEST_IDS.iter().find_map(|name| {
        let value = headers.get(HeaderName::from_static(name))?.to_str().ok()?.trim();
        let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic());
        plain.then(|| value[..value.len().min(MAX_REQUEST_ID_BYTES)].to_owned())
    })
}

/// The version of HTTP as it is written.
pub(crate) fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "HTTP/0.9",
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2.0",
        Version::HTTP_3 => "HTTP/3.0",
        _ => "HTTP/1.1",
    }
}
