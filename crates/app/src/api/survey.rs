//! Several tags or platforms at once: what they are, before any of them is pulled.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which tags of a repository, for which platforms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Selection {
    /// A reference of the repository; its own tag does not matter.
    pub reference: String,
    /// The tags; empty for all.
    pub tags: Vec<String>,
    /// The platforms; empty for this machine's.
    pub platforms: Vec<String>,
    /// All platforms that there are, whatever `platforms` says.
    pub all_platforms: bool,
}

/// One image among several tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SurveyedImage {
    /// What the tags point to.
    pub target: String,
    /// The manifest's digest.
    pub manifest: String,
    /// All chosen tags that point to it, the most telling first.
    pub tags: Vec<String>,
    /// Its platform.
    pub platform: String,
    /// Compressed bytes of its layers.
    pub total_bytes: u64,
    /// Of these, bytes that the store has.
    pub here_bytes: u64,
}

/// A tag that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SurveyFailure {
    /// The tag.
    pub tag: String,
    /// Why.
    pub error: super::UserError,
}

/// What a selection comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Survey {
    /// The repository, in its short form.
    pub repository: String,
    /// How many tags were asked for.
    pub tag_count: usize,
    /// The different images, each once.
    pub images: Vec<SurveyedImage>,
    /// Compressed bytes that would arrive, each layer counted once.
    pub download_bytes: u64,
    /// Compressed bytes of layers that the store has, each counted once.
    pub here_bytes: u64,
    /// Tags that could not be read.
    pub failures: Vec<SurveyFailure>,
}

/// Several images to pull: what a survey found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PullManyStart {
    /// A reference of the repository.
    pub reference: String,
    /// The images, each with its tags.
    pub images: Vec<PullOfMany>,
}

/// One image of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PullOfMany {
    /// The tags that it gets; at least one.
    pub tags: Vec<String>,
    /// Its platform; none for this machine's.
    pub platform: Option<String>,
}
