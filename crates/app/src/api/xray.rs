//! Registry X-ray: what was asked of registries and what they answered. Nothing secret is in it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whose requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum XrayScope {
    /// Those of one job.
    Job {
        /// Its number.
        id: u64,
    },
    /// Those of looking, signing in and testing: all that is no job.
    Session,
}

/// Which part of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct XrayRead {
    /// Whose requests.
    pub scope: XrayScope,
    /// Only what changed after this version; 0 for all.
    pub since: u64,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum XrayPurpose {
    /// Is there a registry?
    Ping,
    /// May we?
    Token,
    /// What does this name point to, or this digest hold?
    Manifest,
    /// A layer or config.
    Blob,
    /// Which tags are there?
    Tags,
    /// Which repositories are there?
    Catalog,
    /// What refers to this image?
    Referrers,
    /// Docker Hub's search or tag pages.
    Hub,
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum XrayOutcome {
    /// No answer yet.
    Waiting,
    /// What was asked for.
    Answered,
    /// A part of it, from the byte that was asked for.
    Part,
    /// Who are you? (401)
    Challenged,
    /// Ask there.
    Redirected,
    /// Nothing of that name.
    NotFound,
    /// No.
    Refused,
    /// Too many requests.
    Limited,
    /// The registry failed.
    ServerFailed,
    /// No answer, or it broke off.
    Broken,
}

/// How a request was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum XraySigned {
    /// Not at all.
    No,
    /// With user and password.
    Basic,
    /// With a token.
    Bearer,
}

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct XrayRequest {
    /// Its number within the scope, from 1.
    pub id: u64,
    /// When it was sent, in milliseconds since the scope began.
    pub at_millis: u64,
    /// What it is for.
    pub purpose: XrayPurpose,
    /// What came of it.
    pub outcome: XrayOutcome,
    /// `GET`, `HEAD`, `POST`.
    pub method: String,
    /// Where it went: scheme, host and port.
    pub origin: String,
    /// What was asked for: path and what of the query is no secret.
    pub path: String,
    /// The registry, as references name it.
    pub registry: String,
    /// The tag or digest that it is about, where it is about one.
    pub subject: Option<String>,
    /// How it was signed. The signature itself is never kept.
    pub signed: XraySigned,
    /// The first byte that was asked for, where that is not the beginning.
    pub range_from: Option<u64>,
    /// Which try it is, from 1.
    pub attempt: u32,
    /// The answer's status.
    pub status: Option<u16>,
    /// How long the answer's head took, in milliseconds.
    pub millis: Option<u64>,
    /// Bytes of the answer's body that came.
    pub bytes: Option<u64>,
    /// The version of HTTP.
    pub http_version: Option<String>,
    /// The schemes that a challenge offers, or the host that a redirect leads to.
    pub detail: Option<String>,
    /// A redirect that leaves the origin: the login stayed behind.
    pub login_dropped: bool,
    /// The registry's own name for this request, for its support.
    pub request_id: Option<String>,
    /// What the registry wants people to know.
    pub warnings: Vec<String>,
    /// Why there is no answer.
    pub reason: Option<String>,
}

/// A ladder, or what changed in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Xray {
    /// The version that this brings a reader to.
    pub version: u64,
    /// How many requests there were in all; only the last 2,000 are kept.
    pub total: u64,
    /// The requests that are new or changed, in the order they were sent.
    pub requests: Vec<XrayRequest>,
}
