#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use super::fixture::zip;
use super::*;

/// All of one member by its name.
fn read_one(bytes: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut reader = Cursor::new(bytes);
    let directory = Directory::read(&mut reader, usize::MAX).ok()?;
    let member = directory.members.iter().find(|member| member.name == name.as_bytes())?;
    directory.bytes_of(&mut reader, member, 1 << 20).ok()?
}

#[test]
fn a_zip_is_listed_and_read_also_behind_a_script() {
    for is_packed in [false, true] {
        let mut bytes = b"#!/bin/sh\n".to_vec();
        bytes.extend(zip(&[("META-INF/", b""), ("a.txt", b"hello hello hello")], is_packed));
        let found = Directory::read(&mut Cursor::new(&bytes), 100).unwrap();
        let names: Vec<&[u8]> = found.members.iter().map(|member| &*member.name).collect();
        assert_eq!(names, [&b"META-INF/"[..], b"a.txt"]);
        assert_eq!(found.members[1].size, 17);
        assert_eq!(read_one(&bytes, "a.txt").as_deref(), Some(&b"hello hello hello"[..]));
    }
}

proptest::proptest! {
    #[test]
    fn damaged_zips_do_no_harm(at: usize, value: u8, cut: usize) {
        let mut bytes = zip(&[("a", b"b"), ("c", b"d")], true);
        let length = bytes.len();
        bytes[at % length] = value;
        let _ = Directory::read(&mut Cursor::new(&bytes), 10);
        bytes.truncate(cut % length);
        let _ = Directory::read(&mut Cursor::new(&bytes), 10);
    }

    #[test]
    fn random_bytes_do_no_harm_as_a_zip(bytes: Vec<u8>) {
        let _ = read_one(&bytes, "a");
    }
}
