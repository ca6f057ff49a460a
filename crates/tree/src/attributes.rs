//! Mode, owner and time: what many paths of a layer have in common.

use std::hash::{BuildHasher, RandomState};
use std::io;

use strata_layer::Timestamp;

use crate::format::{i64_at, u32_at, u64_at};
use crate::id_table::IdTable;
use crate::spool::{OpenScratch, Spool};

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

/// Up to how many different combinations are looked for, so that each stands there once. Where nearly every path has a
/// time of its own, looking would cost more memory than it saves of the disk.
const KNOWN: usize = 1 << 16;

/// How many bytes of them are kept in memory where there is a file for more: all that are looked for.
const IN_MEMORY_BYTES: usize = KNOWN * Attributes::BYTES;

/// All combinations of one tree.
#[derive(Debug)]
pub(crate) struct AttributeSet {
    pub bytes: Spool,
    known: IdTable,
    hasher: RandomState,
    /// The one that was asked for last: mostly it is asked for again.
    last: Option<(Attributes, u32)>,
}

impl Default for AttributeSet {
    fn default() -> Self {
        Self {
            bytes: Spool::new(IN_MEMORY_BYTES),
            known: IdTable::default(),
            hasher: RandomState::new(),
            last: None,
        }
    }
}

impl AttributeSet {
    /// The number of a combination, new or known.
    pub fn intern(
        &mut self,
        attributes: Attributes,
        open: Option<&OpenScratch>,
    ) -> io::Result<u32> {
        if let Some((last, id)) = self.last
            && last == attributes
        {
            return Ok(id);
        }
        let Self { bytes, known, hasher, .. } = self;
        let hash = hasher.hash_one(attributes);
        let mut at = |id: u32| -> io::Result<Attributes> {
            Ok(Attributes::read(bytes.read(id as usize * Attributes::BYTES, Attributes::BYTES)?, 0))
        };
        let found = known.find(hash, |id| Ok(at(id)? == attributes))?;
        let id = if let Some(found) = found {
            found
        } else {
            // There are never more than there are paths, and those are counted.
            let id = u32::try_from(self.len()).unwrap_or(u32::MAX);
            if self.known.len() < KNOWN {
                let Self { bytes, known, hasher, .. } = self;
                known.insert(hash, id, |id| {
                    let at = id as usize * Attributes::BYTES;
                    let known = Attributes::read(bytes.read(at, Attributes::BYTES)?, 0);
                    Ok(hasher.hash_one(known))
                })?;
            }
            let mut written = Vec::with_capacity(Attributes::BYTES);
            attributes.write(&mut written);
            self.bytes.append(&written, open)?;
            id
        };
        self.last = Some((attributes, id));
        Ok(id)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.bytes.len() / Attributes::BYTES
    }

    /// Forgets what only more of them would need.
    pub fn close(&mut self) {
        self.known = IdTable::default();
    }
}
