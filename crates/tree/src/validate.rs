//! Whether bytes are an index: everything is checked once, so that reading never has to.

use crate::TreeError;
use crate::attributes::Attributes;
use crate::format::{
    CHECKSUM_BYTES, HEADER_BYTES, Layout, MAGIC, NODE_BYTES, Record, VERSION, u32_at, u64_at,
};
use crate::node::kind_of;

/// Checks all of `bytes`.
pub(crate) fn validate(bytes: &[u8]) -> Result<Layout, TreeError> {
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
    nodes(bytes, &layout)?;
    Ok(layout)
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

/// Each node lies within its parent, each reference within its table.
fn nodes(bytes: &[u8], layout: &Layout) -> Result<(), TreeError> {
    let count = u32::try_from(layout.nodes).map_err(|_| damaged("it has too many nodes"))?;
    // The folders that are open at a node, outermost first: place and end.
    let mut open: Vec<(u32, u32)> = Vec::new();
    for place in 0..count {
        let record = Record::read(bytes, place);
        while open.last().is_some_and(|&(_, end)| place >= end) {
            open.pop();
        }
        let (parent, end) = open.last().copied().unwrap_or((0, count));
        let is_orphan = open.is_empty() && place > 0;
        if is_orphan
            || record.parent != parent
            || record.subtree_end <= place
            || record.subtree_end > end
        {
            return Err(damaged("a node does not lie within its parent"));
        }
        if open.len() > crate::builder::MAX_DEPTH {
            return Err(damaged("a node lies too deep"));
        }
        references(bytes, layout, &record)?;
        open.push((place, record.subtree_end));
    }
    Ok(())
}

fn references(bytes: &[u8], layout: &Layout, record: &Record) -> Result<(), TreeError> {
    let name_end = record.name_at as usize + usize::from(record.name_bytes);
    if name_end > layout.names_bytes
        || record.attributes as usize >= layout.attributes
        || kind_of(record.kind).is_none()
    {
        return Err(damaged("a node refers to what is not there"));
    }
    if record.extra == 0 {
        return Ok(());
    }
    let extras = &bytes[layout.extras_at..layout.extras_at + layout.extras_bytes];
    extra(extras, record.extra as usize - 1).ok_or_else(|| damaged("a node's extras are cut"))
}

/// Whether whole extras stand at `at`.
fn extra(extras: &[u8], at: usize) -> Option<()> {
    let skip = |at: usize| -> Option<usize> {
        let length = extras.get(at..at + 4)?;
        let end = at.checked_add(4)?.checked_add(u32_at(length, 0) as usize)?;
        (end <= extras.len()).then_some(end)
    };
    let mut at = skip(at)?.checked_add(8)?;
    let count = u32_at(extras.get(at..at + 4)?, 0);
    at += 4;
    for _ in 0..count {
        at = skip(skip(at)?)?;
    }
    Some(())
}
