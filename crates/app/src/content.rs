//! The bytes of one file, read out of its layer.

use std::io::Write;

use strata_layer::{EntryKind, Fingerprint};
use strata_spec::Digest;
use strata_transfer::ByteRange;
use strata_tree::NodeId;

use crate::api::{Scope, UserError};
use crate::app::{App, Inner};
use crate::error::AppError;
use crate::escape::escape;
use crate::packed_layer::open_layer;
use crate::stored_image::StoredImage;

/// How many hard links to hard links are followed.
const MAX_LINKS: usize = 40;

/// Where a file's bytes are.
pub(crate) struct Content {
    /// The layer, from 0.
    pub layer: usize,
    /// Where they begin in its plain tar.
    pub offset: u64,
    /// How many there are.
    pub size: u64,
    /// Of all of them.
    pub fingerprint: Fingerprint,
}

impl App {
    /// Writes a file's bytes, exactly, as they are in the image, or as they are with `layer` (1 is the oldest) on top.
    /// Symbolic links are followed within the image. Blocks.
    ///
    /// # Errors
    /// If there is no such image, layer or file, the store is damaged, or `out` fails.
    pub fn cat(
        &self,
        image: &str,
        path: &[u8],
        layer: Option<usize>,
        out: &mut dyn Write,
    ) -> Result<(), UserError> {
        self.inner.write_file(image, path, layer, out).map_err(UserError::from)
    }
}

impl Inner {
    fn write_file(
        &self,
        image: &str,
        path: &[u8],
        layer: Option<usize>,
        out: &mut dyn Write,
    ) -> Result<(), AppError> {
        let image = StoredImage::find(&self.store, image, None)?;
        let count = image.layers().len();
        let unknown = || AppError::PathUnknown { path: escape(path) };
        let layer = layer.unwrap_or(count);
        if count == 0 && layer == 0 {
            return Err(unknown());
        }
        let top = layer.checked_sub(1).filter(|top| *top < count);
        let top = top.ok_or(AppError::LayerUnknown { layer, count })?;
        let manifest = &image.record.manifest;
        let listing = self.listings.list(&self.store, &(manifest.clone(), top, Scope::UpTo))?;
        let id = listing.follow(path).ok_or_else(unknown)?;
        let (layer, node) = listing.entry(id).ok_or_else(unknown)?;
        let content = self.locate(manifest, layer, node, path)?;
        self.copy(manifest, &content, content.size, out)
    }

    /// Finds the bytes of a node; a hard link's are those of the file that it is another name of.
    pub(crate) fn locate(
        &self,
        manifest: &Digest,
        mut layer: usize,
        mut node: NodeId,
        path: &[u8],
    ) -> Result<Content, AppError> {
        let trees = self.listings.trees(&self.store, manifest)?;
        for _ in 0..MAX_LINKS {
            let found = trees[layer].node(node);
            match found.kind() {
                EntryKind::File if found.is_sparse() => {
                    return Err(AppError::Sparse { path: escape(path) });
                }
                EntryKind::File if !found.is_deleted() => {
                    let (offset, size) = (found.offset(), found.size());
                    return Ok(Content { layer, offset, size, fingerprint: found.fingerprint() });
                }
                EntryKind::Hardlink => {
                    let key = (manifest.clone(), layer, Scope::UpTo);
                    let listing = self.listings.list(&self.store, &key)?;
                    let target = listing.find(found.link()).and_then(|id| listing.entry(id));
                    let unknown = || AppError::PathUnknown { path: escape(found.link()) };
                    (layer, node) = target.ok_or_else(unknown)?;
                }
                _ => break,
            }
        }
        Err(AppError::NotAFile { path: escape(path) })
    }

    /// Writes the first `count` bytes of a content. All of it is compared with its fingerprint.
    pub(crate) fn copy(
        &self,
        manifest: &Digest,
        content: &Content,
        count: u64,
        out: &mut dyn Write,
    ) -> Result<(), AppError> {
        let mut layer = open_layer(&self.store, manifest, content.layer)?;
        if count == 0 {
            return Ok(());
        }
        let fingerprint = (count == content.size).then_some(content.fingerprint);
        Ok(layer.copy(ByteRange { offset: content.offset, size: count, fingerprint }, out)?)
    }
}
