//! One path of one layer.

use strata_layer::{EntryKind, Fingerprint};

use crate::Attributes;
use crate::extras::Extras;
use crate::format::{BLOCK_BYTES, DELETED, FILE, HIDES, IMPLIED, MARKED, Record, SPARSE};

/// The place of a node in its tree: 0 is the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// One path of one layer, read in place.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    pub(crate) record: Record,
    pub(crate) name: &'a [u8],
    pub(crate) extras: Option<Extras<'a>>,
    pub(crate) place: u32,
    pub(crate) attributes: Attributes,
}

impl<'a> Node<'a> {
    /// Its name, without folder; empty for the root.
    #[must_use]
    pub fn name(&self) -> &'a [u8] {
        self.name
    }

    /// What it is. Meaningless for a deletion.
    #[must_use]
    pub fn kind(&self) -> EntryKind {
        kind_of(self.record.kind).unwrap_or(EntryKind::File)
    }

    /// Mode, owner and time.
    #[must_use]
    pub fn attributes(&self) -> Attributes {
        self.attributes
    }

    /// Bytes of a file; 0 for anything else.
    #[must_use]
    pub fn size(&self) -> u64 {
        if self.kind() == EntryKind::Directory { 0 } else { self.record.size }
    }

    /// Bytes of a file, or of all files below a folder.
    #[must_use]
    pub fn subtree_bytes(&self) -> u64 {
        self.record.size
    }

    /// Files and links below a folder; 1 for anything else.
    #[must_use]
    pub fn subtree_files(&self) -> u64 {
        if self.kind() == EntryKind::Directory { u64::from(self.record.block) } else { 1 }
    }

    /// Where a file's content stands in the plain tar.
    #[must_use]
    pub fn offset(&self) -> u64 {
        if self.kind() == EntryKind::Directory {
            return 0;
        }
        u64::from(self.record.block) * BLOCK_BYTES
    }

    /// Of a file's content.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        if !self.record.is_file() {
            return Fingerprint::default();
        }
        self.extras.and_then(Extras::fingerprint).unwrap_or(self.record.slot)
    }

    /// The first node after its subtree.
    #[must_use]
    pub fn subtree_end(&self) -> NodeId {
        NodeId(self.record.subtree_end(self.place))
    }

    /// Whether anything lies below it.
    pub(crate) fn has_children(&self) -> bool {
        self.subtree_end().0 > self.place + 1
    }

    /// The tar does not name this folder; something below it is named.
    #[must_use]
    pub fn is_implied(&self) -> bool {
        self.record.flags & IMPLIED != 0
    }

    /// Nothing is here: the layer deletes the path.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.record.flags & DELETED != 0
    }

    /// What lower layers have at or below this path is hidden.
    #[must_use]
    pub fn hides_lower(&self) -> bool {
        self.record.flags & HIDES != 0
    }

    /// The layer has the mark of a deletion for this path, beside what it may have there itself.
    pub(crate) fn has_mark(&self) -> bool {
        let needed = if self.is_folder() { HIDES | MARKED } else { HIDES };
        self.record.flags & needed == needed
    }

    /// Its content is stored without holes, and cannot be read as one run.
    #[must_use]
    pub fn is_sparse(&self) -> bool {
        self.record.flags & SPARSE != 0
    }

    /// The target of a link; else empty.
    #[must_use]
    pub fn link(&self) -> &'a [u8] {
        self.extras.map_or(&[], Extras::target)
    }

    /// Major and minor number of a device.
    #[must_use]
    pub fn device(&self) -> (u32, u32) {
        self.extras.map_or((0, 0), Extras::device)
    }

    /// Extended attributes, sorted by name.
    #[must_use]
    pub fn xattrs(&self) -> Vec<(&'a [u8], &'a [u8])> {
        self.extras.map_or_else(Vec::new, Extras::xattrs)
    }

    /// Whether other paths may lie below it.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        !self.is_deleted() && self.kind() == EntryKind::Directory
    }
}

pub(crate) fn kind_code(kind: EntryKind) -> u8 {
    match kind {
        EntryKind::File => FILE,
        EntryKind::Directory => 1,
        EntryKind::Symlink => 2,
        EntryKind::Hardlink => 3,
        EntryKind::CharDevice => 4,
        EntryKind::BlockDevice => 5,
        EntryKind::Fifo => 6,
    }
}

pub(crate) fn kind_of(code: u8) -> Option<EntryKind> {
    Some(match code {
        FILE => EntryKind::File,
        1 => EntryKind::Directory,
        2 => EntryKind::Symlink,
        3 => EntryKind::Hardlink,
        4 => EntryKind::CharDevice,
        5 => EntryKind::BlockDevice,
        6 => EntryKind::Fifo,
        _ => return None,
    })
}
