//! Two versions of one file, line by line.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};
use strata_spec::Digest;
use strata_tree::{Change, NodeId};

use crate::api::{DiffHunk, DiffLine, FileDiff, FileDiffRead, LineChange, Scope, UserError};
use crate::app::{App, Inner, on_thread};
use crate::compare::compared_key;
use crate::error::AppError;
use crate::escape::escape;
use crate::file_rows::list_key;

/// The most bytes of each version that are compared.
const MOST_BYTES: u64 = 1024 * 1024;
/// Lines that are the same, around each difference.
const CONTEXT: usize = 3;
/// The most lines that are shown.
const MOST_LINES: usize = 5000;
/// After this long the differences found are no longer the fewest there could be.
const PATIENCE: Duration = Duration::from_millis(800);

/// Where a version is: image, layer (from 0), entry; none where the path is not there.
type Version = Option<(Digest, usize, NodeId)>;

impl App {
    /// How two versions of a file differ.
    ///
    /// # Errors
    /// If there is no such image or row, or it is no file, or the store is damaged.
    pub async fn file_diff(&self, wanted: FileDiffRead) -> Result<FileDiff, UserError> {
        let inner = self.inner.clone();
        on_thread("a difference", move || {
            let (path, old, new) = inner.versions(&wanted)?;
            let (old, old_bytes) = inner.beginning(old, &path)?;
            let (new, new_bytes) = inner.beginning(new, &path)?;
            Ok(diff((&old, old_bytes), (&new, new_bytes)))
        })
        .await
    }
}

impl Inner {
    /// The path, and its older and newer version.
    fn versions(&self, wanted: &FileDiffRead) -> Result<(Vec<u8>, Version, Version), AppError> {
        match wanted {
            FileDiffRead::Compared { left, right, id } => {
                let key = compared_key(left, right)?;
                let (count, listing) = self.listings.compared(&self.store, &key)?;
                let path = listing.path(*id);
                let unknown = || AppError::PathUnknown { path: escape(&path) };
                let (layer, node) = listing.entry(*id).ok_or_else(unknown)?;
                let place = listing.place(*id).and_then(|place| listing.row(place));
                let change = place.ok_or_else(unknown)?.change;
                if change == Change::Deleted {
                    return Ok((path, Some((key.0, layer, node)), None));
                }
                let old = if change == Change::Added { None } else { self.last(&key.0, &path)? };
                Ok((path, old, Some((key.1, layer.saturating_sub(count), node))))
            }
            FileDiffRead::Layers { manifest, layer, scope, id, with } => {
                let key = list_key(manifest, *layer, *scope)?;
                let listing = self.listings.list(&self.store, &key)?;
                let path = listing.path(*id);
                let unknown = || AppError::PathUnknown { path: escape(&path) };
                let (layer, node) = listing.entry(*id).ok_or_else(unknown)?;
                let older = list_key(manifest, *with, Scope::UpTo)?;
                let older = self.listings.list(&self.store, &older)?;
                let old = older.find(&path).and_then(|id| older.entry(id));
                let old = old.map(|(layer, node)| (key.0.clone(), layer, node));
                Ok((path, old, Some((key.0, layer, node))))
            }
        }
    }

    /// A path as it is with all layers of an image on each other.
    fn last(&self, manifest: &Digest, path: &[u8]) -> Result<Version, AppError> {
        let trees = self.listings.trees(&self.store, manifest)?;
        let Some(top) = trees.len().checked_sub(1) else { return Ok(None) };
        let listing = self.listings.list(&self.store, &(manifest.clone(), top, Scope::UpTo))?;
        let found = listing.find(path).and_then(|id| listing.entry(id));
        Ok(found.map(|(layer, node)| (manifest.clone(), layer, node)))
    }

    /// The first bytes of a version, and how many there are in all. What is no file has none.
    fn beginning(&self, version: Version, path: &[u8]) -> Result<(Vec<u8>, u64), AppError> {
        let Some((manifest, layer, node)) = version else { return Ok((Vec::new(), 0)) };
        let content = match self.locate(&manifest, layer, node, path) {
            Ok(content) => content,
            Err(AppError::NotAFile { .. }) => return Ok((Vec::new(), 0)),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        self.copy(&manifest, &content, content.size.min(MOST_BYTES), &mut bytes)?;
        Ok((bytes, content.size))
    }
}

/// Both as text, as far as they were read; their whole sizes beside.
fn diff(old: (&[u8], u64), new: (&[u8], u64)) -> FileDiff {
    let is_cut = old.1 > old.0.len() as u64 || new.1 > new.0.len() as u64;
    let texts = text(old.0, old.1).zip(text(new.0, new.1));
    let mut found = FileDiff {
        is_text: texts.is_some(),
        is_same: !is_cut && old.0 == new.0,
        is_cut,
        old_bytes: old.1,
        new_bytes: new.1,
        added: 0,
        removed: 0,
        hunks: Vec::new(),
    };
    let Some((old, new)) = texts else { return found };
    let lines = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    for change in lines.iter_all_changes() {
        match change.tag() {
            ChangeTag::Insert => found.added += 1,
            ChangeTag::Delete => found.removed += 1,
            ChangeTag::Equal => {}
        }
    }
    let mut shown = 0;
    for group in lines.grouped_ops(CONTEXT) {
        let mut hunk = DiffHunk { lines: Vec::new() };
        for change in group.iter().flat_map(|op| lines.iter_changes(op)) {
            shown += 1;
            if shown > MOST_LINES {
                found.is_cut = true;
                break;
            }
            hunk.lines.push(DiffLine {
                change: match change.tag() {
                    ChangeTag::Equal => LineChange::Same,
                    ChangeTag::Delete => LineChange::Removed,
                    ChangeTag::Insert => LineChange::Added,
                },
                old: change.old_index().map(|at| at + 1),
                new: change.new_index().map(|at| at + 1),
                text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
            });
        }
        if !hunk.lines.is_empty() {
            found.hunks.push(hunk);
        }
    }
    found
}

/// Bytes as text, if they are; a letter that the end of what was read cuts in two does not count.
fn text(bytes: &[u8], size: u64) -> Option<&str> {
    if bytes.contains(&0) {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() && (bytes.len() as u64) < size => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(old: &str, new: &str) -> FileDiff {
        diff((old.as_bytes(), old.len() as u64), (new.as_bytes(), new.len() as u64))
    }

    #[test]
    fn lines_that_differ_are_shown_with_their_surroundings() {
        let old: String = (1..=20).map(|line| format!("{line}\n")).collect();
        let found = of(&old, &old.replace("10\n", "ten\n"));
        assert_eq!((found.added, found.removed, found.hunks.len()), (1, 1, 1));
        let lines: Vec<_> = found.hunks[0]
            .lines
            .iter()
            .map(|line| (line.change, line.old, line.new, line.text.as_str()))
            .collect();
        assert_eq!(lines.len(), 8);
        assert_eq!(lines[0], (LineChange::Same, Some(7), Some(7), "7"));
        assert_eq!(lines[3], (LineChange::Removed, Some(10), None, "10"));
        assert_eq!(lines[4], (LineChange::Added, None, Some(10), "ten"));
    }

    #[test]
    fn bytes_are_not_taken_for_text_and_the_same_is_the_same() {
        let found = diff((b"a\0", 2), (b"b", 1));
        assert!(!found.is_text && !found.is_same && found.hunks.is_empty());
        let found = of("a\n", "a\n");
        assert!(found.is_same && found.hunks.is_empty());
        assert!(!diff((b"a", 5), (b"a", 5)).is_same);
    }
}
