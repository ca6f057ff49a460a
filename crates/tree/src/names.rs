//! The names of one tree, each kept once.

use std::hash::{BuildHasher, RandomState};

use crate::id_table::IdTable;

/// Bytes of all names. Real layers stay below 20 MiB.
const MAX_BYTES: usize = 256 << 20;

/// All names, each once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub bytes: Vec<u8>,
    /// Where each name begins in `bytes`, and its length.
    pub ranges: Vec<(u32, u16)>,
    known: IdTable,
    hasher: RandomState,
}

impl Names {
    /// The number of a name, new or known.
    pub fn intern(&mut self, name: &[u8]) -> Result<u32, &'static str> {
        const FULL: &str = "there are too many names";
        let hash = self.hasher.hash_one(name);
        if let Some(known) = self.known.find(hash, |id| self.at(id) == name) {
            return Ok(known);
        }
        if self.bytes.len() > MAX_BYTES {
            return Err(FULL);
        }
        let at = u32::try_from(self.bytes.len()).map_err(|_| FULL)?;
        let length = u16::try_from(name.len()).map_err(|_| "its name is too long")?;
        let id = u32::try_from(self.ranges.len()).map_err(|_| FULL)?;
        self.bytes.extend_from_slice(name);
        self.ranges.push((at, length));
        let Self { bytes, ranges, known, hasher } = self;
        known.insert(hash, id, |id| hasher.hash_one(slice(bytes, ranges, id)));
        Ok(id)
    }

    /// Forgets what only more names would need.
    pub fn close(&mut self) {
        self.known = IdTable::default();
    }

    /// The name of a number.
    pub fn at(&self, id: u32) -> &[u8] {
        slice(&self.bytes, &self.ranges, id)
    }
}

fn slice<'a>(bytes: &'a [u8], ranges: &[(u32, u16)], id: u32) -> &'a [u8] {
    let (at, length) = ranges[id as usize];
    &bytes[at as usize..at as usize + usize::from(length)]
}
