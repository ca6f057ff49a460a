//! Mirrors that lately failed: they are left alone for a while, so that not every request waits for them in vain.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long a mirror is left alone.
const REST: Duration = Duration::from_secs(60);

/// Mirrors that lately failed, by host. There are no more of them than a configuration names.
#[derive(Debug, Default)]
pub(crate) struct Resting {
    since: Mutex<HashMap<String, Instant>>,
}

impl Resting {
    /// Takes note that a mirror failed.
    pub fn note(&self, host: &str) {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.insert(host.to_owned(), Instant::now());
    }

    /// Whether a mirror is to be left alone.
    pub fn holds(&self, host: &str) -> bool {
        self.holds_at(host, Instant::now())
    }

    fn holds_at(&self, host: &str, now: Instant) -> bool {
        let since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.get(host).is_some_and(|since| now.saturating_duration_since(*since) < REST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_rests_for_a_while_and_then_is_asked_again() {
        let resting = Resting::default();
        resting.note("a.example");
        assert!(resting.holds("a.example") && !resting.holds("b.example"));
        assert!(!resting.holds_at("a.example", Instant::now() + REST));
    }
}
