//! Long actions: started once, watched by anyone, stopped by anyone, ended by themselves.
//!
//! A job lives here and not in a window: a window that is closed or loaded again only ends its watch. The work
//! reports as often as it likes; watchers are told at most ten times a second, and always told the last state.

mod job;
mod rate;
mod watch;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

pub use job::Job;

use crate::api::{JobKind, JobSnapshot};

/// How many ended jobs are remembered.
const ENDED_JOBS_KEPT: usize = 50;

/// All jobs of this run.
#[derive(Debug, Default)]
pub struct Jobs {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    last_id: u64,
    jobs: BTreeMap<u64, Arc<Job>>,
}

impl Jobs {
    /// Makes a job, not yet at work.
    pub fn create(&self, kind: JobKind, title: &str) -> Arc<Job> {
        let mut known = self.lock();
        known.last_id += 1;
        let job = Arc::new(Job::new(known.last_id, kind, title));
        let id = known.last_id;
        known.jobs.insert(id, Arc::clone(&job));
        known.forget_old();
        job
    }

    /// The job with this number.
    #[must_use]
    pub fn find(&self, id: u64) -> Option<Arc<Job>> {
        self.lock().jobs.get(&id).cloned()
    }

    /// All jobs, the newest first.
    #[must_use]
    pub fn snapshots(&self) -> Vec<JobSnapshot> {
        let jobs: Vec<_> = self.lock().jobs.values().rev().cloned().collect();
        jobs.iter().map(|job| job.snapshot()).collect()
    }

    /// How many are at work.
    #[must_use]
    pub fn running(&self) -> usize {
        let jobs: Vec<_> = self.lock().jobs.values().cloned().collect();
        jobs.iter().filter(|job| !job.ended()).count()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn forget_old(&mut self) {
        let ended: Vec<u64> =
            self.jobs.iter().filter(|(_, job)| job.ended()).map(|(id, _)| *id).collect();
        for id in ended.iter().take(ended.len().saturating_sub(ENDED_JOBS_KEPT)) {
            self.jobs.remove(id);
        }
    }
}
