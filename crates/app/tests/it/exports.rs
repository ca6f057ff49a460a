//! Files written out: what is there afterwards, and that nothing else is.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use strata_app::api::Outcome;
use strata_app::{ExportRequest, Exported, SkipReason};
use strata_testkit::{Image, Layer, Packing};
use tar::EntryType;

use crate::registry::{Registry, architecture};
use crate::site::Site;

/// Pulls an image of these layers and writes a path of it to `out`.
async fn exported(layers: Vec<Layer>, path: &str) -> (Site, Exported) {
    let registry = Registry::start().await;
    let mut image = Image::new().platform("linux", architecture());
    for layer in layers {
        image = image.layer(layer.tar(), Packing::Gzip, "COPY . /");
    }
    let reference = registry.push("team/app", "1", &image.build()).await;
    let site = Site::open();
    std::fs::create_dir(site.folder.path().join("outside")).unwrap();
    std::fs::write(canary(&site), "alive").unwrap();
    let outcome = site.pull(&reference).await;
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    let path = path.as_bytes().to_vec();
    let wanted = ExportRequest {
        image: reference,
        platform: None,
        path,
        layer: None,
        destination: out(&site),
    };
    let done = site.app.export(wanted).await.unwrap();
    let outside = site.folder.path().join("outside");
    assert_eq!(std::fs::read_dir(outside).unwrap().count(), 1);
    assert_eq!(std::fs::read(canary(&site)).unwrap(), b"alive");
    assert_eq!(std::fs::metadata(canary(&site)).unwrap().nlink(), 1);
    (site, done)
}

fn out(site: &Site) -> PathBuf {
    site.folder.path().join("out")
}

fn canary(site: &Site) -> PathBuf {
    site.folder.path().join("outside/canary")
}

fn read(site: &Site, path: &str) -> String {
    String::from_utf8(std::fs::read(out(site).join(path)).unwrap()).unwrap()
}

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().permissions().mode() & 0o7777
}

#[tokio::test]
async fn a_hard_link_keeps_the_bytes_that_it_had_when_its_target_is_replaced_or_deleted_above() {
    let below = Layer::new()
        .file("a", "old a")
        .hardlink("link-a", "a")
        .file("b", "old b")
        .hardlink("link-b", "b")
        .hardlink("link-b-too", "link-b")
        .file("c", "c")
        .hardlink("link-c", "c");
    let above = Layer::new().file("a", "new a").whiteout("b");
    let (site, done) = exported(vec![below, above], "/").await;
    assert_eq!((read(&site, "a"), read(&site, "link-a")), ("new a".into(), "old a".into()));
    assert!(!out(&site).join("b").exists());
    assert_eq!(
        (read(&site, "link-b"), read(&site, "link-b-too")),
        ("old b".into(), "old b".into())
    );
    let inode = |path: &str| std::fs::metadata(out(&site).join(path)).unwrap().ino();
    assert_eq!(inode("link-c"), inode("c"));
    assert_eq!(inode("link-b"), inode("link-b-too"));
    assert_ne!(inode("a"), inode("link-a"));
    assert_eq!((done.files, done.links, done.skipped_count), (4, 2, 0), "{done:?}");
}

#[tokio::test]
async fn a_name_that_is_too_long_is_left_out_and_the_rest_is_written() {
    let long = "n".repeat(300);
    let layer = Layer::new()
        .dir(format!("{long}d/"))
        .file(format!("{long}d/in"), "in")
        .dir(format!("{long}d/deeper/"))
        .file(&long, "text")
        .file(format!("{long}e"), "")
        .pax(&[("linkpath", long.as_bytes())])
        .hardlink("link", "cut")
        .file("other", "other");
    let (site, done) = exported(vec![layer], "/").await;
    assert_eq!(read(&site, "other"), "other");
    // The file that a hard link names is left out for its own name alone.
    assert_eq!(read(&site, "link"), "text");
    assert_eq!((done.files, done.folders, done.links, done.bytes), (2, 0, 0, 9), "{done:?}");
    assert_eq!(done.skipped_count, 5);
    assert!(done.skipped.iter().all(|one| one.reason == SkipReason::NameRefused), "{done:?}");
}

#[tokio::test]
async fn links_devices_and_rights_lead_nowhere() {
    let layer = Layer::new()
        .symlink("door", "../outside")
        .symlink("absolute", "/etc")
        .raw(b"null", EntryType::Char, 0o666, b"", b"")
        .raw(b"disk", EntryType::Block, 0o666, b"", b"")
        .fifo("pipe")
        .raw(b"suid", EntryType::Regular, 0o6755, b"", b"root")
        .raw(b"closed/", EntryType::Directory, 0o3000, b"", b"")
        .file("closed/in", "in");
    // A file below what was a link makes a folder of it.
    let above = Layer::new().dir("door/").file("door/canary", "dead");
    let (site, done) = exported(vec![layer, above], "/").await;
    assert!(out(&site).join("door").symlink_metadata().unwrap().is_dir());
    assert_eq!(read(&site, "door/canary"), "dead");
    let target = std::fs::read_link(out(&site).join("absolute")).unwrap();
    assert_eq!(target.as_os_str().as_bytes(), b"/etc");
    // Bits that give somebody's rights are kept where the owner is: by root alone.
    let is_root = out(&site).metadata().unwrap().uid() == 0;
    assert_eq!(mode(&out(&site).join("suid")), if is_root { 0o6755 } else { 0o755 });
    assert_eq!(mode(&out(&site).join("closed")), if is_root { 0o3000 } else { 0 });
    std::fs::set_permissions(out(&site).join("closed"), PermissionsExt::from_mode(0o700)).unwrap();
    assert_eq!(read(&site, "closed/in"), "in");
    assert_eq!(done.skipped_count, 3);
    assert!(done.skipped.iter().all(|one| one.reason == SkipReason::Special), "{done:?}");
    assert!(["null", "disk", "pipe"].iter().all(|name| !out(&site).join(name).exists()));
}

#[tokio::test]
async fn a_single_file_has_its_mode_and_time_and_a_folder_is_written_without_its_own_path() {
    let layer = || {
        Layer::new().dir("opt/").time(86_400).raw(
            b"opt/run",
            EntryType::Regular,
            0o4751,
            b"",
            b"text",
        )
    };
    let (site, done) = exported(vec![layer()], "/opt/run").await;
    let data = out(&site).metadata().unwrap();
    // The user whose rights it would run with owns it only where root wrote it.
    let bits =
        if out(&site).parent().unwrap().metadata().unwrap().uid() == 0 { 0o4751 } else { 0o751 };
    assert_eq!((data.mode() & 0o7777, data.mtime(), data.len()), (bits, 86_400, 4));
    assert_eq!((done.files, done.bytes), (1, 4));
    let (site, done) = exported(vec![layer()], "opt/").await;
    assert_eq!(read(&site, "run"), "text");
    assert_eq!((done.files, done.folders), (1, 0));
}
