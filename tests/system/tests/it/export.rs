use std::fs;

use crate::image::{self, CHANGES, ODDITIES, Packing};
use crate::site::{Site, output, shell};

/// Kind, mode, size, link target and path of everything but devices, as `find` tells it.
const TELL: &str = r"cd DIR && find . -mindepth 1 ! -type p ! -type b ! -type c ! -type d -printf '%y %s %l %P\n' | LC_ALL=C sort";

#[test]
fn what_is_exported_is_what_tar_unpacks_but_for_devices_and_owners() {
    let Some(site) = Site::open() else { return };
    let files = image::packages("coreutils", "gnu");
    let image = image::push(&site, "whole", &[(&files, Packing::Gzip)], false);
    site.strata_prints(&["pull", &image.reference]);
    let (ours, theirs) = (site.path("ours"), site.path("theirs"));
    site.strata_prints(&["export", &image.reference, "/", ours.to_str().unwrap()]);
    fs::create_dir(&theirs).unwrap();
    let unpack = format!("tar -xf '{}' -C '{}'", image.layers[0].display(), theirs.display());
    shell(site.folder(), &unpack);
    let tell = |folder: &std::path::Path| {
        shell(site.folder(), &TELL.replace("DIR", &folder.display().to_string()))
    };
    let (left, right) = (tell(&ours), tell(&theirs));
    assert!(left.lines().count() > 100, "{left}");
    assert_eq!(left, right);
    // What find does not tell: the bytes.
    shell(site.folder(), "diff -r --no-dereference ours theirs");
    let rights = shell(site.folder(), "find ours -perm /7000 | wc -l");
    assert_eq!(rights.trim(), "0");
}

#[test]
fn deletions_of_upper_layers_are_not_exported_and_nothing_is_overwritten() {
    let Some(site) = Site::open() else { return };
    let layers = [(ODDITIES, Packing::Plain), (CHANGES, Packing::Zstd)];
    let image = image::push(&site, "changed", &layers, false);
    site.strata_prints(&["pull", &image.reference]);
    let out = site.path("out");
    site.strata_prints(&["export", &image.reference, "/", out.to_str().unwrap()]);
    let marks = shell(site.folder(), "find out -name '.wh.*' | wc -l");
    assert_eq!(marks.trim(), "0");
    let again = output(&mut site.strata(&["export", &image.reference, "/", out.to_str().unwrap()]));
    assert_eq!(again.status.code(), Some(1), "the folder is not empty");
}
