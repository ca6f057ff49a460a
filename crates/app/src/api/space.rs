//! Where the bytes of an image are: a folder's parts, the largest first.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{FileKind, Scope};

/// Which folder of which files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SpaceRead {
    /// The image's manifest digest.
    pub manifest: String,
    /// The layer, 1 is the oldest; none for the image as it is in the end.
    pub layer: Option<usize>,
    /// What this layer brought, or the system up to it; without a layer, the latter.
    pub scope: Scope,
    /// The folder's row, as lists of files number it for the same layer and scope; none for the root.
    pub id: Option<u32>,
    /// Whether buried bytes are wanted too.
    pub buried: bool,
}

/// A folder on the way from the root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SpaceStep {
    /// Its row.
    pub id: u32,
    /// Its name, with what cannot be shown escaped.
    pub name: String,
}

/// How much one layer brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LayerBytes {
    /// The layer, 1 is the oldest.
    pub layer: usize,
    /// Bytes.
    pub bytes: u64,
}

/// A file, a folder, or several small ones together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SpacePart {
    /// Its row; none for several together, and for what is buried.
    pub id: Option<u32>,
    /// Its name, escaped alike; empty for several together.
    pub name: String,
    /// Its path from the root, without leading slash; of several together, their folder's.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// Bytes of it, or of all below it.
    pub bytes: u64,
    /// Files and links of it.
    pub files: u64,
    /// Its share of the folder that was asked for, from 0 to 1.
    pub share: f64,
    /// The layer that brought the most of it, 1 is the oldest.
    pub layer: usize,
    /// Whether that layer brought all of it.
    pub one_layer: bool,
    /// How many there are together; 1 for one.
    pub count: usize,
    /// The layer that hides it, if it is buried.
    pub by: Option<usize>,
    /// What is in it, the largest first; empty in the second level.
    pub children: Vec<SpacePart>,
}

/// A folder's parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Space {
    /// The folders from the root to this one, which is the last; empty at the root.
    pub steps: Vec<SpaceStep>,
    /// Bytes of the folder.
    pub bytes: u64,
    /// Its files and links.
    pub files: u64,
    /// Bytes of all files that are listed.
    pub all_bytes: u64,
    /// Bytes of it by layer, the oldest first; without layers that brought none.
    pub layers: Vec<LayerBytes>,
    /// What is in it, the largest first.
    pub parts: Vec<SpacePart>,
    /// Buried bytes below the folder; 0 if they are not wanted.
    pub buried_bytes: u64,
    /// What is buried there, the largest first.
    pub buried: Vec<SpacePart>,
}
