//! A build's host: the outside passed on, commands run here.

use strata_build::{Host, Line, Outside, RunFailure, RunStep, Stop, StoredLayer};

use crate::redaction::Redaction;
use crate::{BuildWork, BuiltIn};

/// What one build sees.
pub(crate) struct BuildHost<'a> {
    pub engine: &'a BuiltIn,
    pub work: &'a BuildWork<'a>,
    pub redaction: Redaction,
}

impl Host for BuildHost<'_> {
    fn outside(&self) -> &dyn Outside {
        self.work.outside
    }

    fn run(
        &self,
        step: &RunStep,
        output: &(dyn Fn(Line) + Sync),
        stop: &Stop,
    ) -> Result<Option<StoredLayer>, RunFailure> {
        self.run_here(step, output, stop)
    }

    fn has_secret(&self, id: &str) -> bool {
        self.work.given.secrets.contains_key(id)
    }

    fn has_ssh(&self, id: &str) -> bool {
        self.work.given.agents.contains_key(id)
    }
}

#[cfg(not(target_os = "linux"))]
impl BuildHost<'_> {
    fn run_here(
        &self,
        _step: &RunStep,
        _output: &(dyn Fn(Line) + Sync),
        _stop: &Stop,
    ) -> Result<Option<StoredLayer>, RunFailure> {
        let cause = Some(strata_build::HostError::new(strata_run::RunError::Unsupported));
        Err(RunFailure { exit: None, signal: None, kept: None, cause })
    }
}
