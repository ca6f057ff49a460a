//! From the entries of a scan to the bytes of an index.

use std::hash::{BuildHasher, RandomState};

use strata_layer::{Entry, EntryKind, EntrySink, Fingerprint, LayerError, Mark, mark};

use crate::Attributes;
use crate::attributes::AttributeSet;
use crate::format::{DELETED, HIDES, IMPLIED, SPARSE};
use crate::id_table::IdTable;
use crate::names::Names;

/// Folders within folders. Far above what any image has, and low enough for walks that call themselves.
pub(crate) const MAX_DEPTH: usize = 512;

/// Folders that no entry names. Real layers have some thousands; one entry of a hostile one can ask for hundreds.
const MAX_IMPLIED: u32 = 1_000_000;

/// Bytes of all link targets and extended attributes. Real layers stay below 20 MiB.
const MAX_EXTRA_BYTES: usize = 256 << 20;

/// How much of a path an error shows.
const SHOWN_CHARS: usize = 120;

/// The node that is there first.
pub(crate) const ROOT: u32 = 0;

/// In place of the folder of a node that is no longer reached.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// Collects the entries of one layer, in any order.
///
/// Of entries with the same path the last one counts, as when unpacking. Parents that are not named are made up and
/// marked so.
#[derive(Debug)]
pub struct TreeBuilder {
    pub(crate) nodes: Vec<Draft>,
    /// The nodes by folder and name.
    children: IdTable,
    hasher: RandomState,
    pub(crate) names: Names,
    pub(crate) attributes: AttributeSet,
    pub(crate) extras: Vec<u8>,
    pub(crate) duplicates: u32,
    implied: u32,
    /// The folder of the entry before: mostly that of the next one too.
    recent: (Vec<u8>, u32),
}

/// A path, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draft {
    pub name: u32,
    /// The folder that it is in.
    pub parent: u32,
    pub kind: EntryKind,
    pub flags: u8,
    pub attributes: u32,
    pub extra: u32,
    pub size: u64,
    pub offset: u64,
    pub fingerprint: Fingerprint,
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
        added.map_err(|reason| LayerError::Sink {
            path: entry.path.escape_ascii().to_string().chars().take(SHOWN_CHARS).collect(),
            reason,
        })
    }
}

impl TreeBuilder {
    /// An empty layer.
    #[must_use]
    pub fn new() -> Self {
        let mut builder = Self {
            nodes: Vec::new(),
            children: IdTable::default(),
            hasher: RandomState::new(),
            names: Names::default(),
            attributes: AttributeSet::default(),
            extras: Vec::new(),
            duplicates: 0,
            implied: 0,
            recent: (Vec::new(), ROOT),
        };
        let attributes = builder.attributes.intern(Attributes::IMPLIED);
        // The first name is the root's: empty.
        let name = builder.names.intern(b"").unwrap_or(0);
        builder.nodes.push(Draft { name, ..implied(attributes) });
        builder
    }

    fn opaque(&mut self, path: &[u8]) -> Result<(), &'static str> {
        let folder = self.folder(path)?;
        self.nodes[folder as usize].flags |= HIDES;
        Ok(())
    }

    fn whiteout(&mut self, path: &[u8]) -> Result<(), &'static str> {
        let (folder, name) = split(path);
        let folder = self.folder(folder)?;
        let name = self.names.intern(name)?;
        if let Some(node) = self.child(folder, name) {
            // A mark is of lower layers only: what this one has at the path stays.
            self.nodes[node as usize].flags |= HIDES;
            return Ok(());
        }
        let node = self.push(folder, name)?;
        let draft = &mut self.nodes[node as usize];
        (draft.flags, draft.kind) = (DELETED | HIDES, EntryKind::File);
        Ok(())
    }

    fn add(&mut self, entry: &Entry) -> Result<(), &'static str> {
        let node = if entry.path.is_empty() {
            if entry.kind != EntryKind::Directory {
                return Err("the root must be a folder");
            }
            ROOT
        } else {
            let (folder, name) = split(&entry.path);
            let folder = self.folder(folder)?;
            let name = self.names.intern(name)?;
            match self.child(folder, name) {
                Some(node) => self.overrule(folder, node, entry.kind)?,
                None => self.push(folder, name)?,
            }
        };
        let attributes = self.attributes.intern(Attributes {
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            modified: entry.modified,
        });
        let extra = self.extra(entry)?;
        let draft = &mut self.nodes[node as usize];
        *draft = Draft {
            name: draft.name,
            parent: draft.parent,
            kind: entry.kind,
            flags: (draft.flags & HIDES) | if entry.sparse { SPARSE } else { 0 },
            attributes,
            extra,
            size: entry.size,
            offset: entry.offset,
            fingerprint: entry.fingerprint,
        };
        Ok(())
    }

    /// The node that a later entry of a path goes to.
    fn overrule(&mut self, folder: u32, node: u32, kind: EntryKind) -> Result<u32, &'static str> {
        let old = self.nodes[node as usize];
        if old.flags & (IMPLIED | DELETED) == 0 {
            self.duplicates = self.duplicates.saturating_add(1);
        }
        let may_have_content = matches!(old.kind, EntryKind::Directory | EntryKind::Symlink);
        if may_have_content && old.kind != kind {
            // What was in it goes: the old node is no longer reached.
            self.recent = (Vec::new(), ROOT);
            self.nodes[node as usize].parent = NOWHERE;
            let new = self.push(folder, old.name)?;
            self.nodes[new as usize].flags |= old.flags & HIDES;
            return Ok(new);
        }
        if old.kind != EntryKind::Directory && kind == EntryKind::Directory {
            // The layer's own file has removed whatever folder was there.
            self.nodes[node as usize].flags |= HIDES;
        }
        Ok(node)
    }

    /// The node of the folder at `path`; it and the folders above it are made up where they are missing.
    fn folder(&mut self, path: &[u8]) -> Result<u32, &'static str> {
        if self.recent.0 == path {
            return Ok(self.recent.1);
        }
        let mut node = ROOT;
        let components = path.split(|&byte| byte == b'/').filter(|name| !name.is_empty());
        for (depth, component) in components.enumerate() {
            if depth + 1 >= MAX_DEPTH {
                return Err("it lies too deep");
            }
            let name = self.names.intern(component)?;
            node = match self.child(node, name) {
                Some(child) => child,
                None => self.imply(node, name)?,
            };
            self.enter(node);
        }
        self.recent.0.clear();
        self.recent.0.extend_from_slice(path);
        self.recent.1 = node;
        Ok(node)
    }

    /// Makes a folder of what has something below it, but for a symbolic link: unpackers follow those.
    fn enter(&mut self, node: u32) {
        let draft = &mut self.nodes[node as usize];
        let is_deleted = draft.flags & DELETED != 0;
        if !is_deleted && matches!(draft.kind, EntryKind::Directory | EntryKind::Symlink) {
            return;
        }
        if !is_deleted {
            self.duplicates = self.duplicates.saturating_add(1);
        }
        let Draft { name, parent, .. } = *draft;
        let attributes = self.attributes.intern(Attributes::IMPLIED);
        let draft = Draft { name, parent, flags: IMPLIED | HIDES, ..implied(attributes) };
        self.nodes[node as usize] = draft;
    }

    fn imply(&mut self, parent: u32, name: u32) -> Result<u32, &'static str> {
        self.implied += 1;
        if self.implied > MAX_IMPLIED {
            return Err("there are too many folders that no entry names");
        }
        self.push(parent, name)
    }

    fn push(&mut self, parent: u32, name: u32) -> Result<u32, &'static str> {
        let attributes = self.attributes.intern(Attributes::IMPLIED);
        let node = u32::try_from(self.nodes.len()).map_err(|_| "there are too many paths")?;
        self.nodes.push(Draft { name, parent, ..implied(attributes) });
        let Self { nodes, children, hasher, .. } = self;
        children.insert(hasher.hash_one((parent, name)), node, |node| {
            let Draft { name, parent, .. } = nodes[node as usize];
            hasher.hash_one((parent, name))
        });
        Ok(node)
    }

    /// What a folder has under a name.
    fn child(&self, folder: u32, name: u32) -> Option<u32> {
        self.children.find(self.hasher.hash_one((folder, name)), |node| {
            let draft = &self.nodes[node as usize];
            draft.parent == folder && draft.name == name
        })
    }

    /// Forgets what only more entries would need.
    pub(crate) fn close(&mut self) {
        self.children = IdTable::default();
        self.names.close();
    }

    /// Link target, device and extended attributes, if there are any: where they stand, plus one.
    fn extra(&mut self, entry: &Entry) -> Result<u32, &'static str> {
        let plain = entry.link.is_empty() && entry.device == (0, 0) && entry.xattrs.is_empty();
        if plain {
            return Ok(0);
        }
        const FULL: &str = "there are too many links and attributes";
        if self.extras.len() > MAX_EXTRA_BYTES {
            return Err(FULL);
        }
        let at = u32::try_from(self.extras.len() + 1).map_err(|_| FULL)?;
        put(&mut self.extras, &entry.link)?;
        self.extras.extend_from_slice(&entry.device.0.to_le_bytes());
        self.extras.extend_from_slice(&entry.device.1.to_le_bytes());
        let count = u32::try_from(entry.xattrs.len()).map_err(|_| FULL)?;
        self.extras.extend_from_slice(&count.to_le_bytes());
        for (name, value) in &entry.xattrs {
            put(&mut self.extras, name)?;
            put(&mut self.extras, value)?;
        }
        Ok(at)
    }
}

fn implied(attributes: u32) -> Draft {
    Draft {
        name: 0,
        parent: ROOT,
        kind: EntryKind::Directory,
        flags: IMPLIED,
        attributes,
        extra: 0,
        size: 0,
        offset: 0,
        fingerprint: Fingerprint::default(),
    }
}

/// The folder and the name of a path.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    let at = path.iter().rposition(|&byte| byte == b'/');
    at.map_or((&path[..0], path), |at| (&path[..at], &path[at + 1..]))
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), &'static str> {
    let length = u32::try_from(bytes.len()).map_err(|_| "an attribute is too long")?;
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}
