//! What an engine needs of the world: it opens no socket itself.

use std::io::Write;

use strata_build::{Base, Fetched, GitSource, GitTree, HostError, Stop};
use strata_spec::{Platform, Reference};

/// The way to images, files and repositories. Calls come from several threads at once, block, and return soon after the
/// stop flag is raised.
pub trait Outside: Sync {
    /// An image that is in the store afterwards. `pull` asks the registry even where an image of this name is here.
    ///
    /// # Errors
    /// What kept it from being had.
    fn image(
        &self,
        reference: &Reference,
        platform: &Platform,
        pull: bool,
        stop: &Stop,
    ) -> Result<Base, HostError>;

    /// Writes what stands behind a URL.
    ///
    /// # Errors
    /// What kept it from being had, or what `into` says.
    fn fetch(&self, url: &str, into: &mut dyn Write, stop: &Stop) -> Result<Fetched, HostError>;

    /// Checks a repository out.
    ///
    /// # Errors
    /// What kept it from being had.
    fn git(&self, source: &GitSource, stop: &Stop) -> Result<GitTree, HostError>;
}
