//! Files as the command lists them: every one, its name as the bytes that it is.

use strata_spec::Platform;
use strata_tree::{Listing, Row};

use crate::api::{Change, FileKind, Scope, UserError};
use crate::app::{App, Inner};
use crate::capabilities::capabilities_among;
use crate::clock::rfc3339;
use crate::error::AppError;
use crate::file_rows::{change, file_kind};
use crate::stored_image::StoredImage;
use crate::typed_path::is_root;

/// Which files are listed.
#[derive(Debug, Clone, Default)]
pub struct FileSelection {
    /// The image, as [`App::image_find`] takes it.
    pub image: String,
    /// The platform, where several are stored.
    pub platform: Option<String>,
    /// Only what is at or below this path; bytes, `/` between. Links on its way are followed, at its end before a slash.
    pub path: Option<Vec<u8>>,
    /// Only what this layer did (1 is the oldest); none for the whole file system of the image.
    pub layer: Option<usize>,
    /// With `layer`: without the folders that only lead to something, and what only went with a folder that was
    /// deleted. Without: only what a layer above the lowest brought.
    pub changed: bool,
    /// A part of a name, or a glob, and conditions such as `owner:root` and `size:>1M`.
    pub find: Option<String>,
}

/// One file as the command lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// From the root, without leading slash.
    pub path: Vec<u8>,
    /// The deletion of what was not there: what it was, whose and when, is not known, and the fields for that say
    /// nothing.
    pub of_nothing: bool,
    /// What it is.
    pub kind: FileKind,
    /// Permission bits with setuid, setgid and sticky.
    pub mode: u32,
    /// Owner.
    pub uid: u64,
    /// Group.
    pub gid: u64,
    /// Bytes of a file; of a folder, of all below it.
    pub size_bytes: u64,
    /// When its content was changed, RFC 3339.
    pub modified: String,
    /// Where a link points.
    pub target: Option<Vec<u8>>,
    /// Major and minor number of a device.
    pub device: Option<(u32, u32)>,
    /// What a program may do without root, as `setcap` has it: `cap_net_raw+ep`.
    pub capabilities: Option<String>,
    /// Its extended attributes, name and value, sorted by name.
    pub xattrs: Vec<(Vec<u8>, Vec<u8>)>,
    /// What the layer did to it.
    pub change: Change,
    /// The layer that brought it, 1 is the oldest.
    pub layer: usize,
    /// The layer that has the version below.
    pub was_in: Option<usize>,
}

impl App {
    /// Hands each file to `each`, folders before what is in them and siblings by name, until it answers `false`. Blocks.
    ///
    /// # Errors
    /// If there is no such image, layer or path, or the store is damaged.
    pub fn files(
        &self,
        selection: &FileSelection,
        each: &mut dyn FnMut(FileEntry) -> bool,
    ) -> Result<(), UserError> {
        self.inner.list_files(selection, each).map_err(UserError::from)
    }
}

impl Inner {
    fn list_files(
        &self,
        selection: &FileSelection,
        each: &mut dyn FnMut(FileEntry) -> bool,
    ) -> Result<(), AppError> {
        let platform = selection.platform.as_deref().map(Platform::parse).transpose()?;
        let image = StoredImage::find(&self.store, &selection.image, platform.as_ref())?;
        let count = image.layers().len();
        let (layer, scope) = match selection.layer {
            Some(layer) => {
                let at = layer.checked_sub(1).filter(|at| *at < count);
                (at.ok_or(AppError::LayerUnknown { layer, count })?, Scope::Layer)
            }
            // An image without layers has no files.
            None if count == 0 => return Ok(()),
            None => (count - 1, Scope::UpTo),
        };
        let key = (image.record.manifest.clone(), layer, scope);
        let listing = self.listings.list(&self.store, &key)?;
        let find = selection.find.as_deref();
        let find = find.map(|text| self.filter_by_numbers(&key.0, text)).transpose()?;
        if let Some(word) = find.as_deref().and_then(strata_tree::unread_condition) {
            return Err(AppError::FilterInvalid { word: word.to_owned() });
        }
        let filtered = find.as_deref().map(|text| listing.filtered(text));
        let mut selection = selection.clone();
        if let Some(path) = selection.path.take().filter(|path| !is_root(path)) {
            let path = self.typed_path(&image, layer, &path)?;
            if listing.find(&path).is_none() {
                return Err(self.absent(&image, &selection.image, &path, selection.layer));
            }
            selection.path = Some(path);
        }
        walk(filtered.as_ref().unwrap_or(&listing), &selection, each)
    }
}

/// Hands on each file of a list, as far as it is selected.
pub(crate) fn walk<B: AsRef<[u8]>>(
    listing: &Listing<B>,
    selection: &FileSelection,
    each: &mut dyn FnMut(FileEntry) -> bool,
) -> Result<(), AppError> {
    let wanted = selection.path.as_deref().filter(|path| path.iter().any(|byte| *byte != b'/'));
    let (first, above) = match wanted {
        None => (0, None),
        Some(path) => {
            // It may be one that the filter does not leave.
            let place = listing.find(path).and_then(|id| listing.place(id));
            let Some(place) = place else { return Ok(()) };
            (place, listing.row(place).map(|row| row.depth))
        }
    };
    let mut path = Vec::new();
    for place in first..listing.total() {
        let Some(row) = listing.row(place) else { break };
        if place > first && above.is_some_and(|depth| row.depth <= depth) {
            break;
        }
        if place == first {
            path = listing.path(row.id).split(|byte| *byte == b'/').map(<[u8]>::to_vec).collect();
        }
        path.truncate(row.depth);
        path.push(row.name.to_vec());
        if !is_wanted(&row, selection) {
            continue;
        }
        let xattrs = listing.xattrs(row.id);
        if !each(file_entry(&row, path.join(&b'/'), &xattrs)) {
            break;
        }
    }
    Ok(())
}

fn is_wanted(row: &Row<'_>, selection: &FileSelection) -> bool {
    let fits = row.matched || selection.find.is_none();
    let changed = match selection.layer {
        Some(_) => row.named && !row.only_leads,
        None => row.layer > 0,
    };
    fits && (changed || !selection.changed)
}

fn file_entry(row: &Row<'_>, path: Vec<u8>, xattrs: &[(&[u8], &[u8])]) -> FileEntry {
    let kind = file_kind(row.kind);
    let is_device = matches!(kind, FileKind::CharDevice | FileKind::BlockDevice);
    let attributes = row.attributes;
    FileEntry {
        path,
        of_nothing: row.of_nothing,
        kind,
        mode: attributes.mode,
        uid: attributes.uid,
        gid: attributes.gid,
        size_bytes: row.bytes,
        modified: rfc3339(attributes.modified.seconds, attributes.modified.nanos),
        target: (!row.link.is_empty()).then(|| row.link.to_vec()),
        device: is_device.then_some(row.device),
        capabilities: capabilities_among(xattrs),
        xattrs: xattrs.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect(),
        change: change(row.change),
        layer: row.layer + 1,
        was_in: row.was_in.map(|layer| layer + 1),
    }
}
