//! What few paths have: a link's target, a device's numbers, extended attributes.
//!
//! ```text
//! parts        1 byte   which of the following there are
//! fingerprint 16        of a file: its slot in the record says where this stands
//! target      4 + n     of a link
//! device       8        major, minor
//! attributes   4, then 4 + n and 4 + n each
//! ```

use strata_layer::{Entry, EntryKind, Fingerprint};

use crate::format::u32_at;

const FINGERPRINT: u8 = 1;
const TARGET: u8 = 2;
const DEVICE: u8 = 4;
const XATTRS: u8 = 8;

/// Whether an entry needs any.
pub(crate) fn has_extras(entry: &Entry) -> bool {
    !entry.link.is_empty() || entry.device != (0, 0) || !entry.xattrs.is_empty()
}

/// Those of an entry.
pub(crate) fn encode(entry: &Entry) -> Result<Vec<u8>, &'static str> {
    let mut out = vec![0];
    if entry.kind == EntryKind::File {
        out[0] |= FINGERPRINT;
        out.extend_from_slice(&entry.fingerprint);
    }
    if !entry.link.is_empty() {
        out[0] |= TARGET;
        put(&mut out, &entry.link)?;
    }
    if entry.device != (0, 0) {
        out[0] |= DEVICE;
        out.extend_from_slice(&entry.device.0.to_le_bytes());
        out.extend_from_slice(&entry.device.1.to_le_bytes());
    }
    if !entry.xattrs.is_empty() {
        out[0] |= XATTRS;
        let count = u32::try_from(entry.xattrs.len()).map_err(|_| "it has too many attributes")?;
        out.extend_from_slice(&count.to_le_bytes());
        for (name, value) in &entry.xattrs {
            put(&mut out, name)?;
            put(&mut out, value)?;
        }
    }
    Ok(out)
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), &'static str> {
    let length = u32::try_from(bytes.len()).map_err(|_| "an attribute is too long")?;
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

/// The extras that begin a run of bytes, which were checked before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extras<'a>(pub &'a [u8]);

impl<'a> Extras<'a> {
    fn has(self, part: u8) -> bool {
        self.0[0] & part != 0
    }

    pub fn fingerprint(self) -> Option<Fingerprint> {
        self.has(FINGERPRINT).then(|| {
            let mut fingerprint = Fingerprint::default();
            fingerprint.copy_from_slice(&self.0[1..17]);
            fingerprint
        })
    }

    fn target_at(self) -> usize {
        if self.has(FINGERPRINT) { 17 } else { 1 }
    }

    pub fn target(self) -> &'a [u8] {
        if !self.has(TARGET) {
            return &[];
        }
        let at = self.target_at();
        &self.0[at + 4..at + 4 + u32_at(self.0, at) as usize]
    }

    fn device_at(self) -> usize {
        let at = self.target_at();
        if self.has(TARGET) { at + 4 + u32_at(self.0, at) as usize } else { at }
    }

    pub fn device(self) -> (u32, u32) {
        if !self.has(DEVICE) {
            return (0, 0);
        }
        let at = self.device_at();
        (u32_at(self.0, at), u32_at(self.0, at + 4))
    }

    pub fn xattrs(self) -> Vec<(&'a [u8], &'a [u8])> {
        if !self.has(XATTRS) {
            return Vec::new();
        }
        let mut at = self.device_at() + if self.has(DEVICE) { 8 } else { 0 };
        let count = u32_at(self.0, at);
        at += 4;
        let mut take = || {
            let length = u32_at(self.0, at) as usize;
            let bytes = &self.0[at + 4..at + 4 + length];
            at += 4 + length;
            bytes
        };
        (0..count).map(|_| (take(), take())).collect()
    }
}

/// Whether whole extras stand at `at`; `is_file` if they must hold a fingerprint, and else must not.
pub(crate) fn check(extras: &[u8], at: usize, is_file: bool) -> Option<()> {
    let parts = *extras.get(at)?;
    let known = FINGERPRINT | TARGET | DEVICE | XATTRS;
    if parts & !known != 0 || (parts & FINGERPRINT != 0) != is_file {
        return None;
    }
    let skip = |at: usize| -> Option<usize> {
        let length = extras.get(at..at.checked_add(4)?)?;
        let end = at.checked_add(4)?.checked_add(u32_at(length, 0) as usize)?;
        (end <= extras.len()).then_some(end)
    };
    let mut at = at + if is_file { 17 } else { 1 };
    if parts & TARGET != 0 {
        at = skip(at)?;
    }
    if parts & DEVICE != 0 {
        at = at.checked_add(8)?;
    }
    if parts & XATTRS != 0 {
        let count = u32_at(extras.get(at..at.checked_add(4)?)?, 0);
        at += 4;
        for _ in 0..count {
            at = skip(skip(at)?)?;
        }
    }
    (at <= extras.len()).then_some(())
}
