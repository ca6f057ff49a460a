//! From the entries of a scan to the bytes of an index.

use std::collections::HashMap;

use strata_layer::{Entry, EntryKind, EntrySink, Fingerprint, LayerError, Mark, mark};
use strata_spec::DiffId;

use crate::format::{
    CHECKSUM_BYTES, DELETED, HEADER_BYTES, HIDES, IMPLIED, MAGIC, NODE_BYTES, Record, SPARSE,
    VERSION,
};
use crate::node::kind_code;
use crate::{Attributes, TreeError};

/// Folders within folders. Far above what any image has, and low enough for walks that call themselves.
pub(crate) const MAX_DEPTH: usize = 512;

const ROOT: u32 = 0;

/// Collects the entries of one layer, in any order.
///
/// Of entries with the same path the last one counts, as when unpacking. Parents that are not named are made up and
/// marked so.
#[derive(Debug)]
pub struct TreeBuilder {
    nodes: Vec<Draft>,
    children: HashMap<(u32, u32), u32>,
    names: Names,
    attributes: HashMap<Attributes, u32>,
    attribute_list: Vec<Attributes>,
    extras: Vec<u8>,
    duplicates: u32,
}

#[derive(Debug, Clone, Copy)]
struct Draft {
    name: u32,
    kind: EntryKind,
    flags: u8,
    attributes: u32,
    extra: u32,
    size: u64,
    offset: u64,
    fingerprint: Fingerprint,
}

/// All names, each once.
#[derive(Debug, Default)]
struct Names {
    bytes: Vec<u8>,
    ranges: Vec<(u32, u16)>,
    known: HashMap<Box<[u8]>, u32>,
}

impl Default for TreeBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl EntrySink for TreeBuilder {
    fn entry(&mut self, entry: Entry) -> Result<(), LayerError> {
        let refused = |reason| LayerError::Sink {
            path: entry.path.escape_ascii().to_string().chars().take(120).collect(),
            reason,
        };
        match mark(&entry.path) {
            Some(Mark::Metadata) => Ok(()),
            Some(Mark::Opaque { path }) => {
                let node = self.reach(&path).map_err(refused)?;
                self.nodes[node as usize].flags |= HIDES;
                Ok(())
            }
            Some(Mark::Whiteout { path }) => self.whiteout(&path).map_err(refused),
            None => self.add(&entry).map_err(refused),
        }
    }
}

impl TreeBuilder {
    /// An empty layer.
    #[must_use]
    pub fn new() -> Self {
        let mut builder = Self {
            nodes: Vec::new(),
            children: HashMap::new(),
            names: Names::default(),
            attributes: HashMap::new(),
            attribute_list: Vec::new(),
            extras: Vec::new(),
            duplicates: 0,
        };
        let attributes = builder.attributes(Attributes { mode: 0o755, ..Attributes::default() });
        // The first name is the root's: empty.
        let name = builder.names.intern(b"").unwrap_or(0);
        builder.nodes.push(Draft { name, ..implied(attributes) });
        builder
    }

    fn whiteout(&mut self, path: &[u8]) -> Result<(), &'static str> {
        let before = self.nodes.len();
        let node = self.reach(path)?;
        let is_new = node as usize >= before;
        let draft = &mut self.nodes[node as usize];
        if is_new {
            // Nothing of this layer is at the path, so far.
            draft.flags = DELETED | HIDES;
            draft.kind = EntryKind::File;
        } else {
            draft.flags |= HIDES;
        }
        Ok(())
    }

    fn add(&mut self, entry: &Entry) -> Result<(), &'static str> {
        if entry.path.is_empty() && entry.kind != EntryKind::Directory {
            return Err("the root must be a folder");
        }
        let before = self.nodes.len();
        let mut node = self.reach(&entry.path)?;
        let is_new = node as usize >= before;
        let old = self.nodes[node as usize];
        if !is_new && old.flags & (IMPLIED | DELETED) == 0 {
            self.duplicates = self.duplicates.saturating_add(1);
            // What was in a folder goes when something else takes its place: the old node is no longer reached.
            if old.kind == EntryKind::Directory && entry.kind != EntryKind::Directory {
                node = self.replace(&entry.path)?;
            }
        }
        let attributes = self.attributes(Attributes {
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            modified: entry.modified,
        });
        let extra = self.extra(entry)?;
        let kept = old.flags & HIDES;
        let draft = &mut self.nodes[node as usize];
        *draft = Draft {
            name: draft.name,
            kind: entry.kind,
            flags: kept | if entry.sparse { SPARSE } else { 0 },
            attributes,
            extra,
            size: entry.size,
            offset: entry.offset,
            fingerprint: entry.fingerprint,
        };
        Ok(())
    }

    /// The node at `path`; it and its parents are made up where they are missing.
    fn reach(&mut self, path: &[u8]) -> Result<u32, &'static str> {
        let mut node = ROOT;
        let components = path.split(|&byte| byte == b'/').filter(|name| !name.is_empty());
        for (depth, component) in components.enumerate() {
            if depth >= MAX_DEPTH {
                return Err("it lies too deep");
            }
            // A parent that was deleted and has something new in it is a folder again, without its old content.
            let parent = &mut self.nodes[node as usize];
            if parent.flags & DELETED != 0 {
                parent.flags = IMPLIED | HIDES;
                parent.kind = EntryKind::Directory;
            }
            let name = self.names.intern(component)?;
            node = match self.children.get(&(node, name)) {
                Some(&child) => child,
                None => self.push(node, name)?,
            };
        }
        Ok(node)
    }

    fn push(&mut self, parent: u32, name: u32) -> Result<u32, &'static str> {
        let attributes = self.attributes(Attributes { mode: 0o755, ..Attributes::default() });
        let node = u32::try_from(self.nodes.len()).map_err(|_| "there are too many paths")?;
        self.nodes.push(Draft { name, ..implied(attributes) });
        self.children.insert((parent, name), node);
        Ok(node)
    }

    /// Puts a new node where `path` was.
    fn replace(&mut self, path: &[u8]) -> Result<u32, &'static str> {
        let split = path.iter().rposition(|&byte| byte == b'/');
        let (folder, name) = split.map_or((&path[..0], path), |at| (&path[..at], &path[at + 1..]));
        let parent = self.reach(folder)?;
        let name = self.names.intern(name)?;
        self.push(parent, name)
    }

    fn attributes(&mut self, attributes: Attributes) -> u32 {
        let next = u32::try_from(self.attribute_list.len()).unwrap_or(u32::MAX);
        *self.attributes.entry(attributes).or_insert_with(|| {
            self.attribute_list.push(attributes);
            next
        })
    }

    /// Link target, device and extended attributes, if there are any: where they stand, plus one.
    fn extra(&mut self, entry: &Entry) -> Result<u32, &'static str> {
        let plain = entry.link.is_empty() && entry.device == (0, 0) && entry.xattrs.is_empty();
        if plain {
            return Ok(0);
        }
        const FULL: &str = "there are too many links and attributes";
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

    /// The index of the layer whose plain tar has the digest `diff_id`.
    ///
    /// # Errors
    /// [`TreeError::TooLarge`] if there is more than 32-bit numbers can count.
    pub fn finish(self, diff_id: &DiffId) -> Result<Vec<u8>, TreeError> {
        let order = self.in_order();
        let count =
            u32::try_from(order.len()).map_err(|_| TreeError::TooLarge { what: "all paths" })?;
        let attributes = self.attribute_list.len();
        let length = HEADER_BYTES
            + order.len() * NODE_BYTES
            + attributes * Attributes::BYTES
            + self.names.bytes.len()
            + self.extras.len()
            + CHECKSUM_BYTES;
        let mut out = Vec::with_capacity(length);
        self.write_header(&mut out, count, diff_id)?;
        for record in self.records(&order) {
            record.write(&mut out);
        }
        for attributes in &self.attribute_list {
            attributes.write(&mut out);
        }
        out.extend_from_slice(&self.names.bytes);
        out.extend_from_slice(&self.extras);
        let checksum = blake3::hash(&out);
        out.extend_from_slice(checksum.as_bytes());
        Ok(out)
    }

    fn write_header(
        &self,
        out: &mut Vec<u8>,
        count: u32,
        diff_id: &DiffId,
    ) -> Result<(), TreeError> {
        let attributes = u32::try_from(self.attribute_list.len())
            .map_err(|_| TreeError::TooLarge { what: "all attributes" })?;
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&count.to_le_bytes());
        out.extend_from_slice(&attributes.to_le_bytes());
        out.extend_from_slice(&self.duplicates.to_le_bytes());
        out.extend_from_slice(&(self.names.bytes.len() as u64).to_le_bytes());
        out.extend_from_slice(&(self.extras.len() as u64).to_le_bytes());
        // The first 48 bytes of the diff ID's text: enough to tell two layers apart.
        let text = diff_id.0.hex().as_bytes();
        out.extend_from_slice(&text[..48]);
        out.resize(HEADER_BYTES, 0);
        Ok(())
    }

    /// All reachable nodes in pre-order: node, parent's place, depth-first by name.
    fn in_order(&self) -> Vec<(u32, u32)> {
        let mut pairs: Vec<(u32, u32)> =
            self.children.iter().map(|(&(parent, _), &node)| (parent, node)).collect();
        pairs.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| self.name_of(a.1).cmp(self.name_of(b.1)))
        });
        let mut order = Vec::with_capacity(pairs.len() + 1);
        let mut waiting = vec![(ROOT, 0)];
        while let Some((node, parent_place)) = waiting.pop() {
            let place = u32::try_from(order.len()).unwrap_or(u32::MAX);
            order.push((node, parent_place));
            let first = pairs.partition_point(|&(parent, _)| parent < node);
            let count = pairs[first..].iter().take_while(|&&(parent, _)| parent == node).count();
            // The last pushed is the next visited.
            waiting
                .extend(pairs[first..first + count].iter().rev().map(|&(_, child)| (child, place)));
        }
        order
    }

    fn name_of(&self, node: u32) -> &[u8] {
        let (at, length) = self.names.ranges[self.nodes[node as usize].name as usize];
        &self.names.bytes[at as usize..at as usize + usize::from(length)]
    }

    /// The records, with the totals of folders added up from the last node to the first.
    fn records(&self, order: &[(u32, u32)]) -> Vec<Record> {
        let mut records: Vec<Record> = order
            .iter()
            .enumerate()
            .map(|(place, &(node, parent))| self.record(node, parent, place))
            .collect();
        for place in (1..records.len()).rev() {
            let record = records[place];
            let is_folder = record.kind == kind_code(EntryKind::Directory);
            let deleted = record.flags & DELETED != 0;
            let (bytes, files) = match (deleted, is_folder) {
                (true, _) => (0, 0),
                (false, true) => (record.size, record.offset),
                (false, false) => (record.size, 1),
            };
            let parent = &mut records[record.parent as usize];
            parent.subtree_end = parent.subtree_end.max(record.subtree_end);
            // Something below a file (a layer that contradicts itself) adds nothing to it.
            if parent.kind == kind_code(EntryKind::Directory) {
                parent.size = parent.size.saturating_add(bytes);
                parent.offset = parent.offset.saturating_add(files);
            }
        }
        records
    }

    fn record(&self, node: u32, parent: u32, place: usize) -> Record {
        let draft = &self.nodes[node as usize];
        let (name_at, name_bytes) = self.names.ranges[draft.name as usize];
        let is_folder = draft.kind == EntryKind::Directory;
        Record {
            name_at,
            name_bytes,
            kind: kind_code(draft.kind),
            flags: draft.flags,
            attributes: draft.attributes,
            extra: draft.extra,
            size: if is_folder { 0 } else { draft.size },
            offset: if is_folder { 0 } else { draft.offset },
            fingerprint: draft.fingerprint,
            subtree_end: u32::try_from(place + 1).unwrap_or(u32::MAX),
            parent,
        }
    }
}

impl Names {
    fn intern(&mut self, name: &[u8]) -> Result<u32, &'static str> {
        if let Some(&known) = self.known.get(name) {
            return Ok(known);
        }
        const FULL: &str = "there are too many names";
        let at = u32::try_from(self.bytes.len()).map_err(|_| FULL)?;
        let length = u16::try_from(name.len()).map_err(|_| "its name is too long")?;
        let id = u32::try_from(self.ranges.len()).map_err(|_| FULL)?;
        self.bytes.extend_from_slice(name);
        self.ranges.push((at, length));
        self.known.insert(name.into(), id);
        Ok(id)
    }
}

fn implied(attributes: u32) -> Draft {
    Draft {
        name: 0,
        kind: EntryKind::Directory,
        flags: IMPLIED,
        attributes,
        extra: 0,
        size: 0,
        offset: 0,
        fingerprint: Fingerprint::default(),
    }
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), &'static str> {
    let length = u32::try_from(bytes.len()).map_err(|_| "an attribute is too long")?;
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}
