//! Why a command could not be run. A command that ran and failed is an [`Exit`](crate::Exit), not an error.

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use strata_spec::DiffId;
use thiserror::Error;

/// What could not be done for a run.
#[derive(Debug, Error)]
pub enum RunError {
    /// This system has no namespaces: RUN needs Linux.
    #[error("RUN needs Linux: build with an engine instead")]
    Unsupported,
    /// The helper program could not be started.
    #[error("cannot start `{}`: {source}", path.display())]
    Helper {
        /// Where it was looked for.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The helper ended, or said something that it should not say.
    #[error("the helper that carries out RUN ended while it should {doing}")]
    HelperGone {
        /// What it had been asked.
        doing: &'static str,
    },
    /// A step inside the helper failed.
    #[error(transparent)]
    Step(#[from] Failure),
    /// Reading what came from the helper, or writing what it was to get.
    #[error("cannot {doing}: {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// Why.
        source: io::Error,
    },
    /// A layer could not be unpacked, or what a run wrote could not be made a layer.
    #[error("cannot {doing}: {reason}")]
    Layer {
        /// What was being done.
        doing: &'static str,
        /// Why, as `strata_layer` says it.
        reason: String,
    },
    /// A layer's bytes are not those that its image names.
    #[error("the layer unpacks to {found}, its image names {expected}")]
    WrongLayer {
        /// What the image says.
        expected: DiffId,
        /// What was found.
        found: DiffId,
    },
    /// Somebody stopped it.
    #[error("stopped")]
    Stopped,
}

/// A step that failed inside the helper, as it crosses to the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Error)]
#[error("cannot {doing} `{subject}`: {}", io::Error::from_raw_os_error(*errno))]
pub struct Failure {
    /// What was being done: `mount`, `open`, …
    pub doing: String,
    /// To what: a path, a user, a program.
    pub subject: String,
    /// The system's number for why.
    pub errno: i32,
    /// What it means for the caller.
    pub reason: Reason,
}

/// What a [`Failure`] means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The system refused a namespace or a mapping of ids: see [`probe`](crate::probe).
    NoNamespace,
    /// The system refused the overlay of the layers.
    NoOverlay,
    /// `USER` names somebody whom the image does not have, or an id that is not mapped.
    UserUnknown,
    /// A mount's target or source cannot be used.
    BadMount,
    /// More layers than one overlay can hold.
    TooManyLayers,
    /// The network that was asked for cannot be had.
    NoNetwork,
    /// Anything else.
    Other,
}
