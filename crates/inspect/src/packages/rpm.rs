//! rpm's database in its three forms: SQLite, ndb and Berkeley DB. In each, a package is one header blob.

mod berkeley;
mod header;
mod ndb;
mod sqlite;

use std::io::{Read, Seek};

use super::{Found, Package};
use crate::{EntryPath, InspectError};

/// The longest header of a package.
const HEADER_BYTES: u64 = 32 << 20;
/// More packages than any system has.
const MOST_PACKAGES: usize = 100_000;
/// The most that all headers come to. Damaged tables name the same bytes again and again.
const ALL_HEADERS_BYTES: u64 = 512 << 20;
/// After so many places that cannot be read, the rest is not tried.
const MOST_DAMAGED: usize = 1_000;

/// What is read so far: what could not be is noted, not fatal.
struct Gathering<'a> {
    evidence: &'a EntryPath,
    found: Found,
    blobs: usize,
    bytes: u64,
}

impl<'a> Gathering<'a> {
    fn new(evidence: &'a EntryPath) -> Self {
        Self { evidence, found: Found::default(), blobs: 0, bytes: 0 }
    }

    /// Takes a header blob; says whether there is room for more.
    fn add(&mut self, blob: &[u8]) -> bool {
        match header::package(blob, self.evidence) {
            header::Read::Package(package) => self.found.packages.push(*package),
            header::Read::Key => {}
            header::Read::Damaged => self.found.is_unread = true,
        }
        self.blobs += 1;
        self.bytes += blob.len() as u64;
        let has_room = self.blobs < MOST_PACKAGES && self.bytes < ALL_HEADERS_BYTES;
        self.found.is_unread |= !has_room;
        has_room
    }
}

/// Reads rpmdb.sqlite.
pub(super) fn sqlite(
    path: &EntryPath,
    reader: &mut (impl Read + Seek),
) -> Result<Found, InspectError> {
    let mut gathering = Gathering::new(path);
    let is_whole = sqlite::rows(reader, "Packages", &mut |blob| gathering.add(blob))?;
    gathering.found.is_unread |= !is_whole;
    Ok(gathering.found)
}

/// Reads Packages.db.
pub(super) fn ndb(
    path: &EntryPath,
    reader: &mut (impl Read + Seek),
) -> Result<Found, InspectError> {
    let mut gathering = Gathering::new(path);
    let is_whole = ndb::blobs(reader, &mut |blob| gathering.add(blob))?;
    gathering.found.is_unread |= !is_whole;
    Ok(gathering.found)
}

/// Reads Packages.
pub(super) fn berkeley(
    path: &EntryPath,
    reader: &mut (impl Read + Seek),
) -> Result<Found, InspectError> {
    let mut gathering = Gathering::new(path);
    let is_whole = berkeley::values(reader, &mut |blob| gathering.add(blob))?;
    gathering.found.is_unread |= !is_whole;
    Ok(gathering.found)
}

#[cfg(test)]
mod tests;
