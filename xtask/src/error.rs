//! What can go wrong in a task. Written out by hand: a derive would make every first build of this crate longer.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a task stopped.
#[derive(Debug)]
pub enum TaskError {
    /// The task or one of its arguments is not known.
    Usage { found: String, usage: &'static str },
    /// A program could not be started.
    Start { program: String, source: io::Error },
    /// A program ended with a failure.
    Failed { command: String, status: String },
    /// Something must be installed by hand.
    Missing { what: String, remedy: String },
    /// A file could not be read or written.
    File { doing: &'static str, path: PathBuf, source: io::Error },
    /// A program's output is not what was agreed.
    Output { command: String, expected: &'static str, found: String },
    /// Some tests or checks failed; they have been printed.
    Tests { failed: usize },
}

impl fmt::Display for TaskError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { found, usage } => write!(out, "`{found}` is not known\n\n{usage}"),
            Self::Start { program, source } => write!(out, "cannot start `{program}`: {source}"),
            Self::Failed { command, status } => write!(out, "`{command}` failed: {status}"),
            Self::Missing { what, remedy } => write!(out, "{what}\n{remedy}"),
            Self::File { doing, path, source } => {
                write!(out, "cannot {doing} `{}`: {source}", path.display())
            }
            Self::Output { command, expected, found } => {
                write!(out, "`{command}`: expected {expected}, found `{found}`")
            }
            Self::Tests { failed } => write!(out, "{failed} failed"),
        }
    }
}

impl std::error::Error for TaskError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Start { source, .. } | Self::File { source, .. } => Some(source),
            _ => None,
        }
    }
}
