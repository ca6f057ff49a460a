//! The documents of an image as they are stored, and their digests computed anew.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a document is to an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ChainRole {
    /// The list of images, one for each platform.
    Index,
    /// The list of an image's parts.
    Manifest,
    /// The image's settings and history.
    Config,
}

/// One stored document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChainDocument {
    /// What it is.
    pub role: ChainRole,
    /// Its digest.
    pub digest: String,
    /// Its media type, as it or what points to it says.
    pub media_type: String,
    /// Its bytes.
    pub size_bytes: u64,
    /// Its exact text.
    pub text: String,
}

/// A layer as the manifest and the config name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChainLayer {
    /// Its number, 1 is the oldest.
    pub layer: usize,
    /// Its digest, from the manifest.
    pub digest: String,
    /// The digest of its plain tar, from the config.
    pub diff_id: String,
    /// Its media type.
    pub media_type: String,
    /// Compressed bytes.
    pub size_bytes: u64,
}

/// From the name down to the layers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Chain {
    /// Index (where there is one), manifest, config.
    pub documents: Vec<ChainDocument>,
    /// The layers, the oldest first.
    pub layers: Vec<ChainLayer>,
}

/// Whose documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChainRead {
    /// The image's manifest digest.
    pub manifest: String,
    /// The reference it is shown under.
    pub reference: Option<String>,
}

/// Which digest to compute anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type")]
pub enum DigestCheckRead {
    /// Of a document or of a layer as it was downloaded.
    Blob {
        /// The digest that it should have.
        digest: String,
    },
    /// Of a layer's plain tar.
    DiffId {
        /// The image's manifest digest.
        manifest: String,
        /// The layer, 1 is the oldest.
        layer: usize,
    },
}

/// A digest, computed anew from the stored bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DigestCheck {
    /// What it should be.
    pub expected: String,
    /// What it is.
    pub found: String,
    /// Bytes that were read for it.
    pub bytes: u64,
}
