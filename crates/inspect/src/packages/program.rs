//! Lists of modules inside programs.

use std::io::{Read, Seek};

use super::Found;
use super::claim::modules;
use crate::bounded::span;
use crate::elf::Elf;
use crate::{EntryPath, InspectError};

/// Reads what a program lists; one that is no ELF file lists nothing.
pub(super) fn read(
    path: &EntryPath,
    reader: &mut (impl Read + Seek),
) -> Result<Found, InspectError> {
    if span(reader, 0, 4, 4)?.as_deref() != Some(b"\x7fELF") {
        return Ok(Found::default());
    }
    let elf = match Elf::read(reader) {
        Ok(elf) => elf,
        Err(InspectError::Source { source }) => return Err(InspectError::Source { source }),
        Err(_) => return Ok(Found::default()),
    };
    Ok(Found { packages: modules(&elf, reader, path)?, is_unread: false })
}
