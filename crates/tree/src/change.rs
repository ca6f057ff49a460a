//! What happened to a path.

use strata_layer::EntryKind;

use crate::Node;

/// What a layer did to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// It is as below: not in the layer, or there once more and the same.
    Unchanged,
    /// It was not there.
    Added,
    /// Its content is another.
    Changed,
    /// Only mode, owner, time or extended attributes are others.
    Metadata,
    /// It is another kind of thing.
    Replaced,
    /// It is gone.
    Deleted,
}

impl Change {
    /// Its place in an order in which what is most worth a look comes first.
    pub(crate) fn rank(self) -> u64 {
        match self {
            Self::Deleted => 0,
            Self::Replaced => 1,
            Self::Changed => 2,
            Self::Metadata => 3,
            Self::Added => 4,
            Self::Unchanged => 5,
        }
    }

    /// From what was there to what the layer has. `same_bytes` compares the content of two files.
    pub(crate) fn between(
        below: &Node<'_>,
        above: &Node<'_>,
        same_bytes: impl FnOnce() -> bool,
    ) -> Self {
        let is_file = |kind| matches!(kind, EntryKind::File | EntryKind::Hardlink);
        let both_files = is_file(below.kind()) && is_file(above.kind());
        if below.kind() != above.kind() && !both_files {
            return Self::Replaced;
        }
        let same_content = match above.kind() {
            EntryKind::File | EntryKind::Hardlink => same_bytes(),
            EntryKind::Symlink => below.link() == above.link(),
            EntryKind::CharDevice | EntryKind::BlockDevice => below.device() == above.device(),
            EntryKind::Directory | EntryKind::Fifo => true,
        };
        if !same_content {
            return Self::Changed;
        }
        let same = below.attributes() == above.attributes() && below.xattrs() == above.xattrs();
        // A folder that one of the two tars does not name has no attributes of its own there: nothing is known to differ.
        let unknown = below.is_implied() || above.is_implied();
        if same || unknown { Self::Unchanged } else { Self::Metadata }
    }
}

/// Whether two folders differ in nothing but their time: every folder that something is put into does.
pub(crate) fn only_time_differs(below: &Node<'_>, above: &Node<'_>) -> bool {
    let untimed =
        |node: &Node<'_>| (node.attributes().mode, node.attributes().uid, node.attributes().gid);
    let folders = below.is_folder() && above.is_folder();
    folders && untimed(below) == untimed(above) && below.xattrs() == above.xattrs()
}

/// How many paths, by what happened to them, and what is there afterwards.
///
/// A folder of which only the time differs is not counted as changed: that is so of every folder into which something
/// was put.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Paths that were not there.
    pub added: u64,
    /// Paths with another content.
    pub changed: u64,
    /// Paths with other attributes only.
    pub metadata: u64,
    /// Paths of another kind.
    pub replaced: u64,
    /// Paths that are gone.
    pub deleted: u64,
    /// Files and links that are listed and there.
    pub files: u64,
    /// Folders that are listed and there.
    pub directories: u64,
    /// Bytes of the files that are listed and there.
    pub bytes: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, change: Change, kind: EntryKind, bytes: u64) {
        match change {
            Change::Unchanged => {}
            Change::Added => self.added += 1,
            Change::Changed => self.changed += 1,
            Change::Metadata => self.metadata += 1,
            Change::Replaced => self.replaced += 1,
            Change::Deleted => {
                self.deleted += 1;
                return;
            }
        }
        if kind == EntryKind::Directory {
            self.directories += 1;
        } else {
            self.files += 1;
            self.bytes = self.bytes.saturating_add(bytes);
        }
    }
}
