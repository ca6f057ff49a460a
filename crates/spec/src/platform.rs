//! What an image runs on, and which image of an index to take (OCI image specification, image-index.md, "platform").

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{PlatformError, cut};
use crate::{Descriptor, MediaType};

/// An operating system and processor, in Go's words: `linux/amd64`, `linux/arm64/v8`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Platform {
    /// `linux`, `windows`, `darwin` …
    pub os: String,
    /// `amd64`, `arm64`, `arm`, `386` …
    pub architecture: String,
    /// `v7`, `v8` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// The version of Windows that is needed.
    #[serde(rename = "os.version", default, skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// `win32k` and the like.
    #[serde(rename = "os.features", default, skip_serializing_if = "Vec::is_empty")]
    pub os_features: Vec<String>,
}

impl Platform {
    /// Reads `os/architecture[/variant]`, with the common other names (`x86_64`, `aarch64`, `armhf` …).
    ///
    /// # Errors
    /// [`PlatformError`] if a part is missing or has anything but letters, digits, `_`, `-` and `.`.
    pub fn parse(text: &str) -> Result<Self, PlatformError> {
        let malformed = || PlatformError { text: cut(text) };
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        let parts: Vec<&str> = text.split('/').collect();
        let fine = parts.iter().all(|part| {
            part.starts_with(|first: char| first.is_ascii_alphanumeric())
                && part.bytes().all(allowed)
        });
        match (parts.as_slice(), fine) {
            ([os, architecture], true) => Ok(Self::new(os, architecture, None)),
            ([os, architecture, variant], true) => Ok(Self::new(os, architecture, Some(variant))),
            _ => Err(malformed()),
        }
    }

    fn new(os: &str, architecture: &str, variant: Option<&str>) -> Self {
        Self {
            os: os.to_owned(),
            architecture: architecture.to_owned(),
            variant: variant.map(str::to_owned),
            os_version: None,
            os_features: Vec::new(),
        }
        .normalised()
    }

    /// What images run on this machine. On macOS and Windows that is Linux, as images are Linux images there too.
    #[must_use]
    pub fn host() -> Self {
        Self::new("linux", std::env::consts::ARCH, None)
    }

    /// The same platform in Go's words, with the variant that an architecture implies left out (`arm64/v8`).
    #[must_use]
    pub fn normalised(&self) -> Self {
        let mut same = self.clone();
        same.os = same.os.to_ascii_lowercase();
        if same.os == "macos" {
            same.os = "darwin".to_owned();
        }
        let architecture = same.architecture.to_ascii_lowercase();
        let variant = same.variant.take().map(|variant| variant.to_ascii_lowercase());
        let (architecture, variant) = match (architecture.as_str(), variant.as_deref()) {
            ("i386" | "i486" | "i586" | "i686" | "x86", _) => ("386", None),
            ("x86_64" | "x86-64" | "amd64", Some("v1") | None) => ("amd64", None),
            ("x86_64" | "x86-64", variant) => ("amd64", variant),
            ("aarch64" | "arm64", Some("8" | "v8") | None) => ("arm64", None),
            ("aarch64", variant) => ("arm64", variant),
            ("armhf", _) | ("arm", Some("7") | None) => ("arm", Some("v7")),
            ("armel", _) | ("arm", Some("6")) => ("arm", Some("v6")),
            ("arm", Some("5")) => ("arm", Some("v5")),
            ("powerpc64le", variant) => ("ppc64le", variant),
            ("loongarch64", variant) => ("loong64", variant),
            (other, variant) => (other, variant),
        };
        same.variant = variant.map(str::to_owned);
        same.architecture = architecture.to_owned();
        same
    }

    /// Whether an image for `self` runs where `wanted` runs; a lower number fits better, 0 is the very same.
    ///
    /// An older variant of a processor runs on a newer one (`arm/v6` on `arm/v7`, `amd64` on `amd64/v3`), and 32-bit
    /// ARM on `arm64` only as the last resort.
    #[must_use]
    pub fn satisfies(&self, wanted: &Self) -> Option<u32> {
        let (have, want) = (self.normalised(), wanted.normalised());
        if have.os != want.os || have.os == "unknown" {
            return None;
        }
        let os_version = |have: &Option<String>, want: &Option<String>| match (have, want) {
            (_, None) | (None, Some(_)) => true,
            (Some(have), Some(want)) => have == want,
        };
        if !os_version(&have.os_version, &want.os_version) {
            return None;
        }
        if have.architecture == want.architecture {
            let step = |variant: &Option<String>, implied: u32| match variant {
                None => Some(implied),
                Some(text) => text.strip_prefix('v')?.parse().ok(),
            };
            if have.variant == want.variant {
                return Some(0);
            }
            let implied = if have.architecture == "arm64" { 8 } else { 1 };
            let (have, want) = (step(&have.variant, implied)?, step(&want.variant, implied)?);
            return want.checked_sub(have);
        }
        None
    }

    /// The entry of an index that fits `wanted` best. Entries for no platform (attestations) are never taken; where
    /// an index names no platform at all and has one manifest, that one is.
    #[must_use]
    pub fn pick<'a>(manifests: &'a [Descriptor], wanted: &Self) -> Option<&'a Descriptor> {
        let readable = |entry: &&Descriptor| {
            entry.media_type.is_manifest()
                || entry.media_type.is_index()
                || matches!(entry.media_type, MediaType::Other(_))
        };
        let best = manifests
            .iter()
            .filter(readable)
            .filter_map(|entry| Some((entry.platform.as_ref()?.satisfies(wanted)?, entry)))
            .min_by_key(|(rank, _)| *rank);
        if let Some((_, entry)) = best {
            return Some(entry);
        }
        let unnamed: Vec<&Descriptor> =
            manifests.iter().filter(readable).filter(|entry| entry.platform.is_none()).collect();
        match unnamed.as_slice() {
            [only] if manifests.len() == 1 => Some(only),
            _ => None,
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(f, "/{variant}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Digest;

    fn entry(platform: Option<&str>) -> Descriptor {
        let name = platform.unwrap_or("none");
        let mut entry =
            Descriptor::new(MediaType::OciManifest, Digest::sha256_of(name.as_bytes()), 1);
        entry.platform = platform.map(|text| {
            let mut parts = text.split('/').map(str::to_owned);
            Platform {
                os: parts.next().unwrap(),
                architecture: parts.next().unwrap(),
                variant: parts.next(),
                ..Platform::default()
            }
        });
        entry
    }

    fn picked(platforms: &[&str], wanted: &str) -> Option<String> {
        let entries: Vec<_> = platforms.iter().map(|text| entry(Some(text))).collect();
        let wanted = Platform::parse(wanted).unwrap();
        Platform::pick(&entries, &wanted).map(|entry| entry.platform.as_ref().unwrap().to_string())
    }

    #[test]
    fn other_names_mean_the_same() {
        for (text, expected) in [
            ("linux/x86_64", "linux/amd64"),
            ("linux/aarch64", "linux/arm64"),
            ("linux/arm64/v8", "linux/arm64"),
            ("linux/armhf", "linux/arm/v7"),
            ("Linux/arm/7", "linux/arm/v7"),
            ("linux/i686", "linux/386"),
        ] {
            assert_eq!(Platform::parse(text).unwrap().to_string(), expected);
        }
        for text in ["linux", "", "linux/", "a/b/c/d", "linux/amd 64", "../.."] {
            assert!(Platform::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_best_fitting_entry_is_picked() {
        let arms = ["linux/arm/v5", "linux/arm/v6", "linux/arm64/v8", "unknown/unknown"];
        assert_eq!(picked(&arms, "linux/arm/v7").as_deref(), Some("linux/arm/v6"));
        assert_eq!(picked(&arms, "linux/arm64").as_deref(), Some("linux/arm64/v8"));
        assert_eq!(picked(&arms, "linux/amd64"), None);
        let levels = ["linux/amd64/v3", "linux/amd64"];
        assert_eq!(picked(&levels, "linux/amd64").as_deref(), Some("linux/amd64"));
        assert_eq!(picked(&levels, "linux/amd64/v4").as_deref(), Some("linux/amd64/v3"));
        assert_eq!(picked(&levels, "linux/amd64/v2").as_deref(), Some("linux/amd64"));
    }

    #[test]
    fn attestations_are_never_picked() {
        assert_eq!(picked(&["unknown/unknown"], "linux/amd64"), None);
    }

    #[test]
    fn a_lone_entry_without_platform_is_taken() {
        let wanted = Platform::parse("linux/amd64").unwrap();
        assert!(Platform::pick(&[entry(None)], &wanted).is_some());
        assert!(Platform::pick(&[entry(None), entry(None)], &wanted).is_none());
    }
}
