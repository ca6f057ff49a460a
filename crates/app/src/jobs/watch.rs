//! Telling a watcher what changed: everything once, then only the differences.

use std::sync::Arc;
use std::time::Duration;

use super::Job;
use crate::api::{JobEvent, JobState, Pace};

/// The shortest time between two messages to one watcher.
const PAUSE: Duration = Duration::from_millis(100);
/// How often speed and pace are told while nothing arrives.
const BEAT: Duration = Duration::from_secs(1);

/// Speed, time left and pace, as a watcher was told last.
type Told = (u64, Option<u64>, Pace);

impl Job {
    /// Sends a snapshot, then changes, until the job ends or `send` answers `false` (nobody listens any more).
    pub async fn watch(self: Arc<Self>, send: impl Fn(JobEvent) -> bool + Send) {
        let mut versions = self.version.subscribe();
        let mut seen = *versions.borrow_and_update();
        let snapshot = self.snapshot();
        let mut told = (snapshot.bytes_per_second, snapshot.seconds_left, snapshot.pace);
        let mut state = snapshot.state;
        if !send(JobEvent::Snapshot { job: Box::new(snapshot) }) || state == JobState::Ended {
            return;
        }
        loop {
            tokio::select! {
                changed = versions.changed() => if changed.is_err() { return },
                // Silence is told too.
                () = tokio::time::sleep(BEAT), if state == JobState::Running => {}
            }
            let now = *versions.borrow_and_update();
            let events;
            (events, state) = self.since(seen, &mut told);
            seen = now;
            if !events.into_iter().all(&send) || state == JobState::Ended {
                return;
            }
            // The end is told at once.
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = self.finished() => {}
            }
        }
    }

    /// The events that bring a watcher from `seen` to now, and where the job is.
    fn since(&self, seen: u64, told: &mut Told) -> (Vec<JobEvent>, JobState) {
        let mut inner = self.lock();
        inner.measure();
        let snapshot = &inner.snapshot;
        let mut events = Vec::new();
        if inner.state_version > seen && snapshot.outcome.is_none() {
            events.push(JobEvent::State { state: snapshot.state });
        }
        if inner.build_version > seen
            && let Some(build) = &snapshot.build
        {
            events.push(JobEvent::Build { build: Box::new(build.clone()) });
        }
        let mut steps = Vec::new();
        if inner.plan_version > seen {
            if let Some(plan) = &snapshot.plan {
                let (plan, steps) = (plan.clone(), snapshot.steps.clone());
                events.push(JobEvent::Plan { plan, steps });
            }
        } else {
            let versions = snapshot.steps.iter().zip(&inner.step_versions);
            let changed = versions.filter(|(_, version)| **version > seen);
            steps = changed.map(|(step, _)| step.clone()).collect();
        }
        let now = (snapshot.bytes_per_second, snapshot.seconds_left, snapshot.pace);
        if !steps.is_empty() || now != *told {
            *told = now;
            let (bytes_per_second, seconds_left, pace) = now;
            events.push(JobEvent::Progress { steps, bytes_per_second, seconds_left, pace });
        }
        if let Some(outcome) = &snapshot.outcome {
            events.push(JobEvent::Finished { outcome: outcome.clone() });
        }
        (events, snapshot.state)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Mutex;

    use super::*;
    use crate::api::{JobStep, Outcome, PullPlan, StepState};
    use crate::jobs::Jobs;
    use crate::jobs::tests::a_pull;

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
        let job = jobs.add(a_pull("nginx"));
        assert!(jobs.next(1).is_some());
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
            JobEvent::Progress { steps, .. } | JobEvent::Plan { steps, .. } => {
                steps.first().map(|step| step.done)
            }
            JobEvent::Snapshot { .. }
            | JobEvent::Build { .. }
            | JobEvent::State { .. }
            | JobEvent::Finished { .. } => None,
        });
        assert_eq!(last_progress, Some(100));
    }

    #[tokio::test]
    async fn a_late_watcher_of_an_ended_job_gets_everything_in_one_snapshot() {
        let jobs = Jobs::default();
        let job = jobs.add(a_pull("nginx"));
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

    #[tokio::test]
    async fn pauses_and_turns_are_told_and_what_waits_is_silent() {
        let jobs = Jobs::default();
        let job = jobs.add(a_pull("nginx"));
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&events);
        let watching = tokio::spawn(Arc::clone(&job).watch(move |event| {
            heard.lock().unwrap().push(event);
            true
        }));
        tokio::time::sleep(BEAT + PAUSE).await;
        assert_eq!(events.lock().unwrap().len(), 1, "a job that waits has nothing to tell");
        assert!(jobs.next(1).is_some());
        tokio::time::sleep(PAUSE * 3).await;
        assert!(jobs.pause(job.id));
        tokio::time::sleep(PAUSE * 3).await;
        jobs.stop(job.id);
        watching.await.unwrap();
        let events = events.lock().unwrap();
        let states = events.iter().filter_map(|event| match event {
            JobEvent::State { state } => Some(*state),
            _ => None,
        });
        assert_eq!(states.collect::<Vec<_>>(), [JobState::Running, JobState::Paused]);
        assert!(matches!(events.last(), Some(JobEvent::Finished { outcome: Outcome::Stopped })));
    }
}
