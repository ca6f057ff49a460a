//! A Dockerfile rebuilt from an image's history.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a history does not tell of a line. Each has a sentence in the catalogue, under `dockerfile.unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Unknown {
    /// What the image was made from.
    Base,
    /// Which files were copied.
    Files,
    /// Whether they came from another stage.
    Stage,
    /// The command saw build arguments; their values stand in the history.
    Arguments,
    /// The mounts, secrets and network that a command may have had.
    Mounts,
    /// The step is none of a Dockerfile's.
    Foreign,
    /// Where it was set: the image has the setting, but no step of the history says so.
    Settings,
    /// Steps: the history has more or fewer than the image has layers.
    Steps,
}

/// One instruction of it; a long one takes several lines of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RebuiltLine {
    /// Its text.
    pub text: String,
    /// The layer that it made, 1 is the oldest; none if it made none.
    pub layer: Option<usize>,
    /// What is not known of it.
    pub unknown: Vec<Unknown>,
}

/// Whose Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DockerfileRead {
    /// The image's manifest digest.
    pub manifest: String,
}
