//! Where the bytes of a file stand that is stored without its holes (GNU tar, "Storing Sparse Files"): the old GNU form,
//! whose map stands in its headers, and the PAX forms 0.0, 0.1 and 1.0, the last of which has it before its content.
//!
//! Lists of files do not keep these maps: few images have such files. Who wants the bytes of one reads its layer up to it.

use std::io::Read;

use crate::header::BLOCK;
use crate::{Entry, EntrySink, LayerError, Limits, scan};

/// How many parts a file may have: what fits into the extensions of an entry at the shortest.
const MAX_PARTS: usize = 1 << 18;
/// How long a line of a map may be: two numbers of 64 bits stand on lines of their own.
const MAX_DIGITS: usize = 20;

/// A file that is stored without its holes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SparseMap {
    /// Bytes of the file, with its holes.
    pub size: u64,
    /// What is stored of it, in ascending order.
    pub parts: Vec<SparsePart>,
}

/// Some bytes of a file that are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SparsePart {
    /// Where they stand in the file.
    pub at: u64,
    /// Where they stand in the plain tar.
    pub stored: u64,
    /// How many there are.
    pub size: u64,
}

/// The map of the sparse file whose content begins at this place of the plain tar, as [`Entry::offset`] tells it. The layer
/// is read up to it.
///
/// # Errors
/// Any of [`LayerError`]; [`LayerError::Header`] if there is no such file, or its map makes no sense.
pub fn sparse_map<R: Read>(
    source: R,
    offset: u64,
    limits: &Limits,
) -> Result<SparseMap, LayerError> {
    let mut finder = Finder { offset, pairs: Vec::new(), size: 0, head: Vec::new(), found: None };
    let read = scan(source, limits, &mut finder);
    match (finder.found, read) {
        (Some(found), _) => found,
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(wrong(offset, "there is no sparse file here")),
    }
}

fn wrong(offset: u64, reason: &'static str) -> LayerError {
    LayerError::Header { offset, reason }
}

/// Ends the scan where the file is.
struct Finder {
    offset: u64,
    /// Places and lengths as the headers have them; none in the form that has them before the content.
    pairs: Vec<(u64, u64)>,
    size: u64,
    /// The beginning of the content.
    head: Vec<u8>,
    found: Option<Result<SparseMap, LayerError>>,
}

impl Finder {
    fn end(&mut self, pairs: &[(u64, u64)], skipped: u64) -> LayerError {
        self.found = Some(laid_out(pairs, self.size, self.offset + skipped, self.offset));
        wrong(self.offset, "it is read no further")
    }
}

impl EntrySink for Finder {
    fn entry(&mut self, _entry: Entry) -> Result<(), LayerError> {
        self.pairs.clear();
        Ok(())
    }

    fn sparse(&mut self, pairs: Vec<(u64, u64)>) {
        self.pairs = pairs;
    }

    fn begin(&mut self, entry: &Entry) -> Result<bool, LayerError> {
        if entry.offset != self.offset || !entry.sparse {
            return Ok(false);
        }
        self.size = entry.size;
        match std::mem::take(&mut self.pairs) {
            pairs if pairs.is_empty() => Ok(true),
            pairs => Err(self.end(&pairs, 0)),
        }
    }

    fn content(&mut self, bytes: &[u8]) -> Result<(), LayerError> {
        self.head.extend_from_slice(bytes);
        match map_before_content(&self.head) {
            Ok(None) => Ok(()),
            Ok(Some((pairs, skipped))) => Err(self.end(&pairs, skipped)),
            Err(reason) => {
                self.found = Some(Err(wrong(self.offset, reason)));
                Err(wrong(self.offset, reason))
            }
        }
    }
}

/// Places and lengths, and how many bytes they take before the content.
type Before = (Vec<(u64, u64)>, u64);

/// The map of form 1.0: decimal numbers on lines of their own, how many pairs and then these, up to a whole block. None
/// while it is not complete.
fn map_before_content(head: &[u8]) -> Result<Option<Before>, &'static str> {
    let mut at = 0;
    let mut number = || -> Result<Option<u64>, &'static str> {
        let Some(end) = head[at..].iter().take(MAX_DIGITS + 1).position(|&byte| byte == b'\n')
        else {
            let is_long = head.len() - at > MAX_DIGITS;
            return if is_long { Err("a line of its map is too long") } else { Ok(None) };
        };
        let line = std::str::from_utf8(&head[at..at + end]).unwrap_or_default();
        at += end + 1;
        line.parse().map(Some).map_err(|_| "a number of its map is malformed")
    };
    let Some(count) = number()? else { return Ok(None) };
    let count = usize::try_from(count).ok().filter(|count| *count <= MAX_PARTS);
    let count = count.ok_or("its map has too many parts")?;
    let mut pairs = Vec::new();
    for _ in 0..count {
        let (Some(place), Some(length)) = (number()?, number()?) else { return Ok(None) };
        pairs.push((place, length));
    }
    Ok(Some((pairs, at.next_multiple_of(BLOCK) as u64)))
}

/// The parts one after another, as they are stored from `stored` on.
fn laid_out(
    pairs: &[(u64, u64)],
    size: u64,
    mut stored: u64,
    offset: u64,
) -> Result<SparseMap, LayerError> {
    let (mut parts, mut end) = (Vec::new(), 0);
    for &(at, length) in pairs {
        let after = at.checked_add(length).filter(|after| at >= end && *after <= size);
        end = after.ok_or_else(|| wrong(offset, "the map of a sparse file makes no sense"))?;
        if length > 0 {
            parts.push(SparsePart { at, stored, size: length });
        }
        stored = stored.saturating_add(length);
    }
    Ok(SparseMap { size, parts })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_map_before_the_content_is_read_when_it_is_whole() {
        assert_eq!(map_before_content(b"2\n0\n512\n10"), Ok(None));
        let whole = map_before_content(b"2\n0\n512\n1024\n0\n").unwrap();
        assert_eq!(whole, Some((vec![(0, 512), (1024, 0)], 512)));
        for bad in [&b"x\n"[..], b"1\n-1\n2\n", b"9999999\n", b"123456789012345678901234"] {
            assert!(map_before_content(bad).is_err(), "{}", bad.escape_ascii());
        }
    }

    #[test]
    fn parts_that_overlap_or_pass_the_end_are_refused() {
        for pairs in [&[(0, 11)][..], &[(0, 5), (4, 1)], &[(u64::MAX, 2)]] {
            assert!(laid_out(pairs, 10, 0, 0).is_err(), "{pairs:?}");
        }
        let part = |at, stored, size| SparsePart { at, stored, size };
        let map = laid_out(&[(1, 2), (5, 3), (10, 0)], 10, 512, 0).unwrap();
        assert_eq!(map.parts, [part(1, 512, 2), part(5, 514, 3)]);
    }
}
