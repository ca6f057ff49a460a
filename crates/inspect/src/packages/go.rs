//! What Go's linker writes into programs: its version and the modules (Go, debug/buildinfo).

use std::io::{Read, Seek};

use super::{Ecosystem, Package};
use crate::bounded::{Fields, index, text};
use crate::elf::Elf;
use crate::{EntryPath, InspectError};

const MAGIC: &[u8] = b"\xff Go buildinf:";
/// The most of a section or segment that is searched.
const SEARCHED_BYTES: u64 = 1 << 20;
/// The longest list of modules that is read.
const LIST_BYTES: u64 = 16 << 20;
/// More modules than any program has.
const MOST_MODULES: usize = 20_000;

/// The modules of a Go program, and Go itself as `stdlib`; none for another program.
pub(super) fn read(
    elf: &Elf,
    reader: &mut (impl Read + Seek),
    evidence: &EntryPath,
) -> Result<Vec<Package>, InspectError> {
    let Some(blob) = find(elf, reader)? else { return Ok(Vec::new()) };
    let Some((version, modules)) = texts(elf, reader, &blob)? else { return Ok(Vec::new()) };
    let mut packages = Vec::new();
    let version = text(&version, 100);
    if let Some(number) = version.strip_prefix("go") {
        let number = number.split_whitespace().next().unwrap_or_default();
        packages.push(Package::new(Ecosystem::Go, "stdlib", number, evidence));
    }
    // The list stands between two marks of 16 bytes, by which Go finds it in memory.
    let end = modules.len().saturating_sub(16);
    list(modules.get(16..end).unwrap_or_default(), evidence, &mut packages);
    Ok(packages)
}

/// The blob with its magic, with all that follows it in its section.
fn find(elf: &Elf, reader: &mut (impl Read + Seek)) -> Result<Option<Vec<u8>>, InspectError> {
    const LOADED: u32 = 1;
    const WRITABLE: u32 = 2;
    let bytes = match elf.section_named(".go.buildinfo") {
        Some(section) => elf.bytes_of(reader, section, LIST_BYTES)?,
        None if elf.sections.iter().any(|section| section.name == ".gopclntab")
            || elf.sections.is_empty() =>
        {
            let data =
                elf.segments.iter().find(|part| part.kind == LOADED && part.flags & WRITABLE != 0);
            match data {
                Some(segment) => elf.start_of(reader, segment, SEARCHED_BYTES)?,
                None => None,
            }
        }
        None => None,
    };
    let Some(bytes) = bytes else { return Ok(None) };
    let at = (0..bytes.len()).step_by(16).find(|at| bytes[*at..].starts_with(MAGIC));
    Ok(at.map(|at| bytes[at..].to_vec()))
}

/// Go's version and the list of modules.
type Texts = (Vec<u8>, Vec<u8>);

fn texts(
    elf: &Elf,
    reader: &mut (impl Read + Seek),
    blob: &[u8],
) -> Result<Option<Texts>, InspectError> {
    let (Some(pointer_size), Some(flags)) = (blob.get(14), blob.get(15)) else { return Ok(None) };
    if flags & 2 != 0 {
        let inline = |rest| counted(rest);
        let Some((version, rest)) = blob.get(32..).and_then(inline) else { return Ok(None) };
        let modules = inline(rest).map(|(modules, _)| modules).unwrap_or_default();
        return Ok(Some((version.to_vec(), modules.to_vec())));
    }
    let fields = Fields { bytes: blob, is_big_endian: flags & 1 != 0 };
    let size = usize::from(*pointer_size);
    let (Some(version), Some(modules)) =
        (pointer(fields, 16, size), pointer(fields, 16 + size, size))
    else {
        return Ok(None);
    };
    let Some(version) = pointed(elf, reader, version, fields.is_big_endian, size)? else {
        return Ok(None);
    };
    let modules = pointed(elf, reader, modules, fields.is_big_endian, size)?;
    Ok(Some((version, modules.unwrap_or_default())))
}

/// Bytes after their length as a varint, and what follows them.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut length = 0_u64;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        length |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            let start = at + 1;
            let end = start.checked_add(index(length))?;
            return Some((bytes.get(start..end)?, &bytes[end..]));
        }
    }
    None
}

fn pointer(fields: Fields<'_>, at: usize, size: usize) -> Option<u64> {
    match size {
        4 => fields.u32(at).map(u64::from),
        8 => fields.u64(at),
        _ => None,
    }
}

/// The bytes of a Go string: at the address stand an address and a length.
fn pointed(
    elf: &Elf,
    reader: &mut (impl Read + Seek),
    address: u64,
    is_big_endian: bool,
    size: usize,
) -> Result<Option<Vec<u8>>, InspectError> {
    let Some(header) = elf.bytes_at(reader, address, 2 * size as u64, 16)? else { return Ok(None) };
    let fields = Fields { bytes: &header, is_big_endian };
    let (Some(address), Some(length)) = (pointer(fields, 0, size), pointer(fields, size, size))
    else {
        return Ok(None);
    };
    elf.bytes_at(reader, address, length, LIST_BYTES)
}

/// Lines of `mod` and `dep` with path, version and sum, each perhaps followed by `=>` with what replaces it.
fn list(lines: &[u8], evidence: &EntryPath, packages: &mut Vec<Package>) {
    for line in lines.split(|byte| *byte == b'\n').take(MOST_MODULES) {
        let mut parts = line.split(|byte| *byte == b'\t').map(|part| text(part, 500));
        let (kind, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let version = parts.next().unwrap_or_default();
        let is_module = matches!(kind.as_str(), "mod" | "dep" | "=>") && !name.is_empty();
        if !is_module {
            continue;
        }
        if kind == "=>" {
            // A folder beside the program has no name of its own.
            if name.starts_with(['.', '/']) {
                continue;
            }
            packages.pop();
        }
        packages.push(Package::new(Ecosystem::Go, &name, &version, evidence));
    }
}

#[cfg(test)]
mod tests;
