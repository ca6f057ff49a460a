//! The bytes of one file, read out of its layer.

use std::io::Write;

use strata_layer::{EntryKind, Fingerprint};
use strata_spec::Digest;
use strata_tree::NodeId;

use crate::api::{FilePreview, FilePreviewRead, Scope, UserError};
use crate::app::{App, Inner, on_thread};
use crate::error::AppError;
use crate::escape::escape;
use crate::file_rows::list_key;
use crate::hex_dump::hex_dump;
use crate::packed_layer::{PackedLayer, Range};
use crate::stored_image::StoredImage;

/// The most bytes of a preview.
const MAX_PREVIEW_BYTES: usize = 1024 * 1024;
/// The most bytes that are shown as a hex dump: a line of text for every sixteen.
const MAX_HEX_BYTES: usize = 64 * 1024;
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
    /// The beginning of a file, as text or as a hex dump.
    ///
    /// # Errors
    /// If there is no such image, layer or file, or the store is damaged.
    pub async fn file_preview(&self, wanted: FilePreviewRead) -> Result<FilePreview, UserError> {
        let inner = self.inner.clone();
        on_thread("a preview", move || inner.preview(&wanted)).await
    }

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
    fn preview(&self, wanted: &FilePreviewRead) -> Result<FilePreview, AppError> {
        let key = list_key(&wanted.manifest, wanted.layer, wanted.scope)?;
        let listing = self.listings.list(&self.store, &key)?;
        let path = listing.path(wanted.id);
        let unknown = || AppError::PathUnknown { path: escape(&path) };
        let (layer, node) = listing.entry(wanted.id).ok_or_else(unknown)?;
        let content = self.locate(&key.0, layer, node, &path)?;
        let most = wanted.max_bytes.min(MAX_PREVIEW_BYTES);
        let count = content.size.min(u64::try_from(most).unwrap_or(u64::MAX));
        let mut bytes = Vec::new();
        self.copy(&key.0, &content, count, &mut bytes)?;
        Ok(shown(bytes, content.size))
    }

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
        let mut layer = PackedLayer::open(&self.store, manifest, content.layer)?;
        if count == 0 {
            return Ok(());
        }
        let fingerprint = (count == content.size).then_some(content.fingerprint);
        layer.copy(Range { offset: content.offset, size: count, fingerprint }, out)
    }
}

/// Text if it is UTF-8 without zero bytes; a letter that the end cuts in two does not count.
fn shown(mut bytes: Vec<u8>, size_bytes: u64) -> FilePreview {
    let read = bytes.len();
    let is_cut = (read as u64) < size_bytes;
    let good = match std::str::from_utf8(&bytes) {
        Ok(_) => Some(read),
        Err(error) if is_cut && error.error_len().is_none() => Some(error.valid_up_to()),
        Err(_) => None,
    };
    if let Some(good) = good.filter(|_| !bytes.contains(&0)) {
        bytes.truncate(good);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        return FilePreview { text: Some(text), hex: None, truncated: is_cut, size_bytes };
    }
    bytes.truncate(MAX_HEX_BYTES);
    let truncated = (bytes.len() as u64) < size_bytes;
    FilePreview { text: None, hex: Some(hex_dump(&bytes)), truncated, size_bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shown_as_text_and_the_rest_as_bytes() {
        let text = shown("한글".as_bytes().to_vec(), 6);
        assert_eq!((text.text.as_deref(), text.truncated), (Some("한글"), false));
        let cut = shown("한글".as_bytes()[..5].to_vec(), 6);
        assert_eq!((cut.text.as_deref(), cut.truncated), (Some("한"), true));
        let broken = shown("한글".as_bytes()[..5].to_vec(), 5);
        assert!(broken.text.is_none() && broken.hex.is_some());
        assert!(shown(vec![b'a', 0], 2).hex.is_some());
    }
}
