//! A hash table that holds nothing but the numbers of things that are kept elsewhere.
//!
//! For a million names it takes 8 MB, where a map with keys of its own takes a hundred.

const EMPTY: u32 = u32::MAX;

/// Open addressing over 32-bit numbers. Whoever asks hashes and compares.
#[derive(Debug, Default)]
pub(crate) struct IdTable {
    slots: Vec<u32>,
    count: usize,
}

impl IdTable {
    /// The number with this hash that `same` recognises.
    pub fn find(&self, hash: u64, same: impl Fn(u32) -> bool) -> Option<u32> {
        let mut at = self.start(hash)?;
        loop {
            match self.slots[at] {
                EMPTY => return None,
                id if same(id) => return Some(id),
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
    }

    /// Adds a number that is not there yet. `hash_of` gives the hashes of those that are.
    pub fn insert(&mut self, hash: u64, id: u32, hash_of: impl Fn(u32) -> u64) {
        // At most three quarters full, so that every search ends, and soon.
        if (self.count + 1) * 4 > self.slots.len() * 3 {
            let larger = (self.slots.len() * 2).max(64);
            let old = std::mem::replace(&mut self.slots, vec![EMPTY; larger]);
            for id in old.into_iter().filter(|&id| id != EMPTY) {
                self.put(hash_of(id), id);
            }
        }
        self.put(hash, id);
        self.count += 1;
    }

    fn put(&mut self, hash: u64, id: u32) {
        let Some(mut at) = self.start(hash) else { return };
        while self.slots[at] != EMPTY {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = id;
    }

    /// The first place to look at; none in a table without places.
    fn start(&self, hash: u64) -> Option<usize> {
        let mask = (self.slots.len() as u64).checked_sub(1)?;
        usize::try_from(hash & mask).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_among_many_of_the_same_hash() {
        let mut table = IdTable::default();
        assert_eq!(table.find(7, |_| true), None);
        let hash = |id: u32| u64::from(id % 3);
        for id in 0..1000 {
            table.insert(hash(id), id, hash);
        }
        for id in 0..1000 {
            assert_eq!(table.find(hash(id), |found| found == id), Some(id));
        }
        assert_eq!(table.find(1, |found| found == 5000), None);
    }
}
