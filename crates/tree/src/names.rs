//! The names of one tree: its length in two bytes, then the name.

use std::hash::{BuildHasher, RandomState};
use std::io;

use crate::id_table::IdTable;
use crate::spool::{OpenScratch, Spool};

/// Bytes of all names. Real layers stay below 20 MiB.
const MAX_BYTES: usize = 1 << 30;

/// How many bytes of them are kept in memory where there is a file for more.
const IN_MEMORY_BYTES: usize = 8 << 20;

/// Up to how many different names are looked for, so that each stands there once. Of more, some stand there again.
const KNOWN: usize = 1 << 17;

/// All names.
#[derive(Debug)]
pub(crate) struct Names {
    pub bytes: Spool,
    known: IdTable,
    hasher: RandomState,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            bytes: Spool::new(IN_MEMORY_BYTES),
            known: IdTable::default(),
            hasher: RandomState::new(),
        }
    }
}

impl Names {
    /// Where a name stands, new or known.
    pub fn intern(
        &mut self,
        name: &[u8],
        open: Option<&OpenScratch>,
    ) -> Result<u32, crate::builder::Refusal> {
        const FULL: &str = "there are too many names";
        let Self { bytes, known, hasher } = self;
        let hash = hasher.hash_one(name);
        if let Some(known) = known.find(hash, |at| is(bytes, at, name))? {
            return Ok(known);
        }
        if bytes.len() > MAX_BYTES {
            return Err(FULL.into());
        }
        let length = u16::try_from(name.len()).map_err(|_| "its name is too long")?;
        let mut whole = Vec::with_capacity(name.len() + 2);
        whole.extend_from_slice(&length.to_le_bytes());
        whole.extend_from_slice(name);
        let at = u32::try_from(bytes.append(&whole, open)?).map_err(|_| FULL)?;
        if known.len() < KNOWN {
            known.insert(hash, at, |at| Ok(hasher.hash_one(name_at(bytes, at)?)))?;
        }
        Ok(at)
    }

    /// Forgets what only more names would need.
    pub fn close(&mut self) {
        self.known = IdTable::default();
    }

    /// The name at a place.
    pub fn at(&mut self, at: u32) -> io::Result<&[u8]> {
        name_at(&mut self.bytes, at)
    }

    /// Whether this name stands at a place.
    pub fn is(&mut self, at: u32, name: &[u8]) -> io::Result<bool> {
        is(&mut self.bytes, at, name)
    }
}

fn is(bytes: &mut Spool, at: u32, name: &[u8]) -> io::Result<bool> {
    Ok(name_at(bytes, at)? == name)
}

fn name_at(bytes: &mut Spool, at: u32) -> io::Result<&[u8]> {
    let at = at as usize;
    let length = bytes.read(at, 2)?;
    let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
    bytes.read(at + 2, length)
}

/// The name at a place of all bytes, where they are in memory.
pub(crate) fn name_in(bytes: &[u8], at: u32) -> &[u8] {
    let at = at as usize;
    let length = usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    &bytes[at + 2..at + 2 + length]
}
