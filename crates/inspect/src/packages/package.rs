//! A package, and where it was found.

use serde::{Deserialize, Serialize};

use crate::EntryPath;

/// Who packs, names and numbers packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ecosystem {
    /// Debian and its kin: dpkg.
    Deb,
    /// Alpine and its kin: apk.
    Apk,
    /// Red Hat, SUSE and their kin: rpm.
    Rpm,
    /// Python.
    Python,
    /// Node.js.
    Npm,
    /// Ruby.
    Gem,
    /// Go modules inside programs.
    Go,
    /// Rust crates inside programs.
    Cargo,
    /// Java archives.
    Maven,
}

impl Ecosystem {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Deb,
        Self::Apk,
        Self::Rpm,
        Self::Python,
        Self::Npm,
        Self::Gem,
        Self::Go,
        Self::Cargo,
        Self::Maven,
    ];

    /// The ecosystem as one word, as it stands in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Apk => "apk",
            Self::Rpm => "rpm",
            Self::Python => "python",
            Self::Npm => "npm",
            Self::Gem => "gem",
            Self::Go => "go",
            Self::Cargo => "cargo",
            Self::Maven => "maven",
        }
    }

    /// Its packages are those of the distribution.
    #[must_use]
    pub const fn is_of_distribution(self) -> bool {
        matches!(self, Self::Deb | Self::Apk | Self::Rpm)
    }
}

/// A package as its own metadata describes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Package {
    /// Who packs it.
    pub ecosystem: Ecosystem,
    /// Its name: with its scope for npm, `group:artifact` for Maven, the module's path for Go.
    pub name: String,
    /// Its version; `epoch:version-release` for rpm. Empty where the metadata has none.
    pub version: String,
    /// The processor it is for, in the ecosystem's words.
    pub architecture: Option<String>,
    /// Its license, in the metadata's words.
    pub license: Option<String>,
    /// The package it was built from, where that has another name or version: `openssl 3.0.11-1`.
    pub source: Option<String>,
    /// The file that says so.
    pub evidence: EntryPath,
    /// The file inside that file, where it is an archive in an archive.
    pub within: Option<EntryPath>,
    /// Bytes that it takes once installed, where the metadata says so.
    pub installed_bytes: Option<u64>,
}

impl Package {
    /// A package of which no more is known.
    pub(crate) fn new(
        ecosystem: Ecosystem,
        name: &str,
        version: &str,
        evidence: &EntryPath,
    ) -> Self {
        Self {
            ecosystem,
            name: name.to_owned(),
            version: version.to_owned(),
            architecture: None,
            license: None,
            source: None,
            evidence: evidence.clone(),
            within: None,
            installed_bytes: None,
        }
    }
}

/// A database or metadata file that lists packages, also one that lists none: in a layer it replaces the same file of
/// the layers below with all that it listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PackageSource {
    /// Whose it is.
    pub ecosystem: Ecosystem,
    /// The file.
    pub path: EntryPath,
    /// How many packages were read from it.
    pub packages: usize,
    /// It was found but could not be read, or not all of it: its packages are missing.
    pub is_unread: bool,
}
