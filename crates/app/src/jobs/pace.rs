//! Whether bytes come as they should.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::api::Pace;

/// What counts is what came within this time.
const SPAN: Duration = Duration::from_secs(5);
/// The least bytes a second that are not slow.
const SLOW: u64 = 32 * 1024;
/// Bytes that come closer together than this are one sample.
const STEP: Duration = Duration::from_millis(250);

/// Bytes that came between two moments.
#[derive(Debug, Clone, Copy)]
struct Sample {
    first: Instant,
    last: Instant,
    bytes: u64,
}

/// What came lately, and since when something is due.
#[derive(Debug, Default)]
pub struct PaceMeter {
    due_since: Option<Instant>,
    samples: VecDeque<Sample>,
}

impl PaceMeter {
    /// Notes whether bytes are due from `now` on.
    pub fn expect(&mut self, is_due: bool, now: Instant) {
        self.due_since = if is_due { self.due_since.or(Some(now)) } else { None };
    }

    /// Notes `bytes` more at `now`.
    pub fn add(&mut self, bytes: u64, now: Instant) {
        match self.samples.back_mut().filter(|last| now.duration_since(last.first) < STEP) {
            Some(sample) => {
                sample.last = now;
                sample.bytes += bytes;
            }
            None => self.samples.push_back(Sample { first: now, last: now, bytes }),
        }
        while self.samples.front().is_some_and(|first| now.duration_since(first.last) >= SPAN) {
            self.samples.pop_front();
        }
    }

    /// How bytes come at `now`.
    #[must_use]
    pub fn pace(&self, now: Instant) -> Pace {
        if self.due_since.is_none_or(|since| now.duration_since(since) < SPAN) {
            return Pace::Steady;
        }
        let lately = self.samples.iter().filter(|sample| now.duration_since(sample.last) < SPAN);
        match lately.map(|sample| sample.bytes).sum::<u64>() {
            0 => Pace::Stalled,
            bytes if bytes < SLOW * SPAN.as_secs() => Pace::Slow,
            _ => Pace::Steady,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_trickle_is_slow_after_five_seconds_and_silence_is_a_stall() {
        let start = Instant::now();
        let mut pace = PaceMeter::default();
        pace.expect(true, start);
        for second in 0..10 {
            let now = start + SECOND * second;
            pace.add(4096, now);
            let expected = if second < 5 { Pace::Steady } else { Pace::Slow };
            assert_eq!(pace.pace(now), expected, "after {second} s");
        }
        assert_eq!(pace.pace(start + SECOND * 13), Pace::Slow);
        assert_eq!(pace.pace(start + SECOND * 14), Pace::Stalled);
        pace.add(1_000_000, start + SECOND * 15);
        assert_eq!(pace.pace(start + SECOND * 15), Pace::Steady);
    }

    #[test]
    fn where_nothing_is_due_nothing_is_slow() {
        let start = Instant::now();
        let mut pace = PaceMeter::default();
        assert_eq!(pace.pace(start + SECOND * 60), Pace::Steady);
        pace.expect(true, start);
        pace.expect(true, start + SECOND * 3);
        assert_eq!(pace.pace(start + SECOND * 6), Pace::Stalled);
        pace.expect(false, start + SECOND * 6);
        pace.expect(true, start + SECOND * 7);
        assert_eq!(pace.pace(start + SECOND * 8), Pace::Steady);
    }
}
