//! Why an image could not be moved.

use strata_layer::LayerError;
use strata_remote::RemoteError;
use strata_spec::{Digest, DocumentError, MediaType, Platform, Reference};
use strata_store::StoreError;
use strata_tree::TreeError;
use thiserror::Error;

/// A transfer ended without its result. Nothing of the image is visible; bytes that a later try can use are kept.
#[derive(Debug, Error)]
pub enum TransferError {
    /// The registry refused, lied or could not be reached.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// The store could not keep or read something.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A document is not what the specification says.
    #[error("cannot read {what} of `{reference}`: {source}")]
    Document {
        /// The reference that was asked for.
        reference: Box<Reference>,
        /// Which document: manifest or config.
        what: &'static str,
        /// What is wrong with it.
        source: DocumentError,
    },
    /// No image of the index runs on the wanted platform.
    #[error("`{reference}` has no image for {wanted}")]
    NoPlatform {
        /// The reference that was asked for.
        reference: Box<Reference>,
        /// The platform that was wanted.
        wanted: Box<Platform>,
        /// The platforms that the index names.
        available: Vec<Platform>,
    },
    /// The reference points to something that is not an image (a chart, a signature, a model).
    #[error("`{reference}` is not an image but {media_type}", media_type = .media_type.as_str())]
    NotAnImage {
        /// The reference that was asked for.
        reference: Box<Reference>,
        /// What its config says it is.
        media_type: MediaType,
    },
    /// Manifest and config disagree about the number of layers.
    #[error("`{reference}` has {layers} layers but its config lists {diff_ids} diff IDs")]
    LayerCount {
        /// The reference that was asked for.
        reference: Box<Reference>,
        /// Layers in the manifest.
        layers: usize,
        /// Diff IDs in the config.
        diff_ids: usize,
    },
    /// An index that points to an index that points to an index.
    #[error("`{reference}` is an index nested more than {limit} deep")]
    TooDeep {
        /// The reference that was asked for.
        reference: Box<Reference>,
        /// How deep an index may be nested.
        limit: usize,
    },
    /// The bytes that arrived have another digest than the manifest says.
    #[error("layer {} arrived with the digest {}", expected.short(), found.short())]
    DigestMismatch {
        /// The digest in the manifest.
        expected: Digest,
        /// The digest of the bytes.
        found: Digest,
    },
    /// The plain tar has another digest than the config says.
    #[error("layer {} holds a tar {} where the config says {}", layer.short(), found.short(), expected.short())]
    DiffIdMismatch {
        /// The layer's digest.
        layer: Digest,
        /// The diff ID in the config.
        expected: Digest,
        /// The digest of its plain tar.
        found: Digest,
    },
    /// A layer is not a tar, or not one that may be kept.
    #[error("cannot read layer {}: {source}", layer.short())]
    Layer {
        /// The layer's digest.
        layer: Digest,
        /// What is wrong with it.
        source: LayerError,
    },
    /// The list of a layer's files could not be made.
    #[error("cannot index the files of layer {}: {source}", layer.short())]
    Tree {
        /// The layer's digest.
        layer: Digest,
        /// Why.
        source: TreeError,
    },
    /// The bytes of a layer that were kept from an earlier try could not be read again.
    #[error("cannot read back the kept bytes of layer {}: {source}", layer.short())]
    ReadBack {
        /// The layer's digest.
        layer: Digest,
        /// Why.
        source: std::io::Error,
    },
    /// What was written is not a layer.
    #[error("what was made is not a layer: {source}")]
    Made {
        /// What is wrong with it.
        source: LayerError,
    },
    /// The list of the files of a layer that was made could not be made.
    #[error("cannot index the files of the layer that was made: {source}")]
    MadeTree {
        /// Why.
        source: TreeError,
    },
    /// A layer that was made could not be packed.
    #[error("cannot pack the layer that was made: {source}")]
    Pack {
        /// What the system or the codec says.
        source: std::io::Error,
    },
    /// A worker thread of the pipeline ended without a result.
    #[error("the worker for {what} ended without a result")]
    Worker {
        /// What it was working on.
        what: String,
    },
    /// Somebody asked to stop.
    #[error("stopped")]
    Stopped,
}
