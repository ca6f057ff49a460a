//! One long action and all that is known of it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::rate::Rate;
use crate::api::{JobKind, JobSnapshot, JobState, JobStep, Outcome, Pace, PullPlan, StepState};
use crate::clock;

/// A long action: its numbers, and the means to stop it.
#[derive(Debug)]
pub struct Job {
    /// Its number.
    pub id: u64,
    /// Asks it to stop.
    pub stop: CancellationToken,
    pub(super) inner: Mutex<Inner>,
    pub(super) version: watch::Sender<u64>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub snapshot: JobSnapshot,
    /// The version in which each step last changed, in the order of the steps.
    pub step_versions: Vec<u64>,
    /// The version in which the plan came.
    pub plan_version: u64,
    rate: Rate,
}

impl Job {
    pub(super) fn new(id: u64, kind: JobKind, title: &str) -> Self {
        let snapshot = JobSnapshot {
            id,
            kind,
            title: title.to_owned(),
            state: JobState::Running,
            position: None,
            batch: None,
            batch_title: None,
            registry: String::new(),
            reference: title.to_owned(),
            platform: None,
            tags: Vec::new(),
            started_at: clock::now(),
            plan: None,
            steps: Vec::new(),
            bytes_per_second: 0,
            seconds_left: None,
            pace: Pace::Steady,
            outcome: None,
        };
        let inner =
            Inner { snapshot, step_versions: Vec::new(), plan_version: 0, rate: Rate::default() };
        Self {
            id,
            stop: CancellationToken::new(),
            inner: Mutex::new(inner),
            version: watch::Sender::new(1),
        }
    }

    /// All that is known now.
    #[must_use]
    pub fn snapshot(&self) -> JobSnapshot {
        let mut inner = self.lock();
        inner.measure();
        inner.snapshot.clone()
    }

    /// Whether it has ended.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.lock().snapshot.outcome.is_some()
    }

    /// Waits until it has ended.
    pub async fn finished(&self) {
        let mut versions = self.version.subscribe();
        while !self.ended() {
            if versions.changed().await.is_err() {
                return;
            }
        }
    }

    /// The image is known: its picture and its steps.
    pub fn set_plan(&self, plan: PullPlan, steps: Vec<JobStep>) {
        self.change(|inner, version| {
            inner.snapshot.plan = Some(plan);
            inner.step_versions = vec![version; steps.len()];
            inner.snapshot.steps = steps;
            inner.plan_version = version;
        });
    }

    /// The step `id` is in `state` with `done` bytes. Unknown steps are ignored.
    pub fn set_step(&self, id: &str, state: StepState, done: u64) {
        self.change(|inner, version| {
            let Some(at) = inner.snapshot.steps.iter().position(|step| step.id == id) else {
                return;
            };
            let step = &mut inner.snapshot.steps[at];
            // Bytes kept from an earlier try appear with the first report: they did not arrive now.
            if step.state == StepState::Downloading && done > step.done {
                let arrived = done - step.done;
                inner.rate.add(arrived, Instant::now());
            }
            let step = &mut inner.snapshot.steps[at];
            step.state = state;
            step.done = done;
            inner.step_versions[at] = version;
        });
    }

    /// It has ended. Later calls change nothing.
    pub fn finish(&self, outcome: Outcome) {
        self.change(|inner, _| {
            if inner.snapshot.outcome.is_some() {
                return;
            }
            inner.snapshot.bytes_per_second = 0;
            inner.snapshot.seconds_left = None;
            inner.snapshot.outcome = Some(outcome);
        });
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Inner, u64)) {
        let mut inner = self.lock();
        let version = *self.version.borrow() + 1;
        change(&mut inner, version);
        self.version.send_replace(version);
    }
}

impl Inner {
    /// Brings speed and time left up to date.
    pub fn measure(&mut self) {
        if self.snapshot.outcome.is_some() {
            return;
        }
        let speed = self.rate.bytes_per_second(Instant::now());
        self.snapshot.bytes_per_second = speed;
        let missing: u64 = self
            .snapshot
            .steps
            .iter()
            .map(|step| step.total.unwrap_or(step.done).saturating_sub(step.done))
            .sum();
        self.snapshot.seconds_left =
            (speed > 0 && !self.snapshot.steps.is_empty()).then(|| missing.div_ceil(speed));
    }
}
