//! ar archives (ar(5)), with the long names of GNU and BSD.

use std::io::{Read, Seek, SeekFrom};

use super::{ArchiveEntry, ArchiveListing, EntryKind};
use crate::bounded::{index, length, span};
use crate::{EntryPath, InspectError};

/// The most of a table of long names that is read.
const NAMES_BYTES: u64 = 16 << 20;
const HEADER_BYTES: u64 = 60;

/// The members; the tables that only linkers use are left out.
pub(super) fn list(
    reader: &mut (impl Read + Seek),
    max_entries: usize,
) -> Result<ArchiveListing, InspectError> {
    let end = length(reader)?;
    if span(reader, 0, 8, 8)?.as_deref() != Some(b"!<arch>\n") {
        return Err(InspectError::malformed("ar", "it does not start like one"));
    }
    let mut listing = ArchiveListing::default();
    let mut names = Vec::new();
    let mut at = 8;
    while at < end {
        let Some(header) = span(reader, at, HEADER_BYTES, HEADER_BYTES)? else {
            listing.is_cut = true;
            break;
        };
        let Some(size) = number(&header[48..58]).filter(|_| header.ends_with(b"`\n")) else {
            listing.is_cut = true;
            break;
        };
        let name = header[..16].trim_ascii_end();
        let data = at + HEADER_BYTES;
        match name {
            b"//" => names = span(reader, data, size, NAMES_BYTES)?.unwrap_or_default(),
            b"/" | b"/SYM64/" => {}
            name => {
                let (path, size_bytes) = member(reader, name, &names, data, size)?;
                let entry = ArchiveEntry {
                    path: EntryPath::from(&*path),
                    size_bytes,
                    kind: EntryKind::File,
                };
                if !listing.add(max_entries, entry) {
                    break;
                }
            }
        }
        // Members stand at even places.
        let Some(next) = data.checked_add(size).and_then(|next| next.checked_add(size % 2)) else {
            break;
        };
        listing.is_cut |= next > end.saturating_add(1);
        at = next;
    }
    reader.seek(SeekFrom::Start(0))?;
    Ok(listing)
}

/// The full name of a member and its size without that name.
fn member(
    reader: &mut (impl Read + Seek),
    name: &[u8],
    names: &[u8],
    data: u64,
    size: u64,
) -> Result<(Vec<u8>, u64), InspectError> {
    if let Some(length) = name.strip_prefix(b"#1/").and_then(number) {
        let name = span(reader, data, length, 4_096)?.unwrap_or_default();
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
        return Ok((name, size.saturating_sub(length)));
    }
    if let Some(at) = name.strip_prefix(b"/").and_then(number) {
        let rest = names.get(index(at)..).unwrap_or_default();
        let name = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        return Ok((name.strip_suffix(b"/").unwrap_or(name).to_vec(), size));
    }
    Ok((name.strip_suffix(b"/").unwrap_or(name).to_vec(), size))
}

fn number(field: &[u8]) -> Option<u64> {
    std::str::from_utf8(field).ok()?.trim().parse().ok()
}
