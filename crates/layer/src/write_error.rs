//! Why a layer could not be written.

use std::io;

use thiserror::Error;

/// A layer could not be written. Paths are shown with what cannot be printed escaped, and cut.
#[derive(Debug, Error)]
pub enum WriteError {
    /// Where it is written to failed.
    #[error("cannot write the layer: {source}")]
    Output {
        /// The output's own error.
        source: io::Error,
    },
    /// A file's content could not be read.
    #[error("cannot read the content of `{path}`: {source}")]
    Content {
        /// The path in the layer.
        path: String,
        /// What the content's reader says.
        source: io::Error,
    },
    /// A file's content is not as long as it was said to be: it was changed while it was read.
    #[error("`{path}` was changed while it was read: it has not the {promised} bytes that it had")]
    Changed {
        /// The path in the layer.
        path: String,
        /// How many bytes were promised.
        promised: u64,
    },
    /// What no layer can say, or what our own reader would refuse.
    #[error("a layer cannot hold `{path}`: {reason}")]
    Entry {
        /// The path in the layer.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An entry before failed half-way: what is written is no layer any more.
    #[error("the layer ends within an entry that failed")]
    Broken,
}
