//! rpm's own database form (rpm, lib/backend/ndb): a table of slots, then blobs, in blocks of 16 bytes, little endian.

use std::io::{Read, Seek};

use super::{HEADER_BYTES, MOST_DAMAGED};
use crate::InspectError;
use crate::bounded::{Fields, span};

const PAGE: u64 = 4_096;
const BLOCK: u64 = 16;
/// More pages of slots than any database has.
const MOST_PAGES: u32 = 4_096;

/// Hands over each blob until it is told to stop; says whether all could be read.
pub(super) fn blobs(
    reader: &mut (impl Read + Seek),
    take: &mut impl FnMut(&[u8]) -> bool,
) -> Result<bool, InspectError> {
    let Some(head) = span(reader, 0, 32, 32)? else { return Ok(false) };
    let pages = Fields::little(&head).u32(12).unwrap_or_default();
    if !head.starts_with(b"RpmP") || pages == 0 || pages > MOST_PAGES {
        return Ok(false);
    }
    let length = u64::from(pages) * PAGE;
    let Some(table) = span(reader, 0, length, length)? else { return Ok(false) };
    let mut damaged = 0;
    // The header takes the room of the first two slots.
    for slot in table[32..].chunks_exact(16) {
        let fields = Fields::little(slot);
        let (Some(package), Some(block)) = (fields.u32(4), fields.u32(8)) else { continue };
        if !slot.starts_with(b"Slot") || package == 0 {
            continue;
        }
        match blob(reader, u64::from(block) * BLOCK, package)? {
            Some(blob) => {
                if !take(&blob) {
                    return Ok(damaged == 0);
                }
            }
            None if damaged >= MOST_DAMAGED => return Ok(false),
            None => damaged += 1,
        }
    }
    Ok(damaged == 0)
}

/// The blob that stands here, if it is of this package.
fn blob(
    reader: &mut (impl Read + Seek),
    at: u64,
    package: u32,
) -> Result<Option<Vec<u8>>, InspectError> {
    let Some(head) = span(reader, at, 16, 16)? else { return Ok(None) };
    let fields = Fields::little(&head);
    let is_ours = head.starts_with(b"BlbS") && fields.u32(4) == Some(package);
    let Some(length) = fields.u32(12).filter(|_| is_ours) else { return Ok(None) };
    Ok(span(reader, at + 16, length.into(), HEADER_BYTES)?)
}
