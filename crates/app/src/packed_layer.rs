//! The layers of stored images, to read files from.

use strata_spec::Digest;
use strata_store::Store;
use strata_transfer::{PackedLayer, ReadError};

use crate::error::AppError;
use crate::stored_image::documents;

/// Opens a layer of an image, from 0.
pub(crate) fn open_layer<'a>(
    store: &'a Store,
    manifest: &Digest,
    layer: usize,
) -> Result<PackedLayer<'a>, AppError> {
    let (parsed, config) = documents(store, manifest)?;
    let count = parsed.layers().len();
    let unknown = AppError::LayerUnknown { layer: layer + 1, count };
    let digest = &parsed.layers().get(layer).ok_or(unknown)?.digest;
    Ok(PackedLayer::open(store, digest, config.diff_ids().get(layer))?)
}

impl From<ReadError> for AppError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Store(error) => Self::Store(error),
            ReadError::Layer { digest, source } => Self::Layer { digest, source },
            ReadError::Output { source } => Self::Output { source },
        }
    }
}
