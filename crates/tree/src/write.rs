//! The last step of building: nodes in order, with their totals, as bytes.

use std::io::{self, Write};

use strata_layer::EntryKind;
use strata_spec::DiffId;

use crate::builder::TreeBuilder;
use crate::format::{
    CHECKSUM_BYTES, DELETED, FILE, HEADER_BYTES, KEY_NAME_AT, MAGIC, MAX_SIZE, Record, VERSION,
    diff_id_digits,
};
use crate::node::kind_code;
use crate::order::in_order;
use crate::{Attributes, TreeError};

/// How many bytes are handed on at once.
const PIECE_BYTES: usize = 64 * 1024;

/// What is below a path that may have something below it.
#[derive(Debug, Clone, Copy)]
struct Total {
    end: u32,
    files: u32,
    bytes: u64,
}

impl TreeBuilder {
    /// The index of the layer whose plain tar has the digest `diff_id`.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn finish(self, diff_id: &DiffId) -> Result<Vec<u8>, TreeError> {
        let mut out = Vec::new();
        self.write(diff_id, &mut out)?;
        Ok(out)
    }

    /// Writes the index of the layer whose plain tar has the digest `diff_id`.
    ///
    /// # Errors
    /// [`TreeError::TooLarge`] if there is more than 32-bit numbers can count; [`TreeError::Write`].
    pub fn write(mut self, diff_id: &DiffId, out: &mut dyn Write) -> Result<(), TreeError> {
        // A layer may have a million paths: nothing is kept twice, and nothing that has had its use.
        self.close();
        let order = in_order(&mut self.nodes, &mut self.names).map_err(failed)?;
        let header = self.header(order.len(), diff_id)?;
        let totals = self.totals(&order).map_err(failed)?;
        self.write_all(&header, &order, totals, out).map_err(failed)
    }

    fn write_all(
        &mut self,
        header: &[u8],
        order: &[u32],
        totals: Vec<Total>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut out = Sealed { out, hasher: blake3::Hasher::new(), piece: Vec::new() };
        out.put(header)?;
        // Those of the first paths stand last.
        let mut totals = totals.into_iter().rev();
        for &node in order {
            let record = self.record(node, &mut totals)?;
            out.put(&record.to_bytes())?;
        }
        drop(totals);
        self.attributes.bytes.copy_to(|bytes| out.put(bytes))?;
        self.names.bytes.copy_to(|bytes| out.put(bytes))?;
        self.extras.copy_to(|bytes| out.put(bytes))?;
        out.seal()
    }

    fn header(&self, nodes: usize, diff_id: &DiffId) -> Result<Vec<u8>, TreeError> {
        let number = |count: usize, what| {
            u32::try_from(count).map(u32::to_le_bytes).map_err(|_| TreeError::TooLarge { what })
        };
        let mut out = Vec::with_capacity(HEADER_BYTES);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&number(nodes, "all paths")?);
        out.extend_from_slice(&number(self.attributes.len(), "all attributes")?);
        out.extend_from_slice(&self.duplicates.to_le_bytes());
        out.extend_from_slice(&(self.names.bytes.len() as u64).to_le_bytes());
        out.extend_from_slice(&(self.extras.len() as u64).to_le_bytes());
        out.extend_from_slice(diff_id_digits(diff_id));
        out.resize(KEY_NAME_AT, 0);
        out.extend_from_slice(&self.key.name().to_le_bytes());
        debug_assert_eq!(self.attributes.bytes.len() % Attributes::BYTES, 0);
        Ok(out)
    }

    /// What is below each path that is no file, from the last path to the first.
    fn totals(&mut self, order: &[u32]) -> io::Result<Vec<Total>> {
        let mut totals = Vec::new();
        // What was found below the folders on the way, the innermost last: a run of paths that have the same parent.
        let mut open: Vec<(u32, Total)> = Vec::new();
        // All paths were counted when the header was made.
        let count = u32::try_from(order.len()).unwrap_or(u32::MAX);
        for (place, &node) in (0..count).zip(order).rev() {
            let own = if open.last().is_some_and(|&(parent, _)| parent == place) {
                open.pop().map(|(_, total)| total)
            } else {
                None
            };
            let mut total = own.unwrap_or(Total { end: place + 1, files: 0, bytes: 0 });
            let (kind, flags) = (self.nodes.kind(node), self.nodes.flags(node));
            if kind != EntryKind::File {
                totals.push(total);
            }
            if flags & DELETED != 0 {
                (total.files, total.bytes) = (0, 0);
            } else if kind != EntryKind::Directory {
                // What lies below a link (a layer that contradicts itself) adds nothing to it.
                (total.files, total.bytes) = (1, self.nodes.rest(node)?.size.min(MAX_SIZE));
            }
            if place == 0 {
                break;
            }
            let parent = self.nodes.parent(node);
            match open.last_mut() {
                Some((same, sum)) if *same == parent => {
                    sum.end = sum.end.max(total.end);
                    sum.files = sum.files.saturating_add(total.files);
                    sum.bytes = sum.bytes.saturating_add(total.bytes).min(MAX_SIZE);
                }
                _ => open.push((parent, total)),
            }
        }
        Ok(totals)
    }

    fn record(
        &mut self,
        node: u32,
        totals: &mut impl Iterator<Item = Total>,
    ) -> io::Result<Record> {
        let rest = self.nodes.rest(node)?;
        let (kind, flags) = (self.nodes.kind(node), self.nodes.flags(node));
        let mut record = Record {
            name_at: self.nodes.name(node),
            parent: self.nodes.parent(node),
            attributes: rest.attributes,
            block: rest.block,
            size: rest.size,
            kind: kind_code(kind),
            flags,
            slot: rest.slot,
        };
        if record.kind != FILE {
            let total = totals.next().ok_or(io::ErrorKind::InvalidData)?;
            let extras = rest.slot[..4].to_owned();
            record.slot = [0; 16];
            record.slot[..4].copy_from_slice(&total.end.to_le_bytes());
            record.slot[4..8].copy_from_slice(&extras);
            if kind == EntryKind::Directory {
                (record.block, record.size) = (total.files, total.bytes);
            }
        }
        Ok(record)
    }
}

fn failed(source: io::Error) -> TreeError {
    TreeError::Write { source }
}

/// Bytes on their way out, with a checksum behind them.
struct Sealed<'a> {
    out: &'a mut dyn Write,
    hasher: blake3::Hasher,
    piece: Vec<u8>,
}

impl Sealed<'_> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES { self.hand_on() } else { Ok(()) }
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.hasher.update(&self.piece);
        self.out.write_all(&self.piece)?;
        self.piece.clear();
        Ok(())
    }

    fn seal(mut self) -> io::Result<()> {
        self.hand_on()?;
        let checksum: [u8; CHECKSUM_BYTES] = *self.hasher.finalize().as_bytes();
        self.out.write_all(&checksum)
    }
}
