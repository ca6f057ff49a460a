//! What came of a layer that was unpacked.

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

/// What could not be made of a layer, or of a run, and was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedParts {
    /// How many.
    pub count: u64,
    /// The first hundred: the path, and which part of it. Bytes that are no UTF-8 are replaced.
    pub named: Vec<(String, String)>,
}
