//! How fast bytes arrive, smoothed enough to be read.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The speed is that of the last three seconds.
const WINDOW: Duration = Duration::from_secs(3);
/// Samples are taken no more often than this.
const STEP: Duration = Duration::from_millis(100);

/// A sliding window over arrived bytes.
#[derive(Debug, Default)]
pub struct Rate {
    arrived: u64,
    samples: VecDeque<(Instant, u64)>,
}

impl Rate {
    /// Notes `bytes` more at `now`.
    pub fn add(&mut self, bytes: u64, now: Instant) {
        self.arrived += bytes;
        let due = self.samples.back().is_none_or(|(last, _)| now.duration_since(*last) >= STEP);
        if due {
            self.samples.push_back((now, self.arrived));
        }
        while self.samples.front().is_some_and(|(first, _)| now.duration_since(*first) > WINDOW) {
            self.samples.pop_front();
        }
    }

    /// Bytes a second at `now`; 0 before there is enough to tell.
    #[must_use]
    pub fn bytes_per_second(&self, now: Instant) -> u64 {
        let Some((first, bytes)) = self.samples.front() else {
            return 0;
        };
        let span = now.duration_since(*first);
        if span < STEP || span > WINDOW * 2 {
            return 0;
        }
        let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        (self.arrived - bytes).saturating_mul(1000) / millis.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_stream_has_its_own_speed() {
        let start = Instant::now();
        let mut rate = Rate::default();
        for step in 0..40_u32 {
            rate.add(1_000, start + STEP * step);
        }
        let speed = rate.bytes_per_second(start + STEP * 39);
        assert!((9_000..=11_000).contains(&speed), "{speed}");
    }

    #[test]
    fn a_stalled_stream_slows_down_and_ends_at_nothing() {
        let start = Instant::now();
        let mut rate = Rate::default();
        rate.add(1_000_000, start);
        rate.add(1_000_000, start + STEP);
        let soon = rate.bytes_per_second(start + STEP);
        let later = rate.bytes_per_second(start + Duration::from_secs(2));
        assert!(later < soon);
        assert_eq!(rate.bytes_per_second(start + Duration::from_secs(60)), 0);
    }
}
