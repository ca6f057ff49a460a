//! The index of one layer, read in place.

use std::cmp::Ordering;

use strata_layer::{EntryKind, FingerprintKey};
use strata_spec::DiffId;

use crate::TreeError;
use crate::attributes::Attributes;
use crate::extras::Extras;
use crate::format::{
    DIFF_ID_AT, DIFF_ID_DIGITS, KEY_NAME_AT, Layout, Record, diff_id_digits, u64_at,
};
use crate::marks::Marks;
use crate::names::name_in;
use crate::node::{Node, NodeId};
use crate::validate::validate;

/// The index of one layer. `B` is a mapped file or a `Vec`.
#[derive(Debug, Clone)]
pub struct Tree<B> {
    bytes: B,
    layout: Layout,
    marks: Marks,
}

impl<B: AsRef<[u8]>> Tree<B> {
    /// The root of every tree.
    pub const ROOT: NodeId = NodeId(0);

    /// Checks all of `bytes`.
    ///
    /// # Errors
    /// [`TreeError::Version`] or [`TreeError::Damaged`]; the index can then be made again from the layer.
    pub fn open(bytes: B) -> Result<Self, TreeError> {
        let (layout, marks) = validate(bytes.as_ref())?;
        Ok(Self { bytes, layout, marks })
    }

    /// Whether it was made for the layer with this diff ID, and its fingerprints with this key.
    #[must_use]
    pub fn is_of(&self, diff_id: &DiffId, key: &FingerprintKey) -> bool {
        let digits = &self.bytes.as_ref()[DIFF_ID_AT..DIFF_ID_AT + DIFF_ID_DIGITS];
        let is_keyed = u64_at(self.bytes.as_ref(), KEY_NAME_AT) == key.name();
        digits == diff_id_digits(diff_id) && is_keyed
    }

    /// How many nodes there are, the root included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.layout.nodes
    }

    /// Whether the layer has no path at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.layout.nodes == 1
    }

    /// How many entries were overruled by a later one of the same path.
    #[must_use]
    pub fn duplicates(&self) -> u32 {
        self.layout.duplicates
    }

    /// The node at a place.
    ///
    /// # Panics
    /// If `id` is of another tree and beyond this one's end.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Node<'_> {
        let bytes = self.bytes.as_ref();
        assert!((id.0 as usize) < self.layout.nodes, "a node of another tree");
        let record = Record::read(bytes, id.0);
        let extras = record.extras().map(|at| {
            let all = self.layout.extras_at..self.layout.extras_at + self.layout.extras_bytes;
            Extras(&bytes[all][at..])
        });
        let attributes_at =
            self.layout.attributes_at + record.attributes as usize * Attributes::BYTES;
        Node {
            name: self.name_of(&record),
            extras,
            attributes: Attributes::read(bytes, attributes_at),
            place: id.0,
            record,
        }
    }

    /// What of the layer is more than files and folders.
    pub(crate) fn marks(&self) -> &Marks {
        &self.marks
    }

    /// A node as it is written.
    pub(crate) fn record(&self, id: NodeId) -> Record {
        Record::read(self.bytes.as_ref(), id.0)
    }

    /// The name of the node at a place: what a walk that compares names needs, and no more.
    pub(crate) fn name(&self, id: NodeId) -> &[u8] {
        self.name_of(&Record::read(self.bytes.as_ref(), id.0))
    }

    fn name_of(&self, record: &Record) -> &[u8] {
        name_in(&self.bytes.as_ref()[self.layout.names_at..], record.name_at)
    }

    /// What is directly below `id`, sorted by name.
    #[must_use]
    pub fn children(&self, id: NodeId) -> Children<'_, B> {
        let record = Record::read(self.bytes.as_ref(), id.0);
        Children { tree: self, next: id.0 + 1, end: record.subtree_end(id.0) }
    }

    /// The node at a path (components joined by `/`).
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<NodeId> {
        let components = path.split(|&byte| byte == b'/').filter(|name| !name.is_empty());
        let mut node = Self::ROOT;
        for component in components {
            node = self.child(node, component)?;
        }
        Some(node)
    }

    /// What stands directly below a node under a name.
    pub(crate) fn child(&self, folder: NodeId, name: &[u8]) -> Option<NodeId> {
        let end = self.record(folder).subtree_end(folder.0);
        self.child_among(folder.0 + 1, end, name)
    }

    /// The one of a name among siblings, with all that is below them from `from` to before `end`. They stand in the order
    /// of their names, so that half of what is left is passed over each time.
    pub(crate) fn child_among(&self, from: u32, end: u32, name: &[u8]) -> Option<NodeId> {
        let (mut low, mut high) = (from, end);
        while low < high {
            let mut at = low + (high - low) / 2;
            let mut record = self.record(NodeId(at));
            while record.parent >= from {
                at = record.parent;
                record = self.record(NodeId(at));
            }
            match self.name_of(&record).cmp(name) {
                Ordering::Less => low = record.subtree_end(at),
                Ordering::Equal => return Some(NodeId(at)),
                Ordering::Greater => high = at,
            }
        }
        None
    }

    /// The path of a node, without leading slash.
    #[must_use]
    pub fn path(&self, id: NodeId) -> Vec<u8> {
        let mut path = Vec::new();
        self.path_into(id, &mut path);
        path
    }

    /// Puts the path of a node in place of what is in `path`.
    pub(crate) fn path_into(&self, id: NodeId, path: &mut Vec<u8>) {
        // From its end to its beginning, and then the other way round.
        path.clear();
        let mut node = id;
        while node != Self::ROOT {
            if !path.is_empty() {
                path.push(b'/');
            }
            let record = self.record(node);
            path.extend(self.name_of(&record).iter().rev());
            node = NodeId(record.parent);
        }
        path.reverse();
    }

    /// All names, each with its length before it.
    pub(crate) fn all_names(&self) -> &[u8] {
        let from = self.layout.names_at;
        &self.bytes.as_ref()[from..from + self.layout.names_bytes]
    }

    /// Where the name of a node stands among all names.
    pub(crate) fn name_at(&self, id: NodeId) -> u32 {
        self.record(id).name_at
    }

    /// Follows the hard links of this layer from `id` to the file that holds the content. `None` if the target is not
    /// in this layer, or links go in a circle.
    #[must_use]
    pub fn content_of(&self, id: NodeId) -> Option<NodeId> {
        let mut at = id;
        for _ in 0..8 {
            let node = self.node(at);
            if node.is_deleted() {
                return None;
            }
            match node.kind() {
                EntryKind::File => return Some(at),
                EntryKind::Hardlink => at = self.find(node.link())?,
                _ => return None,
            }
        }
        None
    }
}

/// The nodes directly below one, sorted by name.
#[derive(Debug)]
pub struct Children<'a, B> {
    tree: &'a Tree<B>,
    next: u32,
    end: u32,
}

impl<B: AsRef<[u8]>> Iterator for Children<'_, B> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.next >= self.end {
            return None;
        }
        let id = self.next;
        self.next = Record::read(self.tree.bytes.as_ref(), id).subtree_end(id);
        Some(NodeId(id))
    }
}
