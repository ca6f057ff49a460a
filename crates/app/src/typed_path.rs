//! Paths as a person types them, in a stored image.

use strata_layer::EntryKind;
use strata_tree::Listing;

use crate::api::{Change, Scope};
use crate::app::Inner;
use crate::error::AppError;
use crate::escape::escape;
use crate::stored_image::StoredImage;

/// Whether a path is that of the whole image.
pub(crate) fn is_root(path: &[u8]) -> bool {
    path.iter().all(|byte| *byte == b'/')
}

/// Where a path is once the symbolic links on its way are followed, within the image. The last name is followed too if a
/// slash stands after it; otherwise it is meant itself, as with `ls -l`. None if the way leads nowhere.
pub(crate) fn resolved<B: AsRef<[u8]>>(listing: &Listing<B>, path: &[u8]) -> Option<Vec<u8>> {
    let end = path.iter().rposition(|byte| *byte != b'/')? + 1;
    let (folder, name) = match path[..end].iter().rposition(|byte| *byte == b'/') {
        Some(slash) => (&path[..slash], &path[slash + 1..end]),
        None => (&b""[..], &path[..end]),
    };
    if end < path.len() || matches!(name, b"." | b"..") {
        return listing.follow(path).map(|id| listing.path(id));
    }
    if is_root(folder) {
        return Some(name.to_vec());
    }
    let folder = listing.follow(folder)?;
    let is_folder = listing
        .place(folder)
        .and_then(|place| listing.row(place))
        .is_some_and(|row| row.kind == EntryKind::Directory);
    is_folder.then(|| [&listing.path(folder), name].join(&b'/'))
}

impl Inner {
    /// A path as [`resolved`] has it with a layer (from 0) on top; as it was typed where that leads nowhere.
    pub(crate) fn typed_path(
        &self,
        image: &StoredImage,
        top: usize,
        path: &[u8],
    ) -> Result<Vec<u8>, AppError> {
        let key = (image.record.manifest.clone(), top, Scope::UpTo);
        let listing = self.listings.list(&self.store, &key)?;
        Ok(resolved(&listing, path).unwrap_or_else(|| path.to_vec()))
    }

    /// Why an image that was called `called` does not show a path: it never had it, a layer has deleted it, or it is not
    /// in the layer that was asked for (1 is the oldest).
    pub(crate) fn absent(
        &self,
        image: &StoredImage,
        called: &str,
        path: &[u8],
        layer: Option<usize>,
    ) -> AppError {
        let (path_text, image_text) = (escape(path), called.to_owned());
        let touches = match self.who(image, path) {
            Ok(touches) => touches,
            Err(AppError::PathUnknown { .. }) => Vec::new(),
            Err(error) => return error,
        };
        match (touches.last(), layer) {
            (Some(_), Some(layer)) => {
                AppError::PathNotInLayer { path: path_text, image: image_text, layer }
            }
            (Some(last), None) if last.change == Change::Deleted => {
                AppError::PathDeleted { path: path_text, image: image_text, layer: last.layer }
            }
            _ => AppError::PathAbsent { path: path_text, image: image_text },
        }
    }
}
