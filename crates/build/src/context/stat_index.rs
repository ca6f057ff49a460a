//! What files held when they were read last, by what the file system says of them.
//!
//! A file is taken to hold what it held if it is the same inode, of the same size, mode and times. Who changes it within the
//! same tick of the clock in which it was read would not be noticed: what was that new when it was read is not kept (as git
//! does with its index).

use std::time::{SystemTime, UNIX_EPOCH};

use rustix::fs::Stat;
use strata_layer::Fingerprint;

/// The form of the records.
pub(super) const FORM: u32 = 1;
/// Bytes of a record.
const RECORD: usize = StatKey::BYTES + 16;
/// A file whose times are within so many nanoseconds before it was read is not kept. Clocks of file systems tick every
/// 10 ms or less; some write whole seconds alone.
const RACY_NANOS: i128 = 50_000_000;
/// The same where the times have no nanoseconds.
const RACY_COARSE_NANOS: i128 = 2_000_000_000;

/// What tells whether a file has been changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StatKey {
    device: u64,
    inode: u64,
    size: u64,
    mode: u32,
    modified: (i64, u32),
    changed: (i64, u32),
}

impl StatKey {
    const BYTES: usize = 8 + 8 + 8 + 4 + 12 + 12;

    #[allow(
        clippy::unnecessary_cast,
        clippy::cast_possible_truncation,
        reason = "the numbers have other widths on other systems; nanoseconds fit 32 bits"
    )]
    pub fn of(stat: &Stat) -> Self {
        Self {
            device: stat.st_dev as u64,
            inode: stat.st_ino as u64,
            size: u64::try_from(stat.st_size).unwrap_or(0),
            mode: stat.st_mode as u32,
            modified: (stat.st_mtime as i64, stat.st_mtime_nsec as u32),
            changed: (stat.st_ctime as i64, stat.st_ctime_nsec as u32),
        }
    }

    /// Whether it was changed so shortly before `now` that another change could have the same times.
    pub fn is_racy(&self, now: i128) -> bool {
        let close = |(seconds, nanos): (i64, u32)| {
            let margin = if nanos == 0 { RACY_COARSE_NANOS } else { RACY_NANOS };
            i128::from(seconds) * 1_000_000_000 + i128::from(nanos) + margin >= now
        };
        close(self.modified) || close(self.changed)
    }

    fn bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let mut at = 0;
        let mut put = |part: &[u8]| {
            bytes[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        };
        put(&self.device.to_le_bytes());
        put(&self.inode.to_le_bytes());
        put(&self.size.to_le_bytes());
        put(&self.mode.to_le_bytes());
        put(&self.modified.0.to_le_bytes());
        put(&self.modified.1.to_le_bytes());
        put(&self.changed.0.to_le_bytes());
        put(&self.changed.1.to_le_bytes());
        bytes
    }
}

/// Nanoseconds since 1970.
pub(super) fn now() -> i128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i128::try_from(since.as_nanos()).unwrap_or(i128::MAX)
}

/// Records as they are kept, in the order of a walk.
#[derive(Debug, Default)]
pub(super) struct StatIndex {
    bytes: Vec<u8>,
    /// Where the next file of the same walk stands, most likely.
    cursor: usize,
    /// By their numbers, made once the walk is another than it was.
    by_key: Option<std::collections::HashMap<[u8; StatKey::BYTES], usize>>,
}

impl StatIndex {
    pub fn of(bytes: Vec<u8>) -> Self {
        let bytes = if bytes.len().is_multiple_of(RECORD) { bytes } else { Vec::new() };
        Self { bytes, ..Self::default() }
    }

    /// What a file held. Cheapest if files are asked for in the order of the walk.
    pub fn find(&mut self, key: &StatKey) -> Option<Fingerprint> {
        let bytes = key.bytes();
        let count = self.bytes.len() / RECORD;
        if self.cursor < count && self.record(self.cursor).0 == bytes {
            self.cursor += 1;
            return Some(self.record(self.cursor - 1).1);
        }
        // A file that is new or changed stands where the walk goes on behind it.
        if self.by_key.is_none() {
            let keys = (0..count).map(|at| (self.key(at), at)).collect();
            self.by_key = Some(keys);
        }
        let at = *self.by_key.as_ref()?.get(&bytes)?;
        self.cursor = at + 1;
        Some(self.record(at).1)
    }

    fn key(&self, at: usize) -> [u8; StatKey::BYTES] {
        let mut key = [0; StatKey::BYTES];
        key.copy_from_slice(&self.bytes[at * RECORD..at * RECORD + StatKey::BYTES]);
        key
    }

    fn record(&self, at: usize) -> (&[u8], Fingerprint) {
        let record = &self.bytes[at * RECORD..(at + 1) * RECORD];
        let mut fingerprint = Fingerprint::default();
        fingerprint.copy_from_slice(&record[StatKey::BYTES..]);
        (&record[..StatKey::BYTES], fingerprint)
    }

    /// Writes a record at the end of some.
    pub fn write(to: &mut Vec<u8>, key: &StatKey, fingerprint: &Fingerprint) {
        to.extend_from_slice(&key.bytes());
        to.extend_from_slice(fingerprint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(inode: u64) -> StatKey {
        StatKey {
            device: 1,
            inode,
            size: 3,
            mode: 0o100_644,
            modified: (100, 5),
            changed: (100, 7),
        }
    }

    #[test]
    fn what_is_as_it_was_is_found_in_any_order_and_nothing_else_is() {
        let mut bytes = Vec::new();
        for inode in 0..4_u8 {
            StatIndex::write(&mut bytes, &key(u64::from(inode)), &[inode; 16]);
        }
        let mut index = StatIndex::of(bytes);
        for inode in [0_u8, 1, 3, 2] {
            assert_eq!(index.find(&key(u64::from(inode))), Some([inode; 16]));
        }
        assert_eq!(index.find(&key(9)), None);
        assert_eq!(index.find(&StatKey { changed: (100, 8), ..key(1) }), None);
        assert_eq!(StatIndex::of(vec![0; 5]).find(&key(0)), None);
    }

    #[test]
    fn what_was_just_changed_is_not_trusted() {
        let second = 1_000_000_000_i128;
        assert!(key(1).is_racy(100 * second + 20_000_000));
        assert!(!key(1).is_racy(101 * second));
        let coarse = StatKey { modified: (100, 0), ..key(1) };
        assert!(coarse.is_racy(101 * second) && !coarse.is_racy(103 * second));
    }
}
