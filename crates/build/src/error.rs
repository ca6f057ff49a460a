//! Why an image could not be built.

use std::io;
use std::path::PathBuf;

use strata_dockerfile::{ExpandError, IgnoreError};
use strata_layer::{LayerError, WriteError};
use strata_spec::{DocumentError, ReferenceError};
use strata_store::StoreError;
use strata_transfer::TransferError;
use strata_tree::TreeError;
use thiserror::Error;

use crate::{HostError, KeptSystem, RunFailure};

/// A build ended without an image. No name points anywhere else than before; steps that were done stay done.
#[derive(Debug, Error)]
pub enum BuildError {
    /// The Dockerfile cannot be understood.
    #[error("line {line}: {message}")]
    Dockerfile {
        /// The line, from 1.
        line: usize,
        /// What is wrong: one line, lower case.
        message: String,
        /// What was probably meant.
        suggestion: Option<String>,
    },
    /// A variable cannot be expanded.
    #[error("line {line}: {source}")]
    Expand {
        /// The line, from 1.
        line: usize,
        /// Why.
        source: ExpandError,
    },
    /// The wanted stage is not in the file.
    #[error("there is no stage `{target}`")]
    TargetUnknown {
        /// What was asked for.
        target: String,
        /// The stages that have names.
        stages: Vec<String>,
    },
    /// Stages need each other in a circle.
    #[error("line {line}: stage `{stage}` needs itself")]
    Circle {
        /// The line, from 1.
        line: usize,
        /// One of the stages.
        stage: String,
    },
    /// What `FROM` or `--from` names is no image reference.
    #[error("line {line}: {source}")]
    Reference {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: ReferenceError,
    },
    /// An image could not be had.
    #[error("line {line}: cannot get `{image}`: {source}")]
    Image {
        /// The line, from 1.
        line: usize,
        /// The image.
        image: String,
        /// Why.
        source: HostError,
    },
    /// The Dockerfile asks for something that this build may not do.
    #[error("line {line}: `{what}` is not allowed in this build")]
    NotAllowed {
        /// The line, from 1.
        line: usize,
        /// What it asks for, as it stands there.
        what: String,
    },
    /// A file or folder of this machine could not be read.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The ignore file cannot be understood.
    #[error("cannot read `{name}`: {source}")]
    Ignore {
        /// The file.
        name: String,
        /// What is wrong with it.
        source: IgnoreError,
    },
    /// What is to be copied is not there.
    #[error("line {line}: `{path}` is not in {from}")]
    NotFound {
        /// The line, from 1.
        line: usize,
        /// The path as it stands there.
        path: String,
        /// Where it was looked for: `the context`, or the stage or image.
        from: String,
        /// The rule of the ignore file that keeps it out, with its line, if one does.
        ignored_by: Option<(String, usize)>,
    },
    /// Something in the way of a copy is not what it must be.
    #[error("line {line}: cannot copy to `{path}`: {reason}")]
    Destination {
        /// The line, from 1.
        line: usize,
        /// The path in the image.
        path: String,
        /// Why.
        reason: &'static str,
    },
    /// A user or group that the image does not know.
    #[error("line {line}: the image has no {kind} `{name}`")]
    UserUnknown {
        /// The line, from 1.
        line: usize,
        /// `user` or `group`.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A file of the context was changed while it was read.
    #[error("`{path}` was changed while it was read")]
    Changed {
        /// The path in the context.
        path: String,
    },
    /// Something from the net could not be had.
    #[error("line {line}: cannot get `{url}`: {source}")]
    Fetch {
        /// The line, from 1.
        line: usize,
        /// Where from, without what may be secret in it.
        url: String,
        /// Why.
        source: HostError,
    },
    /// Something from the net is not what it should be.
    #[error("line {line}: `{url}` has the digest {found}, not {expected}")]
    Checksum {
        /// The line, from 1.
        line: usize,
        /// Where from.
        url: String,
        /// What the Dockerfile says.
        expected: String,
        /// What it is.
        found: String,
    },
    /// An archive that is to be unpacked, or that is the context, cannot be read.
    #[error("cannot unpack `{path}`: {source}")]
    Archive {
        /// The archive.
        path: String,
        /// What is wrong with it.
        source: LayerError,
    },
    /// A step needs a secret or an SSH agent that nobody gave.
    #[error("line {line}: no {kind} `{id}` was given")]
    NotGiven {
        /// The line, from 1.
        line: usize,
        /// `secret` or `ssh`.
        kind: &'static str,
        /// Which one.
        id: String,
    },
    /// A command failed.
    #[error("line {line}: {source}")]
    Run {
        /// The line, from 1.
        line: usize,
        /// The command as the Dockerfile has it.
        command: String,
        /// How it ended.
        source: Box<RunFailure>,
    },
    /// A file of a stage or image could not be read, or a layer not be written.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// A layer could not be written.
    #[error(transparent)]
    Write(WriteError),
    /// The files of a layer could not be listed.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// A layer could not be kept or read.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// The store could not keep or read something.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A document could not be made: the image would have too many settings.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// A worker thread ended without a result.
    #[error("a worker ended without a result")]
    Worker,
    /// Somebody stopped the build.
    #[error("stopped")]
    Stopped,
}

impl BuildError {
    /// What the window knows it by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Dockerfile { .. } => "build_dockerfile",
            Self::Expand { .. } => "build_variable",
            Self::TargetUnknown { .. } => "build_target_unknown",
            Self::Circle { .. } => "build_circle",
            Self::Reference { .. } => "build_reference",
            Self::Image { .. } => "build_image",
            Self::NotAllowed { .. } => "build_not_allowed",
            Self::File { .. } => "build_file",
            Self::Ignore { .. } => "build_ignore",
            Self::NotFound { ignored_by: None, .. } => "build_not_found",
            Self::NotFound { .. } => "build_ignored",
            Self::Destination { .. } => "build_destination",
            Self::UserUnknown { .. } => "build_user_unknown",
            Self::Changed { .. } => "build_changed",
            Self::Fetch { .. } => "build_fetch",
            Self::Checksum { .. } => "build_checksum",
            Self::Archive { .. } => "build_archive",
            Self::NotGiven { .. } => "build_not_given",
            Self::Run { .. } => "build_run",
            Self::Layer(_) => "build_layer",
            Self::Write(_) => "build_write",
            Self::Tree(_) => "build_tree",
            Self::Transfer(_) => "build_transfer",
            Self::Store(_) => "build_store",
            Self::Document(_) => "build_document",
            Self::Worker => "build_worker",
            Self::Stopped => "stopped",
        }
    }

    /// The line of the Dockerfile that it is about, from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Dockerfile { line, .. }
            | Self::Expand { line, .. }
            | Self::Circle { line, .. }
            | Self::Reference { line, .. }
            | Self::Image { line, .. }
            | Self::NotAllowed { line, .. }
            | Self::NotFound { line, .. }
            | Self::Destination { line, .. }
            | Self::UserUnknown { line, .. }
            | Self::Fetch { line, .. }
            | Self::Checksum { line, .. }
            | Self::NotGiven { line, .. }
            | Self::Run { line, .. } => Some(*line),
            _ => None,
        }
    }

    /// What the host keeps of a failed command.
    #[must_use]
    pub fn kept(&self) -> Option<&KeptSystem> {
        match self {
            Self::Run { source, .. } => source.kept.as_ref(),
            _ => None,
        }
    }
}
