//! A page of a file list, as the window draws it.

use strata_layer::EntryKind;
use strata_tree::{Counts, Listing, OpenSet, Row, Sort};

use crate::api::{
    Change, ChangeCounts, FileKind, FileQuery, FileRow, FileRows, OpenBase, Scope, SortBy,
    UserError,
};
use crate::app::{App, on_thread};
use crate::capabilities::capabilities_among;
use crate::clock::rfc3339;
use crate::error::AppError;
use crate::escape::escape;
use crate::images::manifest_digest;
use crate::listings::ListKey;

/// The most rows of one page.
const MAX_ROWS: usize = 1000;

impl App {
    /// A page of the rows that can be seen.
    ///
    /// # Errors
    /// If there is no such image or layer, or the store is damaged.
    pub async fn file_rows(&self, query: FileQuery) -> Result<FileRows, UserError> {
        let inner = self.inner.clone();
        on_thread("a list of files", move || {
            let key = list_key(&query.manifest, query.layer, query.scope)?;
            let FileQuery { base, except, from, count, .. } = &query;
            let filter = inner.filter_by_numbers(&key.0, &query.filter)?;
            let listing = inner.listings.view(&inner.store, &key, sort(query.sort), &filter)?;
            let tells_changes = query.scope == Scope::Layer;
            let window = Window { base: *base, except, from: *from, count: *count, tells_changes };
            Ok(page(&listing, &window))
        })
        .await
    }
}

/// Which list a view asks for; its layers count from 1.
pub(crate) fn list_key(manifest: &str, layer: usize, scope: Scope) -> Result<ListKey, AppError> {
    let unknown = AppError::LayerUnknown { layer, count: 0 };
    let layer = layer.checked_sub(1).ok_or(unknown)?;
    Ok((manifest_digest(manifest)?, layer, scope))
}

/// The order of siblings as the tree knows it.
pub(crate) fn sort(by: SortBy) -> Sort {
    match by {
        SortBy::Name => Sort::ByName { descending: false },
        SortBy::Size => Sort::BySize { descending: true },
        SortBy::Owner => Sort::ByOwner,
        SortBy::Mode => Sort::ByMode,
        SortBy::Change => Sort::ByChange,
    }
}

/// Which rows can be seen.
#[derive(Debug)]
pub(crate) struct Window<'a> {
    /// Whether folders are open unless in `except`.
    pub base: OpenBase,
    /// Row ids that differ from `base`.
    pub except: &'a [u32],
    /// First visible row wanted, from 0.
    pub from: usize,
    /// How many rows.
    pub count: usize,
    /// Whether what changed is shown, so that folders tell whether something in them did.
    pub tells_changes: bool,
}

/// A page of a list.
pub(crate) fn page<B: AsRef<[u8]>>(listing: &Listing<B>, window: &Window<'_>) -> FileRows {
    let except = window.except.iter().copied();
    let open = match window.base {
        OpenBase::Closed => OpenSet::closed_except(except),
        OpenBase::Open => OpenSet::open_except(except),
    };
    let (total, rows) = listing.visible(&open, window.from, window.count.min(MAX_ROWS));
    let counts = listing.counts();
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(at, (_, row))| {
            let row_id = row.id;
            let path = listing.path(row_id);
            let row = file_row(&row, window.from + at, &path, open.is_open(row.id), counts.bytes);
            let is_silent = row.kind == FileKind::Directory && row.change == Change::Unchanged;
            let changed_below = window.tells_changes && is_silent && listing.changed_below(row_id);
            with_attributes(FileRow { changed_below, ..row }, &listing.xattrs(row_id))
        })
        .collect();
    FileRows { total, files: counts.files, counts: change_counts(&counts), from: window.from, rows }
}

fn file_row(row: &Row<'_>, index: usize, path: &[u8], open: bool, all_bytes: u64) -> FileRow {
    let attributes = row.attributes;
    FileRow {
        id: row.id,
        index,
        depth: row.depth,
        name: escape(row.name),
        path: escape(path),
        kind: file_kind(row.kind),
        has_children: row.has_children,
        open: open && row.has_children,
        size_bytes: row.bytes,
        files: row.files,
        share: share(row.bytes, all_bytes),
        of_nothing: row.of_nothing,
        mode: format!("{:04o}", attributes.mode),
        uid: attributes.uid,
        gid: attributes.gid,
        modified: rfc3339(attributes.modified.seconds, attributes.modified.nanos),
        target: (!row.link.is_empty()).then(|| escape(row.link)),
        device: is_device(row.kind).then_some(row.device),
        capabilities: None,
        xattrs: Vec::new(),
        change: change(row.change),
        changed_below: false,
        layer: row.layer + 1,
        was_in: row.was_in.map(|layer| layer + 1),
        position_in_set: row.position_in_set,
        set_size: row.set_size,
    }
}

/// A row with what its extended attributes say.
fn with_attributes(row: FileRow, xattrs: &[(&[u8], &[u8])]) -> FileRow {
    FileRow {
        capabilities: capabilities_among(xattrs),
        xattrs: xattrs.iter().map(|(name, _)| escape(name)).collect(),
        ..row
    }
}

fn is_device(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::CharDevice | EntryKind::BlockDevice)
}

/// A part of all bytes, from 0 to 1.
#[allow(clippy::cast_precision_loss)] // A bar of some hundred pixels shows no more than three digits.
fn share(bytes: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { (bytes as f64 / all as f64).min(1.0) }
}

/// What a layer did, as the views count it.
pub(crate) fn change_counts(counts: &Counts) -> ChangeCounts {
    ChangeCounts {
        added: counts.added,
        changed: counts.changed + counts.metadata + counts.replaced,
        deleted: counts.deleted,
    }
}

pub(crate) fn file_kind(kind: EntryKind) -> FileKind {
    match kind {
        EntryKind::File => FileKind::File,
        EntryKind::Directory => FileKind::Directory,
        EntryKind::Symlink => FileKind::Symlink,
        EntryKind::Hardlink => FileKind::Hardlink,
        EntryKind::CharDevice => FileKind::CharDevice,
        EntryKind::BlockDevice => FileKind::BlockDevice,
        EntryKind::Fifo => FileKind::Fifo,
    }
}

pub(crate) fn change(change: strata_tree::Change) -> Change {
    match change {
        strata_tree::Change::Unchanged => Change::Unchanged,
        strata_tree::Change::Added => Change::Added,
        strata_tree::Change::Changed => Change::Changed,
        strata_tree::Change::Metadata => Change::Metadata,
        strata_tree::Change::Replaced => Change::Replaced,
        strata_tree::Change::Deleted => Change::Deleted,
    }
}
