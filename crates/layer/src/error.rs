//! Why a layer could not be read.

use std::io;

use thiserror::Error;

/// A layer was refused. Paths are shown with what cannot be printed escaped, and cut.
#[derive(Debug, Error)]
pub enum LayerError {
    /// The source itself failed.
    #[error("cannot read the layer's bytes: {source}")]
    Source {
        /// The source's own error.
        source: io::Error,
    },
    /// The compressed bytes are damaged.
    #[error("the {compression} data is damaged: {source}")]
    Damaged {
        /// What the layer is compressed with.
        compression: &'static str,
        /// What the decoder says.
        source: io::Error,
    },
    /// Bytes stand after the end of the compressed data.
    #[error("the {compression} data is followed by bytes that do not belong to it")]
    Trailing {
        /// What the layer is compressed with.
        compression: &'static str,
    },
    /// The tar ends inside an entry.
    #[error("the tar ends inside {subject}")]
    Cut {
        /// Which part is cut.
        subject: String,
    },
    /// A header is not one.
    #[error("the tar header at byte {offset} is malformed: {reason}")]
    Header {
        /// Where it stands in the plain tar.
        offset: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A PAX or GNU extension is malformed.
    #[error("the {kind} extension at byte {offset} is malformed: {reason}")]
    Extension {
        /// PAX or GNU.
        kind: &'static str,
        /// Where its header stands in the plain tar.
        offset: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A kind of entry that no layer may have.
    #[error("`{path}` is of a kind that layers cannot have (type {flag:?})")]
    Kind {
        /// The entry's path.
        path: String,
        /// The tar's type flag.
        flag: char,
    },
    /// A path or hard link leads out of the image.
    #[error("`{path}` leads out of the image")]
    Escape {
        /// The path as the tar has it.
        path: String,
    },
    /// A path that no file system can have.
    #[error("`{path}` is not a path: {reason}")]
    Path {
        /// The path as the tar has it.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Beyond a limit.
    #[error("{what} is more than the {limit} that a layer may have ({found})")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// The bound.
        limit: u64,
        /// What was found.
        found: u64,
    },
    /// The memory that decoding takes is in use by other layers: it can be read later.
    #[error("other layers use the memory that decoding it takes")]
    Crowded,
    /// There is no room for the list of files while it is made.
    #[error("cannot keep the list of the layer's files: {source}")]
    Scratch {
        /// What the scratch file said.
        source: io::Error,
    },
    /// The receiver of the entries refused one.
    #[error("the list of files cannot take `{path}`: {reason}")]
    Sink {
        /// The entry's path.
        path: String,
        /// Why.
        reason: &'static str,
    },
}

/// How much of a name an error shows.
const SHOWN_BYTES: usize = 120;

/// A name for an error: escaped and cut.
pub(crate) fn shown(name: &[u8]) -> String {
    let cut = &name[..name.len().min(SHOWN_BYTES)];
    let mut text = cut.escape_ascii().to_string();
    if cut.len() < name.len() {
        text.push('…');
    }
    text
}
