//! The rows of a listing, made as far as they are needed: as runs first, each on its own when all of them are asked for.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::listed::Listed;
use crate::listing::Shown;
use crate::outline::Outline;
use crate::{Change, Tree};

/// After so many rows that were asked for out of order, all are made: whoever walks over a list asks for every one.
const MOST_SINGLE: u32 = 64;

/// All rows in order of names, shared by every order and filter.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    outline: Option<Outline>,
    all: OnceLock<Box<[Listed]>>,
    /// In which of them something changed, made when that is asked for.
    changed_below: OnceLock<Box<[bool]>>,
    asked: AtomicU32,
}

impl Rows {
    /// Rows that are made when they are needed.
    pub fn outlined(outline: Outline) -> Self {
        Self { outline: Some(outline), ..Self::default() }
    }

    /// Rows that are made.
    pub fn made(all: Vec<Listed>) -> Self {
        Self { all: all.into_boxed_slice().into(), ..Self::default() }
    }

    pub fn outline(&self) -> Option<&Outline> {
        self.outline.as_ref()
    }

    /// Every row.
    pub fn all<B: AsRef<[u8]>>(&self, trees: &[Tree<B>]) -> &[Listed] {
        self.all.get_or_init(|| {
            let made = self.outline.as_ref().map(|outline| outline.all(trees));
            made.unwrap_or_default().into_boxed_slice()
        })
    }

    pub fn len(&self) -> usize {
        match &self.outline {
            Some(outline) => outline.rows as usize,
            None => self.all.get().map_or(0, |all| all.len()),
        }
    }

    /// One row.
    pub fn get<B: AsRef<[u8]>>(&self, trees: &[Tree<B>], id: u32) -> Option<Listed> {
        match (self.all.get(), &self.outline) {
            (Some(all), _) => all.get(id as usize).copied(),
            (None, Some(outline)) => outline.listed(trees, id),
            (None, None) => None,
        }
    }

    /// Whether something changed in a folder. All rows are made for that.
    pub fn changed_below<B: AsRef<[u8]>>(&self, trees: &[Tree<B>], id: u32) -> bool {
        let changed = self.changed_below.get_or_init(|| {
            let all = self.all(trees);
            let mut changed = vec![false; all.len()];
            for (row, record) in all.iter().enumerate().rev() {
                let has_changed = changed[row] || record.change != Change::Unchanged;
                if let Some(folder) = changed.get_mut(record.parent as usize) {
                    *folder |= has_changed;
                }
            }
            changed.into_boxed_slice()
        });
        changed.get(id as usize).copied().unwrap_or(false)
    }

    /// The outline, unless so many rows were asked for that it is better to make all.
    pub fn outline_for_one(&self) -> Option<&Outline> {
        let few = self.asked.fetch_add(1, Ordering::Relaxed) < MOST_SINGLE;
        self.outline.as_ref().filter(|_| few)
    }
}

/// The rows that are to be seen, in order of names and without a filter, from number `from` on, at most `count`; and
/// how many there are in all. `is_open` tells which folders are open.
pub(crate) fn visible<B: AsRef<[u8]>>(
    outline: &Outline,
    trees: &[Tree<B>],
    is_open: impl Fn(u32) -> bool,
    (from, count): (usize, usize),
) -> (usize, Vec<Shown>) {
    let (mut seen, mut row, mut at) = (0, 0, 0);
    let mut rows = Vec::new();
    // The folders on the way, the innermost last.
    let mut folders = vec![Folder { first: 0, end: outline.rows, passed: 0, siblings: None }];
    while row < outline.rows {
        while folders.len() > 1 && folders.last().is_some_and(|folder| folder.end <= row) {
            folders.pop();
        }
        let end = outline.next_end(trees, row, &mut at);
        if let Some(folder) = folders.last_mut() {
            folder.passed += 1;
            if seen >= from && rows.len() < count {
                let siblings = *folder
                    .siblings
                    .get_or_insert_with(|| outline.siblings(trees, folder.first, folder.end));
                let position = folder.passed;
                let shown = outline.totals(trees, row);
                rows.extend(shown.map(|shown| Shown { position, siblings, ..shown }));
            }
        }
        seen += 1;
        if is_open(row) {
            folders.push(Folder { first: row + 1, end, passed: 0, siblings: None });
            row += 1;
        } else {
            row = end;
        }
    }
    (seen, rows)
}

/// A folder whose rows are passed.
struct Folder {
    first: u32,
    end: u32,
    passed: u32,
    siblings: Option<u32>,
}
