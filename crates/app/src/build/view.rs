//! A build as the window sees it, kept up to date from what the builder tells.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use strata_build::{BuildError, Built, Line, Plan, Reporter, StepId, StepLayer, StepState, Why};
use strata_engine::Engine;

use super::causes::{self, Failed, LINES_LOOKED_AT};
use super::lines;
use super::output::Outputs;
use crate::api::{
    BuildFailure, BuildLayer, BuildLineState, BuildView, BuildWarning, LikelyCause, UserError,
    WhyAnew,
};
use crate::jobs::Job;

/// Output alone is told at most so often.
const PAUSE: Duration = Duration::from_millis(100);

/// Listens to a build and tells its job.
pub(crate) struct BuildWatch {
    job: Arc<Job>,
    outputs: Arc<Outputs>,
    engine: Arc<dyn Engine>,
    began: Instant,
    state: Mutex<State>,
}

struct State {
    view: BuildView,
    places: BTreeMap<StepId, usize>,
    began: BTreeMap<usize, Instant>,
    told: Instant,
}

impl BuildWatch {
    pub fn new(
        job: Arc<Job>,
        outputs: Arc<Outputs>,
        engine: Arc<dyn Engine>,
        view: BuildView,
    ) -> Self {
        let now = Instant::now();
        job.set_build(view.clone());
        let state = State { view, places: BTreeMap::new(), began: BTreeMap::new(), told: now };
        Self { job, outputs, engine, began: now, state: Mutex::new(state) }
    }

    /// The build has ended: what it came to, and the view as it stays.
    pub fn ended(&self, outcome: &Result<Built, BuildError>) -> BuildView {
        let failure = match outcome {
            Ok(_) | Err(BuildError::Stopped) => None,
            Err(error) => Some(self.failure(error)),
        };
        let mut state = self.lock();
        state.view.failure = failure;
        state.view.manifest = outcome.as_ref().ok().map(|built| built.manifest.digest.to_string());
        for line in &mut state.view.lines {
            if matches!(line.state, BuildLineState::Waiting | BuildLineState::Running) {
                line.state = BuildLineState::Skipped;
            }
        }
        self.tell(&mut state);
        state.view.clone()
    }

    fn failure(&self, error: &BuildError) -> BuildFailure {
        let mut state = self.lock();
        let line = error.line().and_then(|line| u32::try_from(line).ok());
        let is_failed = |at: &usize| state.view.lines[*at].state == BuildLineState::Failed;
        let by_line = |at: &usize| Some(state.view.lines[*at].line) == line;
        let places = 0..state.view.lines.len();
        let at = places.clone().find(is_failed).or_else(|| places.rev().find(by_line));
        if let Some(at) = at {
            state.view.lines[at].state = BuildLineState::Failed;
        }
        let text = at.map(|at| state.view.lines[at].text.clone()).unwrap_or_default();
        let index = at.and_then(|at| u32::try_from(at).ok());
        drop(state);
        let output = index.map(|index| self.outputs.tail(index, LINES_LOOKED_AT));
        BuildFailure {
            index,
            causes: likely(error, &output.unwrap_or_default(), &text),
            has_files: error.kept().is_some(),
            error: of_error(error),
        }
    }

    fn change(&self, step: StepId, change: impl FnOnce(&mut State, usize)) {
        let mut state = self.lock();
        let Some(at) = state.places.get(&step).copied() else { return };
        change(&mut state, at);
        self.tell(&mut state);
    }

    fn tell(&self, state: &mut State) {
        let now = Instant::now();
        state.told = now;
        state.view.milliseconds = milliseconds(self.began.elapsed());
        for (at, began) in &state.began {
            let line = &mut state.view.lines[*at];
            if line.state == BuildLineState::Running {
                line.milliseconds = milliseconds(began.elapsed());
            }
        }
        self.job.set_build(state.view.clone());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reporter for BuildWatch {
    fn planned(&self, plan: &Plan) {
        let mut state = self.lock();
        let state = &mut *state;
        state.places = lines::planned(&mut state.view.lines, plan);
        for stage in &mut state.view.stages {
            let index = stage.index as usize;
            stage.is_needed = plan.stages.iter().any(|planned| planned.index == index);
        }
        self.tell(state);
    }

    fn context(&self, files: u64, bytes: u64) {
        let mut state = self.lock();
        (state.view.context_files, state.view.context_bytes) = (files, bytes);
        self.tell(&mut state);
    }

    fn step(&self, step: StepId, now: &StepState) {
        self.change(step, |state, at| {
            let line = &mut state.view.lines[at];
            line.state = match now {
                StepState::Waiting => BuildLineState::Waiting,
                StepState::Running => {
                    state.began.insert(at, Instant::now());
                    BuildLineState::Running
                }
                StepState::Cached { saved } => {
                    line.saved_milliseconds = Some(milliseconds(*saved));
                    BuildLineState::Cached
                }
                StepState::Done { took } => {
                    line.milliseconds = milliseconds(*took);
                    BuildLineState::Done
                }
                StepState::Failed { .. } => BuildLineState::Failed,
                StepState::Skipped => BuildLineState::Skipped,
            };
        });
    }

    fn why(&self, step: StepId, why: &Why) {
        self.change(step, |state, at| state.view.lines[at].why = Some(reason(state, at, why)));
    }

    fn output(&self, step: StepId, line: &Line) {
        let mut state = self.lock();
        let Some(at) = state.places.get(&step).copied() else { return };
        let index = u32::try_from(at).unwrap_or(u32::MAX);
        state.view.lines[at].output_lines = self.outputs.add(index, &line.bytes, line.is_error);
        if state.told.elapsed() >= PAUSE {
            self.tell(&mut state);
        }
    }

    fn layer(&self, step: StepId, layer: Option<&StepLayer>) {
        let is_single = self.engine.run_mode() == Some("singleId");
        self.change(step, |state, at| {
            let line = &mut state.view.lines[at];
            if is_single && layer.is_some() && line.keyword == "RUN" && line.warnings.is_empty() {
                let (code, subject) = ("singleId".to_owned(), String::new());
                line.warnings.push(BuildWarning { code, subject });
            }
            state.view.lines[at].layer = layer.map(|layer| {
                let digest = layer.digest.to_string();
                let before = state.view.before.as_ref();
                let mut known = before.iter().flat_map(|before| &before.lines);
                let is_same = |line: &crate::api::PastLine| {
                    line.layer.as_ref().is_some_and(|known| known.digest == digest)
                };
                BuildLayer {
                    is_same: known.any(is_same),
                    bytes: layer.size_bytes,
                    tar_bytes: layer.tar_bytes,
                    digest,
                }
            });
        });
    }
}

/// Why a line is made anew. Where the line below it was, that is why.
fn reason(state: &State, at: usize, why: &Why) -> WhyAnew {
    let lines = &state.view.lines;
    let below = lines[..at].iter().rev().find(|line| {
        line.stage == lines[at].stage
            && matches!(line.state, BuildLineState::Done | BuildLineState::Running)
    });
    match why {
        Why::New => WhyAnew::First,
        Why::NoCache => WhyAnew::Asked,
        Why::Gone => WhyAnew::Gone,
        Why::Text { was, is } => WhyAnew::Text { before: was.clone(), now: is.clone() },
        Why::Base => match below {
            Some(below) => WhyAnew::Follows { line: below.line },
            None => WhyAnew::Base,
        },
        Why::Argument { name, .. } => WhyAnew::Argument { name: name.clone() },
        Why::Environment { name, .. } => WhyAnew::Environment { name: name.clone() },
        Why::Files(files) => WhyAnew::Files {
            changed: files.changed.clone(),
            added: files.added.clone(),
            removed: files.removed.clone(),
            count: files.count,
        },
        Why::Other { what } => WhyAnew::Setting { name: what.clone() },
    }
}

/// The likeliest causes: what the error itself says, then what the command wrote.
fn likely(error: &BuildError, output: &[String], text: &str) -> Vec<LikelyCause> {
    let plain = |code: &str, subject: &str| {
        vec![LikelyCause { code: code.to_owned(), subject: subject.to_owned() }]
    };
    match error {
        BuildError::NotFound { path, ignored_by: Some(_), .. } => plain("fileKeptOut", path),
        BuildError::NotFound { path, .. } => plain("fileNotInContext", path),
        BuildError::Run { source, .. } => {
            let exit = source.exit.or_else(|| source.signal.map(|signal| 128 + signal));
            let without_network = text.contains("--network=none");
            causes::likely(Failed { exit, output, text, without_network })
        }
        _ => Vec::new(),
    }
}

/// The error as a person is told, though the builder keeps it.
fn of_error(error: &BuildError) -> UserError {
    crate::failure::of_build_error(error)
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
