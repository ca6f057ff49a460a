//! One long action and all that is known of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::pace::PaceMeter;
use super::rate::Rate;
use crate::api::{
    BuildView, JobKind, JobSnapshot, JobState, JobStep, Outcome, Pace, PullPlan, StepState,
};
use crate::pull_job::PullWork;
use crate::xray::Recorder;

/// What a job is made of.
#[derive(Debug)]
pub(crate) struct NewJob {
    pub kind: JobKind,
    /// A short reference.
    pub title: String,
    pub registry: String,
    /// What was asked for, as it can be asked again.
    pub reference: String,
    pub platform: Option<String>,
    /// The number and the name of what it was started together with.
    pub batch: Option<(u64, String)>,
    pub started_at: String,
    pub state: JobState,
    pub steps: Vec<JobStep>,
    /// What a pull is to bring; none for other kinds.
    pub pull: Option<PullWork>,
}

/// A long action: its numbers, and the means to stop it.
#[derive(Debug)]
pub struct Job {
    /// Its number.
    pub id: u64,
    /// Asks it to stop for good.
    pub stop: CancellationToken,
    pub(crate) kind: JobKind,
    pub(crate) pull: Option<PullWork>,
    /// What was asked of registries for it.
    pub(crate) xray: Arc<Recorder>,
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
    /// The version in which the state last changed.
    pub state_version: u64,
    /// The version in which the build last changed.
    pub build_version: u64,
    /// Asks what is at work for it now to end.
    run: CancellationToken,
    rate: Rate,
    pace: PaceMeter,
    /// Bytes that arrived, without those that an earlier try has kept.
    arrived: u64,
}

impl Job {
    pub(super) fn new(id: u64, new: NewJob) -> Self {
        let stop = CancellationToken::new();
        let (batch, batch_title) = new.batch.unzip();
        let tags = new.pull.as_ref().map(|pull| pull.tags.clone()).unwrap_or_default();
        let snapshot = JobSnapshot {
            id,
            kind: new.kind,
            title: new.title,
            state: new.state,
            position: None,
            batch,
            batch_title,
            registry: new.registry,
            reference: new.reference,
            platform: new.platform,
            tags,
            started_at: new.started_at,
            plan: None,
            steps: new.steps,
            bytes_per_second: 0,
            seconds_left: None,
            pace: Pace::Steady,
            build: None,
            outcome: None,
        };
        let inner = Inner {
            step_versions: vec![1; snapshot.steps.len()],
            snapshot,
            plan_version: 0,
            state_version: 0,
            build_version: 0,
            run: stop.child_token(),
            rate: Rate::default(),
            pace: PaceMeter::default(),
            arrived: 0,
        };
        Self {
            id,
            stop,
            kind: new.kind,
            pull: new.pull,
            xray: Arc::default(),
            inner: Mutex::new(inner),
            version: watch::Sender::new(1),
        }
    }

    /// All that is known now. The place in the queue is that of the moment at which the job was looked up.
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

    /// Compressed bytes that arrived for it from a registry. What an earlier try has kept, or the store, is not among them.
    #[must_use]
    pub fn arrived_bytes(&self) -> u64 {
        self.lock().arrived
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
    pub(crate) fn set_plan(&self, plan: PullPlan, steps: Vec<JobStep>) {
        self.change(|inner, version| {
            inner.snapshot.plan = Some(plan);
            inner.step_versions = vec![version; steps.len()];
            inner.snapshot.steps = steps;
            inner.plan_version = version;
        });
    }

    /// The step `id` is in `state` with `done` of `total` bytes. Unknown steps are ignored.
    pub(crate) fn set_bytes(&self, id: &str, state: StepState, done: u64, total: u64) {
        if let Some(step) = self.lock().snapshot.steps.iter_mut().find(|step| step.id == id) {
            step.total = Some(total);
        }
        self.set_step(id, state, done);
    }

    /// The step `id` is in `state` with `done` bytes. Unknown steps are ignored.
    pub(crate) fn set_step(&self, id: &str, state: StepState, done: u64) {
        self.change(|inner, version| {
            let Some(at) = inner.snapshot.steps.iter().position(|step| step.id == id) else {
                return;
            };
            let step = &mut inner.snapshot.steps[at];
            let (before, now) = (step.state, Instant::now());
            let arrived = done.saturating_sub(step.done);
            step.state = state;
            step.done = done;
            inner.step_versions[at] = version;
            // Bytes kept from an earlier try appear with the first report: they did not arrive now.
            if before == StepState::Downloading && arrived > 0 {
                inner.arrived += arrived;
                inner.rate.add(arrived, now);
                inner.pace.add(arrived, now);
            }
            if before != state {
                inner.expect_bytes(now);
            }
        });
    }

    /// The step `id` has come to `done` of `total` things that are no bytes. Unknown steps are ignored.
    pub(crate) fn set_count(&self, id: &str, state: StepState, done: u64, total: u64) {
        self.change(|inner, version| {
            let Some(at) = inner.snapshot.steps.iter().position(|step| step.id == id) else {
                return;
            };
            let step = &mut inner.snapshot.steps[at];
            (step.state, step.done, step.total) = (state, done, Some(total));
            inner.step_versions[at] = version;
        });
    }

    /// The build has changed.
    pub(crate) fn set_build(&self, build: BuildView) {
        self.change(|inner, version| {
            inner.snapshot.build = Some(build);
            inner.build_version = version;
        });
    }

    /// It is in another state, unless it has ended. What is at work for it is asked to end where it is to pause.
    pub(super) fn set_state(&self, state: JobState) {
        self.change(|inner, version| {
            if inner.snapshot.outcome.is_some() || inner.snapshot.state == state {
                return;
            }
            if state == JobState::Paused {
                inner.run.cancel();
            }
            inner.snapshot.state = state;
            inner.snapshot.position = None;
            inner.state_version = version;
        });
    }

    /// It is at work from now on, until what is given here is cancelled.
    pub(super) fn begin(&self) -> CancellationToken {
        let run = self.stop.child_token();
        self.lock().run = run.clone();
        self.set_state(JobState::Running);
        run
    }

    /// Where it stands among those that wait, from 1.
    pub(super) fn set_position(&self, position: Option<u32>) {
        self.lock().snapshot.position = position;
    }

    pub(super) fn state(&self) -> JobState {
        self.lock().snapshot.state
    }

    /// It has ended. Later calls change nothing and answer `false`.
    pub(super) fn finish(&self, outcome: Outcome) -> bool {
        let mut first = false;
        self.change(|inner, version| {
            if inner.snapshot.outcome.is_some() {
                return;
            }
            first = true;
            inner.snapshot.state = JobState::Ended;
            inner.snapshot.position = None;
            inner.state_version = version;
            inner.measure();
            inner.snapshot.outcome = Some(outcome);
        });
        first
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
    /// Brings speed, pace and time left up to date.
    pub fn measure(&mut self) {
        let snapshot = &mut self.snapshot;
        if snapshot.state != JobState::Running {
            (snapshot.bytes_per_second, snapshot.seconds_left) = (0, None);
            snapshot.pace = Pace::Steady;
            return;
        }
        let now = Instant::now();
        let speed = self.rate.bytes_per_second(now);
        snapshot.bytes_per_second = speed;
        snapshot.pace = self.pace.pace(now);
        let missing: u64 = snapshot
            .steps
            .iter()
            .map(|step| step.total.unwrap_or(step.done).saturating_sub(step.done))
            .sum();
        snapshot.seconds_left =
            (speed > 0 && !snapshot.steps.is_empty()).then(|| missing.div_ceil(speed));
    }

    /// Bytes are due while a layer is on its way.
    fn expect_bytes(&mut self, now: Instant) {
        let is_due = |step: &JobStep| step.state == StepState::Downloading;
        self.pace.expect(self.snapshot.steps.iter().any(is_due), now);
    }
}
