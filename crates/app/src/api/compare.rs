//! Two images beside each other: layers, settings, files; and two versions of one file.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{OpenBase, Scope, SortBy, StratumKind};

/// Where something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PairState {
    /// In both, the same.
    Same,
    /// In both, but different.
    Changed,
    /// Only in the left image.
    Left,
    /// Only in the right image.
    Right,
}

/// Which images are compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CompareRead {
    /// The manifest's digest of the left one.
    pub left: String,
    /// And of the right one.
    pub right: String,
}

/// Which tag is looked after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagChangesRead {
    /// The manifest's digest of the stored image.
    pub manifest: String,
    /// The reference whose image in its registry is compared with it.
    pub reference: String,
}

/// An image in a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComparedImage {
    /// Its short name.
    pub familiar: String,
    /// Its manifest's digest.
    pub manifest: String,
    /// `os/architecture[/variant]`.
    pub platform: String,
    /// When it was made, as it says.
    pub created: Option<String>,
    /// How many layers.
    pub layer_count: usize,
    /// Compressed bytes of all layers.
    pub download_bytes: u64,
    /// Bytes of all layers unpacked to tars; none while it is not here.
    pub size_bytes: Option<u64>,
    /// Whether it is in the store.
    pub is_here: bool,
}

/// One side of a pair of layers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComparedLayer {
    /// Its number in its image, 1 is the oldest.
    pub layer: usize,
    /// What made it.
    pub kind: StratumKind,
    /// The instruction.
    pub instruction: String,
    /// The layer's digest.
    pub digest: String,
    /// Compressed bytes.
    pub download_bytes: u64,
}

/// Two layers that correspond, or one that has nothing on the other side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LayerPair {
    /// `changed` means: the same instruction made another layer.
    pub state: PairState,
    /// Of the left image.
    pub left: Option<ComparedLayer>,
    /// Of the right image.
    pub right: Option<ComparedLayer>,
}

/// A setting of an image. Those that there are several of have a name beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SettingField {
    /// `os/architecture[/variant]`.
    Platform,
    /// ENTRYPOINT.
    Entrypoint,
    /// CMD.
    Command,
    /// USER.
    User,
    /// WORKDIR.
    WorkingDir,
    /// STOPSIGNAL.
    StopSignal,
    /// One variable of ENV.
    Env,
    /// One port of EXPOSE.
    Port,
    /// One path of VOLUME.
    Volume,
    /// One LABEL.
    Label,
}

/// One setting of both images.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingPair {
    /// Which.
    pub field: SettingField,
    /// Its name, where there may be several.
    pub name: String,
    /// How they differ.
    pub state: PairState,
    /// Its value in the left image.
    pub left: Option<String>,
    /// And in the right one.
    pub right: Option<String>,
}

/// How many files differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileCounts {
    /// Paths in both, with another content, kind, or mode and owner.
    pub changed: u64,
    /// Paths that only the left image has.
    pub left: u64,
    /// Paths that only the right image has.
    pub right: u64,
}

/// Two images beside each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The left one.
    pub left: ComparedImage,
    /// The right one.
    pub right: ComparedImage,
    /// Layers, the oldest first.
    pub layers: Vec<LayerPair>,
    /// Settings.
    pub settings: Vec<SettingPair>,
    /// Files; none while a layer of either is not in the store.
    pub files: Option<FileCounts>,
    /// Compressed bytes of the layers that both have.
    pub shared_bytes: u64,
    /// Compressed bytes of the right image that the store has not.
    pub missing_bytes: u64,
}

/// Which page of the files of a comparison. A row's `added` is only in the right image, `deleted` only in the left one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CompareRowsRead {
    /// The manifest's digest of the left image.
    pub left: String,
    /// And of the right one.
    pub right: String,
    /// Whether what is the same is listed too.
    pub all: bool,
    /// The order of siblings.
    pub sort: SortBy,
    /// A glob, or a part of a name; empty for all.
    pub filter: String,
    /// Whether folders are open unless in `except`.
    pub base: OpenBase,
    /// Row ids that differ from `base`.
    pub except: Vec<u32>,
    /// First visible row wanted, from 0.
    pub from: usize,
    /// How many rows, at most 1,000.
    pub count: usize,
}

/// Which two versions of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type")]
pub enum FileDiffRead {
    /// A row of a comparison of two images.
    Compared {
        /// The manifest's digest of the left image.
        left: String,
        /// And of the right one.
        right: String,
        /// The row.
        id: u32,
    },
    /// A row of a list of one image, and the same path as it was with an earlier layer on top.
    Layers {
        /// The image's manifest digest.
        manifest: String,
        /// The layer of the list, 1 is the oldest.
        layer: usize,
        /// Its changes, or the system up to it.
        scope: Scope,
        /// The row.
        id: u32,
        /// The layer of the older version.
        with: usize,
    },
}

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LineChange {
    /// It is in both.
    Same,
    /// It is only in the older, or left, version.
    Removed,
    /// It is only in the newer, or right, one.
    Added,
}

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiffLine {
    /// What happened to it.
    pub change: LineChange,
    /// Its number in the older version, from 1.
    pub old: Option<usize>,
    /// Its number in the newer version, from 1.
    pub new: Option<usize>,
    /// The line, without its end.
    pub text: String,
}

/// The lines around one difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiffHunk {
    /// They, in order.
    pub lines: Vec<DiffLine>,
}

/// How two versions of a file differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileDiff {
    /// Whether both are text; if not, there are no hunks.
    pub is_text: bool,
    /// Whether both have the same bytes.
    pub is_same: bool,
    /// Whether only the beginning of either was compared.
    pub is_cut: bool,
    /// Bytes of the older version.
    pub old_bytes: u64,
    /// Bytes of the newer version.
    pub new_bytes: u64,
    /// Lines that only the newer one has.
    pub added: usize,
    /// Lines that only the older one has.
    pub removed: usize,
    /// The differences.
    pub hunks: Vec<DiffHunk>,
}
