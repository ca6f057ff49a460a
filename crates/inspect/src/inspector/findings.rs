//! What was found in a layer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::secrets::Secret;
use crate::{EntryPath, OsRelease, Package, PackageSource};

/// The version of [`LayerFindings`]: findings of another version are to be made anew. It grows whenever the fields
/// change, or what the parsers and rules find.
pub const FORMAT: u32 = 2;

/// How much of one kind there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KindTotal {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Something that was not looked at, or not all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// Which file.
    pub path: EntryPath,
    /// Why.
    pub reason: WarningReason,
}

/// Why something was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum WarningReason {
    /// It is larger than what is read.
    TooLarge {
        /// Its bytes.
        size_bytes: u64,
    },
    /// It could not be read.
    Unread {
        /// What is wrong.
        reason: String,
    },
    /// The layer has more of something than is kept.
    TooMany {
        /// Of what.
        what: String,
    },
}

/// What was found in a layer. It depends on the layer's bytes alone, and may be kept under its diff ID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerFindings {
    /// [`FORMAT`] when it was made.
    pub format: u32,
    /// Sorted by ecosystem, name, version.
    pub packages: Vec<Package>,
    /// The files that list packages, also those that list none or could not be read.
    pub sources: Vec<PackageSource>,
    /// The surest first, then by place.
    pub secrets: Vec<Secret>,
    /// All regular files by what is in them.
    pub kinds: BTreeMap<Kind, KindTotal>,
    /// What the layer's os-release says, if it has one.
    pub os_release: Option<OsRelease>,
    /// What was not looked at.
    pub warnings: Vec<Warning>,
}

impl Default for LayerFindings {
    fn default() -> Self {
        Self {
            format: FORMAT,
            packages: Vec::new(),
            sources: Vec::new(),
            secrets: Vec::new(),
            kinds: BTreeMap::new(),
            os_release: None,
            warnings: Vec::new(),
        }
    }
}

impl LayerFindings {
    pub(super) fn count(&mut self, kind: Kind, bytes: u64) {
        let total = self.kinds.entry(kind).or_default();
        total.files += 1;
        total.bytes = total.bytes.saturating_add(bytes);
    }
}
