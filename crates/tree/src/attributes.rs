//! Mode, owner and time: what many paths of a layer have in common.

use strata_layer::Timestamp;

use crate::format::{i64_at, u32_at, u64_at};

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
