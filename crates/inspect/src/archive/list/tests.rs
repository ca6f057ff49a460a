#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write};

use flate2::{Compression, write::GzEncoder};

use super::*;
use crate::archive::zip::{fixture::zip, read_one};

fn header(name: &str, flag: u8, size: usize) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    block[156] = flag;
    block[257..265].copy_from_slice(b"ustar\x0000");
    block[148..156].fill(b' ');
    let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    block
}

fn add(tar: &mut Vec<u8>, name: &str, flag: u8, data: &[u8]) {
    tar.extend(header(name, flag, data.len()));
    tar.extend(data);
    tar.resize(tar.len().next_multiple_of(512), 0);
}

fn tar() -> Vec<u8> {
    let mut tar = Vec::new();
    add(&mut tar, "folder/", b'5', b"");
    add(&mut tar, "folder/file", b'0', b"content");
    add(&mut tar, "link", b'2', b"");
    add(&mut tar, "././@LongLink", b'L', format!("{}\0", "long/".repeat(40)).as_bytes());
    add(&mut tar, "long", b'0', b"");
    add(&mut tar, "pax", b'x', b"20 path=name of pax\n");
    add(&mut tar, "short", b'0', &[1; 1000]);
    tar.extend([0; 1024]);
    tar
}

fn names(listing: &ArchiveListing) -> Vec<String> {
    listing.entries.iter().map(|entry| entry.path.to_string()).collect()
}

#[test]
fn a_tar_is_listed_plain_and_packed() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&tar()).unwrap();
    for (bytes, kind) in [(tar(), Kind::Tar), (packed.finish().unwrap(), Kind::TarGzip)] {
        let found = list(&mut Cursor::new(bytes), kind, 100).unwrap();
        let long = "long/".repeat(40);
        assert_eq!(names(&found), ["folder/", "folder/file", "link", &long, "name of pax"]);
        assert_eq!(found.entries[0].kind, EntryKind::Folder);
        assert_eq!(found.entries[1].size_bytes, 7);
        assert_eq!(found.entries[2].kind, EntryKind::Link);
        assert_eq!(found.entries[4].size_bytes, 1000);
        assert!(!found.is_cut);
    }
}

#[test]
fn a_list_ends_where_it_is_told_to_or_where_the_bytes_end() {
    let found = list(&mut Cursor::new(tar()), Kind::Tar, 2).unwrap();
    assert!(found.is_cut && found.entries.len() == 2);
    let found = list(&mut Cursor::new(&tar()[..700]), Kind::Tar, 100).unwrap();
    assert!(found.is_cut);
    assert!(list(&mut Cursor::new(b"no tar"), Kind::Tar, 100).is_err());
    assert!(matches!(
        list(&mut Cursor::new(b""), Kind::Png, 1),
        Err(InspectError::Unlisted { form: "png" })
    ));
}

#[test]
fn a_zip_is_listed_and_read_also_behind_a_script() {
    for is_packed in [false, true] {
        let mut bytes = b"#!/bin/sh\n".to_vec();
        bytes.extend(zip(&[("META-INF/", b""), ("a.txt", b"hello hello hello")], is_packed));
        let found = list(&mut Cursor::new(&bytes), Kind::Jar, 100).unwrap();
        assert_eq!(names(&found), ["META-INF/", "a.txt"]);
        assert_eq!(found.entries[1].size_bytes, 17);
        assert_eq!(read_one(&bytes, "a.txt").as_deref(), Some(&b"hello hello hello"[..]));
    }
}

#[test]
fn an_ar_is_listed_with_long_names_of_both_kinds() {
    let mut ar = b"!<arch>\n".to_vec();
    let mut add = |name: &str, data: &[u8]| {
        ar.extend(
            format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 644, data.len())
                .as_bytes(),
        );
        ar.extend(data);
        if data.len() % 2 == 1 {
            ar.push(b'\n');
        }
    };
    add("//", b"a name that is long.o/\n");
    add("/0", b"abc");
    add("short.o/", b"abcd");
    add("#1/8", b"bsd.o\0\0\0data");
    let found = list(&mut Cursor::new(ar), Kind::Ar, 100).unwrap();
    assert_eq!(names(&found), ["a name that is long.o", "short.o", "bsd.o"]);
    assert_eq!(found.entries.iter().map(|entry| entry.size_bytes).collect::<Vec<_>>(), [3, 4, 4]);
}

proptest::proptest! {
    #[test]
    fn damaged_archives_do_no_harm(at: usize, value: u8, cut: usize) {
        let ar = b"!<arch>\n/0              0           0     0     644     3         `\nabc".to_vec();
        for (mut bytes, kind) in [(tar(), Kind::Tar), (zip(&[("a", b"b"), ("c", b"d")], true), Kind::Zip), (ar, Kind::Ar)] {
            let length = bytes.len();
            bytes[at % length] = value;
            let _ = list(&mut Cursor::new(&bytes), kind, 10);
            bytes.truncate(cut % length);
            let _ = list(&mut Cursor::new(&bytes), kind, 10);
        }
    }

    #[test]
    fn random_bytes_do_no_harm_as_an_archive(bytes: Vec<u8>) {
        for kind in [Kind::Tar, Kind::Gzip, Kind::Zip, Kind::Ar] {
            let _ = list(&mut Cursor::new(&bytes), kind, 10);
        }
        let _ = read_one(&bytes, "a");
    }
}
