//! Registry X-ray: what was asked of registries and what they answered, as far as it is kept.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::api::{Xray, XrayRequest};

/// How many requests are kept of one scope.
const KEPT: usize = 2_000;

/// The requests of one job, or of all that is no job.
#[derive(Debug)]
pub(crate) struct Recorder {
    began: Instant,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    version: u64,
    total: u64,
    /// Each with the version in which it last changed, in the order they were sent.
    requests: VecDeque<(u64, XrayRequest)>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self { began: Instant::now(), kept: Mutex::default() }
    }
}

impl Recorder {
    /// What changed after the version `since`; all for 0.
    pub fn read(&self, since: u64) -> Xray {
        let kept = self.lock();
        let changed = kept.requests.iter().filter(|(version, _)| *version > since);
        let requests = changed.map(|(_, request)| request.clone()).collect();
        Xray { version: kept.version, total: kept.total, requests }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
