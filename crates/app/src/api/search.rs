//! Files of all layers, found as somebody types.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::FileKind;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FilesSearch {
    /// The image's manifest digest.
    pub manifest: String,
    /// A part of a name, a glob, or the end of a path.
    pub text: String,
    /// How many finds are told, at most 200.
    pub limit: usize,
}

/// A path of a layer that fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundFile {
    /// From the root, without leading slash, as it can be shown.
    pub path: String,
    /// The layer, 1 is the oldest.
    pub layer: usize,
    /// What it is; of a deletion a file.
    pub kind: FileKind,
    /// Bytes of a file, or of all below a folder in this layer.
    pub size_bytes: u64,
    /// The layer deletes the path.
    pub is_deletion: bool,
    /// The next later layer that has or deletes the path; none if this is what the image shows.
    pub hidden_by: Option<usize>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundFiles {
    /// The best of them.
    pub found: Vec<FoundFile>,
    /// How many there are in all.
    pub total: usize,
}
