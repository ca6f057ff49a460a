//! The engine that needs no daemon.

use std::path::{Path, PathBuf};

use strata_build::{BuildError, Built};

use crate::host::BuildHost;
use crate::redaction::Redaction;
use crate::{BuildWork, Engine};

#[cfg(target_os = "linux")]
use crate::linux::Runs;

/// The built-in engine: it builds by itself, and runs commands through `strata-helper`, which is started when the first
/// command needs it.
#[derive(Debug)]
pub struct BuiltIn {
    #[cfg(target_os = "linux")]
    pub(crate) runs: Runs,
}

impl BuiltIn {
    /// The engine of a store. `helper` is the program `strata-helper`; it need not be there until something is run.
    #[must_use]
    pub fn new(helper: &Path, store: &Path) -> Self {
        #[cfg(not(target_os = "linux"))]
        let _ = (helper, store);
        Self {
            #[cfg(target_os = "linux")]
            runs: Runs::new(helper.to_owned(), PathBuf::from(store)),
        }
    }
}

impl Engine for BuiltIn {
    fn name(&self) -> &'static str {
        "builtin"
    }

    fn can_run(&self) -> bool {
        #[cfg(target_os = "linux")]
        return self.runs.open().is_ok();
        #[cfg(not(target_os = "linux"))]
        false
    }

    fn run_mode(&self) -> Option<&'static str> {
        #[cfg(target_os = "linux")]
        return self.runs.mode().map(|mode| match mode {
            strata_run::Mode::Root => "root",
            strata_run::Mode::SubIds => "subIds",
            strata_run::Mode::SingleId => "singleId",
        });
        #[cfg(not(target_os = "linux"))]
        None
    }

    fn build(&self, work: &BuildWork<'_>) -> Result<Built, BuildError> {
        let redaction = Redaction::of(&work.given.secrets);
        let host = BuildHost { engine: self, work, redaction };
        let built = strata_build::build(work.store, work.request, &host, work.reporter, work.stop);
        #[cfg(target_os = "linux")]
        self.runs.tidy();
        built
    }
}
