//! Why a registry could not give what was asked of it.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use strata_spec::{Digest, DocumentError, MediaType};
use thiserror::Error;

use crate::{RateLimitKind, Words};

/// A registry could not be asked, refused, or gave something wrong.
///
/// URLs in these are shown without query and user, where secrets would be.
#[derive(Debug, Error)]
pub enum RemoteError {
    /// The HTTP client could not be built.
    #[error("cannot set up the connection to registries: {source}")]
    Setup {
        /// Why.
        source: reqwest::Error,
    },
    /// A file of certificates could not be read.
    #[error("cannot read certificates from `{}`: {source}", path.display())]
    CertificateFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file of certificates holds something else.
    #[error("cannot use the certificates in `{}`: {source}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// Why.
        source: reqwest::Error,
    },
    /// A file of registries is not of the known form.
    #[error("cannot follow `{}`: {reason}", path.display())]
    RegistriesFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A configuration forbids to ask.
    #[error("the configuration of this machine forbids `{name}`")]
    Blocked {
        /// The registry, or the repository on it.
        name: String,
    },
    /// What is spoken to without TLS wants TLS.
    #[error("`{host}` speaks TLS only")]
    SpeaksTls {
        /// The host, with its port.
        host: String,
    },
    /// A text does not name a host.
    #[error("`{registry}` is not the address of a registry")]
    RegistryName {
        /// The text.
        registry: String,
    },
    /// No such host: the name has no address, or there is no network to ask for one.
    #[error("cannot find the host `{host}`: {source}")]
    HostUnknown {
        /// The host.
        host: String,
        /// What the resolver said.
        source: reqwest::Error,
    },
    /// The host does not answer: refused, no route, or no connection in time.
    #[error("cannot connect to `{host}`: {reason}")]
    Unreachable {
        /// The host, with its port where that is not the usual one.
        host: String,
        /// What the system said.
        reason: String,
        /// The whole story.
        source: reqwest::Error,
    },
    /// No trusted connection: the certificate is not accepted, or the other side does not speak TLS.
    #[error("cannot make a trusted connection to `{host}`: {reason}")]
    Tls {
        /// The host, with its port where that is not the usual one.
        host: String,
        /// What is wrong.
        reason: String,
        /// The whole story.
        source: reqwest::Error,
    },
    /// What answers is no registry.
    #[error("`{registry}` is not a registry: `{url}` answered with {found}")]
    NotARegistry {
        /// The registry that was asked for.
        registry: String,
        /// What was requested.
        url: String,
        /// What came instead.
        found: String,
    },
    /// A login is needed, or the one that was used is wrong. Some registries say so of what does not exist.
    #[error("`{registry}` does not let {} read `{repository}`{words}", if *tried_login { "this login" } else { "anybody without a login" })]
    Unauthorized {
        /// The registry, as references name it.
        registry: String,
        /// The repository; empty where the registry itself was asked.
        repository: String,
        /// Whether a login was sent.
        tried_login: bool,
        /// The registry's words.
        words: Words,
    },
    /// The registry knows who asks, and refuses.
    #[error("`{registry}` refuses `{url}`{words}")]
    Denied {
        /// The registry, as references name it.
        registry: String,
        /// What was requested.
        url: String,
        /// The registry's words.
        words: Words,
    },
    /// The registry has no such repository.
    #[error("`{registry}` has no repository `{repository}`{words}")]
    RepositoryUnknown {
        /// The registry, as references name it.
        registry: String,
        /// The repository.
        repository: String,
        /// The registry's words.
        words: Words,
    },
    /// The repository has no such tag or manifest.
    #[error("`{registry}/{repository}` has no `{target}`{words}")]
    ManifestUnknown {
        /// The registry, as references name it.
        registry: String,
        /// The repository.
        repository: String,
        /// The tag or digest.
        target: String,
        /// The registry's words.
        words: Words,
    },
    /// The repository names a blob that the registry does not have.
    #[error("`{registry}/{repository}` does not have the blob {}{words}", digest.short())]
    BlobUnknown {
        /// The registry, as references name it.
        registry: String,
        /// The repository.
        repository: String,
        /// The blob.
        digest: Box<Digest>,
        /// The registry's words.
        words: Words,
    },
    /// A layer that its makers keep outside of registries. Its other addresses are not asked.
    #[error("the layer {} is not in `{registry}/{repository}`: its makers keep it elsewhere", digest.short())]
    ForeignLayer {
        /// The registry, as references name it.
        registry: String,
        /// The repository.
        repository: String,
        /// The layer.
        digest: Box<Digest>,
        /// Where its makers keep it, as the manifest says.
        urls: Vec<String>,
    },
    /// Too many requests.
    #[error("`{registry}` {kind}{}{words}", wait(*retry_after))]
    RateLimited {
        /// The registry, as references name it.
        registry: String,
        /// Of what there were too many.
        kind: RateLimitKind,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
        /// The registry's words.
        words: Words,
    },
    /// The registry does not list its repositories.
    #[error("`{registry}` does not list its repositories{words}")]
    NoCatalog {
        /// The registry, as references name it.
        registry: String,
        /// The registry's words.
        words: Words,
    },
    /// The registry failed.
    #[error("`{registry}` failed with status {status}{words}")]
    Server {
        /// The registry, as references name it.
        registry: String,
        /// What was requested.
        url: String,
        /// The HTTP status.
        status: u16,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
        /// The registry's words.
        words: Words,
    },
    /// An answer that the specification does not know.
    #[error("`{url}` answered with status {status}{words}")]
    Unexpected {
        /// What was requested.
        url: String,
        /// The HTTP status.
        status: u16,
        /// The registry's words.
        words: Words,
    },
    /// More bytes than anything of its kind may have.
    #[error("`{url}` is larger than {limit_bytes} bytes")]
    TooLarge {
        /// What was requested.
        url: String,
        /// The limit.
        limit_bytes: u64,
    },
    /// Other bytes than the digest says.
    #[error("`{url}` has the digest {} where {} was expected", found.short(), expected.short())]
    DigestMismatch {
        /// What was requested.
        url: String,
        /// The digest that was asked for or announced.
        expected: Box<Digest>,
        /// The digest of what came.
        found: Box<Digest>,
    },
    /// Another number of bytes than was announced.
    #[error("`{url}` has {found} bytes where {expected} were expected")]
    SizeMismatch {
        /// What was requested.
        url: String,
        /// The size that a descriptor or the registry announced.
        expected: u64,
        /// The size of what came; where more came than expected, the first count that was too many.
        found: u64,
    },
    /// A document says it is something else than was announced.
    #[error("`{url}` is {} where {} was announced", found.as_str(), expected.as_str())]
    ContentTypeMismatch {
        /// What was requested.
        url: String,
        /// What was announced.
        expected: Box<MediaType>,
        /// What it says it is.
        found: Box<MediaType>,
    },
    /// A manifest or index that is not one.
    #[error("cannot read `{url}`: {source}")]
    Document {
        /// What was requested.
        url: String,
        /// What is wrong with it.
        source: DocumentError,
    },
    /// The connection broke, and trying again did not help.
    #[error("the connection to `{host}` broke after {received} bytes of `{url}`")]
    Interrupted {
        /// The host.
        host: String,
        /// What was requested.
        url: String,
        /// Bytes of it that had come.
        received: u64,
        /// How it broke, where the connection says so.
        source: Option<reqwest::Error>,
    },
    /// Nothing came for too long.
    #[error("`{host}` sent nothing of `{url}` for {} seconds, after {received} bytes", quiet.as_secs())]
    Stalled {
        /// The host.
        host: String,
        /// What was requested.
        url: String,
        /// Bytes of it that had come.
        received: u64,
        /// How long nothing came.
        quiet: Duration,
    },
    /// Bytes come, but so slowly that there is no end in sight.
    #[error("`{host}` sends `{url}` at {bytes_per_second} bytes a second, less than {least}")]
    TooSlow {
        /// The host.
        host: String,
        /// What was requested.
        url: String,
        /// The rate.
        bytes_per_second: u64,
        /// The least rate.
        least: u64,
    },
    /// The registry sends us for a token to a host that must not see this request.
    #[error("`{registry}` asks to sign in at `{realm}`, which is refused: {reason}")]
    RealmRefused {
        /// The registry, as references name it.
        registry: String,
        /// Where it wants us to ask for a token.
        realm: String,
        /// The host of that, which the user may allow.
        host: String,
        /// Why it is refused.
        reason: &'static str,
        /// Whether it would be right if the user allowed that host to see the login.
        can_be_allowed: bool,
    },
    /// The token service's answer holds no token that could be used.
    #[error("the token service `{realm}` of `{registry}` gave no usable token: {reason}")]
    TokenInvalid {
        /// The registry, as references name it.
        registry: String,
        /// The token service.
        realm: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// A redirect that must not be followed.
    #[error("`{url}` redirects to `{to}`, which is refused: {reason}")]
    RedirectRefused {
        /// What was requested.
        url: String,
        /// Where it points to.
        to: String,
        /// Why it is refused.
        reason: &'static str,
    },
    /// A credential helper did not do its part. No other login is tried in its place.
    #[error("the credential helper `{helper}` failed for `{registry}`: {reason}{words}")]
    HelperFailed {
        /// The helper's name, as in the file that names it.
        helper: String,
        /// The registry, as references name it.
        registry: String,
        /// What went wrong.
        reason: &'static str,
        /// What the helper said.
        words: Words,
        /// What the system said.
        source: Option<io::Error>,
    },
    /// A file of logins is not JSON of the known form. What stands there is not quoted: it may be a password.
    #[error("the file of logins is not of a known form: line {line}, column {column}")]
    LoginFile {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A login cannot be sent as it is.
    #[error("the login for `{registry}` cannot be used: {reason}")]
    LoginInvalid {
        /// The registry, as references name it.
        registry: String,
        /// Why.
        reason: &'static str,
    },
    /// A login that is kept cannot be read. No other login is tried in its place.
    #[error("cannot read the login for `{registry}` from {place}: {reason}")]
    LoginUnread {
        /// The registry, as references name it.
        registry: String,
        /// Where it is kept.
        place: &'static str,
        /// Why.
        reason: String,
    },
    /// The search for a login ended without an answer.
    #[error("the search for a login for `{registry}` ended without an answer")]
    LookupLost {
        /// The registry, as references name it.
        registry: String,
    },
}

fn wait(asked: Option<Duration>) -> String {
    asked.map_or_else(String::new, |asked| format!(" {} seconds", asked.as_secs()))
}
