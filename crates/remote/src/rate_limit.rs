//! How many requests a registry allows, as its answers say (Docker Hub: "Usage and rate limits"; elsewhere the fields
//! of the IETF draft "RateLimit header fields for HTTP").

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::Method;
use reqwest::header::HeaderMap;
use strata_spec::Reference;

use crate::endpoint::DOCKER_HUB;
use crate::{Client, RemoteError, Words};

/// How many registries' limits are remembered.
const MAX_REGISTRIES: usize = 256;
/// What a source may be long, in bytes.
const MAX_SOURCE_BYTES: usize = 128;
/// Fewer seconds than this are counted from now, more from 1970: it is the year 2001, or 31 years from now.
const FIRST_EPOCH: u64 = 1_000_000_000;
/// Nobody means a time as late as this, in the year 5138.
const LATEST_RESET: u64 = 100_000_000_000;

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
    /// When more are allowed again, where it is told: by a count of seconds, or by the server's clock.
    pub resets_at: Option<SystemTime>,
    /// When that was said.
    pub seen_at: SystemTime,
}

/// Of what there were too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateLimitKind {
    /// Images that an account or address may pull in a window of time. To wait a moment does not help.
    Pulls,
    /// Requests of any kind: the registry protects itself.
    Requests,
}

impl RateLimitKind {
    /// Reads a 429. Docker Hub's documentation ("Usage and limits") tells the two by what they say; where nothing is
    /// said, by a count of pulls that is used up.
    pub(crate) fn read(headers: &HeaderMap, words: &Words) -> Self {
        let said = words.text().unwrap_or_default().to_ascii_lowercase();
        let used_up = |limit: RateLimit| {
            limit.remaining == 0 && limit.window_seconds.is_some() && limit.resets_at.is_none()
        };
        match said.contains("pull rate limit") || RateLimit::read(headers).is_some_and(used_up) {
            true => Self::Pulls,
            false => Self::Requests,
        }
    }
}

impl fmt::Display for RateLimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pulls => "lets no more images be pulled for now, and asks to wait",
            Self::Requests => "asks to wait",
        })
    }
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
        let seen_at = SystemTime::now();
        Some(Self {
            limit,
            remaining: remaining.min(limit),
            window_seconds: window.or(other),
            source: source.map(str::to_owned),
            by_address: source.map(|source| source.parse::<IpAddr>().is_ok()),
            resets_at: text("ratelimit-reset").and_then(|text| reset(text, seen_at)),
            seen_at,
        })
    }
}

/// Seconds from now (the IETF draft) or since 1970 (GitLab).
fn reset(field: &str, now: SystemTime) -> Option<SystemTime> {
    let seconds: u64 = field.trim().parse().ok().filter(|seconds| *seconds < LATEST_RESET)?;
    let base = if seconds < FIRST_EPOCH { now } else { SystemTime::UNIX_EPOCH };
    base.checked_add(Duration::from_secs(seconds))
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

    fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
        let fields = fields.iter();
        fields.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn read(fields: &[(&'static str, &str)]) -> Option<RateLimit> {
        RateLimit::read(&headers(fields))
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
    fn a_limit_ends_after_some_seconds_or_at_some_second() {
        let resets = |text: &str| {
            let fields = [
                ("ratelimit-limit", "60"),
                ("ratelimit-remaining", "0"),
                ("ratelimit-reset", text),
            ];
            let limit = read(&fields).unwrap();
            Some((limit.seen_at, limit.resets_at?))
        };
        let (seen_at, resets_at) = resets("30").unwrap();
        assert_eq!(resets_at.duration_since(seen_at).unwrap().as_secs(), 30);
        let (_, resets_at) = resets("1609844400").unwrap();
        assert_eq!(resets_at, SystemTime::UNIX_EPOCH + Duration::from_secs(1_609_844_400));
        for nonsense in ["", "soon", "-1", "18446744073709551615"] {
            assert_eq!(resets(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn too_many_pulls_are_told_from_too_many_requests() {
        let kind = |fields: &[(&'static str, &str)], said: &str| {
            RateLimitKind::read(&headers(fields), &Words::of(said))
        };
        let used = [("ratelimit-limit", "100;w=21600"), ("ratelimit-remaining", "0;w=21600")];
        let left = [("ratelimit-limit", "100;w=21600"), ("ratelimit-remaining", "9;w=21600")];
        let said = "You have reached your unauthenticated pull rate limit. https://docker.com/x";
        assert_eq!(kind(&[], said), RateLimitKind::Pulls);
        assert_eq!(kind(&used, ""), RateLimitKind::Pulls);
        assert_eq!(kind(&left, "Too Many Requests"), RateLimitKind::Requests);
        assert_eq!(kind(&[], ""), RateLimitKind::Requests);
        let all = [used[0], used[1], ("ratelimit-reset", "30")];
        assert_eq!(kind(&all, "Retry later"), RateLimitKind::Requests);
    }

    #[test]
    fn nonsense_is_no_limit() {
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[("ratelimit-limit", "100;w=21600")]), None);
        assert_eq!(read(&[("ratelimit-limit", "many"), ("ratelimit-remaining", "1")]), None);
        assert_eq!(read(&[("ratelimit-limit", "-1"), ("ratelimit-remaining", "1")]), None);
    }
}
