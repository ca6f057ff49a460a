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
    /// Whether the window before was too slow.
    was_slow: bool,
    /// What all blobs have brought, ever.
    all: Arc<AtomicU64>,
    all_before: u64,
}

/// Less than the least rate over a whole window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slow {
    /// The rate, in bytes a second.
    pub rate: u64,
    /// The window before was too slow as well: another connection did not help.
    pub again: bool,
}

impl Pace {
    /// `least` in bytes a second, over `window`. 0 for any.
    pub fn new(least: u64, window: Duration, all: Arc<AtomicU64>) -> Self {
        let all_before = all.load(Ordering::Relaxed);
        Self { least, window, waited: Duration::ZERO, bytes: 0, was_slow: false, all, all_before }
    }

    /// Takes note of bytes and of how long they were waited for. Tells when they came too slowly over a whole window.
    pub fn record(&mut self, waited: Duration, bytes: u64) -> Option<Slow> {
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
        let again = std::mem::replace(&mut self.was_slow, too_slow);
        too_slow.then_some(Slow { rate, again })
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
        assert_eq!(rates[29], Some(Slow { rate: 2048, again: false }));
    }

    #[test]
    fn a_second_slow_window_is_told_apart_until_one_is_fast_enough() {
        let mut pace = Pace::new(4096, SECOND, Arc::default());
        let again = |pace: &mut Pace, bytes| pace.record(SECOND, bytes).map(|slow| slow.again);
        assert_eq!(again(&mut pace, 10), Some(false));
        assert_eq!(again(&mut pace, 10), Some(true));
        assert_eq!(again(&mut pace, 5000), None);
        assert_eq!(again(&mut pace, 10), Some(false));
    }

    #[test]
    fn without_a_least_rate_nothing_is_too_slow() {
        let mut pace = Pace::new(0, SECOND, Arc::default());
        assert!((0..90).all(|_| pace.record(SECOND, 0).is_none()));
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
