//! Where the bytes of an image or of a layer are, a folder at a time: what a map of it is drawn from.

use std::collections::HashMap;

use strata_store::Mapped;
use strata_tree::{Change, Listing, Row, Tree, Waste};

use crate::api::{FileKind, LayerBytes, Scope, Space, SpacePart, SpaceRead, SpaceStep, UserError};
use crate::app::{App, Inner, on_thread};
use crate::error::AppError;
use crate::escape::escape;
use crate::file_rows::file_kind;
use crate::images::manifest_digest;
use crate::listings::ListKey;

/// The most parts of a folder that are told one by one; what is left is one more.
const MOST_PARTS: usize = 200;
/// The same of a folder in it: there is less room.
const MOST_INNER: usize = 40;

impl App {
    /// Where the bytes of a folder are, the largest parts first, two levels deep.
    ///
    /// # Errors
    /// If there is no such image, layer or folder, or the store is damaged.
    pub async fn space(&self, wanted: SpaceRead) -> Result<Space, UserError> {
        let inner = self.inner.clone();
        on_thread("a map of the space", move || inner.space(&wanted)).await
    }
}

impl Inner {
    fn space(&self, wanted: &SpaceRead) -> Result<Space, AppError> {
        let manifest = manifest_digest(&wanted.manifest)?;
        let trees = self.listings.trees(&self.store, &manifest)?;
        let (layer, scope) = match wanted.layer {
            Some(layer) => (layer, wanted.scope),
            None => (trees.len(), Scope::UpTo),
        };
        let unknown = AppError::LayerUnknown { layer, count: trees.len() };
        let at = layer.checked_sub(1).filter(|at| *at < trees.len()).ok_or(unknown)?;
        let key: ListKey = (manifest, at, scope);
        let listing = self.listings.list(&self.store, &key)?;
        let no_folder = || AppError::PathUnknown { path: String::new() };
        let place = match wanted.id {
            Some(id) => Some(listing.place(id).ok_or_else(no_folder)?),
            None => None,
        };
        let mut space = folder(&listing, wanted.id, place);
        if wanted.buried {
            let path = wanted.id.map_or_else(Vec::new, |id| listing.path(id));
            let waste = Waste::of(&trees);
            let shown = waste.buried.iter().filter(|buried| match scope {
                Scope::Layer => buried.layer == at,
                Scope::UpTo => buried.by <= at,
            });
            add_buried(&mut space, &trees, shown, &path);
        }
        Ok(space)
    }
}

fn folder(listing: &Listing<Mapped>, id: Option<u32>, place: Option<usize>) -> Space {
    let by_layer = listing.bytes_by_layer(place);
    let bytes = by_layer.iter().fold(0_u64, |sum, each| sum.saturating_add(*each));
    let counts = listing.counts();
    let files = match place.and_then(|place| listing.row(place)) {
        Some(row) => row.files,
        None => counts.files,
    };
    let path = id.map_or_else(Vec::new, |id| listing.path(id));
    let level = Level { listing, all: bytes, most: MOST_PARTS, inner: MOST_INNER };
    let layers = by_layer.iter().zip(1..).filter(|(bytes, _)| **bytes > 0);
    Space {
        steps: steps(listing, id),
        bytes,
        files,
        all_bytes: counts.bytes,
        layers: layers.map(|(&bytes, layer)| LayerBytes { layer, bytes }).collect(),
        parts: level.parts(place, &path),
        buried_bytes: 0,
        buried: Vec::new(),
    }
}

/// The folders from the root to a row, itself included.
fn steps(listing: &Listing<Mapped>, id: Option<u32>) -> Vec<SpaceStep> {
    let mut steps = Vec::new();
    let mut next = id;
    while let Some(id) = next {
        let path = listing.path(id);
        let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        steps.push(SpaceStep { id, name: escape(name) });
        next = listing.parent(id);
    }
    steps.reverse();
    steps
}

/// How the parts of a folder are told.
struct Level<'a> {
    listing: &'a Listing<Mapped>,
    /// Bytes of the folder that was asked for.
    all: u64,
    /// The most parts.
    most: usize,
    /// The most parts of each; 0 for none.
    inner: usize,
}

impl Level<'_> {
    /// What is in the folder at a place, which has this path.
    fn parts(&self, place: Option<usize>, path: &[u8]) -> Vec<SpacePart> {
        let is_there = |row: &Row<'_>| row.change != Change::Deleted && row.bytes > 0;
        let rows = self.listing.children(place).into_iter();
        let mut rows: Vec<(usize, Row<'_>)> = rows
            .filter_map(|place| Some((place, self.listing.row(place).filter(is_there)?)))
            .collect();
        rows.sort_by(|(_, one), (_, other)| {
            other.bytes.cmp(&one.bytes).then(one.name.cmp(other.name))
        });
        let rest = rows.split_off(self.most.min(rows.len()));
        let mut parts: Vec<SpacePart> =
            rows.iter().map(|(place, row)| self.part(*place, row, path)).collect();
        parts.extend(self.together(&rest, path));
        parts
    }

    fn part(&self, place: usize, row: &Row<'_>, above: &[u8]) -> SpacePart {
        let path = joined(above, row.name);
        let (layer, one_layer) = if row.has_children {
            mostly(&self.listing.bytes_by_layer(Some(place)))
        } else {
            (row.layer + 1, true)
        };
        let below = Level { most: self.inner, inner: 0, ..*self };
        let children = if below.most > 0 { below.parts(Some(place), &path) } else { Vec::new() };
        SpacePart {
            id: Some(row.id),
            name: escape(row.name),
            path: escape(&path),
            kind: file_kind(row.kind),
            bytes: row.bytes,
            files: row.files,
            share: share(row.bytes, self.all),
            layer,
            one_layer,
            count: 1,
            by: None,
            children,
        }
    }

    /// Several small ones as one.
    fn together(&self, rows: &[(usize, Row<'_>)], path: &[u8]) -> Option<SpacePart> {
        let first = rows.first()?;
        let sum = |of: fn(&Row<'_>) -> u64| {
            rows.iter().fold(0_u64, |sum, (_, row)| sum.saturating_add(of(row)))
        };
        let mut by_layer = self.listing.bytes_by_layer(Some(first.0));
        for (place, _) in &rows[1..] {
            let more = self.listing.bytes_by_layer(Some(*place));
            by_layer.iter_mut().zip(more).for_each(|(sum, more)| *sum = sum.saturating_add(more));
        }
        let (layer, one_layer) = mostly(&by_layer);
        let bytes = sum(|row| row.bytes);
        Some(SpacePart {
            id: None,
            name: String::new(),
            path: escape(path),
            kind: FileKind::Directory,
            bytes,
            files: sum(|row| row.files),
            share: share(bytes, self.all),
            layer,
            one_layer,
            count: rows.len(),
            by: None,
            children: Vec::new(),
        })
    }
}

/// The layer (from 1) that brought the most, and whether it brought all.
fn mostly(by_layer: &[u64]) -> (usize, bool) {
    let most = by_layer.iter().zip(1_usize..).max_by_key(|(bytes, _)| **bytes);
    let layer = most.map_or(1, |(_, layer)| layer);
    (layer, by_layer.iter().filter(|bytes| **bytes > 0).count() <= 1)
}

/// What is buried below a folder, by its parts and the layers that carry and hide it.
fn add_buried<'a>(
    space: &mut Space,
    trees: &[Tree<Mapped>],
    all: impl Iterator<Item = &'a strata_tree::Buried>,
    folder: &[u8],
) {
    let mut groups: HashMap<(Vec<u8>, usize, usize), SpacePart> = HashMap::new();
    for buried in all.filter(|buried| buried.bytes > 0) {
        let path = trees[buried.layer].path(buried.node);
        let Some(name) = part_of(folder, &path) else { continue };
        let is_itself = joined(folder, name).len() == path.len();
        let part = groups
            .entry((name.to_vec(), buried.layer, buried.by))
            .or_insert_with(|| buried_part(folder, name, buried));
        part.bytes = part.bytes.saturating_add(buried.bytes);
        part.files = part.files.saturating_add(buried.files);
        let is_file = is_itself && !trees[buried.layer].node(buried.node).is_folder();
        part.kind = if is_file { FileKind::File } else { FileKind::Directory };
    }
    let mut parts: Vec<SpacePart> = groups.into_values().collect();
    parts.sort_by(|one, other| {
        let key = |part: &SpacePart| (part.path.clone(), part.layer, part.by);
        other.bytes.cmp(&one.bytes).then_with(|| key(one).cmp(&key(other)))
    });
    space.buried_bytes = parts.iter().fold(0, |sum: u64, part| sum.saturating_add(part.bytes));
    for part in &mut parts {
        part.share = share(part.bytes, space.bytes.saturating_add(space.buried_bytes));
    }
    parts.truncate(MOST_PARTS);
    space.buried = parts;
}

fn buried_part(folder: &[u8], name: &[u8], buried: &strata_tree::Buried) -> SpacePart {
    SpacePart {
        id: None,
        name: escape(name),
        path: escape(&joined(folder, name)),
        kind: FileKind::Directory,
        bytes: 0,
        files: 0,
        share: 0.0,
        layer: buried.layer + 1,
        one_layer: true,
        count: 1,
        by: Some(buried.by + 1),
        children: Vec::new(),
    }
}

/// The part of a folder that a path leads to; none if it leads elsewhere.
fn part_of<'a>(folder: &[u8], path: &'a [u8]) -> Option<&'a [u8]> {
    let below =
        if folder.is_empty() { path } else { path.strip_prefix(folder)?.strip_prefix(b"/")? };
    below.split(|byte| *byte == b'/').next().filter(|name| !name.is_empty())
}

fn joined(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, name].join(&b'/') }
}

/// A part of all bytes, from 0 to 1.
#[allow(clippy::cast_precision_loss)] // A map of a thousand pixels shows no more than four digits.
fn share(bytes: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { (bytes as f64 / all as f64).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_the_part_of_a_folder_that_it_leads_through() {
        for (folder, path, part) in [
            ("", "usr/bin/sh", Some("usr")),
            ("usr", "usr/bin/sh", Some("bin")),
            ("usr/bin", "usr/bin/sh", Some("sh")),
            ("us", "usr/bin/sh", None),
            ("usr", "usr", None),
            ("etc", "usr/bin", None),
        ] {
            let found = part_of(folder.as_bytes(), path.as_bytes());
            assert_eq!(found, part.map(str::as_bytes), "{folder} {path}");
        }
    }

    #[test]
    fn what_brought_the_most_gives_its_name() {
        assert_eq!(mostly(&[3, 5, 1]), (2, false));
        assert_eq!(mostly(&[0, 0, 7]), (3, true));
        assert_eq!(mostly(&[]), (1, true));
    }
}
