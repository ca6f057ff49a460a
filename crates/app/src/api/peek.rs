//! The files of one layer, read from its registry and not kept.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{OpenBase, SortBy};

/// Which layer of which image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LayerPeekStart {
    /// The image's reference.
    pub reference: String,
    /// The platform; none for this machine's.
    pub platform: Option<String>,
    /// The layer's digest.
    pub layer: String,
}

/// Where a list of files comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PeekSource {
    /// The store has the layer.
    Store,
    /// The whole layer was read, and is what its digest and diff ID say.
    WholeLayer,
    /// The layer's own table of contents (eStargz or zstd:chunked), which is what the manifest says.
    TableOfContents,
    /// A table of contents that nothing vouches for.
    UncheckedTable,
}

/// A layer's list of files, ready to be paged through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PeekedLayer {
    /// The layer's digest.
    pub layer: String,
    /// Where the list comes from.
    pub source: PeekSource,
    /// Bytes that were downloaded for it; none of them are kept.
    pub downloaded_bytes: u64,
    /// Bytes of the whole layer.
    pub layer_bytes: u64,
}

/// Which page of a layer's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PeekRowsRead {
    /// The layer's digest, as the finished job names it.
    pub layer: String,
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
