//! What can go wrong while something is looked into.

use std::io;

use thiserror::Error;

/// Something could not be looked into.
#[derive(Debug, Error)]
pub enum InspectError {
    /// The bytes are not what they look like.
    #[error("cannot read the {what}: {reason}")]
    Malformed {
        /// What they look like.
        what: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The bytes could not be had.
    #[error("cannot read the {what}: {source}")]
    Source {
        /// What they are.
        what: &'static str,
        /// Why.
        source: io::Error,
    },
}
