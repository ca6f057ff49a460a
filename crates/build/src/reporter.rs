//! How a build tells what it does: absolute facts, never words.

use std::time::Duration;

use strata_spec::Digest;

use crate::{KeptSystem, Line, Plan, StepId, Why};

/// Receives what a build does. Calls come from several threads.
pub trait Reporter: Sync {
    /// All steps are known. Called once, before any of them.
    fn planned(&self, plan: &Plan);

    /// The files of the context are known: how many, and their bytes. Not called where no step asks for them.
    fn context(&self, _files: u64, _bytes: u64) {}

    /// A step is in this state now.
    fn step(&self, step: StepId, state: &StepState);

    /// Why a step is done anew. Called before it runs.
    fn why(&self, _step: StepId, _why: &Why) {}

    /// A step's command has written something.
    fn output(&self, _step: StepId, _line: &Line) {}

    /// What a step made, or what was kept of it; none if it changed nothing.
    fn layer(&self, _step: StepId, _layer: Option<&StepLayer>) {}

    /// All steps are done; the image is being made visible.
    fn committing(&self) {}
}

/// A reporter that nobody listens to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Reporter for Silent {
    fn planned(&self, _plan: &Plan) {}
    fn step(&self, _step: StepId, _state: &StepState) {}
}

/// What happens to a step at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// What it needs is not there yet.
    Waiting,
    /// It is at work.
    Running,
    /// What an earlier build made of it is used.
    Cached {
        /// How long it took then.
        saved: Duration,
    },
    /// It is done.
    Done {
        /// How long it took.
        took: Duration,
    },
    /// It ended without a result.
    Failed {
        /// What the host keeps of it.
        kept: Option<KeptSystem>,
    },
    /// It will not be done, for another one failed or somebody stopped the build.
    Skipped,
}

/// A layer that a step made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepLayer {
    /// The digest of its blob.
    pub digest: Digest,
    /// Bytes of the blob.
    pub size_bytes: u64,
    /// Bytes of its plain tar.
    pub tar_bytes: u64,
    /// Files, links and deletions in it; folders do not count.
    pub changed_files: u64,
}
