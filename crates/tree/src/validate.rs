//! Whether bytes are an index: everything is checked once, so that reading never has to.

use strata_layer::EntryKind;

use crate::TreeError;
use crate::attributes::Attributes;
use crate::extras;
use crate::format::{
    CHECKSUM_BYTES, HEADER_BYTES, Layout, MAGIC, NODE_BYTES, Record, VERSION, u32_at, u64_at,
};
use crate::marks::Marks;
use crate::node::{kind_code, kind_of};

/// Checks all of `bytes`.
pub(crate) fn validate(bytes: &[u8]) -> Result<(Layout, Marks), TreeError> {
    if bytes.len() < HEADER_BYTES + CHECKSUM_BYTES
        || bytes[..8] != MAGIC
        || u32_at(bytes, 8) != VERSION
    {
        return Err(TreeError::Version { expected: VERSION });
    }
    let layout = layout(bytes).ok_or_else(|| damaged("its parts do not fit its length"))?;
    let (body, checksum) = bytes.split_at(bytes.len() - CHECKSUM_BYTES);
    if blake3::hash(body).as_bytes() != checksum {
        return Err(damaged("its checksum is wrong"));
    }
    let marks = nodes(bytes, &layout)?;
    Ok((layout, marks))
}

fn damaged(reason: &'static str) -> TreeError {
    TreeError::Damaged { reason }
}

fn layout(bytes: &[u8]) -> Option<Layout> {
    let nodes = u32_at(bytes, 12) as usize;
    let attributes = u32_at(bytes, 16) as usize;
    let names_bytes = usize::try_from(u64_at(bytes, 24)).ok()?;
    let extras_bytes = usize::try_from(u64_at(bytes, 32)).ok()?;
    let attributes_at = HEADER_BYTES.checked_add(nodes.checked_mul(NODE_BYTES)?)?;
    let names_at = attributes_at.checked_add(attributes.checked_mul(Attributes::BYTES)?)?;
    let extras_at = names_at.checked_add(names_bytes)?;
    let end = extras_at.checked_add(extras_bytes)?.checked_add(CHECKSUM_BYTES)?;
    let duplicates = u32_at(bytes, 20);
    (end == bytes.len() && nodes > 0).then_some(Layout {
        nodes,
        attributes,
        attributes_at,
        names_at,
        names_bytes,
        extras_at,
        extras_bytes,
        duplicates,
    })
}

/// A node in which the next ones may lie.
struct Open<'a> {
    place: u32,
    end: u32,
    /// The name of the last one that did.
    last: &'a [u8],
}

/// Each node lies within its parent, after its siblings by name; each reference within its table.
fn nodes(bytes: &[u8], layout: &Layout) -> Result<Marks, TreeError> {
    let count = u32::try_from(layout.nodes).map_err(|_| damaged("it has too many nodes"))?;
    // Outermost first.
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut marks = Marks::default();
    for place in 0..count {
        let record = Record::read(bytes, place);
        let name = references(bytes, layout, &record)?;
        while open.last().is_some_and(|open| place >= open.end) {
            open.pop();
        }
        if open.len() > crate::builder::MAX_DEPTH {
            return Err(damaged("a node lies too deep"));
        }
        let (parent, end) = open.last().map_or((0, count), |open| (open.place, open.end));
        let is_orphan = open.is_empty() && place > 0;
        let subtree_end = record.subtree_end(place);
        let is_within = subtree_end > place && subtree_end <= end;
        if is_orphan || !is_within || record.parent != parent {
            return Err(damaged("a node does not lie within its parent"));
        }
        let is_root_folder = place > 0 || record.kind == kind_code(EntryKind::Directory);
        if !is_root_folder || is_name(name) != (place > 0) {
            return Err(damaged("a name is none"));
        }
        if let Some(folder) = open.last_mut() {
            if folder.last >= name {
                return Err(damaged("siblings are not in the order of their names"));
            }
            folder.last = name;
        }
        marks.note(place, &record);
        if subtree_end > place + 1 {
            open.push(Open { place, end: subtree_end, last: &[] });
        }
    }
    Ok(marks)
}

/// Whether a file can be called so.
fn is_name(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..") && memchr::memchr2(b'/', 0, name).is_none()
}

/// Checks what a record refers to, and answers with its name.
fn references<'a>(
    bytes: &'a [u8],
    layout: &Layout,
    record: &Record,
) -> Result<&'a [u8], TreeError> {
    let missing = || damaged("a node refers to what is not there");
    let names = &bytes[layout.names_at..layout.names_at + layout.names_bytes];
    let name_at = record.name_at as usize;
    let length = names.get(name_at..name_at + 2).ok_or_else(missing)?;
    let name_end = name_at + 2 + usize::from(u16::from_le_bytes([length[0], length[1]]));
    let name = names.get(name_at + 2..name_end).ok_or_else(missing)?;
    if record.attributes as usize >= layout.attributes || kind_of(record.kind).is_none() {
        return Err(missing());
    }
    if let Some(at) = record.extras() {
        let all = &bytes[layout.extras_at..layout.extras_at + layout.extras_bytes];
        extras::check(all, at, record.is_file())
            .ok_or_else(|| damaged("a node's extras are cut"))?;
    }
    Ok(name)
}
