//! tar archives (POSIX pax, GNU), only as far as a list needs it.

use std::io::{self, Read, Seek, SeekFrom};

use super::{ArchiveEntry, ArchiveListing, EntryKind};
use crate::bounded::up_to;
use crate::{EntryPath, InspectError};

/// The most of a name or of pax records that is read.
const EXTENSION_BYTES: u64 = 1 << 20;
const BLOCK: u64 = 512;

/// A source whose bytes can be passed over.
pub(super) trait Source: Read {
    /// Passes over so many bytes; fewer may be there.
    fn pass(&mut self, count: u64) -> io::Result<()>;
}

/// A source that jumps.
pub(super) struct Seeking<'a, R>(pub(super) &'a mut R);

/// A source that has to be read to its end.
pub(super) struct Flowing<'a, R>(pub(super) &'a mut R);

impl<R: Read> Read for Seeking<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read + Seek> Source for Seeking<'_, R> {
    fn pass(&mut self, count: u64) -> io::Result<()> {
        let count = i64::try_from(count).map_err(|_| io::ErrorKind::InvalidData)?;
        self.0.seek(SeekFrom::Current(count)).map(drop)
    }
}

impl<R: Read> Read for Flowing<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read> Source for Flowing<'_, R> {
    fn pass(&mut self, count: u64) -> io::Result<()> {
        io::copy(&mut self.0.by_ref().take(count), &mut io::sink()).map(drop)
    }
}

/// What stands before an entry and changes it.
#[derive(Default)]
struct Extension {
    path: Option<Vec<u8>>,
    size: Option<u64>,
}

/// The entries of a tar. What cannot be unpacked any further ends the list.
pub(super) fn list(
    source: &mut impl Source,
    max_entries: usize,
) -> Result<ArchiveListing, InspectError> {
    let mut listing = ArchiveListing::default();
    let mut extension = Extension::default();
    let mut is_first = true;
    loop {
        let header = match up_to(source, BLOCK) {
            Ok(header) => header,
            Err(_) if !is_first => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        if header.len() == 512 && header.iter().all(|byte| *byte == 0) {
            return Ok(listing);
        }
        let size = number(header.get(124..136).unwrap_or_default());
        let Some(size) = size.filter(|_| is_tar_header(&header)) else {
            if is_first {
                return Err(InspectError::malformed("tar", "it does not start with a header"));
            }
            listing.is_cut = true;
            return Ok(listing);
        };
        is_first = false;
        match header[156] {
            b'x' | b'L' if size <= EXTENSION_BYTES => {
                if extend(source, header[156], size, &mut extension).is_err() {
                    listing.is_cut = true;
                    return Ok(listing);
                }
            }
            b'x' | b'L' | b'g' | b'K' => pass(source, size, &mut listing),
            flag => {
                let entry = entry(&header, flag, size, std::mem::take(&mut extension));
                let data = if flag_kind(flag) == EntryKind::File { entry.size_bytes } else { 0 };
                if !listing.add(max_entries, entry) {
                    return Ok(listing);
                }
                pass(source, data, &mut listing);
            }
        }
        if listing.is_cut {
            return Ok(listing);
        }
    }
}

fn pass(source: &mut impl Source, size: u64, listing: &mut ArchiveListing) {
    let padded = size.checked_next_multiple_of(BLOCK);
    listing.is_cut |= padded.is_none_or(|padded| source.pass(padded).is_err());
}

fn extend(
    source: &mut impl Source,
    flag: u8,
    size: u64,
    extension: &mut Extension,
) -> io::Result<()> {
    let mut bytes = up_to(source, size.next_multiple_of(BLOCK))?;
    bytes.truncate(crate::bounded::index(size));
    if flag == b'L' {
        let name = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        extension.path = Some(name.to_vec());
        return Ok(());
    }
    let mut rest = &bytes[..];
    while let Some((key, value, next)) = record(rest) {
        match key {
            b"path" => extension.path = Some(value.to_vec()),
            b"size" => {
                extension.size = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
            }
            _ => {}
        }
        rest = next;
    }
    Ok(())
}

/// A pax record, `LENGTH KEY=VALUE\n`, and what follows it.
fn record(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = bytes.iter().take(20).position(|byte| *byte == b' ')?;
    let length: usize = std::str::from_utf8(&bytes[..space]).ok()?.parse().ok()?;
    let body = bytes.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = body.iter().position(|byte| *byte == b'=')?;
    Some((&body[..equals], &body[equals + 1..], &bytes[length..]))
}

fn entry(header: &[u8], flag: u8, size: u64, extension: Extension) -> ArchiveEntry {
    let field = |from: usize, to: usize| {
        header[from..to].split(|byte| *byte == 0).next().unwrap_or_default()
    };
    let path = extension.path.unwrap_or_else(|| {
        let (name, prefix) = (field(0, 100), field(345, 500));
        if header[257..263] == *b"ustar\0" && !prefix.is_empty() {
            [prefix, name].join(&b'/')
        } else {
            name.to_vec()
        }
    });
    let kind = match flag_kind(flag) {
        EntryKind::File if path.ends_with(b"/") => EntryKind::Folder,
        kind => kind,
    };
    ArchiveEntry { path: EntryPath::from(&*path), size_bytes: extension.size.unwrap_or(size), kind }
}

const fn flag_kind(flag: u8) -> EntryKind {
    match flag {
        0 | b'0' | b'7' | b'S' => EntryKind::File,
        b'5' | b'D' => EntryKind::Folder,
        b'1' | b'2' => EntryKind::Link,
        _ => EntryKind::Other,
    }
}

/// An octal number, or GNU's binary one.
fn number(field: &[u8]) -> Option<u64> {
    if field.first().is_some_and(|byte| byte & 0x80 != 0) {
        let (high, low) = field.split_at(field.len().checked_sub(8)?);
        let is_small = high[0] == 0x80 && high[1..].iter().all(|byte| *byte == 0);
        return is_small.then(|| low.try_into().ok().map(u64::from_be_bytes)).flatten();
    }
    let text =
        std::str::from_utf8(field).ok()?.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
}

/// Whether a block has the checksum of a tar header.
pub(crate) fn is_tar_header(block: &[u8]) -> bool {
    let Some(block) = block.get(..512) else { return false };
    let said = std::str::from_utf8(&block[148..156]).ok();
    let said = said.map(|text| text.trim_matches(|c: char| c == '\0' || c == ' '));
    let said = said.and_then(|text| u64::from_str_radix(text, 8).ok());
    let sum: u64 = block
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) })
        .sum();
    said == Some(sum)
}
