//! The header of a package (rpm, "RPM V4 Package format": header structure).

use super::Package;
use crate::EntryPath;
use crate::bounded::{Fields, index, text};
use crate::packages::Ecosystem;

const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const SIZE: u32 = 1009;
const LICENSE: u32 = 1014;
const ARCHITECTURE: u32 = 1022;
const SOURCE: u32 = 1044;
const LONG_SIZE: u32 = 5009;

/// What a blob is.
pub(super) enum Read {
    Package(Box<Package>),
    /// A key that signs packages, which rpm keeps as if it were one.
    Key,
    Damaged,
}

/// The package that a header describes.
pub(super) fn package(blob: &[u8], evidence: &EntryPath) -> Read {
    match Header::of(blob).and_then(|header| header.package(evidence)) {
        Some(package) if package.name == "gpg-pubkey" => Read::Key,
        Some(package) => Read::Package(Box::new(package)),
        None => Read::Damaged,
    }
}

/// Entries of 16 bytes (tag, type, place, count), then the data.
struct Header<'a> {
    entries: &'a [u8],
    data: Fields<'a>,
}

impl<'a> Header<'a> {
    fn of(blob: &'a [u8]) -> Option<Self> {
        let fields = Fields::big(blob);
        let length = index(fields.u32(0)?.into()).checked_mul(16)?;
        let entries = fields.slice(8, length)?;
        Some(Self { entries, data: Fields::big(blob.get(8 + length..)?) })
    }

    /// The type and the place of a tag.
    fn place(&self, tag: u32) -> Option<(u32, usize)> {
        self.entries.chunks_exact(16).find_map(|entry| {
            let fields = Fields::big(entry);
            let place = || Some((fields.u32(4)?, index(fields.u32(8)?.into())));
            (fields.u32(0) == Some(tag)).then(place).flatten()
        })
    }

    /// The first text under a tag.
    fn text(&self, tag: u32) -> Option<String> {
        let (kind, at) = self.place(tag)?;
        let bytes = matches!(kind, 6 | 8 | 9).then(|| self.data.until_nul(at)).flatten()?;
        (!bytes.is_empty()).then(|| text(bytes, 500))
    }

    fn number(&self, tag: u32) -> Option<u64> {
        match self.place(tag)? {
            (4, at) => self.data.u32(at).map(u64::from),
            (5, at) => self.data.u64(at),
            _ => None,
        }
    }

    fn package(&self, evidence: &EntryPath) -> Option<Package> {
        let mut version = self.text(VERSION)?;
        if let Some(release) = self.text(RELEASE) {
            version = format!("{version}-{release}");
        }
        if let Some(epoch) = self.number(EPOCH) {
            version = format!("{epoch}:{version}");
        }
        let mut package = Package::new(Ecosystem::Rpm, &self.text(NAME)?, &version, evidence);
        package.architecture = self.text(ARCHITECTURE);
        package.license = self.text(LICENSE);
        package.source = self.text(SOURCE);
        package.installed_bytes = self.number(LONG_SIZE).or_else(|| self.number(SIZE));
        Some(package)
    }
}
