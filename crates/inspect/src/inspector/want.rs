//! What is wanted of an entry.

use crate::entry_path::last_part;
use crate::kinds::HEAD_BYTES;
use crate::os_release;
use crate::secrets::{NameRule, Surroundings};

/// The most of a text that is searched for secrets.
const TEXT_BYTES: u64 = 16 << 20;

/// What a [`super::LayerInspector`] wants of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Nothing: the entry is passed over.
    Nothing,
    /// The first bytes, which tell its kind.
    Head {
        /// How many of them are enough.
        most_bytes: u64,
    },
    /// The content.
    Whole {
        /// How many of the first bytes are enough: all of them, but for long texts.
        most_bytes: u64,
    },
}

/// Endings of files that are no text.
const BINARY: &[&[u8]] = &[
    b".so",
    b".a",
    b".o",
    b".pyc",
    b".pyo",
    b".png",
    b".jpg",
    b".jpeg",
    b".gif",
    b".webp",
    b".ico",
    b".gz",
    b".xz",
    b".bz2",
    b".zst",
    b".zip",
    b".whl",
    b".mo",
    b".gmo",
    b".class",
    b".woff",
    b".woff2",
    b".ttf",
    b".otf",
    b".wasm",
    b".node",
    b".exe",
    b".dll",
    b".db",
    b".sqlite",
    b".gresource",
    b".cache",
    b".bin",
    b".dat",
    b".pdf",
    b".ko",
    b".rlib",
    b".rmeta",
];

/// Endings of texts that may be long.
const LONG_TEXTS: &[&[u8]] = &[
    b".log",
    b".sql",
    b".json",
    b".txt",
    b".csv",
    b".xml",
    b".yaml",
    b".yml",
    b".env",
    b".tfstate",
    b".dump",
    b".bak",
];

/// What is wanted of a file that says nothing about packages.
pub(super) fn without_packages(path: &[u8], size: u64) -> Want {
    let name = last_part(path);
    let ends = |endings: &[&[u8]]| endings.iter().any(|ending| name.ends_with(ending));
    let is_telling = NameRule::of(path).is_some() || os_release::PATHS.contains(&path);
    let is_library = name.windows(4).any(|part| part == b".so.");
    let is_searched = Surroundings::of(path).is_searched()
        && !ends(BINARY)
        && !is_library
        && (size <= TEXT_BYTES || ends(LONG_TEXTS));
    if is_telling || is_searched {
        Want::Whole { most_bytes: size.min(TEXT_BYTES) }
    } else {
        Want::Head { most_bytes: HEAD_BYTES as u64 }
    }
}
