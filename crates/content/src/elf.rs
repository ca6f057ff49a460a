//! What an ELF file says of itself (System V ABI, gABI chapters 4 and 5).

use std::io::{Read, Seek};

use object::elf;
use object::read::elf::{Dyn, FileHeader, ProgramHeader, SectionHeader};
use object::{Endianness, FileKind, ReadCache, ReadRef};

use crate::InspectError;

/// The longest name and the most libraries that are told.
const MOST_NAME_BYTES: usize = 4096;
const MOST_LIBRARIES: usize = 1000;

/// How a program finds its libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linking {
    /// By an interpreter, when it starts.
    Dynamic,
    /// It needs none.
    Static,
    /// It is a library itself.
    Library,
    /// A part of a program, a core, or anything else.
    Other,
}

/// What an ELF file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElfSummary {
    /// The processor, by the name that container platforms have for it where they have one.
    pub machine: String,
    /// 32 or 64.
    pub bits: u8,
    /// Whether the least byte comes first.
    pub is_little_endian: bool,
    /// How it is linked.
    pub linking: Linking,
    /// Whether it can be loaded at any address.
    pub is_position_independent: bool,
    /// The program that loads it.
    pub interpreter: Option<String>,
    /// The name that others link to.
    pub soname: Option<String>,
    /// Libraries that it needs, in order.
    pub needed: Vec<String>,
    /// Where it looks for them first.
    pub run_path: Option<String>,
    /// The build's ID, in hexadecimal digits.
    pub build_id: Option<String>,
    /// Whether names for debugging were removed.
    pub is_stripped: bool,
    /// Whether Go made it.
    pub is_go: bool,
}

/// Reads what an ELF file says of itself. Only headers and tables are read.
///
/// # Errors
/// [`InspectError::Malformed`] if it is none, or a damaged one.
pub fn elf_summary<R: Read + Seek>(source: R) -> Result<ElfSummary, InspectError> {
    let cache = ReadCache::new(source);
    let found = match FileKind::parse(&cache) {
        Ok(FileKind::Elf32) => summary::<elf::FileHeader32<Endianness>, _>(&cache, 32),
        Ok(FileKind::Elf64) => summary::<elf::FileHeader64<Endianness>, _>(&cache, 64),
        Ok(_) => return Err(malformed("it is no ELF file")),
        Err(error) => Err(error),
    };
    found.map_err(|error| malformed(&error.to_string()))
}

fn malformed(reason: &str) -> InspectError {
    InspectError::Malformed { what: "ELF file", reason: reason.to_owned() }
}

fn summary<'data, H, R>(data: R, bits: u8) -> object::read::Result<ElfSummary>
where
    H: FileHeader<Endian = Endianness>,
    R: ReadRef<'data>,
{
    let header = H::parse(data)?;
    let endian = header.endian()?;
    let segments = header.program_headers(endian, data)?;
    let mut interpreter = None;
    let mut dynamic = Tables::default();
    for segment in segments {
        if let Ok(Some(bytes)) = segment.interpreter(endian, data) {
            interpreter = Some(name(bytes));
        }
        if let Ok(Some(entries)) = segment.dynamic(endian, data) {
            dynamic.read::<H, R>(endian, entries, segments, data);
        }
    }
    let sections = header.sections(endian, data).ok();
    let named = |wanted: &[u8]| {
        sections.as_ref().is_some_and(|all| {
            all.iter()
                .any(|section| all.section_name(endian, section).is_ok_and(|found| found == wanted))
        })
    };
    let build_id = sections.as_ref().and_then(|all| {
        all.iter().take(1000).find_map(|section| {
            let mut notes = section.notes(endian, data).ok()??;
            while let Ok(Some(note)) = notes.next() {
                if note.name() == elf::ELF_NOTE_GNU && note.n_type(endian) == elf::NT_GNU_BUILD_ID {
                    let digits = note.desc().iter().take(64).map(|byte| format!("{byte:02x}"));
                    return Some(digits.collect::<String>());
                }
            }
            None
        })
    });
    let kind = header.e_type(endian);
    let is_executable =
        kind == elf::ET_EXEC || (kind == elf::ET_DYN && (interpreter.is_some() || dynamic.is_pie));
    let linking = match (kind, is_executable) {
        (_, true) if interpreter.is_some() || !dynamic.needed.is_empty() => Linking::Dynamic,
        (_, true) => Linking::Static,
        (elf::ET_DYN, false) => Linking::Library,
        _ => Linking::Other,
    };
    Ok(ElfSummary {
        machine: machine(header.e_machine(endian)),
        bits,
        is_little_endian: endian == Endianness::Little,
        linking,
        is_position_independent: kind == elf::ET_DYN,
        interpreter,
        soname: dynamic.soname,
        needed: dynamic.needed,
        run_path: dynamic.run_path,
        build_id,
        is_stripped: !named(b".symtab"),
        is_go: named(b".go.buildinfo") || named(b".gopclntab"),
    })
}

/// What the dynamic table names.
#[derive(Debug, Default)]
struct Tables {
    soname: Option<String>,
    needed: Vec<String>,
    run_path: Option<String>,
    is_pie: bool,
}

impl Tables {
    fn read<'data, H, R>(
        &mut self,
        endian: Endianness,
        entries: &[H::Dyn],
        segments: &[H::ProgramHeader],
        data: R,
    ) where
        H: FileHeader<Endian = Endianness>,
        R: ReadRef<'data>,
    {
        let value = |tag: elf::DynamicTag| {
            let found = entries.iter().find(|entry| Dyn::d_tag(*entry, endian) == tag);
            found.map(|entry| -> u64 { entry.d_val(endian).into() })
        };
        let table = value(elf::DT_STRTAB).and_then(|at| in_file::<H>(endian, segments, at));
        let size = value(elf::DT_STRSZ).unwrap_or(0);
        let text = |at: u64| {
            let begin = table?.checked_add(at)?;
            let most = size.checked_sub(at)?.min(MOST_NAME_BYTES as u64);
            let bytes = data.read_bytes_at(begin, most).ok()?;
            Some(name(bytes.split(|&byte| byte == 0).next()?))
        };
        for entry in entries.iter().take(100 * MOST_LIBRARIES) {
            let tag = entry.d_tag(endian);
            let at: u64 = entry.d_val(endian).into();
            if tag == elf::DT_NEEDED && self.needed.len() < MOST_LIBRARIES {
                self.needed.extend(text(at));
            } else if tag == elf::DT_SONAME {
                self.soname = text(at);
            } else if tag == elf::DT_RUNPATH || tag == elf::DT_RPATH {
                self.run_path = text(at);
            } else if tag == elf::DT_FLAGS_1 {
                self.is_pie = at & elf::DF_1_PIE.0 != 0;
            }
        }
    }
}

/// Where an address of the running program is in the file.
fn in_file<H: FileHeader<Endian = Endianness>>(
    endian: Endianness,
    segments: &[H::ProgramHeader],
    address: u64,
) -> Option<u64> {
    segments.iter().find_map(|segment| {
        let begin: u64 = segment.p_vaddr(endian).into();
        let size: u64 = segment.p_filesz(endian).into();
        let offset: u64 = segment.p_offset(endian).into();
        let at = address.checked_sub(begin).filter(|at| *at < size)?;
        (segment.p_type(endian) == elf::PT_LOAD).then(|| offset.checked_add(at)).flatten()
    })
}

fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(MOST_NAME_BYTES)]).into_owned()
}

fn machine(code: elf::Machine) -> String {
    let known = match code {
        elf::EM_X86_64 => "amd64",
        elf::EM_386 => "386",
        elf::EM_AARCH64 => "arm64",
        elf::EM_ARM => "arm",
        elf::EM_RISCV => "riscv64",
        elf::EM_PPC64 => "ppc64le",
        elf::EM_S390 => "s390x",
        elf::EM_MIPS => "mips",
        elf::EM_LOONGARCH => "loong64",
        elf::EM_BPF => "bpf",
        _ => return format!("machine {}", code.0),
    };
    known.to_owned()
}
