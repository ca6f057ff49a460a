//! The bytes of one file, read out of its layer.

use std::io::{self, Read, Write};

use strata_layer::{EntryKind, Fingerprint, SparseMap};
use strata_spec::{Digest, Platform};
use strata_transfer::{ByteRange, PackedLayer};
use strata_tree::NodeId;

use crate::api::{Scope, UserError};
use crate::app::{App, Inner};
use crate::error::AppError;
use crate::escape::escape;
use crate::packed_layer::open_layer;
use crate::stored_image::StoredImage;
use crate::typed_path::is_root;

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
    /// Of all of them, as they are stored.
    pub fingerprint: Fingerprint,
    /// Where they are stored, of a file that is stored without its holes.
    pub sparse: Option<SparseMap>,
}

impl App {
    /// Writes a file's bytes, exactly, as they are in the image, or as they are with `layer` (1 is the oldest) on top.
    /// Symbolic links are followed within the image. Of several platforms the wanted one. Blocks.
    ///
    /// # Errors
    /// If there is no such image, layer or file, the store is damaged, or `out` fails.
    pub fn cat(
        &self,
        image: &str,
        platform: Option<&str>,
        path: &[u8],
        layer: Option<usize>,
        out: &mut dyn Write,
    ) -> Result<(), UserError> {
        self.inner.write_file((image, platform), path, layer, out).map_err(UserError::from)
    }
}

impl Inner {
    fn write_file(
        &self,
        (called, platform): (&str, Option<&str>),
        path: &[u8],
        layer: Option<usize>,
        out: &mut dyn Write,
    ) -> Result<(), AppError> {
        let platform = platform.map(Platform::parse).transpose()?;
        let image = StoredImage::find(&self.store, called, platform.as_ref())?;
        if is_root(path) {
            return Err(AppError::NotAFile { path: "/".to_owned() });
        }
        let count = image.layers().len();
        let unknown = || self.absent(&image, called, path, layer);
        let asked = layer.unwrap_or(count);
        if count == 0 && asked == 0 {
            return Err(unknown());
        }
        let top = asked.checked_sub(1).filter(|top| *top < count);
        let top = top.ok_or(AppError::LayerUnknown { layer: asked, count })?;
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
                EntryKind::File if !found.is_deleted() => {
                    let (offset, size) = (found.offset(), found.size());
                    let sparse = match found.is_sparse() {
                        true => Some(open_layer(&self.store, manifest, layer)?.sparse(offset)?),
                        false => None,
                    };
                    let fingerprint = found.fingerprint();
                    return Ok(Content { layer, offset, size, fingerprint, sparse });
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
        if let Some(map) = &content.sparse {
            return copy_sparse(&mut layer, map, count, out);
        }
        let fingerprint = (count == content.size).then_some(content.fingerprint);
        Ok(layer.copy(ByteRange { offset: content.offset, size: count, fingerprint }, out)?)
    }
}

/// Writes the first `count` bytes of a file that is stored without its holes, with zeros for these.
fn copy_sparse(
    layer: &mut PackedLayer<'_>,
    map: &SparseMap,
    count: u64,
    out: &mut dyn Write,
) -> Result<(), AppError> {
    let hole = |size: u64, out: &mut dyn Write| {
        let written = io::copy(&mut io::repeat(0).take(size), out);
        written.map_err(|source| AppError::Output { source })
    };
    let mut at = 0;
    for part in map.parts.iter().take_while(|part| part.at < count) {
        hole(part.at - at, out)?;
        let size = part.size.min(count - part.at);
        layer.copy(ByteRange { offset: part.stored, size, fingerprint: None }, out)?;
        at = part.at + size;
    }
    hole(count.saturating_sub(at), out)?;
    Ok(())
}
