//! How fast blobs may come, all together.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// The most that is let through at once after a pause, in seconds of the limit.
const BURST_SECONDS: u64 = 1;

/// A limit on the bytes of blobs a second. Copies are the same limit.
#[derive(Debug, Clone, Default)]
pub struct Bandwidth {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    limit: AtomicU64,
    /// When what was let through so far is paid for.
    paid: Mutex<Option<Instant>>,
    /// Wakes those who wait by an old limit.
    changed: Notify,
}

impl Bandwidth {
    /// Lets at most so many bytes a second through from now on; 0 for as many as there are.
    pub fn set(&self, bytes_per_second: u64) {
        self.inner.limit.store(bytes_per_second, Ordering::Relaxed);
        *self.inner.paid.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.inner.changed.notify_waiters();
    }

    /// The limit, in bytes a second; 0 for none.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.inner.limit.load(Ordering::Relaxed)
    }

    /// Waits until so many bytes may have come. Who waits when the limit is changed waits no longer.
    pub(crate) async fn pay(&self, bytes: u64) {
        // From here on a change is not missed.
        let changed = self.inner.changed.notified();
        if let Some(until) = self.due(bytes, Instant::now()) {
            tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                () = changed => {}
            }
        }
    }

    /// When so many bytes more are paid for, if that is later than `now`.
    fn due(&self, bytes: u64, now: Instant) -> Option<Instant> {
        let limit = self.limit();
        if limit == 0 {
            return None;
        }
        let nanos = u128::from(bytes) * 1_000_000_000 / u128::from(limit);
        let price = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        let mut paid = self.inner.paid.lock().unwrap_or_else(PoisonError::into_inner);
        let earliest = now.checked_sub(Duration::from_secs(BURST_SECONDS)).unwrap_or(now);
        let until = paid.map_or(now, |paid| paid.max(earliest)) + price;
        *paid = Some(until);
        (until > now).then_some(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_blobs_together_come_no_faster_than_the_limit() {
        let bandwidth = Bandwidth::default();
        let now = Instant::now();
        assert_eq!(bandwidth.due(1 << 40, now), None);
        bandwidth.set(1000);
        let copy = bandwidth.clone();
        assert_eq!(bandwidth.due(500, now), Some(now + Duration::from_millis(500)));
        assert_eq!(copy.due(500, now), Some(now + Duration::from_secs(1)));
        copy.set(0);
        assert_eq!(bandwidth.due(500, now), None);
    }

    #[test]
    fn a_pause_is_not_saved_up_for_long() {
        let bandwidth = Bandwidth::default();
        bandwidth.set(1000);
        let now = Instant::now();
        bandwidth.due(1, now);
        let later = now + Duration::from_secs(60);
        assert_eq!(bandwidth.due(1000, later), None);
        assert_eq!(bandwidth.due(1000, later), Some(later + Duration::from_secs(1)));
    }
}
