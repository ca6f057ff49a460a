//! One path of one layer.

use strata_layer::{EntryKind, Fingerprint};

use crate::Attributes;
use crate::format::{DELETED, HIDES, IMPLIED, Record, SPARSE, u32_at};

/// The place of a node in its tree: 0 is the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// One path of one layer, read in place.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    pub(crate) record: Record,
    pub(crate) name: &'a [u8],
    pub(crate) extra: Option<&'a [u8]>,
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
        if self.kind() == EntryKind::Directory { self.record.offset } else { 1 }
    }

    /// Where a file's content stands in the plain tar.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.record.offset
    }

    /// Of a file's content.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.record.fingerprint
    }

    /// The first node after its subtree.
    #[must_use]
    pub fn subtree_end(&self) -> NodeId {
        NodeId(self.record.subtree_end)
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

    /// Its content is stored without holes, and cannot be read as one run.
    #[must_use]
    pub fn is_sparse(&self) -> bool {
        self.record.flags & SPARSE != 0
    }

    /// The target of a link; else empty.
    #[must_use]
    pub fn link(&self) -> &'a [u8] {
        self.extra.map_or(&[], |extra| &extra[4..4 + u32_at(extra, 0) as usize])
    }

    /// Major and minor number of a device.
    #[must_use]
    pub fn device(&self) -> (u32, u32) {
        self.extra.map_or((0, 0), |extra| {
            let at = 4 + u32_at(extra, 0) as usize;
            (u32_at(extra, at), u32_at(extra, at + 4))
        })
    }

    /// Extended attributes, sorted by name.
    #[must_use]
    pub fn xattrs(&self) -> Vec<(&'a [u8], &'a [u8])> {
        let Some(extra) = self.extra else { return Vec::new() };
        let mut at = 4 + u32_at(extra, 0) as usize + 8;
        let count = u32_at(extra, at);
        at += 4;
        let mut take = || {
            let length = u32_at(extra, at) as usize;
            let bytes = &extra[at + 4..at + 4 + length];
            at += 4 + length;
            bytes
        };
        (0..count).map(|_| (take(), take())).collect()
    }

    /// Whether other paths may lie below it.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        !self.is_deleted() && self.kind() == EntryKind::Directory
    }
}

pub(crate) fn kind_code(kind: EntryKind) -> u8 {
    match kind {
        EntryKind::File => 0,
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
        0 => EntryKind::File,
        1 => EntryKind::Directory,
        2 => EntryKind::Symlink,
        3 => EntryKind::Hardlink,
        4 => EntryKind::CharDevice,
        5 => EntryKind::BlockDevice,
        6 => EntryKind::Fifo,
        _ => return None,
    })
}
