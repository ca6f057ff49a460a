//! Files that are copied: where they come from, which are meant, where they go, and whose they are.

mod chmod;
mod glob;
mod layout;
mod listed;
mod owner;
mod select;
mod spool;
mod stack;
mod unpack;
mod write;

use std::io::Read;

use strata_layer::{EntryKind, Fingerprint, Timestamp};

use crate::{BuildError, Stop};

pub(crate) use chmod::{ModeClause, parse_chmod};
pub(crate) use layout::Layout;
pub(crate) use listed::{Listed, walk_order};
pub(crate) use owner::{Owner, owner_of, run_user};
pub(crate) use select::{Fetches, Selected, Top, TopSet, select};
pub(crate) use spool::{Range, hand_out};
pub(crate) use stack::StackFiles;
pub(crate) use unpack::unpacked;
pub(crate) use write::write_entries;

/// One path of a set of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceEntry {
    /// Components joined by `/`; empty for the root.
    pub path: Vec<u8>,
    pub kind: EntryKind,
    pub mode: u32,
    pub uid: u64,
    pub gid: u64,
    pub size: u64,
    pub modified: Timestamp,
    pub link: Vec<u8>,
    pub device: (u32, u32),
    pub xattrs: Vec<(Vec<u8>, Vec<u8>)>,
    /// Of a file's content, once it is known.
    pub fingerprint: Option<Fingerprint>,
    /// How its set finds it again.
    pub at: usize,
}

impl SourceEntry {
    /// The root of a set that does not say what it is.
    pub fn root() -> Self {
        Self {
            path: Vec::new(),
            kind: EntryKind::Directory,
            mode: 0o755,
            uid: 0,
            gid: 0,
            size: 0,
            modified: Timestamp::default(),
            link: Vec::new(),
            device: (0, 0),
            xattrs: Vec::new(),
            fingerprint: None,
            at: usize::MAX,
        }
    }

    pub fn is_folder(&self) -> bool {
        self.kind == EntryKind::Directory
    }
}

/// Takes the content of a file, by its place in what was asked for.
pub(crate) type Take<'a> = &'a mut dyn FnMut(usize, &mut dyn Read) -> Result<(), BuildError>;

/// A tree of files. Links are followed within it, and never lead out.
pub(crate) trait FileSet: Send + Sync {
    /// What a path leads to when links are followed to the end.
    fn follow(&self, path: &[u8]) -> Option<SourceEntry>;

    /// All that lies below a folder, whose path leads through no link: folders before what is in them.
    fn below(&self, folder: &[u8]) -> Vec<SourceEntry>;

    /// Finds out what files hold. Nothing is left to do where entries say it from the start.
    ///
    /// # Errors
    /// What kept one from being read.
    fn fingerprints(&self, _entries: &mut [SourceEntry], _stop: &Stop) -> Result<(), BuildError> {
        Ok(())
    }

    /// Hands out the contents of some files, in whichever order is cheapest, each once.
    ///
    /// # Errors
    /// What kept one from being read, or what `take` says.
    fn read(&self, entries: &[&SourceEntry], take: Take<'_>, stop: &Stop)
    -> Result<(), BuildError>;

    /// How many files there are, folders not counted, and their bytes.
    fn totals(&self) -> (u64, u64) {
        totals(&self.below(b""))
    }

    /// All is read that will be.
    fn close(&self) {}
}

/// How many of some entries are no folders, and their bytes.
pub(crate) fn totals(entries: &[SourceEntry]) -> (u64, u64) {
    let files = entries.iter().filter(|entry| !entry.is_folder());
    files.fold((0, 0), |(count, bytes), entry| (count + 1, bytes + entry.size))
}

/// How a path is shown to people.
pub(crate) fn shown(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

/// The components of a path that name something.
pub(crate) fn components(path: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    path.split(|&byte| byte == b'/').filter(|name| !matches!(*name, b"" | b"."))
}

/// A path and a name in it.
pub(crate) fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() {
        return name.to_vec();
    }
    [folder, b"/", name].concat()
}
