//! The paths of a layer while its tree is built: what the walk needs in memory, the rest in a spool.

use std::io;

use strata_layer::{EntryKind, Fingerprint};

use crate::node::{kind_code, kind_of};
use crate::spool::{OpenScratch, Spool};

/// Bytes of a [`Rest`].
const REST_BYTES: usize = 32;

/// How many bytes of them are kept in memory where there is a file for more: those of 130,000 paths.
const IN_MEMORY_BYTES: usize = 4 << 20;

/// How far a kind is from the flags that stand above it.
const KIND_BITS: u8 = 3;

/// All paths so far, in the order in which they came.
#[derive(Debug)]
pub(crate) struct Drafts {
    /// The name and the folder of each.
    places: Vec<(u32, u32)>,
    /// Kind and flags of each.
    marks: Vec<u8>,
    rests: Spool,
}

/// What only the finished tree needs. By default that of a folder that no entry names: its attributes come first.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rest {
    pub attributes: u32,
    /// Where its content begins, in blocks of the tar.
    pub block: u32,
    pub size: u64,
    /// A file's fingerprint. With extras, where those begin, plus one, in the first four bytes.
    pub slot: Fingerprint,
}

impl Drafts {
    pub fn new() -> Self {
        Self { places: Vec::new(), marks: Vec::new(), rests: Spool::new(IN_MEMORY_BYTES) }
    }

    pub fn len(&self) -> usize {
        self.marks.len()
    }

    pub fn name(&self, node: u32) -> u32 {
        self.places[node as usize].0
    }

    pub fn parent(&self, node: u32) -> u32 {
        self.places[node as usize].1
    }

    pub fn set_parent(&mut self, node: u32, parent: u32) {
        self.places[node as usize].1 = parent;
    }

    pub fn kind(&self, node: u32) -> EntryKind {
        let code = self.marks[node as usize] & ((1 << KIND_BITS) - 1);
        kind_of(code).unwrap_or(EntryKind::File)
    }

    pub fn flags(&self, node: u32) -> u8 {
        self.marks[node as usize] >> KIND_BITS
    }

    pub fn set(&mut self, node: u32, kind: EntryKind, flags: u8) {
        self.marks[node as usize] = kind_code(kind) | flags << KIND_BITS;
    }

    pub fn add_flags(&mut self, node: u32, flags: u8) {
        self.marks[node as usize] |= flags << KIND_BITS;
    }

    /// A new path: a folder that nothing is known of yet.
    pub fn push(
        &mut self,
        (name, parent): (u32, u32),
        flags: u8,
        rest: &Rest,
        open: Option<&OpenScratch>,
    ) -> io::Result<()> {
        self.rests.append(&rest.to_bytes(), open)?;
        self.places.push((name, parent));
        self.marks.push(kind_code(EntryKind::Directory) | flags << KIND_BITS);
        Ok(())
    }

    pub fn rest(&mut self, node: u32) -> io::Result<Rest> {
        Ok(Rest::from_bytes(self.rests.read(node as usize * REST_BYTES, REST_BYTES)?))
    }

    pub fn set_rest(&mut self, node: u32, rest: &Rest) -> io::Result<()> {
        self.rests.replace(node as usize * REST_BYTES, &rest.to_bytes())
    }
}

impl Rest {
    fn to_bytes(self) -> [u8; REST_BYTES] {
        let mut bytes = [0; REST_BYTES];
        bytes[..4].copy_from_slice(&self.attributes.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.block.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.size.to_le_bytes());
        bytes[16..].copy_from_slice(&self.slot);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        let mut slot = Fingerprint::default();
        slot.copy_from_slice(&bytes[16..32]);
        Self {
            attributes: crate::format::u32_at(bytes, 0),
            block: crate::format::u32_at(bytes, 4),
            size: crate::format::u64_at(bytes, 8),
            slot,
        }
    }
}
