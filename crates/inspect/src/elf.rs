//! ELF files (System V ABI, ELF-64 Object File Format), read without trust: sections and segments, for what compilers leave
//! in them.

mod image;

pub(crate) use image::Elf;

#[cfg(test)]
pub(crate) mod fixture;
