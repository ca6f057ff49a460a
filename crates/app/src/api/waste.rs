//! Buried bytes: downloaded, never seen; who is at fault, and what to do. And who has touched a path.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Change, Scope};

/// How a layer hides what a lower one brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Burial {
    /// By a version of its own.
    Overwritten,
    /// By deleting it, or a folder above it.
    Deleted,
}

/// What would keep bytes from being buried. Each has a sentence in the catalogue, under `waste.fix`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum WasteFix {
    /// Package lists: remove them in the instruction that fetched them.
    AptLists,
    /// What pip keeps of its downloads.
    PipCache,
    /// What npm, yarn or pnpm keep of theirs.
    NodeCache,
    /// Delete in the instruction that made it.
    SameInstruction,
    /// Give mode and owner while copying.
    CopyWithOwner,
    /// Do not copy what is deleted later.
    CopyLess,
    /// Copy it once only.
    CopyOnce,
    /// Change it in the instruction that made it.
    ChangeWhereMade,
    /// It comes with the base image: choose another, or put up with it.
    Base,
}

/// A file, or a folder with all that is in it, that is hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuriedPath {
    /// From the root, without leading slash, as it can be shown.
    pub path: String,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// How it is hidden.
    pub how: Burial,
    /// Bytes of it.
    pub bytes: u64,
    /// Files and links of it; 1 for a file.
    pub files: u64,
}

/// What one layer carries and another hides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WasteArc {
    /// The layer that carries it, 1 is the oldest.
    pub layer: usize,
    /// The layer that hides it.
    pub by: usize,
    /// Bytes of all of it.
    pub bytes: u64,
    /// Files and links of all of it.
    pub files: u64,
    /// How many paths there are.
    pub path_count: usize,
    /// The largest of them, the largest first.
    pub paths: Vec<BuriedPath>,
    /// What would help.
    pub fix: WasteFix,
    /// The instruction as it would then be; none where that cannot be told.
    pub line: Option<String>,
}

/// How much of a layer is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LayerWaste {
    /// The layer, 1 is the oldest.
    pub layer: usize,
    /// Bytes of its files.
    pub carried_bytes: u64,
    /// Bytes of those that a later layer hides.
    pub buried_bytes: u64,
}

/// What the layers of an image waste. All bytes are of plain files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WasteReport {
    /// Bytes of the files of all layers.
    pub carried_bytes: u64,
    /// Bytes of those that are hidden.
    pub buried_bytes: u64,
    /// As dive counts: bytes of the smallest version of each path. Its efficiency is this by `diveDiscoveredBytes`.
    pub dive_minimum_bytes: u64,
    /// As dive counts: bytes of all versions of all paths.
    pub dive_discovered_bytes: u64,
    /// As dive counts: bytes of all versions of paths with more than one.
    pub dive_wasted_bytes: u64,
    /// All layers, the oldest first.
    pub layers: Vec<LayerWaste>,
    /// Which layer hides how much of which, the most first.
    pub arcs: Vec<WasteArc>,
}

/// What one layer did to a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Touch {
    /// The layer, 1 is the oldest.
    pub layer: usize,
    /// What it did.
    pub change: Change,
    /// The instruction that made the layer.
    pub instruction: String,
    /// Bytes of the file as it was then; of a folder 0.
    pub size_bytes: u64,
}

/// Whose waste is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WasteRead {
    /// The image's manifest digest.
    pub manifest: String,
}

/// A row of a list of files, whose path is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhoRead {
    /// The image's manifest digest.
    pub manifest: String,
    /// The layer of the list, 1 is the oldest.
    pub layer: usize,
    /// Its changes, or the system up to it.
    pub scope: Scope,
    /// The row.
    pub id: u32,
}
