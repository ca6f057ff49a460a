//! Which layers have touched a path.

use strata_store::Mapped;
use strata_tree::{Listing, NodeId, Tree};

use crate::api::{Scope, Touch, UserError, WhoRead};
use crate::app::{App, Inner, on_thread};
use crate::error::AppError;
use crate::escape::escape;
use crate::file_rows::{change, list_key};
use crate::images::manifest_digest;
use crate::stored_image::StoredImage;

impl App {
    /// Each layer of a stored image that has or deletes a path, the oldest first.
    ///
    /// # Errors
    /// If there is no such image, no layer has the path, or the image is damaged.
    pub async fn who(&self, wanted: WhoRead) -> Result<Vec<Touch>, UserError> {
        let inner = self.inner.clone();
        on_thread("the layers of a path", move || {
            let key = list_key(&wanted.manifest, wanted.layer, wanted.scope)?;
            let path = inner.listings.list(&inner.store, &key)?.path(wanted.id);
            inner.who(&StoredImage::read(&inner.store, &key.0, None)?, &path)
        })
        .await
    }

    /// As [`Self::who`], for a path as a person types it, in an image as [`App::image_find`] gives it; links on the way to
    /// the path are followed. A failure calls the image what it was `called`. Blocks.
    ///
    /// # Errors
    /// As there.
    pub fn who_touched(
        &self,
        manifest: &str,
        called: &str,
        path: &[u8],
    ) -> Result<Vec<Touch>, UserError> {
        let find = || {
            let manifest = manifest_digest(manifest)?;
            let image = StoredImage::read(&self.inner.store, &manifest, None)?;
            self.inner.who_typed(&image, called, path)
        };
        find().map_err(UserError::from)
    }
}

impl Inner {
    fn who_typed(
        &self,
        image: &StoredImage,
        called: &str,
        path: &[u8],
    ) -> Result<Vec<Touch>, AppError> {
        let absent = || {
            let (path, image) = (escape(path), called.to_owned());
            Err(AppError::PathAbsent { path, image })
        };
        let Some(top) = image.layers().len().checked_sub(1) else { return absent() };
        let trimmed = trimmed(path);
        match self.who(image, trimmed) {
            Err(AppError::PathUnknown { .. }) => {}
            found => return found,
        }
        let resolved = self.typed_path(image, top, path)?;
        match self.who(image, &resolved) {
            Err(AppError::PathUnknown { .. }) => absent(),
            found => found,
        }
    }

    pub(crate) fn who(&self, image: &StoredImage, path: &[u8]) -> Result<Vec<Touch>, AppError> {
        let manifest = &image.record.manifest;
        let trees = self.listings.trees(&self.store, manifest)?;
        let steps = self.steps(image)?;
        let mut touches = Vec::new();
        for layer in 0..trees.len() {
            // Most layers know nothing of it: those need no list.
            if !may_touch(&trees[layer], path) {
                continue;
            }
            let list = self.listings.list(&self.store, &(manifest.clone(), layer, Scope::Layer))?;
            touches.extend(touch(&list, path).map(|(change, size_bytes)| Touch {
                layer: layer + 1,
                change,
                instruction: steps.get(layer).map(|step| step.line.clone()).unwrap_or_default(),
                size_bytes,
            }));
        }
        if touches.is_empty() {
            return Err(AppError::PathUnknown { path: escape(path) });
        }
        Ok(touches)
    }
}

/// The first layer (1 is the oldest) above `layer` (from 0) that hides what that has at a path. A folder that a later layer
/// has too is not hidden by it.
pub(crate) fn hidden_by(
    trees: &[Tree<Mapped>],
    layer: usize,
    path: &[u8],
    is_folder: bool,
) -> Option<usize> {
    let hides = |tree: &Tree<Mapped>| {
        may_touch(tree, path)
            && !(is_folder && tree.find(path).is_some_and(|other| tree.node(other).is_folder()))
    };
    let later = trees.iter().enumerate().skip(layer + 1).find(|(_, tree)| hides(tree));
    later.map(|(layer, _)| layer + 1)
}

/// Without the slashes at both ends.
fn trimmed(path: &[u8]) -> &[u8] {
    let begin = path.iter().position(|&byte| byte != b'/').unwrap_or(path.len());
    let end = path.iter().rposition(|&byte| byte != b'/').map_or(begin, |last| last + 1);
    &path[begin..end]
}

/// Whether a layer has the path or deletes it, or something above it, itself.
fn may_touch(tree: &Tree<Mapped>, path: &[u8]) -> bool {
    let mut end = path.len();
    loop {
        match tree.find(&path[..end]) {
            Some(node) if end == path.len() => return !tree.node(node).is_implied(),
            Some(node) => {
                let node = tree.node(node);
                return node.is_deleted() || node.hides_lower() || !node.is_folder();
            }
            None => {}
        }
        let Some(slash) = path[..end].iter().rposition(|&byte| byte == b'/') else {
            return tree.node(NodeId(0)).hides_lower();
        };
        end = slash;
    }
}

fn touch(list: &Listing<Mapped>, path: &[u8]) -> Option<(crate::api::Change, u64)> {
    let row = list.row(list.place(list.find(path)?)?)?;
    let is_folder = row.kind == strata_layer::EntryKind::Directory;
    Some((change(row.change), if is_folder { 0 } else { row.bytes }))
}
