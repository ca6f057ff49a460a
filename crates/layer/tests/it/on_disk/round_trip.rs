//! What is captured of an unpacked layer is the layer.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use strata_layer::{CaptureOptions, EntryKind, NewEntry, TarWriter, Timestamp};

use super::{Site, needs_root};

/// What a path is to be; hard links and deletions are made of some of them.
#[derive(Debug, Clone)]
struct Thing {
    kind: u8,
    mode: u32,
    owner: (u64, u64),
    time: Timestamp,
    content: Vec<u8>,
    attributes: Vec<(Vec<u8>, Vec<u8>)>,
}

prop_compose! {
    fn thing()(
        kind in 0_u8..12,
        mode in 0_u32..=0o7777,
        owner in (0_u64..70_000, 0_u64..0xffff_fff0),
        time in (0_i64..4_000_000_000, 0_u32..1_000_000_000),
        content in proptest::collection::vec(any::<u8>(), 0..2000),
        attributes in proptest::collection::vec(
            ("user\\.[a-z]{1,8}".prop_map(String::into_bytes),
             proptest::collection::vec(any::<u8>(), 0..60)),
            0..3),
    ) -> Thing {
        let time = Timestamp { seconds: time.0, nanos: time.1 };
        let attributes: BTreeMap<_, _> = attributes.into_iter().collect();
        let attributes = attributes.into_iter().collect();
        Thing { kind, mode, owner, time, content, attributes }
    }
}

fn path() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let name = prop_oneof![
        6 => "[a-c]{1,2}".prop_map(String::into_bytes),
        1 => proptest::collection::vec(1_u8..=255, 1..60)
            .prop_filter("a name", |name| {
                !name.contains(&b'/') && !matches!(&name[..], b"." | b"..") && !name.starts_with(b".wh.")
            }),
    ];
    proptest::collection::vec(name, 1..4)
}

/// A layer as a capture writes it: in order, all folders named, of each path one entry.
fn entries(things: BTreeMap<Vec<Vec<u8>>, Thing>) -> Vec<(NewEntry, Vec<u8>)> {
    let mut folders: Vec<Vec<Vec<u8>>> = vec![Vec::new()];
    let mut entries: Vec<(NewEntry, Vec<u8>)> = Vec::new();
    for (names, thing) in things {
        if !folders.contains(&names[..names.len() - 1].to_vec()) {
            continue;
        }
        let path = names.join(&b'/');
        let linked = entries.iter().find(|(entry, _)| {
            entry.kind == EntryKind::File
                && !entry.path.split(|&byte| byte == b'/').any(|name| name.starts_with(b".wh."))
        });
        let linked = linked.map(|(entry, _)| entry.clone());
        let new = |kind| NewEntry::new(path.clone(), kind);
        let mut content = Vec::new();
        let mut entry = match (thing.kind, linked) {
            (0..=3, _) => new(EntryKind::Directory),
            (4, _) => NewEntry::symlink(
                path.clone(),
                [b"../", &thing.content[..thing.content.len().min(3)], b"x"]
                    .concat()
                    .into_iter()
                    .filter(|&byte| byte != 0)
                    .collect::<Vec<u8>>(),
            ),
            (5, _) => NewEntry { device: (1, 3), ..new(EntryKind::CharDevice) },
            (6, _) => NewEntry { device: (7, 200), ..new(EntryKind::BlockDevice) },
            (7, _) => new(EntryKind::Fifo),
            (8, _) => {
                entries.push((NewEntry::whiteout(&path), Vec::new()));
                continue;
            }
            (9, Some(linked)) => {
                let link = linked.path.clone();
                let entry = NewEntry {
                    path,
                    kind: EntryKind::Hardlink,
                    link,
                    size: 0,
                    xattrs: Vec::new(),
                    ..linked
                };
                entries.push((entry, Vec::new()));
                continue;
            }
            _ => {
                content = thing.content;
                NewEntry::file(path.clone(), content.len() as u64)
            }
        };
        (entry.uid, entry.gid) = thing.owner;
        entry.modified = thing.time;
        if entry.kind != EntryKind::Symlink {
            entry.mode = thing.mode;
        }
        if matches!(entry.kind, EntryKind::File | EntryKind::Directory) {
            entry.xattrs = thing.attributes;
        }
        let is_folder = entry.kind == EntryKind::Directory;
        entries.push((entry, content));
        if is_folder {
            folders.push(names);
            if thing.kind == 3 {
                entries.push((NewEntry::opaque(&path), Vec::new()));
            }
        }
    }
    entries
}

fn tar(entries: &[(NewEntry, Vec<u8>)]) -> Vec<u8> {
    let mut tar = TarWriter::new(Vec::new());
    for (entry, content) in entries {
        tar.append(entry, &mut &content[..]).unwrap();
    }
    tar.finish().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn a_layer_that_is_unpacked_is_captured_as_it_was(
        things in proptest::collection::btree_map(path(), thing(), 0..40)
    ) {
        if !needs_root() {
            return Ok(());
        }
        let entries = entries(things);
        let mut site = Site::new();
        // Below is every folder, so that those which hide it have something to hide.
        let below: Vec<_> = entries
            .iter()
            .filter(|(entry, _)| entry.kind == EntryKind::Directory)
            .map(|(entry, _)| (NewEntry::directory(entry.path.clone()), Vec::new()))
            .collect();
        site.unpack(&tar(&below)).unwrap();
        let unpacked = site.unpack(&tar(&entries)).unwrap();
        prop_assert_eq!(unpacked.skipped.count, 0, "{:?}", unpacked.skipped);
        let (captured, found) = site.capture(&CaptureOptions::default());
        prop_assert_eq!(captured.skipped.count, 0);
        // What a folder hides is hidden with all in it: what in it hides once more says nothing.
        let hiding: Vec<Vec<u8>> = entries.iter().filter_map(|(entry, _)| Some([entry.path.strip_suffix(b".wh..wh..opq")?].concat())).collect();
        let is_said = |entry: &NewEntry| !(entry.path.ends_with(b".wh..wh..opq") && hiding.iter().any(|other| {
            entry.path.starts_with(other) && entry.path.len() > other.len() + b".wh..wh..opq".len()
        }));
        let expected: Vec<NewEntry> = entries.into_iter().map(|(entry, _)| entry).filter(is_said).collect();
        let found: Vec<NewEntry> = found.into_iter().map(NewEntry::from).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn capabilities_of_files_come_through() {
    if !needs_root() {
        return;
    }
    let capability = vec![1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let entry = NewEntry {
        mode: 0o755,
        uid: 1000,
        xattrs: vec![(b"security.capability".to_vec(), capability)],
        ..NewEntry::file("ping", 4)
    };
    let mut site = Site::new();
    let unpacked = site.unpack(&tar(&[(entry.clone(), b"ping".to_vec())])).unwrap();
    if unpacked.skipped.count > 0 {
        println!("skipped: this file system keeps no capabilities");
        return;
    }
    let (_, found) = site.capture(&CaptureOptions::default());
    assert_eq!(NewEntry::from(found[0].clone()), entry);
}

#[test]
fn a_captured_layer_is_the_same_each_time() {
    let mut site = Site::new();
    site.unpack(&super::layer(&["b/", "b/x", "a", "c/"]).tar()).unwrap();
    fs::write(site.top().join("c/new"), "new").unwrap();
    let options = CaptureOptions { epoch: Some(1_000), whole_seconds: false };
    let capture = || {
        let mut tar = TarWriter::new(Vec::new());
        strata_layer::capture(site.top(), &[], &mut tar, &options).unwrap();
        tar.finish().unwrap()
    };
    let first = capture();
    assert_eq!(first, capture());
    let (_, entries) = crate::read(&first).unwrap();
    assert!(entries.iter().all(|entry| entry.modified == Timestamp { seconds: 1_000, nanos: 0 }));
}
