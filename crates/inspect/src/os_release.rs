//! The file os-release (os-release(5)): which distribution it is.

use serde::{Deserialize, Serialize};

use crate::bounded::text;

/// Where it stands in an image.
pub(crate) const PATHS: &[&[u8]] = &[b"etc/os-release", b"usr/lib/os-release"];

/// What the file os-release says; empty where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OsRelease {
    /// ID, as `debian`; `linux` where it is left out, as the form says.
    pub id: String,
    /// VERSION_ID, as `12`.
    pub version_id: String,
    /// NAME, as `Debian GNU/Linux`.
    pub name: String,
    /// PRETTY_NAME, as `Debian GNU/Linux 12 (bookworm)`.
    pub pretty_name: String,
    /// ID_LIKE: what it stems from, nearest first.
    pub id_like: Vec<String>,
}

impl OsRelease {
    /// Reads the file; lines that are not assignments say nothing.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let mut found = Self::default();
        for line in bytes.split(|byte| *byte == b'\n').take(1_000) {
            let Some(at) = line.iter().position(|byte| *byte == b'=') else { continue };
            let value = unquoted(text(&line[at + 1..], 500).trim());
            match &line[..at] {
                b"ID" => found.id = value.to_lowercase(),
                b"VERSION_ID" => found.version_id = value,
                b"NAME" => found.name = value,
                b"PRETTY_NAME" => found.pretty_name = value,
                b"ID_LIKE" => found.id_like = value.split_whitespace().map(str::to_owned).collect(),
                _ => {}
            }
        }
        if found.id.is_empty() {
            "linux".clone_into(&mut found.id);
        }
        found
    }

    /// The distribution as package URLs name it, as `debian-12`.
    #[must_use]
    pub fn distro(&self) -> String {
        if self.version_id.is_empty() {
            self.id.clone()
        } else {
            format!("{}-{}", self.id, self.version_id)
        }
    }
}

/// A value as a shell would read it: one pair of quotes off, and the backslashes inside double ones.
fn unquoted(value: &str) -> String {
    let inner = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    if let Some(inner) = inner('\'') {
        return inner.to_owned();
    }
    let Some(inner) = inner('"') else { return value.to_owned() };
    let mut plain = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        plain.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_taken_off_as_a_shell_does() {
        let found = OsRelease::parse(
            b"# a remark\nNAME=\"Debian \\\"GNU\\\"/Linux\"\nID=debian\nVERSION_ID='12'\nPRETTY_NAME=Plain\nID_LIKE=\"rhel fedora\"\n",
        );
        assert_eq!(found.name, "Debian \"GNU\"/Linux");
        assert_eq!(found.distro(), "debian-12");
        assert_eq!(found.pretty_name, "Plain");
        assert_eq!(found.id_like, ["rhel", "fedora"]);
    }

    #[test]
    fn a_file_without_an_id_is_some_linux() {
        assert_eq!(OsRelease::parse(b"").distro(), "linux");
        assert_eq!(OsRelease::parse(b"ID=wolfi\n").distro(), "wolfi");
    }
}
