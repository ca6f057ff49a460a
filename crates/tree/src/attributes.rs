//! Mode, owner and time: what many paths of a layer have in common.

use std::hash::{BuildHasher, RandomState};

use strata_layer::Timestamp;

use crate::format::{i64_at, u32_at, u64_at};
use crate::id_table::IdTable;

/// Mode, owner and time of a path.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Attributes {
    /// Permission bits, at most `0o7777`.
    pub mode: u32,
    /// Owner.
    pub uid: u64,
    /// Group.
    pub gid: u64,
    /// When the content was changed.
    pub modified: Timestamp,
}

impl Attributes {
    /// Of a folder that no entry names: what unpackers give it.
    pub(crate) const IMPLIED: Self =
        Self { mode: 0o755, uid: 0, gid: 0, modified: Timestamp { seconds: 0, nanos: 0 } };
    /// Their length in an index.
    pub(crate) const BYTES: usize = 32;

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.mode.to_le_bytes());
        out.extend_from_slice(&self.modified.nanos.to_le_bytes());
        out.extend_from_slice(&self.modified.seconds.to_le_bytes());
        out.extend_from_slice(&self.uid.to_le_bytes());
        out.extend_from_slice(&self.gid.to_le_bytes());
    }

    pub(crate) fn read(bytes: &[u8], at: usize) -> Self {
        Self {
            mode: u32_at(bytes, at),
            modified: Timestamp { seconds: i64_at(bytes, at + 8), nanos: u32_at(bytes, at + 4) },
            uid: u64_at(bytes, at + 16),
            gid: u64_at(bytes, at + 24),
        }
    }
}

/// All combinations of one tree, each once.
#[derive(Debug, Default)]
pub(crate) struct AttributeSet {
    pub all: Vec<Attributes>,
    known: IdTable,
    hasher: RandomState,
}

impl AttributeSet {
    /// The number of a combination, new or known.
    pub fn intern(&mut self, attributes: Attributes) -> u32 {
        let Self { all, known, hasher } = self;
        let hash = hasher.hash_one(attributes);
        if let Some(known) = known.find(hash, |id| all[id as usize] == attributes) {
            return known;
        }
        // There are never more than there are paths, and those are counted.
        let id = u32::try_from(all.len()).unwrap_or(u32::MAX);
        all.push(attributes);
        known.insert(hash, id, |id| hasher.hash_one(all[id as usize]));
        id
    }
}
