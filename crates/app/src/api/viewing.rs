//! The content of one file: as text, as bytes, as what it is; and saved.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Scope;

/// How a file's content is best shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ContentKind {
    /// There is none.
    Empty,
    /// Text in some encoding.
    Text,
    /// JSON.
    Json,
    /// A picture.
    Image,
    /// An executable or a library.
    Elf,
    /// Several files in one.
    Archive,
    /// Bytes.
    Bytes,
}

/// A row of a list of files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileAt {
    /// The image's manifest digest.
    pub manifest: String,
    /// The layer of the list, 1 is the oldest.
    pub layer: usize,
    /// Its changes, or the system up to it.
    pub scope: Scope,
    /// The row.
    pub id: u32,
}

/// The beginning of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FilePreview {
    /// What it is.
    pub kind: ContentKind,
    /// Its media type, as its first bytes tell.
    pub media_type: String,
    /// The text, if it is text.
    pub text: Option<String>,
    /// What the text is encoded in.
    pub encoding: Option<String>,
    /// Whether there is more.
    pub truncated: bool,
    /// The size of the whole file.
    pub size_bytes: u64,
}

/// Which bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileHexRead {
    /// The file.
    pub at: FileAt,
    /// The first byte, from 0.
    pub offset: u64,
    /// How many bytes, at most 64 KiB.
    pub count: u64,
}

/// Some bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HexPage {
    /// The first byte shown.
    pub offset: u64,
    /// A line for every sixteen bytes: where, which, and what of them is ASCII.
    pub text: String,
    /// The size of the whole file.
    pub size_bytes: u64,
}

/// How a program finds its libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ElfLinking {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ElfFacts {
    /// The processor, as platforms name it.
    pub machine: String,
    /// 32 or 64.
    pub bits: u8,
    /// Whether this machine has such a processor.
    pub runs_here: bool,
    /// How it is linked.
    pub linking: ElfLinking,
    /// The program that loads it.
    pub interpreter: Option<String>,
    /// The name that others link to.
    pub soname: Option<String>,
    /// Libraries that it needs.
    pub needed: Vec<String>,
    /// Where it looks for them first.
    pub run_path: Option<String>,
    /// The build's ID.
    pub build_id: Option<String>,
    /// Whether names for debugging were removed.
    pub is_stripped: bool,
    /// Whether Go made it.
    pub is_go: bool,
}

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedFile {
    /// Its path, as it can be shown.
    pub path: String,
    /// Its bytes, unpacked.
    pub size_bytes: u64,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// What a file is, beyond its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type")]
pub enum FileDetails {
    /// A picture, as an address that holds it.
    Image {
        /// `data:image/png;base64,…`
        address: String,
    },
    /// An executable or a library.
    Elf {
        /// What it says of itself.
        facts: ElfFacts,
    },
    /// Several files in one.
    Archive {
        /// The first of them.
        files: Vec<ArchivedFile>,
        /// Whether there are more.
        truncated: bool,
    },
    /// There is nothing to tell: it is too large, or not what it looks like.
    Nothing,
}

/// What to save, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileSave {
    /// The file or folder.
    pub at: FileAt,
    /// The folder of this machine that it is put into.
    pub folder: String,
}

/// What was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileSaved {
    /// Where it is now.
    pub path: String,
    /// Files.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Devices, pipes and names that could not be written.
    pub skipped: u64,
}
