//! Long actions: started once, watched by anyone, stopped by anyone, ended by themselves.
//!
//! A job lives here and not in a window: a window that is closed or loaded again only ends its watch. The work
//! reports as often as it likes; watchers are told at most ten times a second, and always told the last state.
//!
//! Pulls stand in one line from the moment they are asked for until they end, and only so many are at work at once. One
//! that waits is an entry in the line and nothing else: no task, no thread. Other jobs begin at once.

mod job;
mod line;
mod pace;
mod rate;
mod watch;

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

pub use job::Job;
pub(crate) use job::NewJob;
use line::Line;

use crate::api::{JobKind, JobSnapshot, JobState, Outcome};

/// How many ended jobs are remembered.
const ENDED_JOBS_KEPT: usize = 50;

/// All jobs of this run.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    last_id: u64,
    last_batch: u64,
    jobs: BTreeMap<u64, Arc<Job>>,
    line: Line,
    /// The jobs whose work has not ended, whatever has been asked of them.
    at_work: HashSet<u64>,
    /// The last jobs that ended, the oldest first.
    ended: VecDeque<u64>,
    /// Nothing begins any more.
    closing: bool,
}

impl Jobs {
    /// Makes a job. A pull stands at the end of the line; any other is at work.
    pub fn add(&self, new: NewJob) -> Arc<Job> {
        let mut known = self.lock();
        known.last_id += 1;
        let id = known.last_id;
        if let Some((batch, _)) = &new.batch {
            known.last_batch = known.last_batch.max(*batch);
        }
        let job = Arc::new(Job::new(id, new));
        known.jobs.insert(id, Arc::clone(&job));
        if job.kind == JobKind::Pull {
            known.line.push(id);
        } else {
            known.at_work.insert(id);
        }
        job
    }

    /// A number for jobs that are started together.
    pub fn next_batch(&self) -> u64 {
        let mut known = self.lock();
        known.last_batch += 1;
        known.last_batch
    }

    /// The next pull whose turn it is, now at work, if fewer than `most` are. What is given with it is cancelled when it
    /// is to end early.
    pub fn next(&self, most: usize) -> Option<(Arc<Job>, CancellationToken)> {
        let mut known = self.lock();
        let is_pull = |id: &&u64| known.jobs.get(id).is_some_and(|job| job.kind == JobKind::Pull);
        if known.closing || known.at_work.iter().filter(is_pull).count() >= most {
            return None;
        }
        let waits = |id: &u64| {
            let is_queued = |job: &Arc<Job>| job.state() == JobState::Queued;
            !known.at_work.contains(id) && known.jobs.get(id).is_some_and(is_queued)
        };
        let id = known.line.iter().find(waits)?;
        let job = Arc::clone(known.jobs.get(&id)?);
        known.at_work.insert(id);
        let run = job.begin();
        Some((job, run))
    }

    /// The work for a job has ended: with an outcome, or with none because it was asked to.
    pub fn work_ended(&self, job: &Arc<Job>, outcome: Option<Outcome>) {
        let mut known = self.lock();
        known.at_work.remove(&job.id);
        match outcome {
            Some(outcome) => known.end(job, outcome),
            // Nobody asked for a pause: then it was stopped.
            None if job.stop.is_cancelled() || job.state() == JobState::Running => {
                known.end(job, Outcome::Stopped);
            }
            None => {}
        }
    }

    /// Stops a job: at once if it waits, else as soon as its work has ended.
    pub fn stop(&self, id: u64) {
        let mut known = self.lock();
        let Some(job) = known.jobs.get(&id).cloned() else { return };
        job.stop.cancel();
        if job.state() != JobState::Running {
            known.end(&job, Outcome::Stopped);
        }
    }

    /// Pauses a pull that waits or is at work. It keeps its place. Answers whether that changed anything.
    pub fn pause(&self, id: u64) -> bool {
        self.switch(id, &[JobState::Queued, JobState::Running], JobState::Paused)
    }

    /// Lets a paused pull wait for its turn again, at its place.
    pub fn resume(&self, id: u64) -> bool {
        self.switch(id, &[JobState::Paused], JobState::Queued)
    }

    /// Pauses all pulls, or lets all wait for their turn again.
    pub fn pause_all(&self, pause: bool) {
        let line: Vec<u64> = self.lock().line.iter().collect();
        for id in line {
            if pause {
                self.pause(id);
            } else {
                self.resume(id);
            }
        }
    }

    /// Lets a pull that waits stand before another one, or at the end. Answers whether there are such pulls.
    pub fn reorder(&self, id: u64, before: Option<u64>) -> bool {
        self.lock().line.place(id, before)
    }

    /// Asks everything to end, and lets nothing begin any more. Pulls are then paused.
    pub fn close(&self) {
        let mut known = self.lock();
        known.closing = true;
        for job in known.jobs.values() {
            if job.kind == JobKind::Pull {
                job.set_state(JobState::Paused);
            } else {
                job.stop.cancel();
            }
        }
    }

    /// The job with this number, its place in the line brought up to date.
    #[must_use]
    pub fn find(&self, id: u64) -> Option<Arc<Job>> {
        let known = self.lock();
        let job = known.jobs.get(&id).cloned()?;
        if is_waiting(&job) {
            job.set_position(known.waiting().position(|other| other.id == id).and_then(place));
        }
        Some(job)
    }

    /// All jobs, the newest first.
    #[must_use]
    pub fn snapshots(&self) -> Vec<JobSnapshot> {
        let known = self.lock();
        known.waiting().enumerate().for_each(|(at, job)| job.set_position(place(at)));
        let jobs: Vec<_> = known.jobs.values().rev().cloned().collect();
        drop(known);
        jobs.iter().map(|job| job.snapshot()).collect()
    }

    /// The pulls that have not ended, in the order of the line.
    pub fn unfinished(&self) -> Vec<Arc<Job>> {
        let known = self.lock();
        known.line.iter().filter_map(|id| known.jobs.get(&id).cloned()).collect()
    }

    /// How many are at work.
    #[must_use]
    pub fn at_work(&self) -> usize {
        self.lock().at_work.len()
    }

    fn switch(&self, id: u64, from: &[JobState], to: JobState) -> bool {
        let known = self.lock();
        let Some(job) = known.jobs.get(&id).filter(|job| job.kind == JobKind::Pull) else {
            return false;
        };
        let changes = from.contains(&job.state());
        if changes {
            job.set_state(to);
        }
        changes
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// The pulls that wait or are paused, in the order of the line.
    fn waiting(&self) -> impl Iterator<Item = &Arc<Job>> {
        self.line.iter().filter_map(|id| self.jobs.get(&id)).filter(|job| is_waiting(job))
    }

    fn end(&mut self, job: &Arc<Job>, outcome: Outcome) {
        if !job.finish(outcome) {
            return;
        }
        self.line.remove(job.id);
        self.ended.push_back(job.id);
        if self.ended.len() > ENDED_JOBS_KEPT
            && let Some(oldest) = self.ended.pop_front()
        {
            self.jobs.remove(&oldest);
        }
    }
}

fn is_waiting(job: &Arc<Job>) -> bool {
    matches!(job.state(), JobState::Queued | JobState::Paused)
}

fn place(at: usize) -> Option<u32> {
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests;
