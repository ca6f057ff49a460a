//! A build's host: the outside passed on, commands run here.

use std::io::Write;

use strata_build::{
    Base, Fetched, GitSource, GitTree, Host, HostError, Line, RunFailure, RunStep, Stop,
    StoredLayer,
};
use strata_spec::{Platform, Reference};

use crate::redaction::Redaction;
use crate::{BuildWork, BuiltIn};

/// What one build sees.
pub(crate) struct BuildHost<'a> {
    pub engine: &'a BuiltIn,
    pub work: &'a BuildWork<'a>,
    pub redaction: Redaction,
}

impl Host for BuildHost<'_> {
    fn image(
        &self,
        reference: &Reference,
        platform: &Platform,
        pull: bool,
        stop: &Stop,
    ) -> Result<Base, HostError> {
        self.work.outside.image(reference, platform, pull, stop)
    }

    fn run(
        &self,
        step: &RunStep,
        output: &(dyn Fn(Line) + Sync),
        stop: &Stop,
    ) -> Result<Option<StoredLayer>, RunFailure> {
        self.run_here(step, output, stop)
    }

    fn fetch(&self, url: &str, into: &mut dyn Write, stop: &Stop) -> Result<Fetched, HostError> {
        self.work.outside.fetch(url, into, stop)
    }

    fn git(&self, source: &GitSource, stop: &Stop) -> Result<GitTree, HostError> {
        self.work.outside.git(source, stop)
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
        let cause = Some(HostError::new(strata_run::RunError::Unsupported));
        Err(RunFailure { exit: None, signal: None, kept: None, cause })
    }
}
