//! The bytes of an index. All numbers are little endian.
//!
//! ```text
//! header   96 bytes   magic, version, counts, lengths of the parts, diff ID, which key made the fingerprints
//! nodes    40 each    in pre-order, siblings sorted by name: a folder's subtree is one run
//! attributes 32 each  mode, owner, time; each combination once, as far as that can be had cheaply
//! names               length and bytes of all names, each once, likewise
//! extras              link target, device, extended attributes of the few nodes that have them
//! checksum 32 bytes   BLAKE3 of all that stands before
//! ```
//!
//! A node: where its name stands (4 bytes), the place of its folder (4), its attributes (4), where a file's content
//! begins, in blocks of the tar, or how many files are below a folder (4), a file's size or the bytes below a folder
//! (6), kind (1), flags (1), and a slot (16). The slot holds a file's fingerprint, or, if it has extras, where they
//! begin; of anything but a file, the end of its subtree (4) and where its extras begin, plus one (4).

use strata_spec::DiffId;

/// Tells an index from anything else.
pub(crate) const MAGIC: [u8; 8] = *b"STRATATR";
/// Counted up whenever bytes of the same meaning would be read otherwise.
pub(crate) const VERSION: u32 = 3;
pub(crate) const HEADER_BYTES: usize = 96;
pub(crate) const DIFF_ID_AT: usize = 40;
pub(crate) const DIFF_ID_DIGITS: usize = 48;
pub(crate) const KEY_NAME_AT: usize = 88;
pub(crate) const NODE_BYTES: usize = 40;
pub(crate) const CHECKSUM_BYTES: usize = 32;

/// The tar does not name this folder; it is there because something below it is.
pub(crate) const IMPLIED: u8 = 1;
/// Nothing is here: the path is deleted.
pub(crate) const DELETED: u8 = 2;
/// Whatever lower layers have at or below this path is hidden.
pub(crate) const HIDES: u8 = 4;
/// Stored without its holes.
pub(crate) const SPARSE: u8 = 8;
/// A file with extras: its slot says where they are, and they have its fingerprint.
pub(crate) const EXTRAS: u8 = 16;
/// A folder, which keeps its extras elsewhere: a mark beside it deletes what lower layers have at its path.
pub(crate) const MARKED: u8 = EXTRAS;

/// The blocks of a tar.
pub(crate) const BLOCK_BYTES: u64 = 512;
/// The largest size that a record can hold: 256 TiB less a byte. What is larger (a sparse file can claim to be) is shown
/// as this.
pub(crate) const MAX_SIZE: u64 = (1 << 48) - 1;

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
    pub parent: u32,
    pub attributes: u32,
    /// Where a file's content begins, in blocks of the tar; how many files are below a folder.
    pub block: u32,
    /// A file's size; a folder's bytes below it.
    pub size: u64,
    pub kind: u8,
    pub flags: u8,
    pub slot: [u8; 16],
}

impl Record {
    pub fn to_bytes(self) -> [u8; NODE_BYTES] {
        let mut out = [0; NODE_BYTES];
        out[..4].copy_from_slice(&self.name_at.to_le_bytes());
        out[4..8].copy_from_slice(&self.parent.to_le_bytes());
        out[8..12].copy_from_slice(&self.attributes.to_le_bytes());
        out[12..16].copy_from_slice(&self.block.to_le_bytes());
        out[16..22].copy_from_slice(&self.size.min(MAX_SIZE).to_le_bytes()[..6]);
        (out[22], out[23]) = (self.kind, self.flags);
        out[24..].copy_from_slice(&self.slot);
        out
    }

    pub fn read(bytes: &[u8], node: u32) -> Self {
        let at = HEADER_BYTES + node as usize * NODE_BYTES;
        let bytes = &bytes[at..at + NODE_BYTES];
        let mut slot = [0; 16];
        slot.copy_from_slice(&bytes[24..]);
        let mut size = [0; 8];
        size[..6].copy_from_slice(&bytes[16..22]);
        Self {
            name_at: u32_at(bytes, 0),
            parent: u32_at(bytes, 4),
            attributes: u32_at(bytes, 8),
            block: u32_at(bytes, 12),
            size: u64::from_le_bytes(size),
            kind: bytes[22],
            flags: bytes[23],
            slot,
        }
    }

    /// Whether its slot is a file's (or of a deletion, whose slot is empty).
    pub fn is_file(&self) -> bool {
        self.kind == FILE
    }

    /// Whether the tar does not name it.
    pub fn is_implied(&self) -> bool {
        self.flags & IMPLIED != 0
    }

    /// The first place after its subtree; `place` is its own.
    pub fn subtree_end(&self, place: u32) -> u32 {
        if self.is_file() { place.saturating_add(1) } else { u32_at(&self.slot, 0) }
    }

    /// Where its extras begin.
    pub fn extras(&self) -> Option<usize> {
        if self.is_file() {
            return (self.flags & EXTRAS != 0).then(|| u32_at(&self.slot, 0) as usize);
        }
        (u32_at(&self.slot, 4) as usize).checked_sub(1)
    }
}

/// The code of a file's kind.
pub(crate) const FILE: u8 = 0;

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
