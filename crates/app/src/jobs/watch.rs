//! Telling a watcher what changed: everything once, then only the differences.

use std::sync::Arc;
use std::time::Duration;

use super::Job;
use crate::api::JobEvent;

/// The shortest time between two messages to one watcher.
const PAUSE: Duration = Duration::from_millis(100);

impl Job {
    /// Sends a snapshot, then changes, until the job ends or `send` answers `false` (nobody listens any more).
    pub async fn watch(self: Arc<Self>, send: impl Fn(JobEvent) -> bool + Send) {
        let mut versions = self.version.subscribe();
        let mut seen = *versions.borrow_and_update();
        let snapshot = self.snapshot();
        let ended = snapshot.outcome.is_some();
        if !send(JobEvent::Snapshot { job: snapshot }) || ended {
            return;
        }
        loop {
            if versions.changed().await.is_err() {
                return;
            }
            let now = *versions.borrow_and_update();
            let (events, ended) = self.since(seen);
            seen = now;
            if !events.into_iter().all(&send) || ended {
                return;
            }
            // The end is told at once.
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = self.finished() => {}
            }
        }
    }

    /// The events that bring a watcher from `seen` to now, and whether the job has ended.
    fn since(&self, seen: u64) -> (Vec<JobEvent>, bool) {
        let mut inner = self.lock();
        inner.measure();
        let snapshot = &inner.snapshot;
        let mut events = Vec::new();
        if inner.plan_version > seen {
            if let Some(plan) = &snapshot.plan {
                let (plan, steps) = (plan.clone(), snapshot.steps.clone());
                events.push(JobEvent::Plan { plan, steps });
            }
        } else {
            let steps: Vec<_> = snapshot
                .steps
                .iter()
                .zip(&inner.step_versions)
                .filter(|(_, version)| **version > seen)
                .map(|(step, _)| step.clone())
                .collect();
            if !steps.is_empty() {
                events.push(JobEvent::Progress {
                    steps,
                    bytes_per_second: snapshot.bytes_per_second,
                    seconds_left: snapshot.seconds_left,
                    pace: snapshot.pace,
                });
            }
        }
        let ended = snapshot.outcome.is_some();
        if let Some(outcome) = &snapshot.outcome {
            events.push(JobEvent::Finished { outcome: outcome.clone() });
        }
        (events, ended)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Mutex;

    use super::*;
    use crate::api::{JobKind, JobStep, Outcome, PullPlan, StepState};
    use crate::jobs::Jobs;

    fn plan() -> PullPlan {
        PullPlan {
            reference: String::new(),
            familiar: String::new(),
            target: String::new(),
            manifest: String::new(),
            platform: String::new(),
            strata: Vec::new(),
            total_bytes: 100,
            already_here_bytes: 0,
        }
    }

    fn step() -> JobStep {
        JobStep { id: "layer".into(), state: StepState::Waiting, done: 0, total: Some(100) }
    }

    #[tokio::test]
    async fn a_watcher_gets_a_snapshot_few_changes_and_always_the_end() {
        let jobs = Jobs::default();
        let job = jobs.create(JobKind::Pull, "nginx");
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&events);
        let watching = tokio::spawn(Arc::clone(&job).watch(move |event| {
            heard.lock().unwrap().push(event);
            true
        }));
        tokio::task::yield_now().await;
        job.set_plan(plan(), vec![step()]);
        for done in 0..=100 {
            job.set_step("layer", StepState::Downloading, done);
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        job.finish(Outcome::Stopped);
        watching.await.unwrap();
        let events = events.lock().unwrap();
        assert!(matches!(events[0], JobEvent::Snapshot { .. }));
        assert!(matches!(events.last(), Some(JobEvent::Finished { outcome: Outcome::Stopped })));
        assert!(events.len() < 20, "{} events for 102 changes", events.len());
        let last_progress = events.iter().rev().find_map(|event| match event {
            JobEvent::Progress { steps, .. } | JobEvent::Plan { steps, .. } => Some(steps[0].done),
            JobEvent::Snapshot { .. } | JobEvent::Finished { .. } => None,
        });
        assert_eq!(last_progress, Some(100));
    }

    #[tokio::test]
    async fn a_late_watcher_of_an_ended_job_gets_everything_in_one_snapshot() {
        let jobs = Jobs::default();
        let job = jobs.create(JobKind::Pull, "nginx");
        job.set_plan(plan(), vec![step()]);
        job.finish(Outcome::Stopped);
        let heard = Arc::new(Mutex::new(Vec::new()));
        let events = Arc::clone(&heard);
        Arc::clone(&job)
            .watch(move |event| {
                events.lock().unwrap().push(event);
                true
            })
            .await;
        let heard = heard.lock().unwrap();
        assert_eq!(heard.len(), 1);
        let JobEvent::Snapshot { job } = &heard[0] else { panic!("no snapshot") };
        assert_eq!(job.outcome, Some(Outcome::Stopped));
        assert_eq!(job.steps.len(), 1);
    }
}
