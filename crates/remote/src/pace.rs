//! Whether bytes come fast enough to ever end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Measures one blob over windows of waiting time. Time that the reader of the blob takes does not count, and a slow
/// blob is none while others fill the line.
#[derive(Debug)]
pub(crate) struct Pace {
    least: u64,
    window: Duration,
    waited: Duration,
    bytes: u64,
    /// What all blobs have brought, ever.
    all: Arc<AtomicU64>,
    all_before: u64,
}

impl Pace {
    /// `least` in bytes a second, over `window`.
    pub fn new(least: u64, window: Duration, all: Arc<AtomicU64>) -> Self {
        let all_before = all.load(Ordering::Relaxed);
        Self { least, window, waited: Duration::ZERO, bytes: 0, all, all_before }
    }

    /// Takes note of bytes and of how long they were waited for. Gives the rate, in bytes a second, if it was less
    /// than the least over a whole window.
    pub fn record(&mut self, waited: Duration, bytes: u64) -> Option<u64> {
        self.waited += waited;
        self.bytes += bytes;
        let all = self.all.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if self.waited < self.window {
            return None;
        }
        let seconds = self.waited.as_secs_f64();
        let least = Duration::from_secs(self.least).as_secs_f64() * seconds;
        let slow = |bytes: u64| Duration::from_secs(bytes).as_secs_f64() < least;
        let too_slow = slow(self.bytes) && slow(all.saturating_sub(self.all_before));
        let rate = self.bytes / self.waited.as_secs().max(1);
        (self.waited, self.bytes, self.all_before) = (Duration::ZERO, 0, all);
        too_slow.then_some(rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_trickle_is_found_after_one_window() {
        let mut pace = Pace::new(4096, SECOND * 30, Arc::default());
        let rates: Vec<_> = (0..30).map(|_| pace.record(SECOND, 2048)).collect();
        assert!(rates[..29].iter().all(Option::is_none));
        assert_eq!(rates[29], Some(2048));
    }

    #[test]
    fn a_fast_blob_or_a_full_line_is_fine() {
        let mut pace = Pace::new(4096, SECOND * 30, Arc::default());
        assert!((0..90).all(|_| pace.record(SECOND, 5000).is_none()));
        let all: Arc<AtomicU64> = Arc::default();
        let mut slow = Pace::new(4096, SECOND * 30, Arc::clone(&all));
        let mut other = Pace::new(4096, SECOND * 30, all);
        assert!((0..90).all(|_| {
            other.record(SECOND, 5000).is_none() && slow.record(SECOND, 100).is_none()
        }));
    }
}
