//! Tables of contents that some layers carry, so that their files are known without reading all of them: eStargz
//! (stargz-snapshotter, `docs/estargz.md`) and zstd:chunked (containers/storage, `pkg/chunked`).
//!
//! A table says what whoever made the layer wanted it to say. It is as true as the digest that the manifest gives of it.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::path::clean;
use crate::scan::is_senseless_deletion;
use crate::{Entry, EntryKind, EntrySink, Fingerprint, LayerError, Limits, Timestamp};

/// How many bytes at the end of an eStargz layer say where its table is.
pub const ESTARGZ_FOOTER_BYTES: u64 = 51;
/// The largest table that is read, unpacked: some hundred thousand files.
pub const MAX_TOC_BYTES: u64 = 64 * 1024 * 1024;
/// The name of the table in its tar.
const ESTARGZ_NAME: &[u8] = b"stargz.index.json";
/// Where the payload of the footer's extra field begins: gzip's own ten bytes, two of length, `SG`, two of length.
const PAYLOAD_AT: usize = 16;
/// What of a time is not there.
const HEX_DIGITS: usize = 16;

#[derive(Deserialize)]
struct Table {
    entries: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    size: u64,
    #[serde(default, alias = "modtime")]
    mod_time: Option<String>,
    #[serde(default)]
    link_name: String,
    #[serde(default)]
    mode: u32,
    #[serde(default)]
    uid: u64,
    #[serde(default)]
    gid: u64,
    #[serde(default)]
    dev_major: u32,
    #[serde(default)]
    dev_minor: u32,
}

/// Where the table of an eStargz layer begins, by the layer's last [`ESTARGZ_FOOTER_BYTES`]; `None` if they are no such
/// footer.
#[must_use]
pub fn estargz_toc_offset(footer: &[u8]) -> Option<u64> {
    let is_gzip_with_extra = footer.len() as u64 == ESTARGZ_FOOTER_BYTES
        && footer.starts_with(&[0x1f, 0x8b, 8, 4])
        && footer.get(10..PAYLOAD_AT)? == [26, 0, b'S', b'G', 22, 0];
    let payload = footer.get(PAYLOAD_AT..PAYLOAD_AT + 22)?;
    let (digits, mark) = payload.split_at(HEX_DIGITS);
    if !is_gzip_with_extra || mark != b"STARGZ" {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// The table of an eStargz layer, unpacked from what begins at [`estargz_toc_offset`].
///
/// # Errors
/// [`io::Error`] if it is not one, or larger than [`MAX_TOC_BYTES`].
pub fn estargz_toc(packed: &[u8]) -> io::Result<Vec<u8>> {
    let invalid = || io::Error::new(io::ErrorKind::InvalidData, "there is no table of contents");
    let mut archive = tar::Archive::new(GzDecoder::new(packed));
    let entry = archive.entries()?.next().ok_or_else(invalid)??;
    if entry.path_bytes().as_ref() != ESTARGZ_NAME {
        return Err(invalid());
    }
    bounded(entry)
}

/// The table of a zstd:chunked layer, unpacked.
///
/// # Errors
/// [`io::Error`] if it is not one, or larger than [`MAX_TOC_BYTES`].
pub fn zstd_chunked_toc(packed: &[u8]) -> io::Result<Vec<u8>> {
    bounded(zstd::stream::read::Decoder::with_buffer(packed)?)
}

fn bounded(source: impl Read) -> io::Result<Vec<u8>> {
    let mut table = Vec::new();
    source.take(MAX_TOC_BYTES + 1).read_to_end(&mut table)?;
    if table.len() as u64 > MAX_TOC_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the table of contents is too large",
        ));
    }
    Ok(table)
}

/// Hands the entries of a table to `sink`, as [`crate::scan`] does with those of the tar. Fingerprints and offsets are
/// not known.
///
/// # Errors
/// [`LayerError`] if the table is malformed, or breaks a limit or the rules for paths.
pub fn read_toc(table: &[u8], limits: &Limits, sink: &mut dyn EntrySink) -> Result<(), LayerError> {
    let damaged = |error: serde_json::Error| LayerError::Damaged {
        compression: "table of contents",
        source: error.into(),
    };
    let table: Table = serde_json::from_slice(table).map_err(damaged)?;
    let found = table.entries.len() as u64;
    let limit = limits.max_entries;
    if found > limit {
        return Err(LayerError::Limit { what: "the number of entries", limit, found });
    }
    for listed in table.entries {
        if let Some(kind) = kind(&listed.kind) {
            sink.entry(entry(&listed, kind, limits)?)?;
        }
    }
    Ok(())
}

/// `None` for parts of a file, which are no entries of their own.
fn kind(name: &str) -> Option<EntryKind> {
    Some(match name {
        "reg" => EntryKind::File,
        "dir" => EntryKind::Directory,
        "symlink" => EntryKind::Symlink,
        "hardlink" => EntryKind::Hardlink,
        "char" => EntryKind::CharDevice,
        "block" => EntryKind::BlockDevice,
        "fifo" => EntryKind::Fifo,
        _ => return None,
    })
}

fn entry(listed: &Listed, kind: EntryKind, limits: &Limits) -> Result<Entry, LayerError> {
    let limit = limits.max_path_bytes;
    let path = clean(listed.name.as_bytes(), limit)?;
    if is_senseless_deletion(&path) {
        let reason = "it would delete nothing, its own folder, or the one above";
        return Err(LayerError::Path { path: crate::error::shown(&path), reason });
    }
    if listed.size > limits.max_tar_bytes {
        let (limit, found) = (limits.max_tar_bytes, listed.size);
        return Err(LayerError::Limit { what: "the size of a file", limit, found });
    }
    let link = crate::scan::target(kind, listed.link_name.clone().into_bytes(), limit)?;
    let is_device = matches!(kind, EntryKind::CharDevice | EntryKind::BlockDevice);
    Ok(Entry {
        path,
        kind,
        mode: listed.mode & 0o7777,
        uid: listed.uid,
        gid: listed.gid,
        size: if kind == EntryKind::File { listed.size } else { 0 },
        modified: listed.mod_time.as_deref().map(modified).unwrap_or_default(),
        link,
        device: if is_device { (listed.dev_major, listed.dev_minor) } else { (0, 0) },
        xattrs: Vec::new(),
        offset: 0,
        sparse: false,
        fingerprint: Fingerprint::default(),
    })
}

/// A time that is none counts as 1970: the list is of files, not of times.
fn modified(text: &str) -> Timestamp {
    let time = OffsetDateTime::parse(text, &Rfc3339);
    time.map_or_else(
        |_| Timestamp::default(),
        |time| Timestamp { seconds: time.unix_timestamp(), nanos: time.nanosecond() },
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    struct Names(Vec<(String, EntryKind, u64)>);

    impl EntrySink for Names {
        fn entry(&mut self, entry: Entry) -> Result<(), LayerError> {
            self.0.push((String::from_utf8(entry.path).unwrap(), entry.kind, entry.size));
            Ok(())
        }
    }

    fn read(table: &str) -> Result<Vec<(String, EntryKind, u64)>, LayerError> {
        let mut names = Names(Vec::new());
        read_toc(table.as_bytes(), &Limits::default(), &mut names)?;
        Ok(names.0)
    }

    #[test]
    fn a_table_gives_entries_and_no_parts_of_files() {
        let table = r#"{"version": 1, "entries": [
            {"name": "etc/", "type": "dir", "mode": 493, "modtime": "2025-01-01T00:00:00Z"},
            {"name": "etc/motd", "type": "reg", "size": 5, "digest": "sha256:00"},
            {"name": "etc/motd", "type": "chunk", "chunkOffset": 3},
            {"name": "etc/link", "type": "symlink", "linkName": "motd"}]}"#;
        let expected = [
            ("etc".to_owned(), EntryKind::Directory, 0),
            ("etc/motd".to_owned(), EntryKind::File, 5),
            ("etc/link".to_owned(), EntryKind::Symlink, 0),
        ];
        assert_eq!(read(table).unwrap(), expected);
    }

    #[test]
    fn a_table_that_leads_out_or_is_none_is_refused() {
        for table in [
            r#"{"entries": [{"name": "../x", "type": "reg"}]}"#,
            r#"{"entries": [{"name": "a", "type": "hardlink", "linkName": "../../x"}]}"#,
            r#"{"entries": [{"name": "a", "type": "reg", "size": 9000000000000000000}]}"#,
            r#"{"entries": [{"name": "a/.wh...", "type": "reg"}]}"#,
            r#"{"entries": 1}"#,
            "",
        ] {
            assert!(read(table).is_err(), "{table}");
        }
    }

    #[test]
    fn only_a_whole_footer_says_where_the_table_is() {
        let footer = strata_testkit::estargz_footer(0x1234);
        assert_eq!(footer.len() as u64, ESTARGZ_FOOTER_BYTES);
        assert_eq!(estargz_toc_offset(&footer), Some(0x1234));
        for at in 0..38 {
            let mut other = footer.clone();
            other[at] ^= 0x80;
            // A gzip header also holds a time and a system, which say nothing.
            if !(4..10).contains(&at) {
                assert_eq!(estargz_toc_offset(&other), None, "{at}");
            }
        }
        assert_eq!(estargz_toc_offset(&footer[1..]), None);
    }
}
