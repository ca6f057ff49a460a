//! Steps that do not need each other, at the same time.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::mounts::whole_of;
use super::session::Session;
use super::step::Outcome;
use crate::files::{Fetches, FileSet, select};
use crate::plan::{Begins, Op, Origin, PlannedStep, StepId};
use crate::{BuildError, Fetched, GitSource, StepState, StoredLayer};

/// Threads where nobody says how many: commands mostly wait for others than us.
const THREADS: usize = 4;
/// How long an idle thread waits before it looks at the stop flag.
const LOOK: Duration = Duration::from_millis(100);

/// What became of each step, in the order of the plan.
pub(super) struct Outcomes {
    pub steps: Vec<Arc<Outcome>>,
    /// The layers of each stage at its end.
    pub stages: Vec<Vec<StoredLayer>>,
}

#[derive(Default)]
struct State {
    done: Vec<Option<Arc<Outcome>>>,
    begun: Vec<bool>,
    at_work: usize,
    failure: Option<BuildError>,
}

struct Schedule<'s, 'a> {
    session: &'s Session<'a>,
    state: Mutex<State>,
    changed: Condvar,
}

/// Does all steps.
pub(super) fn run(session: &Session<'_>) -> Result<Outcomes, BuildError> {
    let steps = &session.plan.steps;
    for stage in 0..session.plan.stages.len() {
        session.begin_stage(stage)?;
    }
    let count = steps.len();
    let state = State { done: vec![None; count], begun: vec![false; count], ..State::default() };
    let schedule = Schedule { session, state: Mutex::new(state), changed: Condvar::new() };
    for step in steps.iter().filter(|step| !step.needs.is_empty()) {
        session.reporter.step(step.id, &StepState::Waiting);
    }
    let wanted = session.request.options.parallel;
    let usual = thread::available_parallelism().map_or(1, usize::from).max(THREADS);
    let threads = if wanted == 0 { usual } else { wanted };
    let layered = steps.iter().filter(|step| step.makes_layer).count();
    thread::scope(|scope| {
        for _ in 1..threads.min(layered) {
            scope.spawn(|| schedule.work());
        }
        schedule.work();
    });
    let state = schedule.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = state.failure {
        for step in steps.iter().filter(|step| state.done[step.id.0].is_none()) {
            if !state.begun[step.id.0] || matches!(error, BuildError::Stopped) {
                session.reporter.step(step.id, &StepState::Skipped);
            }
        }
        return Err(error);
    }
    let done: Option<Vec<Arc<Outcome>>> = state.done.into_iter().collect();
    let steps = done.ok_or(BuildError::Worker)?;
    let stages = (0..session.plan.stages.len()).map(|stage| session.layers_at_end(stage)).collect();
    Ok(Outcomes { steps, stages })
}

impl Schedule<'_, '_> {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        while let Some(step) = self.next() {
            let base = self.session.layers_before(step);
            let found = base.and_then(|base| self.session.step(step, &base));
            let mut state = self.lock();
            state.at_work -= 1;
            match found {
                Ok(outcome) => {
                    if !outcome.is_cached {
                        let took = outcome.took;
                        self.session.reporter.step(step.id, &StepState::Done { took });
                    }
                    let outcome = Arc::new(outcome);
                    self.session.finish(step, &outcome);
                    state.done[step.id.0] = Some(outcome);
                }
                Err(error) => self.failed(&mut state, step, error),
            }
            drop(state);
            self.changed.notify_all();
        }
    }

    /// The first failure is the build's; what ends because of it is only skipped.
    fn failed(&self, state: &mut State, step: &PlannedStep, error: BuildError) {
        let is_first = state.failure.is_none();
        let is_stopped = matches!(error, BuildError::Stopped);
        if is_stopped || !is_first {
            self.session.reporter.step(step.id, &StepState::Skipped);
        } else {
            let kept = error.kept().cloned();
            self.session.reporter.step(step.id, &StepState::Failed { kept });
        }
        if is_first {
            state.failure = Some(error);
        }
        self.session.stop.stop();
    }

    /// The next step whose needs are there.
    fn next(&self) -> Option<&PlannedStep> {
        let mut state = self.lock();
        loop {
            if state.failure.is_some() {
                return None;
            }
            if self.session.stop.is_stopped() {
                state.failure = Some(BuildError::Stopped);
                return None;
            }
            let steps = &self.session.plan.steps;
            let is_ready = |step: &&PlannedStep| {
                let before = step.id.0.checked_sub(1).and_then(|at| steps.get(at));
                let before = before.filter(|before| before.stage == step.stage);
                !state.begun[step.id.0]
                    && step.needs.iter().all(|need| state.done[need.0].is_some())
                    && before.is_none_or(|before| state.done[before.id.0].is_some())
            };
            if let Some(step) = steps.iter().find(is_ready) {
                state.begun[step.id.0] = true;
                state.at_work += 1;
                return Some(step);
            }
            if state.at_work == 0 && state.begun.iter().all(|begun| *begun) {
                return None;
            }
            let waited = self.changed.wait_timeout(state, LOOK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// A stage begins with nothing from the net.
struct NoFetches;

impl Fetches for NoFetches {
    fn url(&self, _url: &str) -> Result<(Arc<dyn FileSet>, Fetched), BuildError> {
        Err(BuildError::Worker)
    }

    fn git(&self, _source: &GitSource) -> Result<Arc<dyn FileSet>, BuildError> {
        Err(BuildError::Worker)
    }
}

impl Session<'_> {
    /// What a stage begins with, as far as no step has to be done for it.
    fn begin_stage(&self, stage: usize) -> Result<(), BuildError> {
        let layers = match &self.plan.stages[stage].begins {
            Begins::Scratch => Vec::new(),
            Begins::Image(image) => self.plan.images[*image].layers.clone(),
            Begins::Stage(_) => return Ok(()),
            Begins::Files(name) => {
                let from = Origin::Files(Some(name.clone()));
                let files = self.files_of(&from, &[])?;
                let line = self.plan.stages[stage].line;
                let ignored = |_: &str| None;
                let found = select(
                    &whole_of(&from, "/"),
                    line,
                    files.set(),
                    &NoFetches,
                    &ignored,
                    &self.stop,
                )?;
                self.packed(line, &files, &found)?.into_iter().collect()
            }
        };
        self.begins[stage].set(layers).ok();
        Ok(())
    }

    /// The layers that a step finds.
    fn layers_before(&self, step: &PlannedStep) -> Result<Vec<StoredLayer>, BuildError> {
        let stage = &self.plan.stages[step.stage];
        let before = stage.steps.iter().rev().find(|id| **id < step.id);
        match before {
            Some(id) => {
                self.outcome(*id).map(|outcome| outcome.layers.clone()).ok_or(BuildError::Worker)
            }
            None => Ok(self.layers_at_begin(step.stage)),
        }
    }

    fn layers_at_begin(&self, stage: usize) -> Vec<StoredLayer> {
        match &self.plan.stages[stage].begins {
            Begins::Stage(base) => self.layers_at_end(*base),
            _ => self.begins[stage].get().cloned().unwrap_or_default(),
        }
    }

    /// The layers of a stage whose steps are done.
    fn layers_at_end(&self, stage: usize) -> Vec<StoredLayer> {
        let last = self.plan.stages[stage].steps.iter().rev().find_map(|id| self.outcome(*id));
        match last {
            Some(outcome) => outcome.layers.clone(),
            None => self.layers_at_begin(stage),
        }
    }

    /// The layers of what an instruction takes files from.
    pub(super) fn layers_of(&self, origin: &Origin) -> Vec<StoredLayer> {
        match origin {
            Origin::Stage(stage) => self.layers_at_end(*stage),
            Origin::Image(image) => self.plan.images[*image].layers.clone(),
            Origin::Files(_) | Origin::Scratch => Vec::new(),
        }
    }

    fn outcome(&self, id: StepId) -> Option<Arc<Outcome>> {
        let outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.get(id.0).cloned().flatten()
    }

    fn finish(&self, step: &PlannedStep, outcome: &Arc<Outcome>) {
        debug_assert!(step.makes_layer || matches!(step.op, Op::Setting));
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = outcomes.get_mut(step.id.0) {
            *slot = Some(Arc::clone(outcome));
        }
    }
}
