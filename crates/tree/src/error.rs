//! Why an index could not be made, read or stacked.

use thiserror::Error;

/// An index was refused.
#[derive(Debug, Error)]
pub enum TreeError {
    /// The bytes are no index, or one of another version of this program.
    #[error("these bytes are no file index of version {expected}")]
    Version {
        /// The version that is read.
        expected: u32,
    },
    /// The bytes are an index, but a damaged one.
    #[error("the file index is damaged: {reason}")]
    Damaged {
        /// What is wrong.
        reason: &'static str,
    },
    /// More than the format can count.
    #[error("the file index cannot hold {what}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
    },
    /// The index could not be written, or a scratch file failed.
    #[error("cannot write the file index: {source}")]
    Write {
        /// What the file said.
        source: std::io::Error,
    },
    /// A layer that the stack does not have.
    #[error("there is no layer {index} in a stack of {count}")]
    NoSuchLayer {
        /// The layer asked for, from 0.
        index: usize,
        /// How many there are.
        count: usize,
    },
}
