//! Systems without namespaces.

use crate::{Probe, RunError, SessionOptions};

/// On this system there is none.
#[derive(Debug)]
pub struct Session {
    never: std::convert::Infallible,
}

impl Session {
    /// Says that RUN needs Linux.
    ///
    /// # Errors
    ///
    /// Always [`RunError::Unsupported`].
    pub fn start(_options: &SessionOptions) -> Result<Self, RunError> {
        Err(RunError::Unsupported)
    }

    /// Never called: there is no session.
    #[must_use]
    pub fn mode(&self) -> crate::Mode {
        match self.never {}
    }
}

/// Says that RUN needs Linux.
///
/// # Errors
///
/// Always [`RunError::Unsupported`].
pub fn probe(_helper: &std::path::Path, _folder: &std::path::Path) -> Result<Vec<Probe>, RunError> {
    Err(RunError::Unsupported)
}

/// Says that there is nothing to help with.
pub fn helper_main() {
    eprintln!("strata-helper: RUN needs Linux");
    std::process::exit(1);
}
