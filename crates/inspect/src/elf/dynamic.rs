//! The dynamic section: what the loader has to find.

use std::io::{Read, Seek};

use super::Elf;
use crate::InspectError;
use crate::bounded::{Fields, index, span, text};

/// The most of a dynamic section that is read.
const DYNAMIC_BYTES: u64 = 1 << 20;
/// The most of its texts that is read.
const TEXT_BYTES: u64 = 16 << 20;
/// More libraries than any program needs.
const MOST_LIBRARIES: usize = 2_000;

const NEEDED: u64 = 1;
const STRING_TABLE: u64 = 5;
const STRING_SIZE: u64 = 10;
const SONAME: u64 = 14;
const RPATH: u64 = 15;
const RUNPATH: u64 = 29;
const FLAGS_1: u64 = 0x6fff_fffb;
const FLAG_PIE: u64 = 0x0800_0000;

/// What the dynamic section says.
#[derive(Debug, Default)]
pub(super) struct Dynamic {
    pub(super) is_marked_pie: bool,
    pub(super) needed: Vec<String>,
    pub(super) soname: Option<String>,
    pub(super) rpath: Option<String>,
    pub(super) runpath: Option<String>,
}

impl Dynamic {
    pub(super) fn read(elf: &Elf, reader: &mut (impl Read + Seek)) -> Result<Self, InspectError> {
        const DYNAMIC: u32 = 2;
        let Some(segment) = elf.segments.iter().find(|segment| segment.kind == DYNAMIC) else {
            return Ok(Self::default());
        };
        let bytes = span(reader, segment.offset, segment.file_size, DYNAMIC_BYTES)?;
        let entries = entries(elf, &bytes.unwrap_or_default());
        let value = |tag| entries.iter().find(|(found, _)| *found == tag).map(|(_, value)| *value);
        let mut found = Self {
            is_marked_pie: value(FLAGS_1).is_some_and(|flags| flags & FLAG_PIE != 0),
            ..Self::default()
        };
        let (Some(address), Some(size)) = (value(STRING_TABLE), value(STRING_SIZE)) else {
            return Ok(found);
        };
        let Some(texts) = elf.bytes_at(reader, address, size, TEXT_BYTES)? else {
            return Ok(found);
        };
        let texts = Fields::little(&texts);
        let named = |at| texts.until_nul(index(at)).map(|bytes| text(bytes, 1_000));
        found.needed = entries
            .iter()
            .filter(|(tag, _)| *tag == NEEDED)
            .filter_map(|(_, at)| named(*at))
            .take(MOST_LIBRARIES)
            .collect();
        found.soname = value(SONAME).and_then(named);
        found.rpath = value(RPATH).and_then(named);
        found.runpath = value(RUNPATH).and_then(named);
        Ok(found)
    }
}

/// Tags with their values, up to the one that ends them.
fn entries(elf: &Elf, bytes: &[u8]) -> Vec<(u64, u64)> {
    let size = if elf.is_64 { 16 } else { 8 };
    bytes
        .chunks_exact(size)
        .filter_map(|bytes| {
            let fields = Fields { bytes, is_big_endian: elf.is_big_endian };
            if elf.is_64 {
                Some((fields.u64(0)?, fields.u64(8)?))
            } else {
                Some((fields.u32(0)?.into(), fields.u32(4)?.into()))
            }
        })
        .take_while(|(tag, _)| *tag != 0)
        .collect()
}
