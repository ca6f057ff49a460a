//! Every failure of the crates below and of the use cases themselves.

use std::io;
use std::path::PathBuf;

use strata_build::BuildError;
use strata_layer::LayerError;
use strata_registry::RegistryError;
use strata_remote::RemoteError;
use strata_spec::{Digest, DocumentError, PlatformError, ReferenceError};
use strata_store::StoreError;
use strata_transfer::TransferError;
use strata_tree::TreeError;
use thiserror::Error;

use crate::kept_logins::KeepError;

/// A use case could not be done.
#[derive(Debug, Error)]
pub enum AppError {
    /// What was typed is no reference.
    #[error("`{text}` is not a reference: {source}")]
    Reference {
        /// What was typed.
        text: String,
        /// Why.
        source: ReferenceError,
    },
    /// What was typed is no platform.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// An image could not be moved.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// The store could not keep or give something.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The client could not be set up.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// A stored layer cannot be read.
    #[error("cannot read the stored layer {}: {source}", digest.short())]
    Layer {
        /// The layer's digest.
        digest: Digest,
        /// What is wrong with it.
        source: LayerError,
    },
    /// The list of files cannot be made.
    #[error("cannot list the files of {}: {source}", manifest.short())]
    Tree {
        /// The image's manifest.
        manifest: Digest,
        /// Why.
        source: TreeError,
    },
    /// A stored document is malformed.
    #[error("cannot read the stored document {}: {source}", digest.short())]
    Document {
        /// The document.
        digest: Digest,
        /// What is wrong with it.
        source: DocumentError,
    },
    /// The store has no such image.
    #[error("there is no image `{image}` in the store")]
    ImageUnknown {
        /// What was asked for.
        image: String,
    },
    /// A condition on files cannot be understood.
    #[error("`{word}` is no condition on files")]
    FilterInvalid {
        /// The condition.
        word: String,
    },
    /// Several images could be meant.
    #[error("`{digits}` begins the digests of several images")]
    ImageAmbiguous {
        /// What was asked for.
        digits: String,
    },
    /// The image has no such layer.
    #[error("there is no layer {layer}: the image has {count}")]
    LayerUnknown {
        /// The layer asked for, 1 is the oldest.
        layer: usize,
        /// How many there are.
        count: usize,
    },
    /// The image has no such path.
    #[error("there is no `{path}`")]
    PathUnknown {
        /// The path, as it can be shown.
        path: String,
    },
    /// An image that a person named has no such path.
    #[error("`{image}` has no `{path}`")]
    PathAbsent {
        /// The path, as it can be shown.
        path: String,
        /// The image, as it was typed.
        image: String,
    },
    /// An image that a person named has no such path any more.
    #[error("layer {layer} of `{image}` deletes `{path}`")]
    PathDeleted {
        /// The path, as it can be shown.
        path: String,
        /// The image, as it was typed.
        image: String,
        /// The layer that deletes it, 1 is the oldest.
        layer: usize,
    },
    /// The image has such a path, but not in the layer that was asked for.
    #[error("layer {layer} of `{image}` has no `{path}`")]
    PathNotInLayer {
        /// The path, as it can be shown.
        path: String,
        /// The image, as it was typed.
        image: String,
        /// The layer, 1 is the oldest.
        layer: usize,
    },
    /// The path has no content of its own.
    #[error("`{path}` is not a file")]
    NotAFile {
        /// The path, as it can be shown.
        path: String,
    },
    /// What was read could not be handed on.
    #[error("cannot write the output: {source}")]
    Output {
        /// Why.
        source: io::Error,
    },
    /// What was exported cannot be written.
    #[error("cannot write below `{}`: {source}", path.display())]
    Export {
        /// The destination.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is something where an export was to be written.
    #[error("there is something at `{}` already", path.display())]
    DestinationTaken {
        /// The destination.
        path: PathBuf,
    },
    /// The settings file cannot be written.
    #[error("cannot write the settings to `{}`: {source}", path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An image could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// There is no Dockerfile.
    #[error("there is no Dockerfile at `{}`", path.display())]
    DockerfileMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A Dockerfile is not what it was when it was read.
    #[error("`{}` was changed by somebody else", path.display())]
    DockerfileChanged {
        /// The file.
        path: PathBuf,
    },
    /// A Dockerfile or its folder cannot be read or written.
    #[error("cannot read or write `{}`: {source}", path.display())]
    DockerfileUnread {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A login cannot be kept or forgotten.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// A text is no certificate.
    #[error("cannot trust what was given for `{registry}`: {reason}")]
    CertificateInvalid {
        /// The registry.
        registry: String,
        /// Why.
        reason: String,
    },
    /// Docker Hub's search gave nothing.
    #[error("cannot search Docker Hub: {source}")]
    Search {
        /// Why.
        source: RemoteError,
    },
    /// The practice registry cannot serve.
    #[error("the practice registry cannot start: {source}")]
    Practice {
        /// Why.
        source: RegistryError,
    },
    /// The sample images cannot be made.
    #[error("cannot make the sample image `{sample}`: {source}")]
    Sample {
        /// Its name.
        sample: &'static str,
        /// Why.
        source: io::Error,
    },
    /// The system gives no random numbers.
    #[error("cannot make a secret: {reason}")]
    Random {
        /// Why.
        reason: String,
    },
    /// There is no such job any more.
    #[error("there is no job {id} any more")]
    JobUnknown {
        /// Its number.
        id: u64,
    },
    /// The list of a layer's files that was read has given way to others.
    #[error("the list of files of layer {layer} is not kept any more")]
    PeekForgotten {
        /// The layer's digest.
        layer: String,
    },
    /// The image in the registry has no such layer.
    #[error("`{image}` has no layer {layer}")]
    NoSuchLayer {
        /// The image, in its short form.
        image: String,
        /// The layer's digest.
        layer: String,
    },
    /// A file of this machine cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    FileUnread {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A text is larger than any Dockerfile.
    #[error("the text is larger than {limit_bytes} bytes")]
    TextTooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// There is no such rule.
    #[error("no rule is called `{rule}`")]
    RuleUnknown {
        /// What was asked for.
        rule: String,
    },
    /// A thread ended without a result.
    #[error("the work on {what} ended without a result")]
    Worker {
        /// What it was working on.
        what: &'static str,
    },
}
