//! How many requests a registry allows, as its answers say (Docker Hub: "Usage and rate limits"; elsewhere the fields
//! of the IETF draft "RateLimit header fields for HTTP").

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use reqwest::Method;
use reqwest::header::HeaderMap;
use strata_spec::Reference;

use crate::endpoint::DOCKER_HUB;
use crate::{Client, RemoteError};

/// How many registries' limits are remembered.
const MAX_REGISTRIES: usize = 256;
/// What a source may be long, in bytes.
const MAX_SOURCE_BYTES: usize = 128;

/// What a registry allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests in one window.
    pub limit: u64,
    /// Of these, those that are left.
    pub remaining: u64,
    /// The length of the window, in seconds, where it is told.
    pub window_seconds: Option<u64>,
    /// By what they are counted: an IP address, or the name of an account.
    pub source: Option<String>,
    /// Whether they are counted by address; `None` where the registry does not tell.
    pub by_address: Option<bool>,
    /// When that was said.
    pub seen_at: SystemTime,
}

impl RateLimit {
    /// Reads an answer's fields; `None` where they do not tell.
    pub(crate) fn read(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let (limit, window) = counted(text("ratelimit-limit")?)?;
        let (remaining, other) = counted(text("ratelimit-remaining")?)?;
        let source = text("docker-ratelimit-source").map(str::trim).filter(|source| {
            !source.is_empty()
                && source.len() <= MAX_SOURCE_BYTES
                && source.bytes().all(|byte| byte.is_ascii_graphic())
        });
        Some(Self {
            limit,
            remaining: remaining.min(limit),
            window_seconds: window.or(other),
            source: source.map(str::to_owned),
            by_address: source.map(|source| source.parse::<IpAddr>().is_ok()),
            seen_at: SystemTime::now(),
        })
    }
}

/// `100;w=21600`: a number and the window it is of. Of several limits the first counts.
fn counted(field: &str) -> Option<(u64, Option<u64>)> {
    let first = field.split(',').next()?;
    let mut parts = first.split(';').map(str::trim);
    let number = parts.next()?.parse().ok()?;
    let window = parts.find_map(|part| part.strip_prefix("w=")?.parse().ok());
    Some((number, window))
}

/// The last limits that registries told.
#[derive(Debug, Default)]
pub(crate) struct RateLimits {
    known: Mutex<HashMap<String, RateLimit>>,
}

impl RateLimits {
    /// Remembers what an answer says.
    pub fn note(&self, registry: &str, headers: &HeaderMap) {
        let Some(limit) = RateLimit::read(headers) else { return };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MAX_REGISTRIES || known.contains_key(registry) {
            known.insert(registry.to_owned(), limit);
        }
    }

    /// What a registry told last.
    pub fn of(&self, registry: &str) -> Option<RateLimit> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(registry).cloned()
    }
}

impl Client {
    /// What a registry told last of how many requests it allows; `None` if it told nothing.
    #[must_use]
    pub fn rate_limit(&self, registry: &str) -> Option<RateLimit> {
        self.notes().limits.of(registry)
    }

    /// Asks how many requests a registry allows, by a HEAD for a manifest, which is not counted. On Docker Hub the
    /// repository that is there for this is asked, whatever `reference` names.
    ///
    /// # Errors
    /// [`RemoteError`]; a manifest that is not there is none.
    pub async fn ask_rate_limit(
        &self,
        reference: &Reference,
    ) -> Result<Option<RateLimit>, RemoteError> {
        let asked = match reference.registry() {
            DOCKER_HUB => Reference::parse("ratelimitpreview/test:latest").ok(),
            _ => None,
        };
        let ask = self.manifest_ask(Method::HEAD, asked.as_ref().unwrap_or(reference))?;
        // A mirror knows nothing of it.
        let ask = self.at_home(&ask)?;
        match self.persist(|| self.attempt_at(&ask)).await {
            Ok(_)
            | Err(
                RemoteError::ManifestUnknown { .. }
                | RemoteError::RepositoryUnknown { .. }
                | RemoteError::RateLimited { .. },
            ) => Ok(self.rate_limit(&ask.endpoint.registry)),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(fields: &[(&'static str, &str)]) -> Option<RateLimit> {
        let headers = fields
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        RateLimit::read(&headers)
    }

    #[test]
    fn limits_are_read_as_docker_hub_and_others_write_them() {
        let limit = read(&[
            ("ratelimit-limit", "100;w=21600"),
            ("ratelimit-remaining", "76;w=21600"),
            ("docker-ratelimit-source", "192.0.2.7"),
        ])
        .unwrap();
        assert_eq!((limit.limit, limit.remaining, limit.window_seconds), (100, 76, Some(21_600)));
        assert_eq!((limit.source.as_deref(), limit.by_address), (Some("192.0.2.7"), Some(true)));
        let plain = read(&[("ratelimit-limit", "60"), ("ratelimit-remaining", "59")]).unwrap();
        assert_eq!((plain.limit, plain.remaining, plain.window_seconds), (60, 59, None));
        let several =
            read(&[("ratelimit-limit", "10, 10;w=1, 50;w=60"), ("ratelimit-remaining", "9")]);
        assert_eq!(several.unwrap().limit, 10);
    }

    #[test]
    fn nonsense_is_no_limit() {
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[("ratelimit-limit", "100;w=21600")]), None);
        assert_eq!(read(&[("ratelimit-limit", "many"), ("ratelimit-remaining", "1")]), None);
        assert_eq!(read(&[("ratelimit-limit", "-1"), ("ratelimit-remaining", "1")]), None);
    }
}
