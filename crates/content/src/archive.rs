//! What is in an archive: names and sizes, nothing unpacked.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::MultiGzDecoder;

use crate::InspectError;

/// The most plain bytes of a packed archive that are read: a bomb ends here.
const MOST_PLAIN_BYTES: u64 = 4 * 1024 * 1024 * 1024;

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveEntry {
    /// Its path, as the bytes that it is.
    pub path: Vec<u8>,
    /// Its bytes, unpacked, as it says.
    pub bytes: u64,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveListing {
    /// The first files, in the archive's order.
    pub entries: Vec<ArchiveEntry>,
    /// Whether there are more.
    pub is_cut: bool,
}

/// Lists a tar, a gzipped tar, or a zip (a jar, a wheel), at most `most` files of it.
///
/// # Errors
/// [`InspectError`] if it is none of them, or a damaged one.
pub fn list_archive<R: Read + Seek>(
    mut source: R,
    most: usize,
) -> Result<ArchiveListing, InspectError> {
    let mut head = [0; 4];
    let read = source.read(&mut head).map_err(failed)?;
    source.seek(SeekFrom::Start(0)).map_err(failed)?;
    match &head[..read] {
        [0x1f, 0x8b, ..] => tar(MultiGzDecoder::new(source).take(MOST_PLAIN_BYTES), most),
        [b'P', b'K', ..] => zip(source, most),
        _ => tar(source.take(MOST_PLAIN_BYTES), most),
    }
}

fn failed(source: io::Error) -> InspectError {
    InspectError::Source { what: "archive", source }
}

fn malformed(reason: &dyn std::fmt::Display) -> InspectError {
    InspectError::Malformed { what: "archive", reason: reason.to_string() }
}

fn tar(source: impl Read, most: usize) -> Result<ArchiveListing, InspectError> {
    let mut archive = tar::Archive::new(source);
    let mut listing = ArchiveListing { entries: Vec::new(), is_cut: false };
    for entry in archive.entries().map_err(failed)? {
        // What is whole up to here is shown; a gzip that is no tar has nothing.
        let Ok(entry) = entry else {
            if listing.entries.is_empty() {
                return Err(malformed(&"there is no file in it"));
            }
            listing.is_cut = true;
            break;
        };
        if listing.entries.len() >= most {
            listing.is_cut = true;
            break;
        }
        listing.entries.push(ArchiveEntry {
            path: entry.path_bytes().into_owned(),
            bytes: entry.size(),
            is_folder: entry.header().entry_type().is_dir(),
        });
    }
    Ok(listing)
}

fn zip<R: Read + Seek>(source: R, most: usize) -> Result<ArchiveListing, InspectError> {
    let mut archive = zip::ZipArchive::new(source).map_err(|error| malformed(&error))?;
    let count = archive.len();
    let mut listing = ArchiveListing { entries: Vec::new(), is_cut: count > most };
    for at in 0..count.min(most) {
        let entry = archive.by_index_raw(at).map_err(|error| malformed(&error))?;
        listing.entries.push(ArchiveEntry {
            path: entry.name_raw().to_vec(),
            bytes: entry.size(),
            is_folder: entry.is_dir(),
        });
    }
    Ok(listing)
}
