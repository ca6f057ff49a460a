//! Telling that the list of jobs has changed, often enough to be read and no oftener.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::broadcast;

use crate::api::Topic;

/// The shortest time between two tellings.
const PAUSE: Duration = Duration::from_millis(100);

/// Tells of changes at once, then at most ten times a second; the last one is always told.
#[derive(Debug)]
pub(crate) struct JobNews {
    changes: broadcast::Sender<Topic>,
    told: Mutex<Told>,
}

#[derive(Debug, Default)]
struct Told {
    last: Option<Instant>,
    /// Somebody waits to tell the next one.
    is_due: bool,
}

impl JobNews {
    pub fn new(changes: broadcast::Sender<Topic>) -> Self {
        Self { changes, told: Mutex::default() }
    }

    /// Jobs have changed.
    pub fn tell(self: &Arc<Self>) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_due {
            return;
        }
        let rest = told.last.map(|last| PAUSE.saturating_sub(last.elapsed())).unwrap_or_default();
        let runtime = if rest.is_zero() { None } else { Handle::try_current().ok() };
        let Some(runtime) = runtime else {
            told.last = Some(Instant::now());
            // Nobody listening is fine.
            self.changes.send(Topic::Jobs).ok();
            return;
        };
        told.is_due = true;
        let news = Arc::clone(self);
        runtime.spawn(async move {
            tokio::time::sleep(rest).await;
            let mut told = news.told.lock().unwrap_or_else(PoisonError::into_inner);
            *told = Told { last: Some(Instant::now()), is_due: false };
            news.changes.send(Topic::Jobs).ok();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn many_changes_are_told_few_times_and_the_last_one_is() {
        let changes = broadcast::Sender::new(64);
        let mut heard = changes.subscribe();
        let news = Arc::new(JobNews::new(changes));
        let start = Instant::now();
        for _ in 0..1_000 {
            news.tell();
        }
        assert!(heard.try_recv().is_ok(), "the first is told at once");
        assert!(heard.recv().await.is_ok(), "the last is told");
        let most = 2 + start.elapsed().as_millis() / PAUSE.as_millis();
        let more = std::iter::from_fn(|| heard.try_recv().ok()).count();
        assert!(more as u128 + 2 <= most, "{more} more");
    }
}
