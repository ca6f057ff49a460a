use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::site::prints;

/// What both sides say of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub kind: &'static str,
    pub mode: u32,
    pub owner: String,
    /// Only of files: for the rest each side has its own idea.
    pub size: Option<u64>,
    pub modified: String,
    pub target: Option<Vec<u8>>,
}

/// A layer as `tar -tv` lists it: entries by path, and deletions.
#[derive(Debug, Default)]
pub struct TarListing {
    pub rows: BTreeMap<Vec<u8>, Row>,
    pub deleted: Vec<Vec<u8>>,
    pub opaque: Vec<Vec<u8>>,
}

/// Reads a layer's plain tar with `tar`; the last of several entries with one path counts, as when unpacking.
pub fn by_tar(tar: &Path) -> TarListing {
    let mut command = Command::new("tar");
    command.args(["-tv", "--numeric-owner", "--full-time", "--quoting-style=c", "-f"]).arg(tar);
    let printed = String::from_utf8(prints(command.env("LC_ALL", "C").env("TZ", "UTC"))).unwrap();
    let mut listing = TarListing::default();
    for line in printed.lines() {
        let (path, row) = tar_line(line);
        let name_at = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        let (folder, name) = path.split_at(name_at);
        if name == b".wh..wh..opq" {
            listing.opaque.push(stripped(folder));
        } else if let Some(name) = name.strip_prefix(b".wh.") {
            listing.deleted.push([folder, name].concat());
        } else if !path.is_empty() {
            listing.rows.insert(path, row);
        }
    }
    listing
}

/// `-rw-r--r-- 0/0  12 2025-01-01 00:00:00 "name" -> "target"`
fn tar_line(line: &str) -> (Vec<u8>, Row) {
    let (fields, names) = line.split_once('"').unwrap();
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let [mode, owner, size, date, time] = fields[..] else { panic!("not a line of tar: {line}") };
    let kind = match &mode[..1] {
        "-" => "file",
        "d" => "directory",
        "l" => "symlink",
        "h" => "hardlink",
        "c" => "charDevice",
        "b" => "blockDevice",
        "p" => "fifo",
        other => panic!("tar says kind `{other}`: {line}"),
    };
    let (path, rest) = unquoted(names);
    let target = rest.split_once('"').map(|(_, quoted)| unquoted(quoted).0);
    let row = Row {
        kind,
        mode: mode_bits(&mode[1..10]),
        owner: owner.to_owned(),
        size: (kind == "file").then(|| size.parse().unwrap()),
        modified: seconds_and_fraction(&format!("{date}T{time}")),
        // A hard link's target is a path in the tar, like any other.
        target: target.map(|target| if kind == "hardlink" { stripped(&target) } else { target }),
    };
    (stripped(&path), row)
}

fn mode_bits(text: &str) -> u32 {
    let mut bits = 0;
    for (place, letter) in text.chars().enumerate() {
        let special = [0o4000, 0o2000, 0o1000][place / 3];
        let plain = 1 << (8 - place);
        bits |= match letter {
            '-' => 0,
            's' | 't' => special | plain,
            'S' | 'T' => special,
            _ => plain,
        };
    }
    bits
}

/// A time without the zone and without zeros at the end of its fraction.
fn seconds_and_fraction(time: &str) -> String {
    let time = time.trim_end_matches('Z');
    match time.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole.to_owned(),
        Some(_) => time.trim_end_matches('0').to_owned(),
        None => time.to_owned(),
    }
}

/// Without `./` before and `/` after.
fn stripped(path: &[u8]) -> Vec<u8> {
    let mut path =
        path.strip_prefix(b".").filter(|rest| rest.is_empty() || rest[0] == b'/').unwrap_or(path);
    while let Some(rest) = path.strip_prefix(b"/") {
        path = rest;
    }
    while let Some(rest) = path.strip_suffix(b"/") {
        path = rest;
    }
    path.to_vec()
}

/// Reads C's escapes up to the closing quote; returns the bytes and what follows.
fn unquoted(text: &str) -> (Vec<u8>, &str) {
    let (bytes, mut at, mut found) = (text.as_bytes(), 0, Vec::new());
    while bytes[at] != b'"' {
        if bytes[at] != b'\\' {
            found.push(bytes[at]);
            at += 1;
            continue;
        }
        let escape = bytes[at + 1];
        at += 2;
        found.push(match escape {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'a' => 7,
            b'b' => 8,
            b'f' => 12,
            b'v' => 11,
            b'0'..=b'7' => {
                at += 2;
                u8::from_str_radix(&text[at - 3..at], 8).unwrap()
            }
            other => other,
        });
    }
    (found, &text[at + 1..])
}

/// One row of `strata files --json` with what the layer did to it.
pub fn by_strata(printed: &[u8]) -> BTreeMap<Vec<u8>, (String, Row)> {
    let text = std::str::from_utf8(printed).unwrap();
    text.lines().map(|line| strata_row(&serde_json::from_str(line).unwrap())).collect()
}

fn strata_row(row: &Value) -> (Vec<u8>, (String, Row)) {
    let kinds = ["file", "directory", "symlink", "hardlink", "charDevice", "blockDevice", "fifo"];
    let kind =
        kinds.into_iter().find(|kind| row["kind"] == *kind).unwrap_or_else(|| panic!("{row}"));
    let read = Row {
        kind,
        mode: u32::from_str_radix(row["mode"].as_str().unwrap_or_else(|| panic!("{row}")), 8)
            .unwrap(),
        owner: format!("{}/{}", row["uid"], row["gid"]),
        size: (kind == "file").then(|| row["size"].as_u64().unwrap_or_else(|| panic!("{row}"))),
        modified: seconds_and_fraction(row["modified"].as_str().unwrap_or_default()),
        target: bytes(row, "target"),
    };
    let path = bytes(row, "path").unwrap_or_else(|| panic!("{row}"));
    (path, (row["change"].as_str().unwrap_or_else(|| panic!("{row}")).to_owned(), read))
}

/// A field's bytes: the base64 form where there is one, else the text.
fn bytes(row: &Value, field: &str) -> Option<Vec<u8>> {
    match row[format!("{field}Base64")].as_str() {
        Some(encoded) => Some(base64(encoded)),
        None => row[field].as_str().map(|text| text.as_bytes().to_vec()),
    }
}

fn base64(text: &str) -> Vec<u8> {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut found) = (0_u32, 0, Vec::new());
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = letters.iter().position(|known| *known == letter).unwrap();
        bits = bits << 6 | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            found.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    found
}

#[test]
fn reads_the_lines_of_tar() {
    let (path, row) =
        tar_line(r#"hrwsr-x--T 0/42   0 2024-02-29 12:34:56.120 "./a\377 b\"c" link to "./d\n""#);
    assert_eq!(path, b"a\xff b\"c");
    assert_eq!((row.kind, row.mode, row.owner.as_str()), ("hardlink", 0o5750, "0/42"));
    assert_eq!(
        (row.modified.as_str(), row.target.unwrap().as_slice()),
        ("2024-02-29T12:34:56.12", b"d\n".as_slice())
    );
    assert_eq!(base64("Yf8g"), b"a\xff ");
}
