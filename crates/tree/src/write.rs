//! The last step of building: nodes in order, with their totals, as bytes.

use strata_layer::EntryKind;
use strata_spec::DiffId;

use crate::builder::{NOWHERE, ROOT, TreeBuilder};
use crate::format::{
    CHECKSUM_BYTES, DELETED, HEADER_BYTES, MAGIC, NODE_BYTES, Record, VERSION, diff_id_digits,
    u32_at, u64_at,
};
use crate::node::kind_code;
use crate::{Attributes, TreeError};

impl TreeBuilder {
    /// The index of the layer whose plain tar has the digest `diff_id`.
    ///
    /// # Errors
    /// [`TreeError::TooLarge`] if there is more than 32-bit numbers can count.
    pub fn finish(mut self, diff_id: &DiffId) -> Result<Vec<u8>, TreeError> {
        // A layer may have a million paths: nothing is kept twice, and nothing that has had its use.
        self.close();
        let order = self.in_order();
        let count =
            u32::try_from(order.len()).map_err(|_| TreeError::TooLarge { what: "all paths" })?;
        let attributes = self.attributes.all.len();
        let length = HEADER_BYTES
            + order.len() * NODE_BYTES
            + attributes * Attributes::BYTES
            + self.names.bytes.len()
            + self.extras.len()
            + CHECKSUM_BYTES;
        let mut out = Vec::with_capacity(length);
        self.write_header(&mut out, count, diff_id)?;
        for (place, &(node, parent)) in order.iter().enumerate() {
            self.record(node, parent, place).write(&mut out);
        }
        add_up(&mut out, order.len());
        drop(order);
        for attributes in &self.attributes.all {
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
        let attributes = u32::try_from(self.attributes.all.len())
            .map_err(|_| TreeError::TooLarge { what: "all attributes" })?;
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&count.to_le_bytes());
        out.extend_from_slice(&attributes.to_le_bytes());
        out.extend_from_slice(&self.duplicates.to_le_bytes());
        out.extend_from_slice(&(self.names.bytes.len() as u64).to_le_bytes());
        out.extend_from_slice(&(self.extras.len() as u64).to_le_bytes());
        out.extend_from_slice(diff_id_digits(diff_id));
        out.resize(HEADER_BYTES, 0);
        Ok(())
    }

    /// All reachable nodes in pre-order: node, parent's place, depth-first by name.
    fn in_order(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::with_capacity(self.nodes.len());
        for (node, draft) in (0..).zip(&self.nodes).skip(1) {
            if draft.parent != NOWHERE {
                pairs.push((draft.parent, node));
            }
        }
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
        self.names.at(self.nodes[node as usize].name)
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

/// Adds the totals of folders up, in the records that are written already, from the last node to the first.
fn add_up(out: &mut [u8], count: usize) {
    const KIND: usize = 6;
    const FLAGS: usize = 7;
    const SIZE: usize = 16;
    const OFFSET: usize = 24;
    const SUBTREE_END: usize = 48;
    const PARENT: usize = 52;
    let at = |place: usize| HEADER_BYTES + place * NODE_BYTES;
    let folder = kind_code(EntryKind::Directory);
    for place in (1..count).rev() {
        let node = at(place);
        let size = u64_at(out, node + SIZE);
        let (bytes, files) = match (out[node + FLAGS] & DELETED != 0, out[node + KIND] == folder) {
            (true, _) => (0, 0),
            (false, true) => (size, u64_at(out, node + OFFSET)),
            (false, false) => (size, 1),
        };
        let end = u32_at(out, node + SUBTREE_END);
        let parent = at(u32_at(out, node + PARENT) as usize);
        if u32_at(out, parent + SUBTREE_END) < end {
            put(out, parent + SUBTREE_END, &end.to_le_bytes());
        }
        // Something below a file (a layer that contradicts itself) adds nothing to it.
        if out[parent + KIND] == folder {
            let bytes = u64_at(out, parent + SIZE).saturating_add(bytes);
            put(out, parent + SIZE, &bytes.to_le_bytes());
            let files = u64_at(out, parent + OFFSET).saturating_add(files);
            put(out, parent + OFFSET, &files.to_le_bytes());
        }
    }
}

fn put(out: &mut [u8], at: usize, bytes: &[u8]) {
    out[at..at + bytes.len()].copy_from_slice(bytes);
}
