use crate::site::{Registry, Site};

fn pulled() -> (Registry, Site, String) {
    let (registry, reference, _) = Registry::with_image();
    let site = Site::open();
    site.prints(&["pull", &reference]);
    (registry, site, reference)
}

#[test]
fn an_empty_store_prints_nothing_and_says_how_to_begin() {
    let ended = Site::open().run(&["images"]);
    assert_eq!((ended.code, ended.printed.as_slice()), (Some(0), &b""[..]));
    assert!(ended.said.contains("strata pull"), "{}", ended.said);
}

#[test]
fn images_are_a_table_or_one_document() {
    let (_registry, site, reference) = pulled();
    let table = site.prints(&["images"]);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 2, "{table}");
    assert!(lines[0].starts_with("REPOSITORY"), "{table}");
    assert!(lines[1].contains("test/app   1.0   "), "{table}");
    let document = site.document(&["images", "--json"]);
    assert_eq!(document["images"][0]["reference"], *reference);
    assert_eq!(document["totals"]["imageCount"], 1);
}

#[test]
fn an_image_is_found_by_reference_and_by_its_first_digits() {
    let (_registry, site, reference) = pulled();
    let document = site.document(&["inspect", &reference, "--json"]);
    assert_eq!(document["settings"]["command"][1], "two words");
    let manifest = document["summary"]["manifest"].as_str().unwrap();
    assert_eq!(site.document(&["inspect", &manifest[7..19], "--json"]), document);
    let text = site.prints(&["inspect", &reference]);
    assert!(text.contains(manifest) && text.contains(r#"["/bin/app","two words"]"#), "{text}");
    assert!(text.contains("A=1\\u{1b}[2J") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn history_is_lined_up_with_the_layers_newest_first() {
    let (_registry, site, reference) = pulled();
    let text = site.prints(&["history", &reference]);
    let first = |line: &str| line.split_whitespace().next().unwrap().to_owned();
    let layers: Vec<String> = text.lines().skip(1).map(first).collect();
    assert_eq!(layers, ["3", "2", "-", "1"], "{text}");
    let newest = text.lines().nth(1).unwrap();
    assert!(newest.ends_with("RUN rm /etc/old"), "{text}");
    let document = site.document(&["history", &reference, "--json"]);
    assert_eq!(document[0]["layer"], 3);
    assert_eq!(document[2]["kind"], "settings");
}

#[test]
fn layers_have_their_digests_and_sizes_oldest_first() {
    let (registry, reference, image) = Registry::with_image();
    let site = Site::open();
    site.prints(&["pull", &reference, &registry.push("test/other", "1", &image)]);
    let layers = site.document(&["layers", &reference, "--json"]);
    for (number, (digest, diff_id)) in image.layers.iter().enumerate() {
        let layer = &layers[number];
        assert_eq!(layer["layer"], number + 1);
        assert_eq!(layer["digest"], digest.to_string());
        assert_eq!(layer["diffId"], diff_id.to_string());
        assert_eq!(layer["sizeBytes"], image.tar_bytes[number]);
    }
    let text = site.prints(&["layers", &reference]);
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(text.contains("application/vnd.oci.image.layer.v1.tar+zstd"), "{text}");
}

#[test]
fn korean_headings_line_up_too() {
    let (_registry, site, reference) = pulled();
    let text = site.prints(&["history", &reference, "--lang", "ko"]);
    assert!(text.starts_with("레이어   만든 때"), "{text}");
}
