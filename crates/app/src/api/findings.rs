//! What the files of an image tell together: packages and secrets.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whose files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingsRead {
    /// The image's manifest digest.
    pub manifest: String,
}

/// A package that the image has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundPackage {
    /// Who packs it: `deb`, `apk`, `rpm`, `python`, `npm`, `gem`, `go`, `cargo`, `maven`.
    pub ecosystem: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The processor it is for.
    pub architecture: Option<String>,
    /// Its license, in its own words.
    pub license: Option<String>,
    /// The layer that brought it, 1 is the oldest.
    pub layer: usize,
    /// The file that says so, as it can be shown.
    pub path: String,
    /// Bytes that it takes, where it says so.
    pub installed_bytes: Option<u64>,
    /// Its package URL.
    pub purl: String,
}

/// How sure it is that something is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SecretSeverity {
    /// It may be none.
    Possible,
    /// It looks like one.
    Likely,
    /// It has the form that nothing else has.
    Certain,
}

/// Where a secret stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type")]
pub enum SecretPlace {
    /// In a file.
    File {
        /// Its path, as it can be shown.
        path: String,
        /// The layer, 1 is the oldest.
        layer: usize,
        /// The row in the list of the layer's files.
        row: Option<u32>,
        /// The later layer that deletes or overwrites it: it is there all the same.
        hidden_by: Option<usize>,
    },
    /// In a variable of ENV.
    Environment {
        /// Its name.
        name: String,
    },
    /// In a label.
    Label {
        /// Its name.
        name: String,
    },
    /// In a step of the history.
    History {
        /// The step, from 1.
        step: usize,
    },
    /// In another setting.
    Setting {
        /// Its name in the config.
        name: String,
    },
}

/// A key, token or password that should not be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundSecret {
    /// What it is, by the rule that found it.
    pub rule: String,
    /// How sure that is.
    pub severity: SecretSeverity,
    /// Where it is.
    pub place: SecretPlace,
    /// Its line, from 1.
    pub line: Option<u64>,
    /// The text with its middle replaced.
    pub masked: String,
}

/// What the files of an image tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Findings {
    /// The distribution, as it calls itself.
    pub distribution: Option<String>,
    /// Packages, by ecosystem, name, version.
    pub packages: Vec<FoundPackage>,
    /// Package databases that are there but could not be read.
    pub unread: Vec<String>,
    /// Secrets, the surest first.
    pub secrets: Vec<FoundSecret>,
    /// Files that were too large or damaged, and not looked into.
    pub skipped: usize,
}

/// How a list of packages is written for other tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SbomFormat {
    /// SPDX 2.3, JSON.
    Spdx,
    /// CycloneDX 1.6, JSON.
    Cyclonedx,
}

/// Which list of packages to save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SbomSave {
    /// The image's manifest digest.
    pub manifest: String,
    /// The form.
    pub format: SbomFormat,
    /// The folder of this machine that it is put into.
    pub folder: String,
}
