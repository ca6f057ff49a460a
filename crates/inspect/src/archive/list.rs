//! The entries of an archive.

use std::io::{Read, Seek};

use flate2::read::MultiGzDecoder;
use serde::{Deserialize, Serialize};

use super::{ar, tar, zip};
use crate::kinds::Kind;
use crate::{EntryPath, InspectError};

/// How many bytes of a packed tar are unpacked to list it.
const UNPACKED_BYTES: u64 = 1 << 30;

/// What an entry of an archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A link to another name.
    Link,
    /// A device or something else.
    Other,
}

/// An entry of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveEntry {
    /// Its path as the archive writes it: nothing is made safe here.
    pub path: EntryPath,
    /// Bytes unpacked, as the archive says.
    pub size_bytes: u64,
    /// What it is.
    pub kind: EntryKind,
}

/// The entries of an archive in its own order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveListing {
    /// The entries.
    pub entries: Vec<ArchiveEntry>,
    /// There are more, or the archive ends too early.
    pub is_cut: bool,
}

impl ArchiveListing {
    /// Adds one; says whether there is room for more.
    pub(super) fn add(&mut self, most: usize, entry: ArchiveEntry) -> bool {
        if self.entries.len() >= most {
            self.is_cut = true;
            return false;
        }
        self.entries.push(entry);
        true
    }
}

/// The first `max_entries` entries of an archive: tar, tar packed with gzip, zip with its kin, ar with Debian packages.
///
/// # Errors
/// [`InspectError`] if the source fails, the bytes are not of this kind, or the kind is none that is listed here.
pub fn list(
    reader: &mut (impl Read + Seek),
    kind: Kind,
    max_entries: usize,
) -> Result<ArchiveListing, InspectError> {
    reader.rewind()?;
    match kind {
        Kind::Tar => tar::list(&mut tar::Seeking(reader), max_entries),
        Kind::Gzip | Kind::TarGzip => {
            let mut unpacked = MultiGzDecoder::new(reader).take(UNPACKED_BYTES);
            tar::list(&mut tar::Flowing(&mut unpacked), max_entries)
        }
        Kind::Zip | Kind::Jar | Kind::Wheel => {
            let directory = zip::Directory::read(reader, max_entries)?;
            Ok(directory.listing())
        }
        Kind::Ar | Kind::Deb => ar::list(reader, max_entries),
        other => Err(InspectError::Unlisted { form: other.name() }),
    }
}

#[cfg(test)]
mod tests;
