//! Two file systems beside each other.

use std::sync::Arc;

use crate::change::only_time_differs;
use crate::links::same_bytes;
use crate::listed::{Listed, NONE, Scope, content, node, records};
use crate::merge::MAX_STEPS;
use crate::{Change, Listing, Tree, TreeError};

impl<B: AsRef<[u8]>> Listing<B> {
    /// What the file system of one image has that another's has not, and the other way round.
    ///
    /// `trees` are the layers of the left image, `left` of them, and after them those of the right one, each the oldest
    /// first. A row is what the right image has of a path: [`Change::Added`] if the left one has nothing there,
    /// [`Change::Deleted`] if only the left one has it (the row then shows that). Layers of rows count through `trees`.
    ///
    /// # Errors
    /// [`TreeError::NoSuchLayer`] if there are fewer than `left` trees, or [`TreeError::TooLarge`].
    pub fn compared(trees: Arc<[Tree<B>]>, left: usize) -> Result<Self, TreeError> {
        let count = trees.len();
        let (one, other) = trees
            .split_at_checked(left)
            .ok_or(TreeError::NoSuchLayer { index: left.saturating_sub(1), count })?;
        let offset =
            u32::try_from(left).map_err(|_| TreeError::TooLarge { what: "so many layers" })?;
        let left = Side::of(one, 0)?;
        let right = Side::of(other, offset)?;
        let mut steps = MAX_STEPS;
        let records = paired(&left, &right, |old, new| between(&trees, old, new, &mut steps))?;
        Ok(Self::of_records(trees, records))
    }

    /// The rows that differ, in order of names, with the folders above them.
    #[must_use]
    pub fn differences(&self) -> Self {
        let differs: Vec<bool> =
            self.records().iter().map(|record| record.change != Change::Unchanged).collect();
        self.keeping(differs.clone(), &differs)
    }
}

/// One of the two systems, its layers counted through the trees of both.
struct Side<'a> {
    rows: Vec<Listed>,
    /// For each row, the first after all that is below it.
    ends: Vec<usize>,
    names: Vec<&'a [u8]>,
}

impl<'a> Side<'a> {
    fn of<B: AsRef<[u8]>>(trees: &'a [Tree<B>], offset: u32) -> Result<Self, TreeError> {
        let mut rows = match trees.len().checked_sub(1) {
            Some(top) => records(trees, top, Scope::System)?,
            None => Vec::new(),
        };
        let mut ends: Vec<usize> = (1..=rows.len()).collect();
        for row in (0..rows.len()).rev() {
            let end = ends[row];
            if let Some(above) = ends.get_mut(rows[row].parent as usize) {
                *above = end.max(*above);
            }
        }
        let names = rows.iter().map(|record| node(trees, record).name()).collect();
        for record in &mut rows {
            record.layer += offset;
            record.content.layer += offset;
        }
        Ok(Self { rows, ends, names })
    }
}

/// Rows of both sides that are still to be paired, all in one folder.
struct Folder {
    left: std::ops::Range<usize>,
    right: std::ops::Range<usize>,
    row: u32,
    depth: u32,
}

/// Walks both lists at once, folders before what is in them.
fn paired(
    left: &Side<'_>,
    right: &Side<'_>,
    mut between: impl FnMut(&Listed, &Listed) -> (Change, bool),
) -> Result<Vec<Listed>, TreeError> {
    let mut found: Vec<Listed> = Vec::with_capacity(left.rows.len().max(right.rows.len()));
    let all = Folder { left: 0..left.rows.len(), right: 0..right.rows.len(), row: NONE, depth: 0 };
    let mut open = vec![all];
    while let Some(folder) = open.last_mut() {
        let (old, new) = next(left, right, folder);
        let (parent, depth) = (folder.row, folder.depth);
        let inside = |at: Option<usize>, side: &Side<'_>| {
            at.map_or(0..0, |at| at + 1..side.ends.get(at).copied().unwrap_or(at + 1))
        };
        let below = (inside(old, left), inside(new, right));
        folder.left.start = old.map_or(folder.left.start, |_| below.0.end);
        folder.right.start = new.map_or(folder.right.start, |_| below.1.end);
        let record = match (old.map(|at| left.rows[at]), new.map(|at| right.rows[at])) {
            (None, None) => {
                open.pop();
                continue;
            }
            (Some(old), None) => {
                Listed { change: Change::Deleted, counted: true, was_in: old.layer, ..old }
            }
            (None, Some(new)) => {
                Listed { change: Change::Added, counted: true, was_in: NONE, ..new }
            }
            (Some(old), Some(new)) => {
                let (change, counted) = between(&old, &new);
                Listed { change, counted, was_in: old.layer, ..new }
            }
        };
        let named = record.change != Change::Unchanged;
        let row = u32::try_from(found.len())
            .map_err(|_| TreeError::TooLarge { what: "the paths of both images" })?;
        found.push(Listed { parent, depth, named, ..record });
        open.push(Folder { left: below.0, right: below.1, row, depth: depth + 1 });
    }
    Ok(found)
}

/// The first name of a folder that is left on either side, and who has it.
fn next(left: &Side<'_>, right: &Side<'_>, folder: &Folder) -> (Option<usize>, Option<usize>) {
    let old = (!folder.left.is_empty()).then_some(folder.left.start);
    let new = (!folder.right.is_empty()).then_some(folder.right.start);
    let (Some(one), Some(other)) = (old, new) else { return (old, new) };
    match left.names[one].cmp(right.names[other]) {
        std::cmp::Ordering::Less => (old, None),
        std::cmp::Ordering::Equal => (old, new),
        std::cmp::Ordering::Greater => (None, new),
    }
}

/// How the right side's path differs from the left one's, and whether that is worth a number.
fn between<B: AsRef<[u8]>>(
    trees: &[Tree<B>],
    old: &Listed,
    new: &Listed,
    steps: &mut usize,
) -> (Change, bool) {
    let (below, above) = (content(trees, old), content(trees, new));
    let same = || same_bytes(trees, old.content, new.content, steps);
    (Change::between(&below, &above, same), !only_time_differs(&below, &above))
}
