//! The practice registry as the window shows it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::UserError;

/// Whether the practice registry serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PracticeState {
    /// Switched off.
    Off,
    /// Making its images.
    Starting,
    /// Serving.
    Running,
    /// It could not start.
    Failed,
}

/// A sample image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PracticeImage {
    /// Its full reference.
    pub reference: String,
    /// Its short reference.
    pub familiar: String,
    /// Key of its description in the catalogue, under `registries.samples`.
    pub title: String,
    /// Compressed bytes.
    pub download_bytes: u64,
    /// Layers.
    pub layer_count: usize,
}

/// The practice registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PracticeStatus {
    /// Whether it serves.
    pub state: PracticeState,
    /// `localhost:port`, while it serves.
    pub address: Option<String>,
    /// What it holds.
    pub images: Vec<PracticeImage>,
    /// Why it does not serve.
    pub error: Option<UserError>,
}
