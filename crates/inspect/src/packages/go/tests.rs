#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use super::*;
use crate::elf::fixture::elf;

const MODULES: &str = "path\texample.com/tool/cmd\nmod\texample.com/tool\t(devel)\t\ndep\tgolang.org/x/sys\tv0.15.0\th1:x=\ndep\texample.com/old\tv1.0.0\th1:y=\n=>\texample.com/new\tv1.2.0\th1:z=\ndep\texample.com/beside\tv1.0.0\n=>\t./beside\t(devel)\nbuild\t-compiler=gc\n";

fn marked() -> Vec<u8> {
    let mut list = vec![0x30; 16];
    list.extend_from_slice(MODULES.as_bytes());
    list.extend_from_slice(&[0x31; 16]);
    list
}

fn names(file: Vec<u8>) -> Vec<String> {
    let mut reader = Cursor::new(file);
    let elf = Elf::read(&mut reader).unwrap();
    let found = read(&elf, &mut reader, &EntryPath::from("usr/bin/tool")).unwrap();
    found.iter().map(|package| format!("{} {}", package.name, package.version)).collect()
}

const EXPECTED: [&str; 5] = [
    "stdlib 1.21.5",
    "example.com/tool (devel)",
    "golang.org/x/sys v0.15.0",
    "example.com/new v1.2.0",
    "example.com/beside v1.0.0",
];

#[test]
fn the_list_inside_the_blob_is_read() {
    let mut blob = MAGIC.to_vec();
    blob.extend_from_slice(&[8, 2]);
    blob.resize(32, 0);
    blob.push(8);
    blob.extend_from_slice(b"go1.21.5");
    let list = marked();
    blob.extend([
        u8::try_from(list.len() & 0x7f).unwrap() | 0x80,
        u8::try_from(list.len() >> 7).unwrap(),
    ]);
    blob.extend(list);
    assert_eq!(names(elf(&[(".go.buildinfo", &blob)])), EXPECTED);
}

#[test]
fn the_list_behind_pointers_is_read() {
    // The first section starts at 128, which is loaded at 0x1080.
    let (version, list) = (b"go1.21.5", marked());
    let base = 0x1080_u64;
    let mut blob = MAGIC.to_vec();
    blob.extend_from_slice(&[8, 0]);
    let headers = base + 32;
    for pointer in [headers, headers + 16, headers + 32, 8, headers + 40, list.len() as u64] {
        blob.extend_from_slice(&pointer.to_le_bytes());
    }
    blob.extend_from_slice(version);
    blob.extend_from_slice(&list);
    assert_eq!(names(elf(&[(".go.buildinfo", &blob)])), EXPECTED);
}

proptest::proptest! {
    #[test]
    fn a_damaged_blob_does_no_harm(bytes: Vec<u8>, flags: u8) {
        let mut blob = MAGIC.to_vec();
        blob.extend_from_slice(&[8, flags]);
        blob.extend_from_slice(&bytes);
        names(elf(&[(".go.buildinfo", &blob)]));
    }
}
