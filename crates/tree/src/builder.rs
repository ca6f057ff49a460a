//! From the entries of a scan to the bytes of an index.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::io;

use strata_layer::{Entry, EntryKind, EntrySink, FingerprintKey, LayerError, Mark, mark};

use crate::Attributes;
use crate::attributes::AttributeSet;
use crate::drafts::{Drafts, Rest};
use crate::extras::{encode, has_extras};
use crate::format::{BLOCK_BYTES, DELETED, EXTRAS, HIDES, IMPLIED, MARKED, SPARSE};
use crate::id_table::IdTable;
use crate::names::Names;
use crate::spool::{OpenScratch, Spool};

/// Folders within folders. Far above what any image has, and low enough for walks that call themselves.
pub(crate) const MAX_DEPTH: usize = 512;

/// Folders that no entry names. Real layers have some thousands; one entry of a hostile one can ask for hundreds.
const MAX_IMPLIED: u32 = 1_000_000;

/// Bytes of all link targets and extended attributes. Real layers stay below 20 MiB.
const MAX_EXTRA_BYTES: usize = 256 << 20;

/// How many bytes of them are kept in memory where there is a file for more.
const EXTRAS_IN_MEMORY_BYTES: usize = 1 << 20;

/// How much of a path an error shows.
const SHOWN_CHARS: usize = 120;

/// The node that is there first.
pub(crate) const ROOT: u32 = 0;

/// In place of the folder of a node that is no longer reached.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// Why an entry was not taken.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It is the entry's fault.
    Entry(&'static str),
    /// The scratch file failed.
    Scratch(io::Error),
}

impl From<&'static str> for Refusal {
    fn from(reason: &'static str) -> Self {
        Self::Entry(reason)
    }
}

impl From<io::Error> for Refusal {
    fn from(source: io::Error) -> Self {
        Self::Scratch(source)
    }
}

/// Collects the entries of one layer, in any order.
///
/// Of entries with the same path the last one counts, as when unpacking. Parents that are not named are made up and
/// marked so.
pub struct TreeBuilder {
    pub(crate) nodes: Drafts,
    /// The nodes by folder and name.
    children: IdTable,
    hasher: RandomState,
    pub(crate) names: Names,
    pub(crate) attributes: AttributeSet,
    pub(crate) extras: Spool,
    pub(crate) duplicates: u32,
    implied: u32,
    /// The folder of the entry before: mostly that of the next one too.
    recent: (Vec<u8>, u32),
    open: Option<OpenScratch>,
    pub(crate) key: FingerprintKey,
}

impl fmt::Debug for TreeBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TreeBuilder({} paths)", self.nodes.len())
    }
}

impl Default for TreeBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl EntrySink for TreeBuilder {
    fn entry(&mut self, entry: Entry) -> Result<(), LayerError> {
        let added = match mark(&entry.path) {
            Some(Mark::Metadata) => Ok(()),
            Some(Mark::Opaque { path }) => self.opaque(&path),
            Some(Mark::Whiteout { path }) => self.whiteout(&path),
            None => self.add(&entry),
        };
        added.map_err(|refusal| match refusal {
            Refusal::Scratch(source) => LayerError::Scratch { source },
            Refusal::Entry(reason) => LayerError::Sink {
                path: entry.path.escape_ascii().to_string().chars().take(SHOWN_CHARS).collect(),
                reason,
            },
        })
    }

    fn fingerprint_key(&self) -> FingerprintKey {
        self.key
    }
}

impl TreeBuilder {
    /// An empty layer, all of it in memory however large it becomes.
    #[must_use]
    pub fn new() -> Self {
        let mut builder = Self {
            nodes: Drafts::new(),
            children: IdTable::default(),
            hasher: RandomState::new(),
            names: Names::default(),
            attributes: AttributeSet::default(),
            extras: Spool::new(EXTRAS_IN_MEMORY_BYTES),
            duplicates: 0,
            implied: 0,
            recent: (Vec::new(), ROOT),
            open: None,
            key: FingerprintKey::default(),
        };
        // The first name is the root's: empty. Nothing of this can fail, as all of it is in memory.
        let name = builder.names.intern(b"", None).unwrap_or_default();
        builder.attributes.intern(Attributes::IMPLIED, None).ok();
        builder.nodes.push((name, ROOT), IMPLIED, &Rest::default(), None).ok();
        builder
    }

    /// An empty layer that needs little memory however large it becomes: what is too much goes to files that `open`
    /// gives.
    #[must_use]
    pub fn spilling(open: OpenScratch) -> Self {
        Self { open: Some(open), ..Self::new() }
    }

    /// Has the fingerprints of files made with a key.
    #[must_use]
    pub fn keyed(self, key: FingerprintKey) -> Self {
        Self { key, ..self }
    }

    fn opaque(&mut self, path: &[u8]) -> Result<(), Refusal> {
        let folder = self.folder(path)?;
        self.nodes.add_flags(folder, HIDES);
        Ok(())
    }

    fn whiteout(&mut self, path: &[u8]) -> Result<(), Refusal> {
        let (folder, name) = split(path);
        let folder = self.folder(folder)?;
        if let Some(node) = self.child(folder, name)? {
            // A mark is of lower layers only: what this one has at the path stays.
            let is_folder = self.nodes.kind(node) == EntryKind::Directory;
            self.nodes.add_flags(node, if is_folder { HIDES | MARKED } else { HIDES });
            return Ok(());
        }
        let node = self.push(folder, name)?;
        self.nodes.set(node, EntryKind::File, DELETED | HIDES);
        Ok(())
    }

    fn add(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let mut mark = 0;
        let node = if entry.path.is_empty() {
            if entry.kind != EntryKind::Directory {
                return Err("the root must be a folder".into());
            }
            ROOT
        } else {
            let (folder, name) = split(&entry.path);
            let folder = self.folder(folder)?;
            match self.child(folder, name)? {
                Some(node) => {
                    mark = self.folder_mark(node);
                    self.overrule(folder, node, entry.kind)?
                }
                None => self.push(folder, name)?,
            }
        };
        let attributes = Attributes {
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            modified: entry.modified,
        };
        let attributes = self.attributes.intern(attributes, self.open.as_ref())?;
        let is_file = entry.kind == EntryKind::File;
        let mut rest =
            Rest { attributes, block: block(entry)?, size: entry.size, ..Rest::default() };
        let mut flags = self.nodes.flags(node) & HIDES | if entry.sparse { SPARSE } else { 0 };
        if entry.kind == EntryKind::Directory {
            flags |= mark;
        }
        if has_extras(entry) {
            let at = self.extra(entry)?;
            let (at, flag) = if is_file { (at, EXTRAS) } else { (at + 1, 0) };
            rest.slot[..4].copy_from_slice(&at.to_le_bytes());
            flags |= flag;
        } else if is_file {
            rest.slot = entry.fingerprint;
        }
        self.nodes.set(node, entry.kind, flags);
        Ok(self.nodes.set_rest(node, &rest)?)
    }

    /// The flag that a folder needs to stay marked as deleted below, if that is what is known of the path so far.
    fn folder_mark(&self, node: u32) -> u8 {
        let is_folder = self.nodes.kind(node) == EntryKind::Directory;
        let needed = if is_folder { MARKED } else { HIDES };
        if self.nodes.flags(node) & needed == 0 { 0 } else { MARKED }
    }

    /// The node that a later entry of a path goes to.
    fn overrule(&mut self, folder: u32, node: u32, kind: EntryKind) -> Result<u32, Refusal> {
        let (old, flags) = (self.nodes.kind(node), self.nodes.flags(node));
        if flags & (IMPLIED | DELETED) == 0 {
            self.duplicates = self.duplicates.saturating_add(1);
        }
        let may_have_content = matches!(old, EntryKind::Directory | EntryKind::Symlink);
        if may_have_content && old != kind {
            // What was in it goes: the old node is no longer reached.
            self.recent = (Vec::new(), ROOT);
            self.nodes.set_parent(node, NOWHERE);
            let name = self.names.at(self.nodes.name(node))?.to_vec();
            let new = self.push(folder, &name)?;
            self.nodes.add_flags(new, flags & HIDES);
            return Ok(new);
        }
        if old != EntryKind::Directory && kind == EntryKind::Directory {
            // The layer's own file has removed whatever folder was there.
            self.nodes.add_flags(node, HIDES);
        }
        Ok(node)
    }

    /// The node of the folder at `path`; it and the folders above it are made up where they are missing.
    fn folder(&mut self, path: &[u8]) -> Result<u32, Refusal> {
        if self.recent.0 == path {
            return Ok(self.recent.1);
        }
        let mut node = ROOT;
        let components = path.split(|&byte| byte == b'/').filter(|name| !name.is_empty());
        for (depth, component) in components.enumerate() {
            if depth + 1 >= MAX_DEPTH {
                return Err("it lies too deep".into());
            }
            node = match self.child(node, component)? {
                Some(child) => child,
                None => self.imply(node, component)?,
            };
            self.enter(node)?;
        }
        self.recent.0.clear();
        self.recent.0.extend_from_slice(path);
        self.recent.1 = node;
        Ok(node)
    }

    /// Makes a folder of what has something below it, but for a symbolic link: unpackers follow those.
    fn enter(&mut self, node: u32) -> io::Result<()> {
        let is_deleted = self.nodes.flags(node) & DELETED != 0;
        if !is_deleted && matches!(self.nodes.kind(node), EntryKind::Directory | EntryKind::Symlink)
        {
            return Ok(());
        }
        if !is_deleted {
            self.duplicates = self.duplicates.saturating_add(1);
        }
        let mark = self.folder_mark(node);
        self.nodes.set(node, EntryKind::Directory, IMPLIED | HIDES | mark);
        self.nodes.set_rest(node, &Rest::default())
    }

    fn imply(&mut self, parent: u32, name: &[u8]) -> Result<u32, Refusal> {
        self.implied += 1;
        if self.implied > MAX_IMPLIED {
            return Err("there are too many folders that no entry names".into());
        }
        self.push(parent, name)
    }

    fn push(&mut self, parent: u32, name: &[u8]) -> Result<u32, Refusal> {
        let node = u32::try_from(self.nodes.len()).map_err(|_| "there are too many paths")?;
        let name_at = self.names.intern(name, self.open.as_ref())?;
        self.nodes.push((name_at, parent), IMPLIED, &Rest::default(), self.open.as_ref())?;
        let Self { nodes, children, hasher, names, .. } = self;
        children.insert(hasher.hash_one((parent, name)), node, |node| {
            let (parent, name) = (nodes.parent(node), names.at(nodes.name(node))?);
            Ok(hasher.hash_one((parent, name)))
        })?;
        Ok(node)
    }

    /// What a folder has under a name.
    fn child(&mut self, folder: u32, name: &[u8]) -> io::Result<Option<u32>> {
        let Self { nodes, children, hasher, names, .. } = self;
        children.find(hasher.hash_one((folder, name)), |node| {
            Ok(nodes.parent(node) == folder && names.is(nodes.name(node), name)?)
        })
    }

    /// Forgets what only more entries would need.
    pub(crate) fn close(&mut self) {
        self.children = IdTable::default();
        self.names.close();
        self.attributes.close();
    }

    /// Keeps link target, device and extended attributes, and tells where they stand.
    fn extra(&mut self, entry: &Entry) -> Result<u32, Refusal> {
        const FULL: &str = "there are too many links and attributes";
        if self.extras.len() > MAX_EXTRA_BYTES {
            return Err(FULL.into());
        }
        let at = self.extras.append(&encode(entry)?, self.open.as_ref())?;
        Ok(u32::try_from(at).map_err(|_| FULL)?)
    }
}

/// The block of the tar at which a file's content begins.
fn block(entry: &Entry) -> Result<u32, &'static str> {
    if !entry.offset.is_multiple_of(BLOCK_BYTES) {
        return Err("its content does not begin with a block");
    }
    u32::try_from(entry.offset / BLOCK_BYTES).map_err(|_| "its content lies beyond 2 TiB")
}

/// The folder and the name of a path.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    let at = path.iter().rposition(|&byte| byte == b'/');
    at.map_or((&path[..0], path), |at| (&path[..at], &path[at + 1..]))
}
