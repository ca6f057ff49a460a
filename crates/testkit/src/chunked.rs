//! Layers with a table of contents of their own, in the forms that their makers document: eStargz and zstd:chunked.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use strata_spec::Digest;

/// A layer with a table of contents.
#[derive(Debug, Clone)]
pub struct Chunked {
    /// Its bytes.
    pub packed: Vec<u8>,
    /// What its descriptor says of the table.
    pub annotations: BTreeMap<String, String>,
    /// Where the table begins.
    pub table_at: u64,
}

/// The table of a plain tar.
fn table(tar: &[u8]) -> Vec<u8> {
    let mut entries: Vec<Value> = Vec::new();
    let mut archive = tar::Archive::new(tar);
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let header = entry.header().clone();
        let kind = match header.entry_type() {
            tar::EntryType::Directory => "dir",
            tar::EntryType::Symlink => "symlink",
            tar::EntryType::Link => "hardlink",
            _ => "reg",
        };
        let link =
            entry.link_name_bytes().map(|name| String::from_utf8(name.into_owned()).unwrap());
        let name = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        entries.push(json!({
            "name": name, "type": kind, "size": content.len(), "mode": header.mode().unwrap(),
            "uid": header.uid().unwrap(), "gid": header.gid().unwrap(),
            "linkName": link.unwrap_or_default(), "modtime": "1970-01-01T00:00:00Z",
        }));
    }
    json!({"version": 1, "entries": entries}).to_string().into_bytes()
}

fn member(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// The last 51 bytes of an eStargz layer.
#[must_use]
pub fn estargz_footer(table_at: u64) -> Vec<u8> {
    let mut footer = vec![0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 26, 0, b'S', b'G', 22, 0];
    footer.extend_from_slice(format!("{table_at:016x}STARGZ").as_bytes());
    // An empty final block, no check sum, no bytes.
    footer.extend_from_slice(&[1, 0, 0, 0xff, 0xff]);
    footer.extend_from_slice(&[0; 8]);
    footer
}

/// A layer as eStargz: the tar as a member, the table as another, the footer. The table's digest is `lie`, if given.
#[must_use]
pub fn estargz(tar: &[u8], lie: Option<&str>) -> Chunked {
    let table = table(tar);
    let digest = lie.map_or_else(|| Digest::sha256_of(&table).to_string(), str::to_owned);
    let mut packed = member(tar);
    let table_at = packed.len() as u64;
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(table.len() as u64);
    header.set_mode(0o444);
    builder.append_data(&mut header, "stargz.index.json", table.as_slice()).unwrap();
    packed.extend(member(&builder.into_inner().unwrap()));
    packed.extend(estargz_footer(table_at));
    let annotations = [("containerd.io/snapshot/stargz/toc.digest".to_owned(), digest)];
    Chunked { packed, annotations: annotations.into(), table_at }
}

/// A layer as zstd:chunked: the tar as a frame, the table in a skippable one. Without `checked` nothing vouches for it.
#[must_use]
pub fn zstd_chunked(tar: &[u8], checked: bool) -> Chunked {
    const SKIPPABLE: [u8; 4] = [0x50, 0x2a, 0x4d, 0x18];
    let table = table(tar);
    let packed_table = zstd::encode_all(table.as_slice(), 3).unwrap();
    let mut packed = zstd::encode_all(tar, 3).unwrap();
    packed.extend(SKIPPABLE);
    packed.extend(u32::try_from(packed_table.len()).unwrap().to_le_bytes());
    let table_at = packed.len() as u64;
    packed.extend(&packed_table);
    let key = |name: &str| format!("io.github.containers.zstd-chunked.{name}");
    let position = format!("{table_at}:{}:{}:1", packed_table.len(), table.len());
    let mut annotations = BTreeMap::from([(key("manifest-position"), position)]);
    if checked {
        annotations.insert(key("manifest-checksum"), Digest::sha256_of(&packed_table).to_string());
    }
    Chunked { packed, annotations, table_at }
}
