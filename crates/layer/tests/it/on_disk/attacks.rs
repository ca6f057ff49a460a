//! Layers that want more than they may have.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};

use strata_layer::{
    LayerError, Limits, NewEntry, OverlayMarks, Owners, SkippedPart, TarWriter, UnpackError,
    UnpackOptions, unpack,
};
use strata_testkit::{Layer, gzip};
use tar::EntryType;

use super::{Site, is_root, layer, needs_root, paths};

/// A folder beside the layers that must stay as it is.
fn canary(site: &Site) {
    let folder = site.folder.path().join("outside");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("canary"), "alive").unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
}

fn is_untouched(site: &Site) {
    let folder = site.folder.path().join("outside");
    assert_eq!(paths(&folder), ["canary"]);
    assert_eq!(fs::read_to_string(folder.join("canary")).unwrap(), "alive");
    assert_eq!(fs::metadata(folder.join("canary")).unwrap().nlink(), 1);
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o7777, 0o700);
}

#[test]
fn no_layer_reaches_out() {
    let attacks: [fn(&str) -> Layer; 8] = [
        |out| Layer::new().symlink("door", out).file("door/canary", "dead"),
        |out| Layer::new().symlink("door", out).dir("door").mode(0o777).file("door/new", "x"),
        |out| Layer::new().symlink("door", out).mode(0o777).dir("door"),
        |out| Layer::new().symlink("door", format!("{out}/canary")).file("door", "dead"),
        |out| Layer::new().symlink("door", out).hardlink("mine", "door/canary"),
        |out| Layer::new().symlink("door", out).whiteout("door/canary").opaque("door"),
        |out| Layer::new().symlink("door", out).symlink("inner", "door").fifo("inner/pipe"),
        |out| {
            Layer::new()
                .file("file", "x")
                .symlink("file", format!("{out}/canary"))
                .mode(0o777)
                .file("file", "dead")
        },
    ];
    for attack in attacks {
        for relative in [true, false] {
            let mut site = Site::new();
            canary(&site);
            let out = match relative {
                true => "../outside".to_owned(),
                false => site.folder.path().join("outside").display().to_string(),
            };
            // Some are refused, the others stay inside.
            site.unpack(&attack(&out).tar()).ok();
            is_untouched(&site);
            // And again, with the link in a layer below.
            let mut site = Site::new();
            canary(&site);
            site.unpack(&Layer::new().symlink("door", &out).tar()).unwrap();
            site.unpack(&Layer::new().file("door/canary", "dead").mode(0o777).dir("door").tar())
                .ok();
            is_untouched(&site);
        }
    }
}

#[test]
fn a_lower_layer_that_somebody_changed_into_links_is_not_read_through() {
    let mut site = Site::new();
    canary(&site);
    site.unpack(&layer(&["etc/", "etc/passwd"]).tar()).unwrap();
    let etc = site.top().join("etc");
    fs::remove_dir_all(&etc).unwrap();
    symlink(site.folder.path().join("outside"), &etc).unwrap();
    let refused = site.unpack(&Layer::new().hardlink("mine", "etc/canary").tar());
    assert!(refused.is_err());
    is_untouched(&site);
}

#[test]
fn folders_that_are_swapped_for_links_meanwhile_lead_nowhere() {
    let mut site = Site::new();
    canary(&site);
    let swap = site.folder.path().join("layer0/swap");
    let stop = std::sync::atomic::AtomicBool::new(false);
    let tar = (0..3_000).fold(Layer::new().dir("swap"), |layer, at| {
        layer.file(format!("swap/{at}/file"), "x").mode(0o777).dir(format!("swap/{at}"))
    });
    let tar = tar.tar();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let aside = swap.with_file_name("aside");
                fs::rename(&swap, &aside).ok();
                symlink("../outside", &swap).ok();
                fs::remove_file(&swap).ok();
                fs::rename(&aside, &swap).ok();
            }
        });
        site.unpack(&tar).ok();
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    is_untouched(&site);
}

#[test]
fn a_link_or_a_full_folder_is_not_unpacked_into() {
    let site = Site::new();
    canary(&site);
    let link = site.folder.path().join("link");
    symlink("outside", &link).unwrap();
    for path in [link, site.folder.path().join("outside")] {
        let refused = unpack(&layer(&["a"]).tar()[..], &path, &site.options());
        assert!(matches!(refused, Err(UnpackError::Folder { .. })), "{refused:?}");
    }
    is_untouched(&site);
}

#[test]
fn what_would_fill_the_disk_is_refused() {
    let mut site = Site::new();
    // A sparse file of 4 EiB that is stored in no bytes at all.
    let sparse = Layer::new()
        .pax(&[
            ("GNU.sparse.major", b"1"),
            ("GNU.sparse.minor", b"0"),
            ("GNU.sparse.realsize", b"4611686018427387904"),
        ])
        .file("hole", b"0\n")
        .tar();
    assert!(site.unpack(&sparse).is_err());
    let small = Layer::new().pax(&[("GNU.sparse.realsize", b"4096")]).file("hole", b"0\n").tar();
    fs::remove_dir_all(site.folder.path().join("layer0")).unwrap();
    let refused = site.unpack(&small);
    assert!(matches!(refused, Err(UnpackError::Sparse { .. })), "{refused:?}");
    // A bomb ends at the limit.
    let options = UnpackOptions {
        limits: Limits { ratio_from_bytes: 1 << 20, ..Limits::default() },
        ..site.options()
    };
    let bomb = gzip(&Layer::new().file("zeros", vec![0; 16 << 20]).tar());
    let into = site.folder.path().join("bomb");
    let refused = unpack(&bomb[..], &into, &options);
    assert!(matches!(refused, Err(UnpackError::Layer(LayerError::Limit { .. }))), "{refused:?}");
    assert!(fs::metadata(into.join("zeros")).unwrap().len() < 4 << 20);
}

#[test]
fn a_path_that_lies_too_deep_is_refused() {
    let mut site = Site::new();
    let deep = vec!["d"; 600].join("/");
    let refused = site.unpack(&Layer::new().file(&deep, "x").tar());
    assert!(matches!(refused, Err(UnpackError::Path { .. })), "{refused:?}");
    // By way of links that lie in each other, too.
    let mut site = Site::new();
    let half = vec!["d"; 300].join("/");
    let mut tar = TarWriter::new(Vec::new());
    for entry in [
        NewEntry::directory(&half[..]),
        NewEntry::symlink("l", &half[..]),
        NewEntry::file(format!("l/{half}/x"), 0),
    ] {
        tar.append_empty(&entry).unwrap();
    }
    let refused = site.unpack(&tar.finish().unwrap());
    assert!(matches!(refused, Err(UnpackError::Path { .. })), "{refused:?}");
}

#[test]
fn what_an_overlay_takes_for_its_own_is_left_out() {
    if !needs_root() {
        return;
    }
    let mut site = Site::new();
    site.unpack(&layer(&["d/", "d/secret", "other/", "other/x"]).tar()).unwrap();
    let odd = Layer::new()
        .pax(&[
            ("SCHILY.xattr.trusted.overlay.redirect", b"/other"),
            ("SCHILY.xattr.user.overlay.opaque", b"y"),
            ("SCHILY.xattr.trusted.overlay.opaque", b"y"),
        ])
        .dir("d")
        .raw(b"other", EntryType::Char, 0o644, b"", b"");
    let unpacked = site.unpack(&odd.tar()).unwrap();
    assert_eq!(unpacked.skipped.count, 4, "{:?}", unpacked.skipped);
    assert_eq!(unpacked.skipped.named[0], (b"other".to_vec(), SkippedPart::Device));
    let Some(merged) = site.mounted() else { return };
    assert_eq!(merged.paths(), ["d/", "d/secret", "other/", "other/x"]);
}

#[test]
fn devices_and_rights_are_made_as_far_as_this_user_may() {
    let mut site = Site::new();
    let tar = Layer::new()
        .owner(4_294_967_296, 0)
        .file("huge", "x")
        .owner(0, 0)
        .mode(0o4755)
        .file("setuid", "x")
        .raw(b"dev/null", EntryType::Char, 0o666, b"", b"")
        .tar();
    let into = site.folder.path().join("strict");
    let strict =
        UnpackOptions { owners: Owners::Keep, marks: OverlayMarks::User, ..site.options() };
    let refused = unpack(&tar[..], &into, &strict);
    assert!(matches!(refused, Err(UnpackError::Owner { uid: 4_294_967_296, .. })), "{refused:?}");
    let lax = UnpackOptions { owners: Owners::IgnoreErrors, ..strict };
    let into = site.folder.path().join("lax");
    let unpacked = unpack(&tar[..], &into, &lax).unwrap();
    let first = &unpacked.skipped.named[0];
    assert_eq!(first.1, SkippedPart::Owner { uid: 4_294_967_296, gid: 0 });
    let mode = fs::metadata(into.join("setuid")).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o4755);
    if is_root() {
        let null = Layer::new().raw(b"dev/zero", EntryType::Block, 0o666, b"", b"").tar();
        site.unpack(&null).unwrap();
        let data = fs::metadata(site.top().join("dev/zero")).unwrap();
        assert!(data.file_type().is_block_device() && data.permissions().mode() & 0o777 == 0o666);
    }
}
