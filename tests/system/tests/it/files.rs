use std::collections::BTreeSet;
use std::process::Command;

use crate::image::{self, CHANGES, Image, ODDITIES, Packing};
use crate::listing::{self, TarListing};
use crate::site::{Site, prints};

/// Holds every row of every layer against tar: nothing missing, nothing else.
fn holds_against_tar(site: &Site, image: &Image) {
    for (number, tar) in image.layers.iter().enumerate() {
        let layer = (number + 1).to_string();
        let printed = site.strata_prints(&["files", &image.reference, "--layer", &layer, "--json"]);
        let strata = listing::by_strata(&printed);
        let tar = listing::by_tar(tar);
        for (path, expected) in &tar.rows {
            let name = String::from_utf8_lossy(path);
            let (change, found) =
                strata.get(path).unwrap_or_else(|| panic!("layer {layer}: `{name}` is missing"));
            assert_eq!(found, expected, "layer {layer}: `{name}`");
            assert_ne!(change, "deleted", "layer {layer}: `{name}`");
        }
        for path in &tar.deleted {
            let name = String::from_utf8_lossy(path);
            let (change, _) =
                strata.get(path).unwrap_or_else(|| panic!("layer {layer}: `{name}` is missing"));
            assert_eq!(change, "deleted", "layer {layer}: `{name}`");
        }
        nothing_else(
            &layer,
            &tar,
            &strata.iter().map(|(path, (change, _))| (path, change.as_str())).collect::<Vec<_>>(),
        );
    }
}

/// Rows that tar does not name are folders on the way to one that it names, or what went with a deleted folder.
fn nothing_else(layer: &str, tar: &TarListing, rows: &[(&Vec<u8>, &str)]) {
    let mut on_the_way = BTreeSet::new();
    for path in tar.rows.keys().chain(&tar.deleted).chain(&tar.opaque) {
        on_the_way
            .extend((0..path.len()).filter(|at| path[*at] == b'/').map(|at| path[..at].to_vec()));
        on_the_way.insert(path.clone());
    }
    let is_below = |path: &[u8], folder: &Vec<u8>| {
        folder.is_empty()
            || path.strip_prefix(folder.as_slice()).is_some_and(|rest| rest.starts_with(b"/"))
    };
    for (path, change) in rows {
        let mut gone = tar.deleted.iter().chain(&tar.opaque);
        // A file where a folder was takes the folder's content with it.
        let mut replaced =
            tar.rows.iter().filter(|(_, row)| row.kind != "directory").map(|(path, _)| path);
        let went_along = *change == "deleted"
            && (gone.any(|folder| is_below(path, folder))
                || replaced.any(|file| is_below(path, file)));
        assert!(
            on_the_way.contains(*path) || went_along,
            "layer {layer}: tar knows no `{}` ({change})",
            String::from_utf8_lossy(path)
        );
    }
}

#[test]
fn lists_each_layer_as_tar_does_however_it_is_packed() {
    let Some(site) = Site::open() else { return };
    let first = image::packages("base-files coreutils dpkg", "gnu");
    let second = image::packages("perl-base tar gzip", "posix");
    let image = image::push(
        &site,
        "mixed",
        &[
            (&first, Packing::Gzip),
            (&second, Packing::Zstd),
            (ODDITIES, Packing::Plain),
            (CHANGES, Packing::Gzip),
        ],
        false,
    );
    site.strata_prints(&["pull", &image.reference]);
    holds_against_tar(&site, &image);
}

#[test]
fn lists_an_image_with_docker_s_media_types() {
    let Some(site) = Site::open() else { return };
    let image =
        image::push(&site, "docker", &[(ODDITIES, Packing::Gzip), (CHANGES, Packing::Gzip)], true);
    site.strata_prints(&["pull", &image.reference]);
    holds_against_tar(&site, &image);
}

#[test]
fn reads_a_file_s_bytes_as_tar_does() {
    let Some(site) = Site::open() else { return };
    let image =
        image::push(&site, "bytes", &[(ODDITIES, Packing::Zstd), (CHANGES, Packing::Gzip)], false);
    site.strata_prints(&["pull", &image.reference]);
    for (layer, member) in
        // `plain` is a hard link in the first layer, of which tar prints nothing: its bytes are those of `hard`.
        [
            (0, "srv/odd/random"),
            (0, "srv/odd/hard"),
            (0, "srv/odd/empty"),
            (1, "srv/odd/plain"),
        ]
    {
        let stored = if layer == 0 { format!("./{member}") } else { member.to_owned() };
        let mut tar = Command::new("tar");
        let expected = prints(tar.arg("-xOf").arg(&image.layers[layer]).arg(stored));
        let number = (layer + 1).to_string();
        let found = site.strata_prints(&["cat", &image.reference, member, "--layer", &number]);
        assert!(found == expected, "layer {number}: `{member}` differs");
    }
    let linked = site.strata_prints(&["cat", &image.reference, "srv/odd/plain", "--layer", "1"]);
    assert_eq!(linked, b"one");
    let newest = site.strata_prints(&["cat", &image.reference, "srv/odd/plain"]);
    assert_eq!(newest, b"two");
}
