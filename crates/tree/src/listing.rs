//! A list to page through: what one layer changed, or the whole system up to it.

use std::sync::{Arc, OnceLock};

use crate::layered::outline;
use crate::listed::{Listed, NONE, Scope, content, counts, merged_records, node, stack, totals};
use crate::outline::Outline;
use crate::rows::{self, Rows};
use crate::{Change, Counts, NodeId, OpenSet, Row, Tree, TreeError};

/// How siblings are ordered. Names are compared byte by byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// By name.
    ByName {
        /// From the last to the first.
        descending: bool,
    },
    /// By bytes, with all that is below a folder; those of the same size by name.
    BySize {
        /// The largest first.
        descending: bool,
    },
    /// By user, then group; those of the same owner by name.
    ByOwner,
    /// By permission bits, setuid and the like first; those of the same bits by name.
    ByMode,
    /// By what the layer did: deleted, replaced, changed, other attributes, added, and what is as it was.
    ByChange,
}

/// All rows of one layer's changes, or of the system up to it; folders stand before what is in them.
///
/// Orders and filters of it share the rows, so they are cheap to make and to keep. In order of names and without a filter
/// rows are made as they are looked at.
#[derive(Debug)]
pub struct Listing<B> {
    trees: Arc<[Tree<B>]>,
    rows: Arc<Rows>,
    /// Of all rows, whatever is filtered.
    counts: Counts,
    /// The rows in this order and filter; not made yet where they are all of them in order of names: the place of a row is
    /// its id, then.
    shown: OnceLock<Vec<Shown>>,
}

/// A row's place in one order and filter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    pub id: u32,
    /// The first place after all that is below it.
    pub end: u32,
    pub bytes: u64,
    pub files: u32,
    pub position: u32,
    pub siblings: u32,
    pub matched: bool,
}

/// How many paths the last layer removed that are not among the rows: in the list of a system none of them is.
fn deleted<B: AsRef<[u8]>>(
    stack: &[Tree<B>],
    layer: usize,
    scope: Scope,
) -> Result<u64, TreeError> {
    if scope == Scope::Changes {
        return Ok(0);
    }
    if let Some(outline) = outline(stack, Scope::Changes)? {
        return Ok(outline.counts.deleted);
    }
    Ok(counts(stack, &merged_records(stack, layer, Scope::Changes)?).deleted)
}

impl<B: AsRef<[u8]>> Listing<B> {
    /// What layer `layer` (from 0) has: added, changed, put there again, deleted; and the folders that lead there. Of
    /// a deleted folder, all that was in it is listed as deleted.
    ///
    /// # Errors
    /// [`TreeError::NoSuchLayer`], or [`TreeError::TooLarge`] if the layers have more paths than can be counted.
    pub fn of_layer(trees: Arc<[Tree<B>]>, layer: usize) -> Result<Self, TreeError> {
        Self::new(trees, layer, Scope::Changes)
    }

    /// The whole file system as it is with layer `layer` (from 0) on top.
    ///
    /// # Errors
    /// As [`Self::of_layer`].
    pub fn up_to(trees: Arc<[Tree<B>]>, layer: usize) -> Result<Self, TreeError> {
        Self::new(trees, layer, Scope::System)
    }

    fn new(trees: Arc<[Tree<B>]>, layer: usize, scope: Scope) -> Result<Self, TreeError> {
        let stack = stack(&trees, layer)?;
        if let Some(outline) = outline(stack, scope)? {
            let deleted = deleted(stack, layer, scope)?;
            let counts = Counts { deleted: outline.counts.deleted + deleted, ..outline.counts };
            let rows = Arc::new(Rows::outlined(outline));
            return Ok(Self { trees, rows, counts, shown: OnceLock::new() });
        }
        let records = merged_records(stack, layer, scope)?;
        let deleted = deleted(stack, layer, scope)?;
        let mut listing = Self::of_records(trees, records);
        listing.counts.deleted += deleted;
        Ok(listing)
    }

    /// All of these rows, in their order.
    pub(crate) fn of_records(trees: Arc<[Tree<B>]>, records: Vec<Listed>) -> Self {
        let counts = counts(&trees, &records);
        let rows = Arc::new(Rows::made(records));
        let listing = Self { trees, rows, counts, shown: OnceLock::new() };
        listing.shown();
        listing
    }

    /// The rows in this order, made now if they are not yet.
    fn shown(&self) -> &[Shown] {
        self.shown.get_or_init(|| self.lay_out(|_| true, |_| true))
    }

    /// The outline, where places are ids and rows need not be made.
    fn outlined(&self) -> Option<&Outline> {
        self.rows.outline().filter(|_| self.shown.get().is_none())
    }

    /// The rows that are `kept`, in order of names, with the folders above them; of those, `matched` are not there only
    /// for others.
    pub(crate) fn keeping(&self, mut kept: Vec<bool>, matched: &[bool]) -> Self {
        let records = self.records();
        for row in (0..kept.len()).rev() {
            let parent = records[row].parent as usize;
            if kept[row] && parent < row {
                kept[parent] = true;
            }
        }
        self.with(self.lay_out(|row| kept[row], |row| matched[row]))
    }

    /// What the layer did, and what is listed, whatever the filter.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How many rows there are, open or not.
    #[must_use]
    pub fn total(&self) -> usize {
        self.outlined().map_or_else(|| self.shown().len(), |outline| outline.rows as usize)
    }

    /// The same rows with siblings in another order.
    #[must_use]
    pub fn sorted(&self, sort: Sort) -> Self {
        let all = self.shown();
        let mut shown = Vec::with_capacity(all.len());
        let mut waiting = Vec::new();
        let mut siblings = Vec::new();
        self.order(0, all.len(), sort, &mut siblings, &mut waiting);
        while let Some((place, position)) = waiting.pop() {
            let old = all[place];
            let span = old.end as usize - place;
            let end = u32::try_from(shown.len() + span).unwrap_or(NONE);
            shown.push(Shown { end, position, ..old });
            self.order(place + 1, old.end as usize, sort, &mut siblings, &mut waiting);
        }
        self.with(shown)
    }

    /// Puts the siblings between two places on `waiting`, the first in the new order last, with their new positions.
    fn order(
        &self,
        from: usize,
        to: usize,
        sort: Sort,
        siblings: &mut Vec<usize>,
        waiting: &mut Vec<(usize, u32)>,
    ) {
        let all = self.shown();
        siblings.clear();
        siblings.extend(self.places(from, to));
        // Ids ascend with names.
        let key = |&place: &usize| (all[place].bytes, all[place].id);
        match sort {
            Sort::ByName { .. } => siblings.sort_unstable_by_key(|&place| all[place].id),
            Sort::BySize { descending: false } => siblings.sort_unstable_by_key(key),
            Sort::BySize { descending: true } => {
                siblings.sort_unstable_by_key(|place| {
                    let (bytes, id) = key(place);
                    (std::cmp::Reverse(bytes), id)
                });
            }
            Sort::ByOwner | Sort::ByMode | Sort::ByChange => {
                siblings.sort_by_cached_key(|&place| self.attribute_key(place, sort));
            }
        }
        if sort == (Sort::ByName { descending: true }) {
            siblings.reverse();
        }
        let positions = (1..=u32::try_from(siblings.len()).unwrap_or(NONE)).rev();
        waiting.extend(siblings.iter().rev().copied().zip(positions));
    }

    /// What siblings are ordered by where that is neither name nor size.
    fn attribute_key(&self, place: usize, sort: Sort) -> (u64, u64, u32) {
        let id = self.shown()[place].id;
        let record = &self.records()[id as usize];
        let attributes = content(&self.trees, record).attributes();
        match sort {
            Sort::ByOwner => (attributes.uid, attributes.gid, id),
            Sort::ByMode => (u64::from(!attributes.mode & 0o7777), 0, id),
            _ => (record.change.rank(), 0, id),
        }
    }

    pub(crate) fn with(&self, shown: Vec<Shown>) -> Self {
        let (trees, rows) = (Arc::clone(&self.trees), Arc::clone(&self.rows));
        Self { trees, rows, counts: self.counts, shown: shown.into() }
    }

    /// The kept rows in order of names. Whoever is kept must have a folder that is kept.
    pub(crate) fn lay_out(
        &self,
        kept: impl Fn(usize) -> bool,
        matched: impl Fn(usize) -> bool,
    ) -> Vec<Shown> {
        let records = self.records();
        let totals = totals(&self.trees, records, &kept);
        // The row of the folder that a row is in; one past the last for the top.
        let folder = |record: &Listed| (record.parent as usize).min(records.len());
        let mut shown: Vec<Shown> = Vec::new();
        // Where each kept row stands; how many siblings each folder has, the last one is for the top.
        let mut places = vec![NONE; records.len()];
        let mut children = vec![0_u32; records.len() + 1];
        for (row, record) in records.iter().enumerate().filter(|&(row, _)| kept(row)) {
            let place = u32::try_from(shown.len()).unwrap_or(NONE);
            places[row] = place;
            let siblings = &mut children[folder(record)];
            *siblings += 1;
            let (bytes, files) = totals[row];
            let id = u32::try_from(row).unwrap_or(NONE);
            let (position, siblings) = (*siblings, 0);
            let matched = matched(row);
            shown.push(Shown { id, end: place + 1, bytes, files, position, siblings, matched });
        }
        for place in (0..shown.len()).rev() {
            let record = &records[shown[place].id as usize];
            shown[place].siblings = children[folder(record)];
            let end = shown[place].end;
            if let Some(&above) = places.get(record.parent as usize) {
                let above = &mut shown[above as usize];
                above.end = above.end.max(end);
            }
        }
        shown
    }

    /// The row at a place of this order.
    #[must_use]
    pub fn row(&self, place: usize) -> Option<Row<'_>> {
        if self.shown.get().is_none()
            && let Some(outline) = self.rows.outline_for_one()
        {
            let shown = outline.shown(&self.trees, u32::try_from(place).ok()?)?;
            return self.drawn(place, &shown);
        }
        self.drawn(place, self.shown().get(place)?)
    }

    fn drawn(&self, place: usize, shown: &Shown) -> Option<Row<'_>> {
        let record = &self.rows.get(&self.trees, shown.id)?;
        let (node, content) = (node(&self.trees, record), content(&self.trees, record));
        Some(Row {
            id: shown.id,
            name: node.name(),
            depth: record.depth as usize,
            kind: content.kind(),
            bytes: shown.bytes,
            files: u64::from(shown.files),
            attributes: content.attributes(),
            link: content.link(),
            device: content.device(),
            change: record.change,
            layer: record.layer as usize,
            node: record.node,
            was_in: (record.was_in != NONE).then_some(record.was_in as usize),
            named: record.named,
            only_leads: node.is_folder() && (!record.counted || record.change == Change::Unchanged),
            of_nothing: node.is_deleted(),
            matched: shown.matched,
            has_children: shown.end as usize > place + 1,
            position_in_set: shown.position as usize,
            set_size: shown.siblings as usize,
        })
    }

    /// Whether something in the folder of a row changed, whatever happened to the folder itself. In a list of what a layer
    /// did, or of what differs; it makes all rows.
    #[must_use]
    pub fn changed_below(&self, id: u32) -> bool {
        self.rows.changed_below(&self.trees, id)
    }

    /// The rows that are to be seen with these folders open: how many in all, and `count` of them from number `from`,
    /// each with its place.
    #[must_use]
    pub fn visible(
        &self,
        open: &OpenSet,
        from: usize,
        count: usize,
    ) -> (usize, Vec<(usize, Row<'_>)>) {
        let exceptions = self.exceptions(open);
        let is_open = |id: u32| {
            let is_exception =
                exceptions.get(id as usize / 64).is_some_and(|b| b >> (id % 64) & 1 == 1);
            open.all_open != is_exception
        };
        let drawn = |place: usize, shown: &Shown| Some((place, self.drawn(place, shown)?));
        if let Some(outline) = self.outlined() {
            let (seen, rows) = rows::visible(outline, &self.trees, is_open, (from, count));
            let rows = rows.iter().filter_map(|shown| drawn(shown.id as usize, shown));
            return (seen, rows.collect());
        }
        let (mut seen, mut place) = (0, 0);
        let mut rows = Vec::new();
        let all = self.shown();
        while let Some(shown) = all.get(place) {
            if seen >= from && rows.len() < count {
                rows.extend(drawn(place, shown));
            }
            seen += 1;
            place = if is_open(shown.id) { place + 1 } else { shown.end as usize };
        }
        (seen, rows)
    }

    /// One bit for each row: asking a hash set a hundred thousand times takes longer than all the rest.
    fn exceptions(&self, open: &OpenSet) -> Vec<u64> {
        let mut bits = vec![0_u64; self.rows.len() / 64 + 1];
        for &id in &open.except {
            if let Some(word) = bits.get_mut(id as usize / 64) {
                *word |= 1 << (id % 64);
            }
        }
        bits
    }

    /// The places directly below the root, in order.
    pub(crate) fn top(&self) -> Places<'_, B> {
        self.places(0, self.total())
    }

    /// The places directly below one, in order.
    pub(crate) fn below(&self, place: usize) -> Places<'_, B> {
        self.places(place + 1, self.end(place).unwrap_or(place))
    }

    fn places(&self, next: usize, end: usize) -> Places<'_, B> {
        Places { listing: self, next, end }
    }

    /// The first place after all that is below one.
    fn end(&self, place: usize) -> Option<usize> {
        match self.outlined() {
            Some(outline) => {
                let row = u32::try_from(place).ok().filter(|&row| row < outline.rows)?;
                Some(outline.end(&self.trees, row) as usize)
            }
            None => self.shown().get(place).map(|shown| shown.end as usize),
        }
    }

    /// The place of a name among those from `from` to before `end`, all in one folder.
    pub(crate) fn place_of(&self, mut places: Places<'_, B>, name: &[u8]) -> Option<usize> {
        if let Some(outline) = self.outlined() {
            let range = (u32::try_from(places.next).ok()?, u32::try_from(places.end).ok()?);
            return outline.child(&self.trees, range, name).map(|row| row as usize);
        }
        places.find(|&place| self.name(place) == Some(name))
    }

    /// All rows in order of names, whatever is shown of them.
    pub(crate) fn records(&self) -> &[Listed] {
        self.rows.all(&self.trees)
    }

    /// The layers' trees, the oldest first.
    pub(crate) fn trees(&self) -> &[Tree<B>] {
        &self.trees
    }

    /// What stands at and below a place, in order; all for `None`.
    pub(crate) fn listed(&self, place: Option<usize>) -> impl Iterator<Item = &Listed> {
        let (all, records) = (self.shown(), self.records());
        let range = match place {
            None => 0..all.len(),
            Some(place) => place..all.get(place).map_or(place, |shown| shown.end as usize),
        };
        let shown = all.get(range).unwrap_or_default();
        shown.iter().filter_map(|shown| records.get(shown.id as usize))
    }

    /// The row of the folder that a row is in; none at the root, and for an id that no row has.
    #[must_use]
    pub fn parent(&self, id: u32) -> Option<u32> {
        let record = self.rows.get(&self.trees, id);
        record.map(|record| record.parent).filter(|parent| *parent != NONE)
    }

    /// The name of the row at a place.
    pub(crate) fn name(&self, place: usize) -> Option<&[u8]> {
        let id = match self.outlined() {
            Some(_) => u32::try_from(place).ok()?,
            None => self.shown().get(place)?.id,
        };
        Some(node(&self.trees, &self.rows.get(&self.trees, id)?).name())
    }

    /// The extended attributes of what a row shows, sorted by name; none for an id that no row has.
    #[must_use]
    pub fn xattrs(&self, id: u32) -> Vec<(&[u8], &[u8])> {
        let record = self.rows.get(&self.trees, id);
        record.map_or_else(Vec::new, |record| content(&self.trees, &record).xattrs())
    }

    /// Where a row stands in this order, if the filter leaves it.
    #[must_use]
    pub fn place(&self, id: u32) -> Option<usize> {
        if let Some(outline) = self.outlined() {
            return (id < outline.rows).then_some(id as usize);
        }
        self.shown().iter().position(|shown| shown.id == id)
    }

    /// The layer (from 0) and the node that a row shows.
    #[must_use]
    pub fn entry(&self, id: u32) -> Option<(usize, NodeId)> {
        let record = self.rows.get(&self.trees, id);
        record.map(|record| (record.layer as usize, record.node))
    }

    /// The path of a row, without leading slash. Empty for an id that no row has.
    #[must_use]
    pub fn path(&self, id: u32) -> Vec<u8> {
        let mut names = Vec::new();
        let mut at = id;
        while let Some(record) = self.rows.get(&self.trees, at) {
            names.push(node(&self.trees, &record).name());
            at = record.parent;
        }
        names.reverse();
        names.join(&b'/')
    }
}

/// Siblings.
pub(crate) struct Places<'a, B> {
    listing: &'a Listing<B>,
    next: usize,
    end: usize,
}

impl<B: AsRef<[u8]>> Iterator for Places<'_, B> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let place = self.next;
        if place >= self.end {
            return None;
        }
        self.next = self.listing.end(place)?;
        Some(place)
    }
}
