//! zip archives (APPNOTE 6.3): the central directory, and single files out of it.

use std::io::{Read, Seek};

use flate2::read::DeflateDecoder;

use crate::InspectError;
use crate::bounded::{Fields, length, span, up_to};

/// The most of a central directory that is read.
const DIRECTORY_BYTES: u64 = 64 << 20;
/// The end record with the longest remark.
const END_BYTES: u64 = 22 + 65_535;

/// A file in a zip.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) name: Vec<u8>,
    pub(crate) size: u64,
    packed: u64,
    method: u16,
    offset: u64,
}

impl Member {
    /// What reading it takes, in bytes read or unpacked.
    pub(crate) const fn cost(&self) -> u64 {
        if self.size > self.packed { self.size } else { self.packed }
    }
}

/// The central directory.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    pub(crate) members: Vec<Member>,
    is_cut: bool,
    /// Bytes that stand before the zip, as a script that starts it.
    before: u64,
}

/// Where the directory stands and how long it is, as the end record says.
struct End {
    at: u64,
    size: u64,
    offset: u64,
}

const fn malformed(reason: &'static str) -> InspectError {
    InspectError::malformed("zip", reason)
}

impl Directory {
    /// Reads the first members of the directory.
    pub(crate) fn read(
        reader: &mut (impl Read + Seek),
        max_members: usize,
    ) -> Result<Self, InspectError> {
        let end = End::find(reader)?;
        let start = end.at.checked_sub(end.size).ok_or(malformed("its directory is too long"))?;
        let before =
            start.checked_sub(end.offset).ok_or(malformed("its directory has no place"))?;
        let bytes = span(reader, start, end.size, DIRECTORY_BYTES)?
            .ok_or(malformed("its directory is not whole"))?;
        let mut directory = Self { before, ..Self::default() };
        let mut at = 0;
        while at < bytes.len() {
            let Some((member, next)) = member(&bytes, at) else {
                directory.is_cut = true;
                break;
            };
            if directory.members.len() >= max_members {
                directory.is_cut = true;
                break;
            }
            directory.members.push(member);
            at = next;
        }
        Ok(directory)
    }

    /// The bytes of a member; nothing if they are more than `most` or cannot be unpacked.
    pub(crate) fn bytes_of(
        &self,
        reader: &mut (impl Read + Seek),
        member: &Member,
        most: u64,
    ) -> Result<Option<Vec<u8>>, InspectError> {
        let Some(at) = member.offset.checked_add(self.before) else { return Ok(None) };
        let Some(header) = span(reader, at, 30, 30)? else { return Ok(None) };
        let fields = Fields::little(&header);
        let (Some(name), Some(extra)) = (fields.u16(26), fields.u16(28)) else { return Ok(None) };
        if fields.u32(0) != Some(0x0403_4b50) || member.size > most {
            return Ok(None);
        }
        let data = at + 30 + u64::from(name) + u64::from(extra);
        let Some(packed) = span(reader, data, member.packed, most.saturating_add(1 << 16))? else {
            return Ok(None);
        };
        Ok(match member.method {
            0 => Some(packed),
            8 => up_to(&mut DeflateDecoder::new(&packed[..]), member.size).ok(),
            _ => None,
        })
    }
}

impl End {
    fn find(reader: &mut (impl Read + Seek)) -> Result<Self, InspectError> {
        let file = length(reader)?;
        let from = file.saturating_sub(END_BYTES);
        let tail = span(reader, from, file - from, END_BYTES)?.unwrap_or_default();
        let found = (0..tail.len().saturating_sub(21)).rev().find(|at| {
            let remark = Fields::little(&tail).u16(at + 20).map(usize::from);
            tail[*at..].starts_with(b"PK\x05\x06")
                && remark.is_some_and(|long| at + 22 + long <= tail.len())
        });
        let found = found.ok_or(malformed("it has no directory"))?;
        let fields = Fields::little(&tail[found..]);
        let at = from + found as u64;
        let size = fields.u32(12).unwrap_or_default();
        let offset = fields.u32(16).unwrap_or_default();
        let entries = fields.u16(10).unwrap_or_default();
        if (size == u32::MAX || offset == u32::MAX || entries == u16::MAX)
            && let Some(end) = Self::large(reader, at)?
        {
            return Ok(end);
        }
        Ok(Self { at, size: size.into(), offset: offset.into() })
    }

    /// The end record of a large zip, which a locator before the usual one names.
    fn large(reader: &mut (impl Read + Seek), usual: u64) -> Result<Option<Self>, InspectError> {
        let Some(locator) = usual.checked_sub(20) else { return Ok(None) };
        let Some(bytes) = span(reader, locator, 20, 20)? else { return Ok(None) };
        let fields = Fields::little(&bytes);
        let (Some(0x0706_4b50), Some(at)) = (fields.u32(0), fields.u64(8)) else { return Ok(None) };
        let Some(bytes) = span(reader, at, 56, 56)? else { return Ok(None) };
        let fields = Fields::little(&bytes);
        let (Some(0x0606_4b50), Some(size), Some(offset)) =
            (fields.u32(0), fields.u64(40), fields.u64(48))
        else {
            return Ok(None);
        };
        Ok(Some(Self { at, size, offset }))
    }
}

/// The member whose record stands here, and where the next one stands.
fn member(bytes: &[u8], at: usize) -> Option<(Member, usize)> {
    let fields = Fields::little(bytes.get(at..)?);
    if fields.u32(0)? != 0x0201_4b50 {
        return None;
    }
    let (name, extra, remark) =
        (usize::from(fields.u16(28)?), usize::from(fields.u16(30)?), usize::from(fields.u16(32)?));
    let mut member = Member {
        name: fields.slice(46, name)?.to_vec(),
        size: fields.u32(24)?.into(),
        packed: fields.u32(20)?.into(),
        method: fields.u16(10)?,
        offset: fields.u32(42)?.into(),
    };
    enlarge(&mut member, fields.slice(46 + name, extra)?);
    Some((member, at + 46 + name + extra + remark))
}

/// Numbers that did not fit stand in an extra field, in this order, each only if it did not fit.
fn enlarge(member: &mut Member, extra: &[u8]) {
    let fields = Fields::little(extra);
    let mut at = 0;
    while let (Some(id), Some(size)) = (fields.u16(at), fields.u16(at + 2)) {
        if id == 1 {
            let mut place = at + 4;
            for number in [&mut member.size, &mut member.packed, &mut member.offset] {
                if *number == u64::from(u32::MAX) {
                    *number = fields.u64(place).unwrap_or(*number);
                    place += 8;
                }
            }
        }
        at += 4 + usize::from(size);
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) mod fixture;
