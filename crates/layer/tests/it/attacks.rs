//! Layers that lie, and layers of public attack tables.

use proptest::prelude::*;
use strata_layer::{EntryKind, LayerError, Limits, scan};
use strata_testkit::{Layer, cases, gzip, with_entry};
use tar::EntryType;

use crate::{Kept, read};

#[test]
fn a_claimed_size_is_refused_before_a_byte_is_waited_for() {
    let mut tar = Layer::new().file("huge", b"").tar();
    let size = [0x80_u8, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0];
    tar[124..136].copy_from_slice(&size);
    resum(&mut tar);
    assert!(matches!(read(&tar), Err(LayerError::Limit { what: "the size of a file", .. })));
    tar[124..136].copy_from_slice(&[0xff; 12]);
    resum(&mut tar);
    assert!(matches!(read(&tar), Err(LayerError::Header { .. })));
}

fn resum(tar: &mut [u8]) {
    tar[148..156].copy_from_slice(b"        ");
    let sum: u32 = tar[..512].iter().map(|&byte| u32::from(byte)).sum();
    tar[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let packed = gzip(&Layer::new().file("zeros", vec![0; 8 << 20]).tar());
    let limits = Limits { ratio_from_bytes: 1 << 20, ..Limits::default() };
    let ended = scan(&packed[..], &limits, &mut Kept::default());
    assert!(matches!(
        ended,
        Err(LayerError::Limit { what: "the ratio of plain to compressed bytes", .. })
    ));
    let limits = Limits { max_tar_bytes: 1 << 20, ..Limits::default() };
    let ended = scan(&packed[..], &limits, &mut Kept::default());
    assert!(matches!(ended, Err(LayerError::Limit { .. })));
}

#[test]
fn a_huge_extension_is_refused_without_being_read() {
    let tar = Layer::new().pax(&[("comment", &vec![b'x'; 2 << 20])]).file("a", b"").tar();
    assert!(matches!(read(&tar), Err(LayerError::Limit { what: "the size of an extension", .. })));
    // Nor may many small ones for the same entry.
    let mut layer = Layer::new();
    for number in 0..20 {
        layer = layer.pax(&[(&format!("SCHILY.xattr.user.{number}"), &vec![b'x'; 100 << 10])]);
    }
    let tar = layer.file("a", b"").tar();
    assert!(matches!(read(&tar), Err(LayerError::Limit { what: "the size of an extension", .. })));
    let limits = Limits { max_entries: 2, ..Limits::default() };
    let tar = Layer::new().dir("a").dir("b").dir("c").tar();
    assert!(scan(&tar[..], &limits, &mut Kept::default()).is_err());
}

#[test]
fn a_wrong_sum_a_cut_and_an_unknown_type_are_refused() {
    let tar = Layer::new().file("a", vec![7; 3000]).tar();
    let mut damaged = tar.clone();
    damaged[0] = b'b';
    assert!(matches!(read(&damaged), Err(LayerError::Header { .. })));
    assert!(matches!(read(&tar[..2000]), Err(LayerError::Cut { .. })));
    assert!(matches!(read(&tar[..300]), Err(LayerError::Cut { .. })));
    let odd = Layer::new().raw(b"a", EntryType::new(b'Z'), 0o644, b"", b"").tar();
    assert!(matches!(read(&odd), Err(LayerError::Kind { flag: 'Z', .. })));
}

#[test]
fn what_follows_the_end_is_counted_and_not_listed() {
    let tar =
        [Layer::new().file("seen", b"").tar(), Layer::new().file("smuggled", b"").tar()].concat();
    let (scanned, entries) = read(&tar).unwrap();
    assert_eq!(entries.len(), 1);
    assert!(scanned.bytes_after_end > 1000);
    assert_eq!(scanned.diff_id.0, strata_spec::Digest::sha256_of(&tar));
}

#[test]
fn a_path_out_of_the_image_is_refused() {
    let tar = Layer::new().file("../../etc/passwd", b"").tar();
    assert!(matches!(read(&tar), Err(LayerError::Escape { .. })));
    let tar = Layer::new().hardlink("a", "../../etc/passwd").tar();
    assert!(matches!(read(&tar), Err(LayerError::Escape { .. })));
}

#[test]
fn a_deletion_of_a_folder_by_itself_or_by_its_parent_is_refused() {
    for path in [".wh.", ".wh..", "a/.wh...", "a/.wh.."] {
        let tar = Layer::new().file(path, b"").tar();
        assert!(matches!(read(&tar), Err(LayerError::Path { .. })), "{path}");
    }
}

#[test]
fn links_and_folders_that_claim_a_size_do_not_swallow_what_follows() {
    let mut tar = Layer::new().symlink("link", "target").file("next", b"x").tar();
    tar[124..136].copy_from_slice(b"00000001000\0");
    resum(&mut tar);
    let (_, entries) = read(&tar).unwrap();
    assert_eq!(entries[1].path, b"next");
    assert_eq!(entries[0].size, 0);
}

/// Each layer of the tables of attacks is read as written or refused, and nothing else happens.
#[test]
fn public_attack_tables_are_read_without_a_crash() {
    let rooted = |path: &[u8]| {
        !path.starts_with(b"/") && !path.split(|&byte| byte == b'/').any(|part| part == b"..")
    };
    for case in ["layer-apply.jsonl", "layer-breakout.jsonl"].into_iter().flat_map(cases) {
        let name = &case["name"];
        let entries = case["tar"].as_array().unwrap();
        match read(&entries.iter().fold(Layer::new(), with_entry).tar()) {
            Ok((_, found)) => {
                assert_ne!(case["error"], true, "{name}");
                assert_eq!(found.len(), entries.len(), "{name}");
                assert!(found.iter().all(|entry| rooted(&entry.path)));
                assert!(found.iter().all(|e| e.kind != EntryKind::Hardlink || rooted(&e.link)));
            }
            Err(error) => {
                let is_fair = matches!(error, LayerError::Escape { .. } | LayerError::Path { .. });
                assert!(is_fair, "{name}: {error}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_scan_crash(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_change_of_a_byte_makes_the_scan_crash(at in 0_usize..4096, byte: u8) {
        let mut tar = Layer::new().pax(&[("path", b"p"), ("size", b"3")]).file("a", b"abc").symlink("b", "c").tar();
        let at = at % tar.len();
        tar[at] = byte;
        let _ = read(&tar);
        resum_all(&mut tar);
        let _ = read(&tar);
    }
}

fn resum_all(tar: &mut [u8]) {
    for block in tar.chunks_mut(512) {
        if block.iter().any(|&byte| byte != 0) && block.len() == 512 {
            resum(block);
        }
    }
}

#[test]
fn a_window_beyond_the_limit_is_refused_by_name() {
    // A frame of one raw block of four bytes, in a window of 256 MiB.
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0, 18 << 3, 33, 0, 0, b't', b'e', b'x', b't'];
    let refused = read(&frame);
    let what = "the window of its zstd data";
    assert!(
        matches!(&refused, Err(LayerError::Limit { what: told, found, .. }) if *told == what && *found == 256 << 20),
        "{refused:?}"
    );
}
