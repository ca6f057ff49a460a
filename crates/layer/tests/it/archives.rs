//! What a layer says of its entries.

use std::io::Write;
use std::process::{Command, Stdio};

use strata_layer::{
    Entry, EntryKind, EntrySink, FingerprintKey, LayerError, Limits, Timestamp, read_range, scan,
};
use strata_testkit::{Layer, gzip, noise};

use crate::read;

#[test]
fn every_field_of_an_entry_arrives() {
    let tar = Layer::new()
        .owner(1000, 2000)
        .time(1_600_000_001)
        .dir("./etc/")
        .mode(0o4755)
        .file("./etc/tool", b"content")
        .symlink("etc/link", "../else/where/")
        .hardlink("etc/same", "./etc/tool")
        .fifo("/run/pipe")
        .tar();
    let (scanned, entries) = read(&tar).unwrap();
    let paths: Vec<_> = entries.iter().map(|entry| String::from_utf8_lossy(&entry.path)).collect();
    assert_eq!(paths, ["etc", "etc/tool", "etc/link", "etc/same", "run/pipe"]);
    let tool = &entries[1];
    assert_eq!((tool.kind, tool.mode, tool.uid, tool.gid), (EntryKind::File, 0o4755, 1000, 2000));
    assert_eq!(tool.modified, Timestamp { seconds: 1_600_000_001, nanos: 0 });
    assert_ne!(tool.fingerprint, [0; 16]);
    assert_eq!(entries[2].link, b"../else/where/");
    assert_eq!(entries[3].link, b"etc/tool");
    assert_eq!(scanned.entries, 5);
    assert_eq!(scanned.tar_bytes, tar.len() as u64);
    assert_eq!(scanned.bytes_after_end, 0);
    assert_eq!(scanned.diff_id.0, strata_spec::Digest::sha256_of(&tar));
}

/// Takes the fingerprints, made with a key.
struct Keyed(FingerprintKey, Vec<[u8; 16]>);

impl EntrySink for Keyed {
    fn entry(&mut self, entry: Entry) -> Result<(), LayerError> {
        self.1.push(entry.fingerprint);
        Ok(())
    }

    fn fingerprint_key(&self) -> FingerprintKey {
        self.0
    }
}

#[test]
fn fingerprints_tell_contents_apart_for_who_has_the_key() {
    let large = noise(1, 3_000_000);
    let mut other = large.clone();
    other[2_999_999] ^= 1;
    let tar = Layer::new()
        .file("a", &large)
        .file("b", "content")
        .file("c", &large)
        .file("d", &other)
        .file("e", "")
        .dir("f")
        .tar();
    let of = |key: u8| {
        let mut sink = Keyed(FingerprintKey([key; 32]), Vec::new());
        scan(&tar[..], &Limits::default(), &mut sink).unwrap();
        sink.1
    };
    let (one, two) = (of(1), of(2));
    assert_eq!(one, of(1));
    assert_eq!(one[0], one[2]);
    assert_ne!(one[0], one[3]);
    assert_eq!(one[5], [0; 16]);
    for at in 0..5 {
        assert_ne!(one[at], two[at], "{at}");
    }
    assert_ne!(FingerprintKey([1; 32]).name(), FingerprintKey([2; 32]).name());
}

#[test]
fn extensions_apply_to_the_next_entry_only() {
    let long = format!("deep/{}", "n".repeat(300));
    let tar = Layer::new()
        .pax(&[
            ("path", b"by/pax"),
            ("uid", b"3000000000"),
            ("mtime", b"-0.5"),
            ("SCHILY.xattr.user.k", b"v\n1"),
        ])
        .file("plain", b"1")
        .file(&long, b"22")
        .file("after", b"333")
        .tar();
    let (_, entries) = read(&tar).unwrap();
    assert_eq!(entries[0].path, b"by/pax");
    assert_eq!(entries[0].uid, 3_000_000_000);
    assert_eq!(entries[0].modified, Timestamp { seconds: -1, nanos: 500_000_000 });
    assert_eq!(entries[0].xattrs, [(b"user.k".to_vec(), b"v\n1".to_vec())]);
    assert_eq!(entries[1].path, long.as_bytes());
    assert_eq!(entries[2].path, b"after");
    assert_eq!((entries[2].uid, entries[2].xattrs.len()), (0, 0));
}

#[test]
fn the_size_in_a_pax_record_is_the_size() {
    let content = noise(1, 1500);
    let tar = Layer::new().pax(&[("size", b"1500")]).file("big", &content).file("next", b"x").tar();
    let (_, entries) = read(&tar).unwrap();
    assert_eq!(entries[0].size, 1500);
    assert_eq!(entries[1].path, b"next");
}

#[test]
fn a_files_bytes_are_found_again_in_the_packed_layer() {
    let (first, second) = (noise(2, 70_000), noise(3, 200_001));
    let tar = Layer::new().file("a", &first).file("b", &second).tar();
    let (_, entries) = read(&tar).unwrap();
    for packed in [tar.clone(), gzip(&tar), strata_testkit::zstd(&tar)] {
        let mut out = Vec::new();
        read_range(&packed[..], entries[1].offset, entries[1].size, &mut out).unwrap();
        assert_eq!(out, second);
    }
    assert!(read_range(&tar[..], 0, tar.len() as u64 + 1, &mut std::io::sink()).is_err());
}

#[test]
fn names_that_are_no_text_arrive_as_they_are() {
    let tar = Layer::new().file(b"a/\xff\xfe", b"").file("line\nbreak", b"").file("층", b"").tar();
    let (_, entries) = read(&tar).unwrap();
    assert_eq!(entries[0].path, b"a/\xff\xfe");
    assert_eq!(entries[1].path, b"line\nbreak");
    assert_eq!(entries[2].path, "층".as_bytes());
}

#[test]
fn archives_of_the_systems_tar_read_in_each_of_its_formats() {
    let folder = std::env::temp_dir().join(format!("strata-layer-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("d")).unwrap();
    let long = "x".repeat(120);
    std::fs::write(folder.join("d").join(&long), b"hello").unwrap();
    let holes = std::fs::File::create(folder.join("d/holes")).unwrap();
    holes.set_len(8 << 20).unwrap();
    for format in ["gnu", "posix", "oldgnu"] {
        for sparse in [false, true] {
            let mut command = Command::new("tar");
            command.args([&format!("--format={format}"), "-C"]).arg(&folder).args(["-cf", "-"]);
            if sparse {
                command.arg("-S");
            }
            let Ok(output) = command.arg("d").stderr(Stdio::null()).output() else {
                println!("skipped: there is no tar");
                return;
            };
            if !output.status.success() {
                println!("skipped: this tar does not write {format}");
                continue;
            }
            let (_, mut entries) = read(&output.stdout).unwrap();
            entries.sort_by(|a, b| a.path.cmp(&b.path));
            let found: Vec<_> =
                entries.iter().map(|entry| (entry.path.len(), entry.size)).collect();
            assert_eq!(found, [(1, 0), (7, 8 << 20), (122, 5)], "{format} sparse: {sparse}");
        }
    }
    std::io::stdout().flush().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}
