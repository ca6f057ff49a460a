//! Processors by their number in ELF headers.

/// The processor in words.
pub(super) fn machine(number: u16, is_64: bool, is_big_endian: bool) -> String {
    let known = match number {
        3 => "x86",
        8 if is_big_endian => "MIPS",
        8 => "MIPS, little endian",
        20 => "PowerPC",
        21 if is_big_endian => "PowerPC 64",
        21 => "PowerPC 64, little endian",
        22 => "IBM Z",
        40 => "ARM",
        42 => "SuperH",
        43 => "SPARC 64",
        50 => "Itanium",
        62 if is_64 => "x86-64",
        62 => "x86-64 with 32-bit pointers",
        183 => "ARM 64",
        243 if is_64 => "RISC-V 64",
        243 => "RISC-V 32",
        247 => "BPF",
        258 => "LoongArch",
        _ => return format!("machine {number}"),
    };
    known.to_owned()
}
