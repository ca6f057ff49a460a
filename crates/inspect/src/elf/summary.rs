//! An ELF file in a few facts.

use std::io::{Read, Seek};

use serde::{Deserialize, Serialize};

use super::dynamic::Dynamic;
use super::machine::machine;
use super::{Elf, Section};
use crate::InspectError;
use crate::bounded::{Fields, span, text};

/// What an ELF file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ElfType {
    /// An object file, to be linked.
    Object,
    /// A program that is started.
    Program,
    /// A library that programs load.
    Library,
    /// The memory of a program that crashed.
    Core,
    /// Something else.
    Other,
}

/// An ELF file in a few facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ElfSummary {
    /// 32 or 64.
    pub bits: u8,
    /// The big end comes first.
    pub is_big_endian: bool,
    /// The processor in words.
    pub machine: String,
    /// What the file is for.
    #[serde(rename = "type")]
    pub kind: ElfType,
    /// The loader that starts it, as `/lib64/ld-linux-x86-64.so.2`.
    pub interpreter: Option<String>,
    /// The libraries that it needs, in the order of the file.
    pub needed: Vec<String>,
    /// Its name as a library.
    pub soname: Option<String>,
    /// Where libraries are searched first (RPATH).
    pub rpath: Option<String>,
    /// Where libraries are searched (RUNPATH).
    pub runpath: Option<String>,
    /// The build ID, hexadecimal.
    pub build_id: Option<String>,
    /// It has no table of symbols any more.
    pub is_stripped: bool,
    /// It has the sections of a debugger.
    pub has_debug_info: bool,
    /// A program that needs no loader and no library.
    pub is_static: bool,
    /// A program that can be loaded anywhere.
    pub is_pie: bool,
    /// It holds what Go puts into programs.
    pub is_go: bool,
    /// It holds what Rust puts into programs: symbols, or the list of cargo-auditable.
    pub is_rust: bool,
}

/// An ELF file in a few facts.
///
/// # Errors
/// [`InspectError`] if the source fails or the header is not one of ELF. Tables that are damaged further on say nothing
/// instead.
pub fn summary(reader: &mut (impl Read + Seek)) -> Result<ElfSummary, InspectError> {
    const INTERPRETER: u32 = 3;
    let elf = Elf::read(reader)?;
    let dynamic = Dynamic::read(&elf, reader)?;
    let interpreter = match elf.segments.iter().find(|segment| segment.kind == INTERPRETER) {
        Some(segment) => span(reader, segment.offset, segment.file_size, 4_096)?,
        None => None,
    };
    let interpreter = interpreter
        .and_then(|bytes| Fields::little(&bytes).until_nul(0).map(|bytes| text(bytes, 1_000)));
    let is_pie = elf.kind == 3 && (dynamic.is_marked_pie || interpreter.is_some());
    let kind = match elf.kind {
        1 => ElfType::Object,
        2 => ElfType::Program,
        3 if is_pie => ElfType::Program,
        3 => ElfType::Library,
        4 => ElfType::Core,
        _ => ElfType::Other,
    };
    let has = |name: &str| elf.section_named(name).is_some();
    Ok(ElfSummary {
        bits: if elf.is_64 { 64 } else { 32 },
        is_big_endian: elf.is_big_endian,
        machine: machine(elf.machine, elf.is_64, elf.is_big_endian),
        kind,
        is_stripped: !has(".symtab"),
        has_debug_info: has(".debug_info") || has(".zdebug_info"),
        is_static: kind == ElfType::Program && interpreter.is_none() && dynamic.needed.is_empty(),
        is_pie,
        is_go: has(".go.buildinfo") || has(".note.go.buildid") || has(".gopclntab"),
        is_rust: is_rust(&elf, reader)?,
        build_id: build_id(&elf, reader)?,
        interpreter,
        needed: dynamic.needed,
        soname: dynamic.soname,
        rpath: dynamic.rpath,
        runpath: dynamic.runpath,
    })
}

/// The note with the build ID: name length, value length, type 3, `GNU`, the value.
fn build_id(elf: &Elf, reader: &mut (impl Read + Seek)) -> Result<Option<String>, InspectError> {
    let Some(section) = elf.section_named(".note.gnu.build-id") else { return Ok(None) };
    let Some(bytes) = elf.bytes_of(reader, section, 4_096)? else { return Ok(None) };
    let fields = Fields { bytes: &bytes, is_big_endian: elf.is_big_endian };
    let id = (|| {
        let length = usize::try_from(fields.u32(4)?).ok()?;
        let is_ours =
            fields.u32(0)? == 4 && fields.u32(8)? == 3 && fields.slice(12, 4)? == b"GNU\0";
        is_ours.then(|| fields.slice(16, length.min(64))).flatten()
    })();
    Ok(id.map(|id| id.iter().map(|byte| format!("{byte:02x}")).collect()))
}

fn is_rust(elf: &Elf, reader: &mut (impl Read + Seek)) -> Result<bool, InspectError> {
    if elf.section_named(".dep-v0").is_some() {
        return Ok(true);
    }
    // The compiler leaves its name where linkers keep such remarks.
    let comment = match elf.section_named(".comment") {
        Some(section) => elf.bytes_of(reader, section, 64 << 10)?,
        None => None,
    };
    let contains = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|found| found == part);
    if comment.is_some_and(|bytes| contains(&bytes, b"rustc version")) {
        return Ok(true);
    }
    let names = elf.sections.iter().find(|section: &&Section| section.name == ".strtab");
    let names = match names {
        Some(section) => span(reader, section.offset, section.size.min(256 << 10), 256 << 10)?,
        None => None,
    };
    Ok(names.is_some_and(|bytes| {
        contains(&bytes, b"rust_begin_unwind") || contains(&bytes, b"rust_eh_personality")
    }))
}

#[cfg(test)]
mod tests;
