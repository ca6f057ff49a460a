//! Registries: who we are to each of them, how each is reached, and what each says of itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::UserError;

/// Where a login is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum LoginPlace {
    /// In memory, until Strata ends.
    Session,
    /// In the system's keychain.
    Keychain,
    /// With a credential helper of Docker's protocol.
    Helper {
        /// Its name: `docker-credential-NAME`.
        name: String,
    },
    /// In a file of another tool, which only that tool changes.
    File {
        /// The file.
        path: String,
    },
}

/// A login that there is for a registry. Its password is never told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KnownLogin {
    /// The user, where that is known without asking for the password.
    pub username: Option<String>,
    /// Where it is kept.
    pub place: LoginPlace,
}

/// How many requests a registry allows, as its last answer said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RateLimit {
    /// Requests in one window.
    pub limit: u64,
    /// Of these, those that are left.
    pub remaining: u64,
    /// The length of the window, in seconds, where it is told.
    pub window_seconds: Option<u64>,
    /// By what they are counted: an address or an account, as the registry says.
    pub source: Option<String>,
    /// When that was said.
    pub seen_at: String,
}

/// One registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RegistryEntry {
    /// The name that references have: `docker.io`, `localhost:5150`.
    pub registry: String,
    /// Somebody added it here, so that it can be taken away again.
    pub is_added: bool,
    /// How many images of it are in the store.
    pub images: u64,
    /// The login that is used, if there is one.
    pub login: Option<KnownLogin>,
    /// It is spoken to without TLS.
    pub is_plain_http: bool,
    /// It is this machine itself.
    pub is_loopback: bool,
    /// Certificates of its own are trusted for it: the folders that hold them.
    pub certificate_folders: Vec<String>,
    /// A certificate that was added here, which can be taken away again.
    pub has_own_certificate: bool,
    /// Where its images are asked for first, in this order.
    pub mirrors: Vec<String>,
    /// A configuration forbids it.
    pub is_blocked: bool,
    /// Token services on other hosts that may see its password, as somebody allowed.
    pub trusted_realms: Vec<String>,
    /// How many requests it allows.
    pub rate_limit: Option<RateLimit>,
    /// What it lately wanted people to know (`Warning` headers).
    pub warnings: Vec<String>,
}

/// All registries that are known, and where logins can be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RegistryList {
    /// The registries: Docker Hub first, then by name.
    pub registries: Vec<RegistryEntry>,
    /// Whether the system's keychain can be used.
    pub has_keychain: bool,
    /// Why it cannot.
    pub keychain_reason: Option<String>,
    /// The credential helpers on this machine.
    pub helpers: Vec<String>,
    /// The configuration files of other tools that are followed.
    pub followed_files: Vec<String>,
}

/// Which registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RegistryNamed {
    /// Its name.
    pub registry: String,
}

/// A login, and where to keep it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The registry's host, with its port if it has one.
    pub registry: String,
    /// The user.
    pub username: String,
    /// The password or token.
    pub password: String,
    /// Where to keep it. A file is no such place.
    pub keep: LoginPlace,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("registry", &self.registry)
            .field("username", &self.username)
            .field("keep", &self.keep)
            .finish_non_exhaustive()
    }
}

/// What is left after signing out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignedOut {
    /// A login of another tool that will now be used.
    pub left: Option<KnownLogin>,
}

/// A token service that may see a registry's password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RealmApprove {
    /// The registry.
    pub registry: String,
    /// The token service's host, with its port if that is not 443.
    pub host: String,
    /// Whether it may, or may no more.
    pub allow: bool,
}

/// Certificates that are trusted for one registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CertificateWrite {
    /// The registry.
    pub registry: String,
    /// Certificates in PEM form; empty to trust none any more.
    pub pem: String,
}

/// What a registry answered when it was asked for nothing but an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RegistryTest {
    /// Why it did not work.
    pub error: Option<UserError>,
    /// It let us in with the login that there is.
    pub is_signed_in: bool,
    /// The version of HTTP that it speaks with us: `HTTP/2.0`.
    pub http_version: Option<String>,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

/// Which page of a registry's repositories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepositoriesRead {
    /// The registry.
    pub registry: String,
    /// The page that the one before named; none for the first.
    pub next: Option<String>,
}

/// A page of a registry's repositories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryPage {
    /// Their names.
    pub names: Vec<String>,
    /// The next page.
    pub next: Option<String>,
}

/// What to look for on Docker Hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HubSearch {
    /// A few words.
    pub query: String,
}

/// A repository that Docker Hub found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
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
    pub is_official: bool,
}
