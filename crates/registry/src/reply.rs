//! Answers that say yes.

use std::fmt::Display;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::Value;

/// The header that names the content of an answer.
pub(crate) const DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
/// The header that names an upload.
pub(crate) const UPLOAD: HeaderName = HeaderName::from_static("docker-upload-uuid");
/// The header by which clients know a registry.
pub(crate) const VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");

/// An answer in the making.
pub(crate) struct Reply(Response);

impl Reply {
    /// One without a body.
    pub fn new(status: StatusCode) -> Self {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        Self(response)
    }

    /// A header. One that cannot be sent is left out.
    pub fn with(mut self, name: HeaderName, value: impl Display) -> Self {
        if let Ok(value) = HeaderValue::from_str(&format!("{value}")) {
            self.0.headers_mut().insert(name, value);
        }
        self
    }

    /// The body, of `length` bytes.
    pub fn body(mut self, kind: &str, length: u64, body: Body) -> Response {
        self = self.with(CONTENT_TYPE, kind).with(CONTENT_LENGTH, length);
        *self.0.body_mut() = body;
        self.0
    }

    /// A JSON document as body.
    pub fn json(self, document: &Value) -> Response {
        let text = document.to_string();
        self.body("application/json", text.len() as u64, Body::from(text))
    }

    /// Nothing as body.
    pub fn empty(self) -> Response {
        self.0
    }
}
