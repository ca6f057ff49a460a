//! Executables and archives, real ones and damaged ones.
#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write};

use proptest::prelude::*;
use strata_content::{Linking, elf_summary, list_archive};

/// A program of this machine, where it is Linux.
fn program() -> Option<Vec<u8>> {
    std::fs::read("/bin/sh").ok().filter(|bytes| bytes.starts_with(b"\x7fELF"))
}

#[test]
fn a_program_of_this_machine_says_what_it_needs() {
    let Some(bytes) = program() else {
        println!("skipped: there is no ELF program at /bin/sh");
        return;
    };
    let found = elf_summary(Cursor::new(bytes)).unwrap();
    let host = if cfg!(target_arch = "x86_64") { "amd64" } else { "arm64" };
    assert_eq!((found.machine.as_str(), found.bits, found.linking), (host, 64, Linking::Dynamic));
    assert!(found.interpreter.is_some_and(|path| path.contains("ld-")));
    assert!(found.needed.iter().any(|name| name.starts_with("libc.")), "{:?}", found.needed);
    assert!(found.is_little_endian && !found.is_go);
}

#[test]
fn a_library_says_its_name() {
    let folders = ["/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/lib64"];
    let Some(bytes) =
        folders.iter().find_map(|folder| std::fs::read(format!("{folder}/libm.so.6")).ok())
    else {
        println!("skipped: there is no libm.so.6 where it is looked for");
        return;
    };
    let found = elf_summary(Cursor::new(bytes)).unwrap();
    assert_eq!((found.soname.as_deref(), found.linking), (Some("libm.so.6"), Linking::Library));
}

#[test]
fn what_is_no_elf_file_is_an_error() {
    assert!(elf_summary(Cursor::new(b"#!/bin/sh\n".to_vec())).is_err());
    assert!(elf_summary(Cursor::new(b"\x7fELF".to_vec())).is_err());
}

fn tar() -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in [("a.txt", "hello"), ("b/c.txt", "")] {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, path, content.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn names(bytes: Vec<u8>, most: usize) -> (Vec<String>, bool) {
    let listing = list_archive(Cursor::new(bytes), most).unwrap();
    let name = |path: &[u8]| String::from_utf8_lossy(path).into_owned();
    (listing.entries.iter().map(|entry| name(&entry.path)).collect(), listing.is_cut)
}

#[test]
fn tars_packed_tars_and_zips_are_listed() {
    let both = (vec!["a.txt".to_owned(), "b/c.txt".to_owned()], false);
    assert_eq!(names(tar(), 10), both);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&tar()).unwrap();
    assert_eq!(names(packed.finish().unwrap(), 10), both);
    assert_eq!(names(tar(), 1), (vec!["a.txt".to_owned()], true));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("META-INF/MANIFEST.MF", stored).unwrap();
    zip.write_all(b"Manifest-Version: 1.0\n").unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    assert_eq!(names(bytes, 10), (vec!["META-INF/MANIFEST.MF".to_owned()], false));
}

#[test]
fn a_gzip_that_is_no_archive_is_an_error() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"just a text, and a longer one than a header is not needed").unwrap();
    assert!(list_archive(Cursor::new(packed.finish().unwrap()), 10).is_err());
}

proptest! {
    #[test]
    fn damaged_programs_and_archives_are_answered_or_refused(
        places in prop::collection::vec((0_usize..4096, any::<u8>()), 1..40),
        cut in 0_usize..20_000,
    ) {
        for whole in [program().unwrap_or_default(), tar()] {
            let mut bytes = whole;
            for &(at, byte) in &places {
                if let Some(place) = bytes.get_mut(at) {
                    *place = byte;
                }
            }
            elf_summary(Cursor::new(&bytes)).ok();
            bytes.truncate(cut);
            elf_summary(Cursor::new(&bytes)).ok();
            list_archive(Cursor::new(&bytes), 100).ok();
        }
    }
}
