//! What an answer that is no success means.

use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode};

use crate::body::read_complaint;
use crate::exchange::{Ask, Subject};
use crate::rate_limit::RateLimitKind;
use crate::retry::retry_after;
use crate::words::Complaint;
use crate::{RemoteError, Words, origin};

/// Whether an answer is a page for browsers.
pub(crate) fn is_html(response: &Response) -> bool {
    response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| text.trim().to_ascii_lowercase().starts_with("text/html"))
}

/// Reads an answer that is no success. `tried_login` says whether a login was behind the request.
pub(crate) async fn refusal(ask: &Ask, response: Response, tried_login: bool) -> RemoteError {
    let status = response.status();
    let own = origin::same(response.url(), &ask.url);
    let url = origin::shown(response.url());
    let retry_after = retry_after(response.headers());
    let headers = response.headers().clone();
    let is_html = is_html(&response);
    let body = read_complaint(response).await;
    let complaint = Complaint::read(&body, is_html);
    if status == StatusCode::BAD_REQUEST && ask.url.scheme() == "http" && speaks_tls(&body) {
        return RemoteError::SpeaksTls { host: origin::host_and_port(&ask.url) };
    }
    let registry = ask.endpoint.registry.clone();
    let (words, repository) = (complaint.words.clone(), ask.repository.clone());
    match status {
        // It knows us, and lists them to others at most.
        StatusCode::UNAUTHORIZED if tried_login && ask.subject == Subject::Catalog => {
            RemoteError::NoCatalog { registry, words }
        }
        StatusCode::UNAUTHORIZED if own => {
            RemoteError::Unauthorized { registry, repository, tried_login, words }
        }
        StatusCode::FORBIDDEN if ask.subject == Subject::Catalog => {
            RemoteError::NoCatalog { registry, words }
        }
        StatusCode::FORBIDDEN => RemoteError::Denied { registry, url, words },
        StatusCode::NOT_FOUND if own => unknown(ask, &complaint, words, url),
        StatusCode::TOO_MANY_REQUESTS => {
            let kind = RateLimitKind::read(&headers, &words);
            RemoteError::RateLimited { registry, kind, retry_after, words }
        }
        status if status.is_server_error() => {
            let status = status.as_u16();
            RemoteError::Server { registry, url, status, retry_after, words }
        }
        StatusCode::METHOD_NOT_ALLOWED if ask.subject == Subject::Catalog => {
            RemoteError::NoCatalog { registry, words }
        }
        status => RemoteError::Unexpected { url, status: status.as_u16(), words },
    }
}

/// Servers written in Go, nginx and others answer so where they are spoken to without TLS.
fn speaks_tls(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    text.contains("HTTP request to an HTTPS server")
        || text.contains("plain HTTP request was sent to HTTPS")
}

fn unknown(ask: &Ask, complaint: &Complaint, words: Words, url: String) -> RemoteError {
    let (registry, repository) = (ask.endpoint.registry.clone(), ask.repository.clone());
    match &ask.subject {
        Subject::Root => {
            let found = format!("status {}", StatusCode::NOT_FOUND.as_u16());
            RemoteError::NotARegistry { registry, url, found }
        }
        _ if complaint.has("NAME_UNKNOWN") && !repository.is_empty() => {
            RemoteError::RepositoryUnknown { registry, repository, words }
        }
        Subject::Catalog => RemoteError::NoCatalog { registry, words },
        Subject::Hub => {
            RemoteError::Unexpected { url, status: StatusCode::NOT_FOUND.as_u16(), words }
        }
        Subject::Tags => RemoteError::RepositoryUnknown { registry, repository, words },
        Subject::Referrers(digest) => {
            let target = digest.to_string();
            RemoteError::ManifestUnknown { registry, repository, target, words }
        }
        Subject::Manifest(target) => {
            let target = target.clone();
            RemoteError::ManifestUnknown { registry, repository, target, words }
        }
        Subject::Blob(digest) => {
            let digest = Box::new(digest.clone());
            RemoteError::BlobUnknown { registry, repository, digest, words }
        }
    }
}
