//! What of a layer is more than files in folders: noted when its index is checked, so that a walk knows what it need not
//! look at.

use strata_layer::EntryKind;

use crate::format::{DELETED, MAX_SIZE, Record};
use crate::node::{kind_code, kind_of};

/// What a walk over whole folders has to know of a tree.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    /// Something lies below what is no folder, or totals are more than can be written: folders cannot be taken as a whole.
    pub is_odd: bool,
    /// The places of deletions, in order.
    deleted: Vec<u32>,
    /// The places of folders that the tar does not name and has something in, in order; without the root.
    pub implied: Vec<u32>,
    /// The places of hard links, in order.
    pub hardlinks: Vec<u32>,
}

impl Marks {
    /// Notes a node, in order of places.
    pub fn note(&mut self, place: u32, record: &Record) {
        let kind = kind_of(record.kind);
        let is_folder = kind == Some(EntryKind::Directory);
        let has_children = record.subtree_end(place) > place + 1;
        let is_deleted = record.flags & DELETED != 0;
        self.is_odd |= has_children && !is_folder;
        self.is_odd |= is_deleted && (place == 0 || !record.is_file());
        self.is_odd |= is_folder && record.size == MAX_SIZE;
        if is_deleted {
            self.deleted.push(place);
        }
        if has_children && place > 0 && record.is_implied() {
            self.implied.push(place);
        }
        if record.kind == kind_code(EntryKind::Hardlink) {
            self.hardlinks.push(place);
        }
    }

    /// Whether there is a deletion among these places.
    pub fn has_deleted(&self, places: std::ops::Range<u32>) -> bool {
        let first = self.deleted.partition_point(|&place| place < places.start);
        self.deleted.get(first).is_some_and(|&place| place < places.end)
    }
}
