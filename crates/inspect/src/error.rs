//! Why a file could not be looked into.

use std::io;

use thiserror::Error;

/// A file could not be looked into.
#[derive(Debug, Error)]
pub enum InspectError {
    /// The source itself failed.
    #[error("cannot read the file's bytes: {source}")]
    Source {
        /// The source's own error.
        source: io::Error,
    },
    /// The bytes are not of the form they should have.
    #[error("cannot read the file as {form}: {reason}")]
    Malformed {
        /// Which form: `ELF`, `zip` and so on.
        form: &'static str,
        /// What is wrong.
        reason: &'static str,
    },
}

impl InspectError {
    pub(crate) const fn malformed(form: &'static str, reason: &'static str) -> Self {
        Self::Malformed { form, reason }
    }
}

impl From<io::Error> for InspectError {
    fn from(source: io::Error) -> Self {
        Self::Source { source }
    }
}
