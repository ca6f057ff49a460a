#![allow(clippy::unwrap_used)]
use std::process::{Command, Stdio};

use proptest::prelude::*;

use super::*;
use crate::{Entry, EntrySink, LayerError, scan};

struct Entries(Vec<Entry>);

impl EntrySink for Entries {
    fn entry(&mut self, entry: Entry) -> Result<(), LayerError> {
        self.0.push(entry);
        Ok(())
    }
}

fn read(tar: &[u8]) -> Vec<Entry> {
    let mut entries = Entries(Vec::new());
    scan(tar, &Limits::default(), &mut entries).unwrap();
    entries.0
}

fn write(entries: &[(NewEntry, Vec<u8>)]) -> Vec<u8> {
    let mut tar = TarWriter::new(Vec::new());
    for (entry, content) in entries {
        tar.append(entry, &mut &content[..]).unwrap();
    }
    assert_eq!(tar.entries(), entries.len() as u64);
    tar.finish().unwrap()
}

/// What scans give back: sorted, and the last of each name.
fn as_read(mut entry: NewEntry) -> NewEntry {
    entry.xattrs.reverse();
    entry.xattrs.sort_by(|one, other| one.0.cmp(&other.0));
    entry.xattrs.dedup_by(|other, one| other.0 == one.0);
    entry
}

fn name() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[a-z.]{1,12}".prop_map(String::into_bytes),
        1 => "[a-zé한\n]{1,80}".prop_map(String::into_bytes),
        1 => proptest::collection::vec(1_u8..=255, 1..120),
        1 => "x{90,160}".prop_map(String::into_bytes),
    ]
    .prop_filter("a name", |name| {
        !name.contains(&b'/') && !matches!(&name[..], b"." | b"..") && !name.starts_with(b".wh.")
    })
}

fn path() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(name(), 1..6).prop_map(|names| names.join(&b'/'))
}

fn kind() -> impl Strategy<Value = EntryKind> {
    prop_oneof![
        3 => Just(EntryKind::File),
        1 => Just(EntryKind::Directory),
        1 => Just(EntryKind::Symlink),
        1 => Just(EntryKind::Hardlink),
        1 => Just(EntryKind::CharDevice),
        1 => Just(EntryKind::BlockDevice),
        1 => Just(EntryKind::Fifo),
    ]
}

prop_compose! {
    fn entry()(
        path in path(),
        kind in kind(),
        mode in 0_u32..=0o7777,
        ids in (prop_oneof![0_u64..70_000, any::<u64>()], prop_oneof![0_u64..70_000, any::<u64>()]),
        seconds in prop_oneof![0_i64..2_000_000_000, -99_999_999_999_i64..99_999_999_999],
        nanos in prop_oneof![Just(0_u32), 0_u32..1_000_000_000],
        target in path(),
        device in (prop_oneof![0_u32..512, any::<u32>()], any::<u32>()),
        xattrs in proptest::collection::vec(
            ("(user|security)\\.[a-z]{1,3}".prop_map(String::into_bytes),
             proptest::collection::vec(any::<u8>(), 0..40)),
            0..4),
        content in proptest::collection::vec(any::<u8>(), 0..1500),
    ) -> (NewEntry, Vec<u8>) {
        let content = if kind == EntryKind::File { content } else { Vec::new() };
        let is_device = matches!(kind, EntryKind::CharDevice | EntryKind::BlockDevice);
        let link = match kind {
            EntryKind::Symlink | EntryKind::Hardlink => target,
            _ => Vec::new(),
        };
        let entry = NewEntry {
            path,
            kind,
            mode,
            uid: ids.0,
            gid: ids.1,
            size: content.len() as u64,
            modified: Timestamp { seconds, nanos },
            link,
            device: if is_device { device } else { (0, 0) },
            xattrs,
        };
        (entry, content)
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(entries in proptest::collection::vec(entry(), 0..12)) {
        let tar = write(&entries);
        prop_assert_eq!(&tar, &write(&entries));
        let found = read(&tar);
        prop_assert_eq!(found.len(), entries.len());
        for (found, (entry, content)) in found.into_iter().zip(&entries) {
            let at = usize::try_from(found.offset).unwrap();
            prop_assert_eq!(&tar[at..at + content.len()], &content[..]);
            prop_assert_eq!(NewEntry::from(found), as_read(entry.clone()));
        }
    }
}

#[test]
fn a_simple_file_has_one_header_and_nothing_of_this_machine() {
    let tar = write(&[(NewEntry::file("a/b", 3), b"abc".to_vec())]);
    assert_eq!(tar.len(), 4 * BLOCK);
    assert_eq!(&tar[..4], b"a/b\0");
    assert_eq!(&tar[257..265], b"ustar\x0000");
    // No names of a user and a group.
    assert!(tar[265..329].iter().all(|&byte| byte == 0));
    assert_eq!(write(&[]), vec![0; 2 * BLOCK]);
}

#[test]
fn paths_are_split_between_the_two_fields_where_they_can_be() {
    for (folder, name, records) in
        [(99, 0, 0), (60, 60, 0), (155, 100, 0), (156, 100, 1), (60, 101, 1)]
    {
        let path = match name {
            0 => "x".repeat(folder),
            name => format!("{}/{}", "x".repeat(folder), "y".repeat(name)),
        };
        let tar = write(&[(NewEntry::file(path.clone(), 0), Vec::new())]);
        let is_extended = tar[156] == b'x';
        assert_eq!(is_extended, records == 1, "{path}");
        assert_eq!(read(&tar)[0].path, path.as_bytes());
        let tar = write(&[(NewEntry::directory(path.clone()), Vec::new())]);
        assert_eq!(read(&tar)[0].path, path.as_bytes());
    }
}

#[test]
fn a_large_file_is_announced_in_a_record() {
    let entry = NewEntry::file("big", 9 << 30);
    let headers = headers(&entry, entry.size, &Limits::default()).unwrap();
    assert_eq!(&headers[BLOCK..BLOCK + 19], b"19 size=9663676416\n");
    assert_eq!(&headers[2 * BLOCK + 124..2 * BLOCK + 136], b"00000000000\0");
}

#[test]
fn content_must_have_the_promised_size_and_a_failure_ends_the_tar() {
    for content in [&b"1234"[..], b"123456"] {
        let mut tar = TarWriter::new(Vec::new());
        let refused = tar.append(&NewEntry::file("a", 5), &mut &content[..]);
        assert!(matches!(refused, Err(WriteError::Changed { promised: 5, .. })), "{refused:?}");
        let after = tar.append_empty(&NewEntry::directory("b"));
        assert!(matches!(after, Err(WriteError::Broken)));
        assert!(matches!(tar.finish(), Err(WriteError::Broken)));
    }
}

#[test]
fn what_no_layer_can_hold_is_refused_and_the_tar_goes_on() {
    let mut tar = TarWriter::new(Vec::new());
    let odd = |name: &[u8]| NewEntry {
        xattrs: vec![(name.to_vec(), b"1".to_vec())],
        ..NewEntry::file("a", 0)
    };
    for entry in [
        NewEntry::file("../a", 0),
        NewEntry::file("/a", 0),
        NewEntry::file("a/", 0),
        NewEntry::file("a/./b", 0),
        NewEntry::file("a\0b", 0),
        NewEntry::file("", 0),
        NewEntry::file("a/.wh..", 0),
        NewEntry::file("a".repeat(40_000), 0),
        NewEntry::hardlink("a", ""),
        NewEntry::hardlink("a", "../b"),
        NewEntry::symlink("a", "b\0c"),
        odd(b"user.a=b"),
        odd(b""),
        NewEntry { xattrs: vec![(b"user.a".to_vec(), vec![0; 2 << 20])], ..odd(b"x") },
        NewEntry::file("a", 300 << 30),
    ] {
        let refused = tar.append_empty(&entry);
        assert!(matches!(refused, Err(WriteError::Entry { .. })), "{entry:?} {refused:?}");
    }
    tar.append_empty(&NewEntry::directory("")).unwrap();
    let found = read(&tar.finish().unwrap());
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].path.len(), found[0].kind), (0, EntryKind::Directory));
}

/// Some of everything, with names that GNU tar shows as they are.
fn everything() -> Vec<(NewEntry, Vec<u8>)> {
    let long = |length: usize| "n".repeat(length);
    let file = |path: String, content: &[u8]| {
        (NewEntry::file(path, content.len() as u64), content.to_vec())
    };
    let none = |entry: NewEntry| (entry, Vec::new());
    vec![
        none(NewEntry::directory("d")),
        file("d/plain".into(), b"hello"),
        file(format!("d/{}/{}", long(120), long(90)), b"split"),
        file(format!("d/{}", long(200)), b"long"),
        file("d/한글".into(), b"letters"),
        none(NewEntry::symlink("d/link", long(150))),
        none(NewEntry::hardlink("d/again", format!("d/{}", long(200)))),
        (
            NewEntry {
                uid: 3_000_000,
                modified: Timestamp { seconds: 1_600_000_000, nanos: 5_000_000 },
                ..NewEntry::file("d/owned", 2)
            },
            b"me".to_vec(),
        ),
        none(NewEntry {
            modified: Timestamp { seconds: -5, nanos: 0 },
            ..NewEntry::directory("old")
        }),
        none(NewEntry::new("d/pipe", EntryKind::Fifo)),
    ]
}

#[test]
fn gnu_tar_reads_what_is_written() {
    let Ok(_) = Command::new("tar").arg("--version").output() else {
        println!("skipped: there is no tar");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let entries = everything();
    std::fs::write(folder.path().join("a.tar"), write(&entries)).unwrap();
    let run = |arguments: &[&str]| {
        let out = Command::new("tar")
            .args(["--numeric-owner", "--quoting-style=literal", "-f", "a.tar"])
            .args(arguments)
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .current_dir(folder.path())
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        assert_eq!(String::from_utf8_lossy(&out.stderr), "");
        String::from_utf8(out.stdout).unwrap()
    };
    let names = run(&["-t"]);
    let names: Vec<&str> = names.lines().map(|name| name.trim_end_matches('/')).collect();
    let expected: Vec<String> =
        entries.iter().map(|(entry, _)| String::from_utf8(entry.path.clone()).unwrap()).collect();
    assert_eq!(names, expected);
    let listed = run(&["-tv", "--full-time", "d/owned", "old"]);
    assert!(listed.contains("3000000/0"), "{listed}");
    assert!(listed.contains("2020-09-13 12:26:40.005"), "{listed}");
    assert!(listed.contains("1969-12-31 23:59:55"), "{listed}");
    for (entry, content) in &entries {
        if entry.kind == EntryKind::File {
            let path = String::from_utf8(entry.path.clone()).unwrap();
            assert_eq!(run(&["-xO", &path]).as_bytes(), content);
        }
    }
}
