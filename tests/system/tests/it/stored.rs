use std::process::Command;

use crate::image::{self, CHANGES, ODDITIES, Packing};
use crate::proxy::Proxy;
use crate::site::{Site, prints};

#[test]
fn skopeo_reads_what_was_pulled() {
    let Some(site) = Site::open() else { return };
    let image =
        image::push(&site, "read", &[(ODDITIES, Packing::Gzip), (CHANGES, Packing::Zstd)], false);
    site.strata_prints(&["pull", &image.reference]);
    let stored = format!("oci:{}:{}", site.store().display(), image.reference);
    let there = format!("docker://{}", image.reference);
    let raw = |place: &str, extra: &[&str]| {
        prints(
            Command::new("skopeo").arg("inspect").args(extra).args(["--tls-verify=false", place]),
        )
    };
    assert_eq!(raw(&stored, &["--raw"]), raw(&there, &["--raw"]), "manifest");
    assert_eq!(raw(&stored, &["--config", "--raw"]), raw(&there, &["--config", "--raw"]), "config");
    // A copy reads every blob and checks it against its digest.
    let copy = format!("dir:{}", site.path("copy").display());
    prints(Command::new("skopeo").args(["copy", "-q", &stored, &copy]));
}

#[test]
fn a_second_pull_fetches_nothing() {
    let Some(site) = Site::open() else { return };
    let image =
        image::push(&site, "again", &[(ODDITIES, Packing::Gzip), (CHANGES, Packing::Gzip)], false);
    let proxy = Proxy::before(&site.registry.address, None);
    let reference = image.reference.replace(&site.registry.address, &proxy.address);
    let first = site.strata_prints(&["pull", &reference]);
    assert!(proxy.take_answered() > image.layer_bytes);
    let second = site.strata_prints(&["pull", &reference]);
    let answered = proxy.take_answered();
    assert!(answered < 16 * 1024, "{answered} bytes came for an image that is here");
    assert_eq!(first, second, "both print the digest");
}

#[test]
fn a_layer_that_another_image_brought_is_not_fetched_again() {
    let Some(site) = Site::open() else { return };
    let big = image::packages("coreutils", "gnu");
    let one = image::push(&site, "one", &[(&big, Packing::Gzip)], false);
    let two = image::push(&site, "two", &[(&big, Packing::Gzip), (CHANGES, Packing::Gzip)], false);
    site.strata_prints(&["pull", &one.reference]);
    let proxy = Proxy::before(&site.registry.address, None);
    site.strata_prints(&["pull", &two.reference.replace(&site.registry.address, &proxy.address)]);
    let most = two.layer_bytes - one.layer_bytes + 64 * 1024;
    let answered = proxy.take_answered();
    assert!(answered < most, "{answered} bytes came, {most} were enough");
}

#[test]
fn history_and_layers_tell_what_the_image_says() {
    let Some(site) = Site::open() else { return };
    let image =
        image::push(&site, "told", &[(ODDITIES, Packing::Gzip), (CHANGES, Packing::Gzip)], false);
    site.strata_prints(&["pull", &image.reference]);
    for command in ["inspect", "history", "layers"] {
        let printed = site.strata_prints(&[command, &image.reference, "--json"]);
        let text = String::from_utf8(printed).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{command}: {text}");
        let telling = if command == "history" { "COPY layer-1 /" } else { "sha256:" };
        assert!(text.contains(telling), "{command}: {text}");
    }
    let images = String::from_utf8(site.strata_prints(&["images", "--json"])).unwrap();
    assert!(images.contains(&image.reference), "{images}");
}
