//! Trying again: how often, how long between, and what a registry asks for.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use crate::{RateLimitKind, RemoteError};

/// The first wait. Each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait of our own, and the longest that a registry may ask for before we tell the user instead.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Counts failures without progress.
#[derive(Debug)]
pub(crate) struct Tries {
    failures: u32,
    limit: u32,
}

impl Tries {
    /// Allows `attempts` in all, at least one.
    pub fn new(attempts: u32) -> Self {
        Self { failures: 0, limit: attempts.max(1) }
    }

    /// Forgets the failures: there was progress.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// How long to wait before the next attempt, or `None` if this failure is the last.
    pub fn wait(&mut self, asked: Option<Duration>) -> Option<Duration> {
        self.failures += 1;
        let asked = asked.unwrap_or_default();
        if self.failures >= self.limit || asked > LONGEST_WAIT {
            return None;
        }
        let doubled = FIRST_WAIT.saturating_mul(1 << (self.failures - 1).min(16));
        Some(jittered(doubled.min(LONGEST_WAIT)).max(asked))
    }
}

/// Between half of `wait` and all of it, so that many clients do not come back together.
fn jittered(wait: Duration) -> Duration {
    let random = RandomState::new().hash_one(0_u8) % 1024;
    let part = u32::try_from(random).unwrap_or_default();
    wait / 2 + wait / 2 * part / 1024
}

impl RemoteError {
    /// Whether the same request may succeed a moment later, and the wait that the registry asked for.
    pub(crate) fn passing(&self) -> Option<Option<Duration>> {
        match self {
            Self::Interrupted { .. } => Some(None),
            // A window of hours is not over in a moment, unless the registry says so.
            Self::RateLimited { kind: RateLimitKind::Pulls, retry_after: None, .. } => None,
            Self::RateLimited { retry_after, .. } => Some(*retry_after),
            Self::Server { status: 500 | 502 | 503 | 504, retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }

    /// The same for a transfer that has begun: then also a network that went away may come back.
    pub(crate) fn passing_in_transfer(&self) -> Option<Option<Duration>> {
        match self {
            Self::HostUnknown { .. } | Self::Unreachable { .. } | Self::Stalled { .. } => {
                Some(None)
            }
            other => other.passing(),
        }
    }
}

/// Reads `Retry-After` (RFC 9110, 10.2.3): seconds, or a date compared with the server's own clock.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit mean: for ever.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let date = |text: &str| OffsetDateTime::parse(text, &Rfc2822).ok();
    let now = headers
        .get(DATE)
        .and_then(|value| date(value.to_str().ok()?))
        .unwrap_or_else(OffsetDateTime::now_utc);
    Some((date(text)? - now).try_into().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(key, value)| (key.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn waits_grow_and_end() {
        let mut tries = Tries::new(5);
        for longest in [200, 400, 800, 1600] {
            let wait = tries.wait(None).unwrap();
            assert!(wait <= Duration::from_millis(longest));
            assert!(wait >= Duration::from_millis(longest / 2));
        }
        assert_eq!(tries.wait(None), None);
        tries.reset();
        assert!(tries.wait(None).is_some());
        assert_eq!(Tries::new(0).wait(None), None);
    }

    #[test]
    fn a_registry_may_ask_for_a_short_wait_but_not_for_a_day() {
        let two = Duration::from_secs(2);
        assert_eq!(Tries::new(5).wait(Some(two)), Some(two));
        assert_eq!(Tries::new(5).wait(Some(Duration::from_secs(86_400))), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let seconds = |pairs: &[_]| retry_after(&headers(pairs)).map(|wait| wait.as_secs());
        assert_eq!(seconds(&[("retry-after", "7")]), Some(7));
        assert_eq!(seconds(&[("retry-after", "99999999999999999999999")]), Some(4_294_967_295));
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let later = ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT");
        assert_eq!(seconds(&[date, later]), Some(30));
        let earlier = ("retry-after", "Sun, 06 Nov 1994 08:40:00 GMT");
        assert_eq!(seconds(&[date, earlier]), Some(0));
        for nonsense in ["", "-1", "soon", "1.5"] {
            assert_eq!(seconds(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
    }
}
