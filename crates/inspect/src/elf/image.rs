//! The headers of an ELF file, and reading by section and by address.

use std::io::{Read, Seek};

use crate::InspectError;
use crate::bounded::{Fields, index, span, text};

/// More program or section headers than any file has.
const MOST_HEADERS: u64 = 65_536;
/// The most of a table of names that is read.
const NAMES_BYTES: u64 = 4 << 20;

/// A section header.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) kind: u32,
    pub(crate) offset: u64,
    pub(crate) size: u64,
}

/// A program header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment {
    pub(crate) kind: u32,
    pub(crate) flags: u32,
    pub(crate) offset: u64,
    pub(crate) address: u64,
    pub(crate) file_size: u64,
}

/// An ELF file's headers.
#[derive(Debug)]
pub(crate) struct Elf {
    pub(crate) is_64: bool,
    pub(crate) is_big_endian: bool,
    pub(crate) segments: Vec<Segment>,
    pub(crate) sections: Vec<Section>,
}

const fn malformed(reason: &'static str) -> InspectError {
    InspectError::malformed("ELF", reason)
}

impl Elf {
    /// Reads the headers.
    pub(crate) fn read(reader: &mut (impl Read + Seek)) -> Result<Self, InspectError> {
        let head = span(reader, 0, 52, 64)?.ok_or(malformed("it is too short"))?;
        if !head.starts_with(b"\x7fELF") {
            return Err(malformed("it does not start like one"));
        }
        let is_64 = match head[4] {
            1 => false,
            2 => true,
            _ => return Err(malformed("its class is neither 32 nor 64 bit")),
        };
        let is_big_endian = match head[5] {
            1 => false,
            2 => true,
            _ => return Err(malformed("its byte order is none")),
        };
        let header_size = if is_64 { 64 } else { 52 };
        let head = span(reader, 0, header_size, 64)?.ok_or(malformed("it is too short"))?;
        let fields = Fields { bytes: &head, is_big_endian };
        let mut elf = Self { is_64, is_big_endian, segments: Vec::new(), sections: Vec::new() };
        elf.read_tables(reader, fields)?;
        Ok(elf)
    }

    fn read_tables(
        &mut self,
        reader: &mut (impl Read + Seek),
        fields: Fields<'_>,
    ) -> Result<(), InspectError> {
        let word = |at_64, at_32| {
            if self.is_64 { fields.u64(at_64) } else { fields.u32(at_32).map(u64::from) }
        };
        let half =
            |at_64, at_32| fields.u16(if self.is_64 { at_64 } else { at_32 }).unwrap_or_default();
        let (segments_at, sections_at) =
            (word(32, 28).unwrap_or_default(), word(40, 32).unwrap_or_default());
        let (segment_size, segments) = (half(54, 42), half(56, 44));
        let (section_size, sections, names) = (half(58, 46), half(60, 48), half(62, 50));
        self.segments =
            self.table(reader, segments_at, segments.into(), segment_size, Self::segment)?;
        let mut count = u64::from(sections);
        let mut names = u64::from(names);
        if sections_at != 0 && (count == 0 || names == 0xffff) {
            // Too many for the header: the first section header holds the numbers.
            let first = self.table(reader, sections_at, 1, section_size, Self::section)?;
            if let Some((_, link, section)) = first.first() {
                count = if count == 0 { section.size } else { count };
                names = if names == 0xffff { u64::from(*link) } else { names };
            }
        }
        let table = self.table(reader, sections_at, count, section_size, Self::section)?;
        self.name_sections(reader, table, names)
    }

    /// Entries of one size, one after the other; none if they are not all there.
    fn table<T>(
        &self,
        reader: &mut (impl Read + Seek),
        offset: u64,
        count: u64,
        size: u16,
        read: fn(&Self, Fields<'_>) -> Option<T>,
    ) -> Result<Vec<T>, InspectError> {
        if offset == 0 || count == 0 || count > MOST_HEADERS || !(32..=256).contains(&size) {
            return Ok(Vec::new());
        }
        let size = u64::from(size);
        let Some(bytes) = span(reader, offset, count * size, MOST_HEADERS * 256)? else {
            return Ok(Vec::new());
        };
        let fields = |bytes| Fields { bytes, is_big_endian: self.is_big_endian };
        Ok(bytes.chunks_exact(index(size)).filter_map(|bytes| read(self, fields(bytes))).collect())
    }

    fn segment(&self, fields: Fields<'_>) -> Option<Segment> {
        Some(if self.is_64 {
            Segment {
                kind: fields.u32(0)?,
                flags: fields.u32(4)?,
                offset: fields.u64(8)?,
                address: fields.u64(16)?,
                file_size: fields.u64(32)?,
            }
        } else {
            Segment {
                kind: fields.u32(0)?,
                flags: fields.u32(24)?,
                offset: fields.u32(4)?.into(),
                address: fields.u32(8)?.into(),
                file_size: fields.u32(16)?.into(),
            }
        })
    }

    /// Where its name stands, what it links to, and the section.
    fn section(&self, fields: Fields<'_>) -> Option<(u32, u32, Section)> {
        let (offset, size, link) = if self.is_64 {
            (fields.u64(24)?, fields.u64(32)?, fields.u32(40)?)
        } else {
            (fields.u32(16)?.into(), fields.u32(20)?.into(), fields.u32(24)?)
        };
        let kind = fields.u32(4)?;
        let section = Section { name: String::new(), kind, offset, size };
        Some((fields.u32(0)?, link, section))
    }

    fn name_sections(
        &mut self,
        reader: &mut (impl Read + Seek),
        table: Vec<(u32, u32, Section)>,
        names: u64,
    ) -> Result<(), InspectError> {
        let names = match table.get(index(names)) {
            Some((_, _, section)) => span(reader, section.offset, section.size, NAMES_BYTES)?,
            None => None,
        }
        .unwrap_or_default();
        let names = Fields::little(&names);
        self.sections = table
            .into_iter()
            .map(|(at, _, section)| {
                let name = names.until_nul(index(at.into())).unwrap_or_default();
                Section { name: text(name, 100), ..section }
            })
            .collect();
        Ok(())
    }

    /// The section of this name.
    pub(crate) fn section_named(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// A section's bytes; nothing if it has none in the file or more than `most`.
    pub(crate) fn bytes_of(
        &self,
        reader: &mut (impl Read + Seek),
        section: &Section,
        most: u64,
    ) -> Result<Option<Vec<u8>>, InspectError> {
        const WITHOUT_BYTES: u32 = 8;
        if section.kind == WITHOUT_BYTES {
            return Ok(None);
        }
        Ok(span(reader, section.offset, section.size, most)?)
    }

    /// The bytes that stand at an address once the file is loaded.
    pub(crate) fn bytes_at(
        &self,
        reader: &mut (impl Read + Seek),
        address: u64,
        length: u64,
        most: u64,
    ) -> Result<Option<Vec<u8>>, InspectError> {
        let Some(offset) = self.offset_of(address, length) else { return Ok(None) };
        Ok(span(reader, offset, length, most)?)
    }

    /// Where in the file an address is loaded from.
    pub(crate) fn offset_of(&self, address: u64, length: u64) -> Option<u64> {
        self.segments.iter().filter(|segment| segment.kind == 1).find_map(|segment| {
            let within = address.checked_sub(segment.address)?;
            let fits = within.checked_add(length)? <= segment.file_size;
            fits.then(|| segment.offset.checked_add(within)).flatten()
        })
    }

    /// The bytes of a segment from its start, up to `most` of them.
    pub(crate) fn start_of(
        &self,
        reader: &mut (impl Read + Seek),
        segment: &Segment,
        most: u64,
    ) -> Result<Option<Vec<u8>>, InspectError> {
        Ok(span(reader, segment.offset, segment.file_size.min(most), most)?)
    }
}

#[cfg(test)]
mod tests;
