//! A hash table that holds nothing but the numbers of things that are kept elsewhere.
//!
//! For a million names it takes 10 MB, where a map with keys of its own takes a hundred.

use std::io;

const EMPTY: u32 = u32::MAX;

/// Open addressing over 32-bit numbers. Whoever asks hashes and compares; a byte of the hash stands beside each number,
/// so that hardly anything is compared that is not the same.
#[derive(Debug, Default)]
pub(crate) struct IdTable {
    slots: Vec<u32>,
    tags: Vec<u8>,
    count: usize,
}

impl IdTable {
    /// The number with this hash that `same` recognises.
    pub fn find(
        &self,
        hash: u64,
        mut same: impl FnMut(u32) -> io::Result<bool>,
    ) -> io::Result<Option<u32>> {
        let Some(mut at) = self.start(hash) else { return Ok(None) };
        loop {
            match self.slots[at] {
                EMPTY => return Ok(None),
                id if self.tags[at] == tag(hash) && same(id)? => return Ok(Some(id)),
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Adds a number that is not there yet. `hash_of` gives the hashes of those that are.
    pub fn insert(
        &mut self,
        hash: u64,
        id: u32,
        mut hash_of: impl FnMut(u32) -> io::Result<u64>,
    ) -> io::Result<()> {
        // At most three quarters full, so that every search ends, and soon.
        if (self.count + 1) * 4 > self.slots.len() * 3 {
            let length = (self.slots.len() * 2).max(64);
            let mut larger =
                Self { slots: vec![EMPTY; length], tags: vec![0; length], count: self.count };
            for &id in self.slots.iter().filter(|&&id| id != EMPTY) {
                larger.put(hash_of(id)?, id);
            }
            *self = larger;
        }
        self.put(hash, id);
        self.count += 1;
        Ok(())
    }

    fn put(&mut self, hash: u64, id: u32) {
        let Some(mut at) = self.start(hash) else { return };
        while self.slots[at] != EMPTY {
            at = (at + 1) & (self.slots.len() - 1);
        }
        (self.slots[at], self.tags[at]) = (id, tag(hash));
    }

    /// The first place to look at; none in a table without places.
    fn start(&self, hash: u64) -> Option<usize> {
        let mask = (self.slots.len() as u64).checked_sub(1)?;
        usize::try_from(hash & mask).ok()
    }
}

/// The last byte of a hash: no table is so large that it chooses the place.
fn tag(hash: u64) -> u8 {
    hash.to_be_bytes()[0]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_put_in_is_found_among_many_of_the_same_hash() {
        let mut table = IdTable::default();
        assert_eq!(table.find(7, |_| Ok(true)).unwrap(), None);
        let hash = |id: u32| u64::from(id % 3);
        for id in 0..1000 {
            table.insert(hash(id), id, |id| Ok(hash(id))).unwrap();
        }
        for id in 0..1000 {
            let found = table.find(hash(id), |found| Ok(found == id)).unwrap();
            assert_eq!(found, Some(id));
        }
        assert_eq!(table.find(1, |found| Ok(found == 5000)).unwrap(), None);
        assert_eq!(table.len(), 1000);
    }
}
