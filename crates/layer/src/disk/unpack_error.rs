//! Why a layer could not be unpacked.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::LayerError;

/// A layer could not be unpacked; what was made of it is of no use. Paths are shown with what cannot be printed escaped,
/// and cut.
#[derive(Debug, Error)]
pub enum UnpackError {
    /// The layer is not one that can be read.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// The folder to unpack into, or one of the layers below, is not one.
    #[error("cannot use the folder `{}`: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A path could not be made.
    #[error("cannot {doing} `{path}`: {source}")]
    Make {
        /// What was being done.
        doing: &'static str,
        /// The path in the layer.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// An owner could not be given.
    #[error("cannot give `{path}` to the user {uid} and the group {gid}: {source}")]
    Owner {
        /// The path in the layer.
        path: String,
        /// The owner that the layer names.
        uid: u64,
        /// The group that the layer names.
        gid: u64,
        /// What the system says.
        source: io::Error,
    },
    /// A hard link to what is not there, or cannot have two names.
    #[error("`{path}` is to be another name of `{target}`, {reason}")]
    Link {
        /// The path in the layer.
        path: String,
        /// What it is to be another name of.
        target: String,
        /// What is wrong with that.
        reason: &'static str,
    },
    /// A path that cannot be gone.
    #[error("`{path}` cannot be reached: {reason}")]
    Path {
        /// The path in the layer.
        path: String,
        /// Why.
        reason: &'static str,
    },
    /// A file whose content is stored without its holes.
    #[error("`{path}` is a sparse file, which layers do not hold")]
    Sparse {
        /// The path in the layer.
        path: String,
    },
}
