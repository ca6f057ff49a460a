#![allow(clippy::unwrap_used)]

use super::*;

fn kind(name: &str, head: &[u8]) -> Kind {
    sniff(name.as_bytes(), head).kind
}

#[test]
fn kinds_are_told_from_first_bytes() {
    let mut tar = vec![0; 512];
    tar[257..265].copy_from_slice(b"ustar\x0000");
    let mut pe = vec![0; 128];
    pe[..2].copy_from_slice(b"MZ");
    let cases: &[(&str, &[u8], Kind)] = &[
        ("x", b"", Kind::Empty),
        ("x", b"\x7fELF\x02\x01\x01", Kind::Elf),
        ("x", b"\x89PNG\r\n\x1a\n\0\0", Kind::Png),
        ("x", b"\xff\xd8\xff\xe0", Kind::Jpeg),
        ("x", b"GIF89a..", Kind::Gif),
        ("x", b"RIFF\x24\0\0\0WEBPVP8 ", Kind::Webp),
        ("x.svg", b"<svg xmlns=\"x\"/>", Kind::Svg),
        ("x", b"<?xml version=\"1.0\"?><svg/>", Kind::Svg),
        ("x", b"<?xml version=\"1.0\"?><project/>", Kind::Xml),
        ("x", b"{\"a\": 1}\n", Kind::Json),
        ("x", b"{ this is no JSON", Kind::Text),
        ("x.jar", b"PK\x03\x04\x14\0", Kind::Jar),
        ("x.zip", b"PK\x03\x04\x14\0", Kind::Zip),
        ("x.tar.gz", b"\x1f\x8b\x08\0", Kind::TarGzip),
        ("x.gz", b"\x1f\x8b\x08\0", Kind::Gzip),
        ("x", b"\x28\xb5\x2f\xfd\0", Kind::Zstd),
        ("x", b"!<arch>\ndebian-binary   ", Kind::Deb),
        ("x.a", b"!<arch>\n/       ", Kind::Ar),
        ("x", b"\xca\xfe\xba\xbe\0\0\0\x34", Kind::JavaClass),
        ("x", b"\xca\xfe\xba\xbe\0\0\0\x02", Kind::MachO),
        ("x.pyc", b"\xcb\x0d\r\n\0\0\0\0", Kind::PythonBytecode),
        ("x", b"SQLite format 3\0\x10\0", Kind::Sqlite),
        ("x.pem", b"-----BEGIN CERTIFICATE-----\nMII", Kind::Certificate),
        ("x.key", b"-----BEGIN RSA PRIVATE KEY-----\nMII", Kind::PrivateKey),
        ("x.py", b"KEY = '-----BEGIN RSA PRIVATE KEY-----'\n", Kind::Source),
        ("x.p12", b"\x30\x82\x00\x01\x02\x00", Kind::KeyStore),
        ("x", b"\0\x03\x88", Kind::Binary),
        ("x", &tar, Kind::Tar),
        ("x.exe", &pe, Kind::Pe),
    ];
    for (name, head, expected) in cases {
        assert_eq!(kind(name, head), *expected, "{name} {head:?}");
    }
}

#[test]
fn a_script_names_its_interpreter() {
    let cases: &[(&[u8], &str)] = &[
        (b"#!/bin/sh\nset -e\n", "sh"),
        (b"#! /usr/bin/env python3\n", "python3"),
        (b"#!/usr/bin/env -S A=b node --x\n", "node"),
    ];
    for (head, expected) in cases {
        let found = sniff(b"usr/bin/tool", head);
        assert_eq!((found.kind, found.interpreter.as_deref()), (Kind::Script, Some(*expected)));
    }
    assert_eq!(sniff(b"x", b"#!\n").interpreter, None);
}

#[test]
fn each_kind_has_a_name_of_its_own_which_json_uses() {
    let names: std::collections::BTreeSet<&str> =
        Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), Kind::ALL.len());
    for kind in Kind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_have_some_kind(name in ".{0,20}", head: Vec<u8>) {
        let _ = sniff(name.as_bytes(), &head);
    }
}
