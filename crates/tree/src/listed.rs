//! All rows of a listing in order of names: made once, shared by every other order and filter.

use std::collections::HashMap;

use strata_layer::EntryKind;

use crate::change::only_time_differs;
use crate::layered::outline;
use crate::merge::Merged;
use crate::spots::{Seen, Version};
use crate::{Change, Counts, Node, NodeId, Tree, TreeError};

/// No layer, and no row.
pub(crate) const NONE: u32 = u32::MAX;

/// A row, without what depends on order and filter. Its place in the list is its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Which layer's entry is shown.
    pub layer: u32,
    pub node: NodeId,
    /// What it is: the node itself, or, of a hard link to a file that a later layer hides, that file.
    pub content: Version,
    /// The layer of the version below.
    pub was_in: u32,
    /// The row of the folder it is in.
    pub parent: u32,
    pub depth: u32,
    pub change: Change,
    /// The chosen layer's own tar has an entry or a deletion of this path.
    pub named: bool,
    /// The change is worth a number of its own.
    pub counted: bool,
}

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What the last layer has or had.
    Changes,
    /// What is there with the last layer on top.
    System,
}

/// The layers up to `layer`.
pub(crate) fn stack<B>(trees: &[Tree<B>], layer: usize) -> Result<&[Tree<B>], TreeError> {
    trees.get(..=layer).ok_or(TreeError::NoSuchLayer { index: layer, count: trees.len() })
}

/// Lists the layers up to `layer`, in order of names, folders before what is in them.
pub(crate) fn records<B: AsRef<[u8]>>(
    trees: &[Tree<B>],
    layer: usize,
    scope: Scope,
) -> Result<Vec<Listed>, TreeError> {
    let stack = stack(trees, layer)?;
    if let Some(outline) = outline(stack, scope)? {
        return Ok(outline.all(stack));
    }
    merged_records(stack, layer, scope)
}

/// As [`records`], by laying every path of every layer on those below.
pub(crate) fn merged_records<B: AsRef<[u8]>>(
    stack: &[Tree<B>],
    layer: usize,
    scope: Scope,
) -> Result<Vec<Listed>, TreeError> {
    let merged = Merged::new(stack)?;
    let top = u32::try_from(layer).map_err(|_| TreeError::TooLarge { what: "so many layers" })?;
    let mut records = Vec::new();
    // What is still to be listed, the next one last: its folder's row, and its depth.
    let mut waiting: Vec<(Seen, u32, u32)> = Vec::new();
    let mut found = Vec::new();
    let mut open = |seen: Seen, row: u32, depth: u32, waiting: &mut Vec<(Seen, u32, u32)>| {
        merged.spots().children(seen, scope == Scope::Changes, &mut found);
        waiting.extend(found.drain(..).rev().map(|seen| (seen, row, depth)));
    };
    let root = Seen { spot: Merged::<B>::ROOT, deleted: false };
    open(root, NONE, 0, &mut waiting);
    while let Some((seen, parent, depth)) = waiting.pop() {
        let row = u32::try_from(records.len())
            .map_err(|_| TreeError::TooLarge { what: "so many rows" })?;
        records.push(record(&merged, seen, top, parent, depth));
        open(seen, row, depth + 1, &mut waiting);
    }
    if scope == Scope::System {
        find_lost_files(&merged, &mut records);
    }
    Ok(records)
}

/// A hard link keeps the bytes of its file when a later layer deletes or replaces that: it is the file then.
fn find_lost_files<B: AsRef<[u8]>>(merged: &Merged<'_, B>, records: &mut [Listed]) {
    let mut links: HashMap<Version, Vec<usize>> = HashMap::new();
    for (row, record) in records.iter().enumerate() {
        if merged.node(record.content).kind() == EntryKind::Hardlink
            && let Some(file) = merged.file_of(record.content)
        {
            links.entry(file).or_default().push(row);
        }
    }
    if links.is_empty() {
        return;
    }
    for record in records.iter() {
        links.remove(&Version { layer: record.layer, node: record.node });
    }
    for (file, rows) in links {
        rows.into_iter().for_each(|row| records[row].content = file);
    }
}

fn record<B: AsRef<[u8]>>(
    merged: &Merged<'_, B>,
    seen: Seen,
    top: u32,
    parent: u32,
    depth: u32,
) -> Listed {
    let named = merged.spots().named(seen.spot).map(|node| Version { layer: top, node });
    let (was, now) = merged.versions(seen);
    let same = |one, other| merged.same_bytes(one, other);
    judged(merged.trees(), Versions { was, now, named }, (parent, depth), same)
}

/// A path before and after the last layer, and that layer's own entry or deletion of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Versions {
    pub was: Option<Version>,
    pub now: Option<Version>,
    pub named: Option<Version>,
}

/// The row of a path. `place` is the row of its folder, and how many folders are above it.
pub(crate) fn judged<B: AsRef<[u8]>>(
    trees: &[Tree<B>],
    Versions { was, now, named }: Versions,
    place: (u32, u32),
    same_bytes: impl FnOnce(Version, Version) -> bool,
) -> Listed {
    let node = |version: Version| trees[version.layer as usize].node(version.node);
    let mut counted = true;
    let change = match (was, now) {
        (_, None) => Change::Deleted,
        (None, Some(_)) => Change::Added,
        (Some(was), Some(now)) if was == now => Change::Unchanged,
        (Some(was), Some(now)) => {
            let (old, new) = (node(was), node(now));
            counted = !only_time_differs(&old, &new);
            Change::between(&old, &new, || same_bytes(was, now))
        }
    };
    // A deletion of what was not there has nothing to show but itself.
    let itself = Version { layer: 0, node: Tree::<B>::ROOT };
    let shown = now.or(was).or(named).unwrap_or(itself);
    Listed {
        layer: shown.layer,
        node: shown.node,
        content: shown,
        was_in: was.map_or(NONE, |was| was.layer),
        parent: place.0,
        depth: place.1,
        change,
        named: named.is_some(),
        counted,
    }
}

/// Bytes, and files and links, at and below each row. What a layer deleted counts only for what was deleted with it.
pub(crate) fn totals<B: AsRef<[u8]>>(
    trees: &[Tree<B>],
    records: &[Listed],
    counted: impl Fn(usize) -> bool,
) -> Vec<(u64, u32)> {
    let mut totals = vec![(0_u64, 0_u32); records.len()];
    for (row, record) in records.iter().enumerate().rev() {
        if !counted(row) {
            continue;
        }
        let node = content(trees, record);
        if !node.is_folder() && !node.is_deleted() {
            totals[row].0 = totals[row].0.saturating_add(node.size());
            totals[row].1 = totals[row].1.saturating_add(1);
        }
        let Some(parent) = records.get(record.parent as usize) else { continue };
        if record.change == Change::Deleted && parent.change != Change::Deleted {
            continue;
        }
        let (bytes, files) = totals[row];
        let above = &mut totals[record.parent as usize];
        above.0 = above.0.saturating_add(bytes);
        above.1 = above.1.saturating_add(files);
    }
    totals
}

/// What the layer did, in numbers.
pub(crate) fn counts<B: AsRef<[u8]>>(trees: &[Tree<B>], records: &[Listed]) -> Counts {
    let mut counts = Counts::default();
    for record in records {
        let node = content(trees, record);
        let change = if record.counted { record.change } else { Change::Unchanged };
        counts.add(change, node.kind(), node.size());
    }
    counts
}

pub(crate) fn node<'a, B: AsRef<[u8]>>(trees: &'a [Tree<B>], record: &Listed) -> Node<'a> {
    trees[record.layer as usize].node(record.node)
}

/// What a row is: kind, size and attributes.
pub(crate) fn content<'a, B: AsRef<[u8]>>(trees: &'a [Tree<B>], record: &Listed) -> Node<'a> {
    trees[record.content.layer as usize].node(record.content.node)
}
