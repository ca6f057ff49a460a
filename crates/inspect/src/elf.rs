//! What an ELF file says about itself (System V ABI, ELF-64 Object File Format), read without trust.

mod dynamic;
mod image;
mod machine;
mod summary;

pub(crate) use image::{Elf, Section};
pub use summary::{ElfSummary, ElfType, summary};

#[cfg(test)]
pub(crate) mod fixture;
