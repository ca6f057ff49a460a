//! What builds images.

use strata_build::{BuildError, BuildRequest, Built, Outside, Reporter, Stop};
use strata_store::Store;

use crate::Given;

/// Something that builds images and, in time, runs them.
pub trait Engine: Send + Sync {
    /// What it is called on the command line and in the settings: `builtin`.
    fn name(&self) -> &'static str;

    /// Whether commands can be run on this machine, found by trying. Blocks shortly.
    fn can_run(&self) -> bool;

    /// How commands were run last: `root`, `subIds` or `singleId`; none before the first.
    fn run_mode(&self) -> Option<&'static str>;

    /// Builds an image into the store. Blocks until it is done.
    ///
    /// # Errors
    /// Anything of [`BuildError`].
    fn build(&self, work: &BuildWork<'_>) -> Result<Built, BuildError>;
}

/// A build and all that it may use.
pub struct BuildWork<'a> {
    /// Where layers come from and go to.
    pub store: &'a Store,
    /// What to build.
    pub request: &'a BuildRequest,
    /// The way to images, files and repositories.
    pub outside: &'a dyn Outside,
    /// What a person gave to this build alone.
    pub given: &'a Given,
    /// Is told of all that happens.
    pub reporter: &'a dyn Reporter,
    /// Ends it early.
    pub stop: &'a Stop,
}
