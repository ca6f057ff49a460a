//! Images as a person calls them.

use strata_testkit::{BuiltImage, Image, Layer, Packing};

use crate::site::{Registry, Site};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

fn of_platform(architecture: &str) -> BuiltImage {
    let layer = Layer::new().file("arch", architecture).tar();
    Image::new().platform("linux", architecture).layer(layer, Packing::Gzip, "COPY arch /").build()
}

/// An index of two platforms, as `test/multi:1`: its reference.
fn two_platforms(registry: &Registry) -> String {
    let entry = |architecture: &str| {
        let image = of_platform(architecture);
        registry.push("test/multi", architecture, &image);
        serde_json::json!({
            "mediaType": image.media_type, "digest": image.manifest_digest, "size": image.manifest.len(),
            "platform": { "os": "linux", "architecture": architecture }
        })
    };
    let manifests = [entry("amd64"), entry("arm64")];
    let index =
        serde_json::json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests });
    let manifest = serde_json::to_vec(&index).unwrap();
    let media_type = INDEX.to_owned();
    let index = BuiltImage { manifest, media_type, blobs: Vec::new(), ..of_platform("amd64") };
    registry.push("test/multi", "1", &index)
}

fn with_both(site: &Site, reference: &str) {
    let both = ["--platform", "linux/amd64", "--platform", "linux/arm64"];
    site.prints(&[&["pull", reference], &both[..]].concat());
}

#[test]
fn the_digest_of_an_index_that_pull_prints_is_accepted_whole_short_and_with_its_name() {
    let registry = Registry::start();
    let reference = two_platforms(&registry);
    let site = Site::open();
    with_both(&site, &reference);
    let digest = site.prints(&["pull", &reference, "--platform", "linux/amd64"]);
    let digest = digest.trim();
    let (name, _) = reference.rsplit_once(':').unwrap();
    let (fixed, hex) = (format!("{name}@{digest}"), digest.strip_prefix("sha256:").unwrap());
    for called in [digest, &fixed, hex, &hex[..12]] {
        for platform in ["linux/amd64", "linux/arm64"] {
            let found = site.document(&["inspect", called, "--platform", platform, "--json"]);
            assert_eq!(found["summary"]["platform"], platform, "{called}");
        }
    }
    let unknown = site.run(&["inspect", &"0".repeat(64)]);
    assert_eq!(unknown.code, Some(1), "{}", unknown.said);
    assert!(unknown.said.contains("The store has no 000"), "{}", unknown.said);
}

#[test]
fn digits_of_several_images_are_told_to_be_so() {
    let (registry, site) = (Registry::start(), Site::open());
    // Of seventeen images at least two begin with the same digit.
    let mut first = Vec::new();
    for number in 0..17_u8 {
        let layer = Layer::new().file("number", [number]).tar();
        let image = Image::new().layer(layer, Packing::Gzip, "COPY number /").build();
        first.push(image.manifest_digest.hex().chars().next().unwrap());
        let reference = registry.push("test/many", &number.to_string(), &image);
        site.prints(&["pull", &reference, "--platform", "linux/amd64"]);
    }
    let digit = first.iter().find(|one| first.iter().filter(|other| other == one).count() > 1);
    let said = site.run(&["inspect", &digit.unwrap().to_string()]).said;
    assert!(said.contains("several images"), "{said}");
}

#[test]
fn a_file_of_another_platform_can_be_printed_and_written() {
    let registry = Registry::start();
    let reference = two_platforms(&registry);
    let site = Site::open();
    with_both(&site, &reference);
    for architecture in ["amd64", "arm64"] {
        let platform = format!("linux/{architecture}");
        let printed = site.prints(&["cat", &reference, "arch", "--platform", &platform]);
        assert_eq!(printed, architecture);
        let out = site.path(architecture);
        let place = out.to_str().unwrap();
        site.prints(&["export", &reference, "arch", place, "--platform", &platform]);
        assert_eq!(std::fs::read_to_string(&out).unwrap(), architecture);
    }
}

#[test]
fn a_comparison_names_the_tags_that_were_asked_for() {
    let (registry, reference, image) = Registry::with_image();
    let site = Site::open();
    let (name, _) = reference.rsplit_once(':').unwrap();
    for tag in ["1.0", "1", "latest"] {
        registry.push("test/app", tag, &image);
        site.prints(&["pull", &format!("{name}:{tag}")]);
    }
    for tag in ["1.0", "1", "latest"] {
        let left = format!("{name}:{tag}");
        let found = site.document(&["compare", &left, &reference, "--json"]);
        assert_eq!(
            (&found["left"]["familiar"], &found["right"]["familiar"]),
            (&left.into(), &reference.clone().into())
        );
    }
}
