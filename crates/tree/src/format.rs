//! The bytes of an index. All numbers are little endian.
//!
//! ```text
//! header   96 bytes   magic, version, counts, lengths of the parts, diff ID
//! nodes    56 each    in pre-order, siblings sorted by name: a folder's subtree is one run
//! attributes 32 each  mode, owner, time; each combination once
//! names               the bytes of all names, each once
//! extras              link target, device, extended attributes of the few nodes that have them
//! checksum 32 bytes   BLAKE3 of all that stands before
//! ```

use strata_spec::DiffId;

/// Tells an index from anything else.
pub(crate) const MAGIC: [u8; 8] = *b"STRATATR";
/// Counted up whenever bytes of the same meaning would be read otherwise.
pub(crate) const VERSION: u32 = 1;
pub(crate) const HEADER_BYTES: usize = 96;
pub(crate) const DIFF_ID_AT: usize = 40;
pub(crate) const DIFF_ID_DIGITS: usize = 48;
pub(crate) const NODE_BYTES: usize = 56;
pub(crate) const CHECKSUM_BYTES: usize = 32;

/// The tar does not name this folder; it is there because something below it is.
pub(crate) const IMPLIED: u8 = 1;
/// Nothing is here: the path is deleted.
pub(crate) const DELETED: u8 = 2;
/// Whatever lower layers have at or below this path is hidden.
pub(crate) const HIDES: u8 = 4;
/// Stored without its holes.
pub(crate) const SPARSE: u8 = 8;

/// Where the parts of an index stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    pub nodes: usize,
    pub attributes: usize,
    pub attributes_at: usize,
    pub names_at: usize,
    pub names_bytes: usize,
    pub extras_at: usize,
    pub extras_bytes: usize,
    pub duplicates: u32,
}

/// One node as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record {
    pub name_at: u32,
    pub name_bytes: u16,
    pub kind: u8,
    pub flags: u8,
    pub attributes: u32,
    /// Where its extras begin, plus one; 0 for none.
    pub extra: u32,
    /// A file's size; a folder's bytes below it.
    pub size: u64,
    /// Where a file's content stands in the plain tar; how many files are below a folder.
    pub offset: u64,
    pub fingerprint: [u8; 16],
    pub subtree_end: u32,
    pub parent: u32,
}

impl Record {
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.name_at.to_le_bytes());
        out.extend_from_slice(&self.name_bytes.to_le_bytes());
        out.extend_from_slice(&[self.kind, self.flags]);
        out.extend_from_slice(&self.attributes.to_le_bytes());
        out.extend_from_slice(&self.extra.to_le_bytes());
        out.extend_from_slice(&self.size.to_le_bytes());
        out.extend_from_slice(&self.offset.to_le_bytes());
        out.extend_from_slice(&self.fingerprint);
        out.extend_from_slice(&self.subtree_end.to_le_bytes());
        out.extend_from_slice(&self.parent.to_le_bytes());
    }

    pub fn read(bytes: &[u8], node: u32) -> Self {
        let at = HEADER_BYTES + node as usize * NODE_BYTES;
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&bytes[at + 32..at + 48]);
        Self {
            name_at: u32_at(bytes, at),
            name_bytes: u16::from_le_bytes([bytes[at + 4], bytes[at + 5]]),
            kind: bytes[at + 6],
            flags: bytes[at + 7],
            attributes: u32_at(bytes, at + 8),
            extra: u32_at(bytes, at + 12),
            size: u64_at(bytes, at + 16),
            offset: u64_at(bytes, at + 24),
            fingerprint,
            subtree_end: u32_at(bytes, at + 48),
            parent: u32_at(bytes, at + 52),
        }
    }
}

/// The first 48 digits of a diff ID: enough to tell two layers apart.
pub(crate) fn diff_id_digits(diff_id: &DiffId) -> &[u8] {
    let digits = diff_id.0.hex().as_bytes();
    &digits[..digits.len().min(DIFF_ID_DIGITS)]
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

pub(crate) fn i64_at(bytes: &[u8], at: usize) -> i64 {
    u64_at(bytes, at).cast_signed()
}
