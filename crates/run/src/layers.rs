//! What came of a layer that was unpacked, or made.

use serde::{Deserialize, Serialize};
use strata_spec::DiffId;

/// A layer that was unpacked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpackedLayer {
    /// The digest of its plain tar.
    pub diff_id: DiffId,
    /// The bytes of its plain tar.
    pub tar_bytes: u64,
    /// How many entries it has.
    pub entries: u64,
    /// What was left out.
    pub skipped: SkippedParts,
}

/// How what a run wrote becomes a layer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureSpec {
    /// Later times become this one (`SOURCE_DATE_EPOCH`): seconds since 1970.
    pub epoch: Option<i64>,
    /// Fractions of seconds are dropped.
    pub whole_seconds: bool,
}

/// What a run wrote, as a layer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapturedLayer {
    /// Entries of the layer; 0 if the run changed nothing.
    pub entries: u64,
    /// Bytes of the content of files.
    pub content_bytes: u64,
    /// What was left out.
    pub skipped: SkippedParts,
}

/// What could not be made of a layer, or of a run, and was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedParts {
    /// How many.
    pub count: u64,
    /// The first hundred: the path, and which part of it. Bytes that are no UTF-8 are replaced.
    pub named: Vec<(String, String)>,
}
