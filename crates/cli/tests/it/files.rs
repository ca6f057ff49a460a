use std::collections::BTreeMap;

use serde_json::Value;
use strata_testkit::{Image, Layer, Packing};

use crate::site::{Registry, Site, architecture};

fn pulled() -> (Site, String) {
    let (_registry, reference, _) = Registry::with_image();
    let site = Site::open();
    site.prints(&["pull", &reference]);
    (site, reference)
}

fn by_path(lines: Vec<Value>) -> BTreeMap<String, Value> {
    lines.into_iter().map(|line| (line["path"].as_str().unwrap().to_owned(), line)).collect()
}

#[test]
fn the_whole_image_is_listed_with_where_each_file_is_from() {
    let (site, reference) = pulled();
    let files = by_path(site.lines(&["files", &reference, "--json"]));
    assert_eq!(files["etc/motd"]["layer"], 3);
    assert_eq!(files["etc/motd"]["size"], 12);
    assert!(!files.contains_key("etc/old"), "what was deleted is not in the image");
    let app = &files["bin/app"];
    assert_eq!(
        (&app["mode"], &app["uid"], &app["gid"]),
        (&"4755".into(), &1000.into(), &42.into())
    );
    assert_eq!(app["modified"], "2024-02-29T12:34:56Z");
    assert_eq!(files["etc/link"]["target"], "motd");
    assert_eq!(files["etc/link"]["kind"], "symlink");
    let odd = files.values().find(|file| file.get("pathBase64").is_some()).unwrap();
    assert_eq!(odd["pathBase64"], "b2RkL/8KG1szMW0=");
    assert_eq!(files["odd/hard"]["targetBase64"], "b2RkL/8KG1szMW0=");
}

#[test]
fn a_layer_is_listed_with_what_it_did() {
    let (site, reference) = pulled();
    let files = by_path(site.lines(&["files", &reference, "--layer", "3", "--json"]));
    assert_eq!(files["etc/motd"]["change"], "changed");
    assert_eq!(files["etc/old"]["change"], "deleted");
    assert_eq!(files["etc/old"]["wasIn"], 1);
    let changed =
        by_path(site.lines(&["files", &reference, "--layer", "3", "--changed", "--json"]));
    assert_eq!(changed.keys().collect::<Vec<_>>(), ["etc/motd", "etc/old"]);
}

#[test]
fn a_list_can_be_narrowed_by_place_and_by_name() {
    let (site, reference) = pulled();
    let below = by_path(site.lines(&["files", &reference, "/etc/", "--json"]));
    assert_eq!(below.keys().collect::<Vec<_>>(), ["etc", "etc/link", "etc/motd"]);
    let found = by_path(site.lines(&["files", &reference, "--find", "*otd", "--json"]));
    assert_eq!(found.keys().collect::<Vec<_>>(), ["etc/motd"]);
}

#[test]
fn people_get_lines_that_no_name_can_break() {
    let (site, reference) = pulled();
    let text = site.prints(&["files", &reference, "--layer", "2"]);
    assert!(text.contains("odd/\\xff\\n\\u{1b}[31m\n"), "{text}");
    assert!(text.contains("odd/hard = odd/\\xff\\n\\u{1b}[31m\n"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(text.lines().all(|line| line.starts_with("A 2 ")), "{text}");
}

#[test]
fn cat_prints_the_bytes_and_nothing_else() {
    let (site, reference) = pulled();
    let cat = |arguments: &[&str]| site.run(&[&["cat", &reference], arguments].concat()).printed;
    assert_eq!(cat(&["bin/app"]), [0, 159, 146, 150]);
    assert_eq!(cat(&["/etc/motd"]), b"hello again\n");
    assert_eq!(cat(&["etc/motd", "--layer", "1"]), b"hello\n");
    assert_eq!(cat(&["etc/link"]), b"hello again\n");
    assert_eq!(cat(&["etc/old", "--layer", "2"]), b"old");
    assert_eq!(cat(&["odd/hard"]), b"odd");
}

#[test]
fn a_sparse_file_is_printed_and_written_with_its_holes() {
    // As GNU tar writes it: a map of two parts, then these.
    let map = b"2\n8192\n512\n65536\n512\n";
    let mut stored = vec![0; 512];
    stored[..map.len()].copy_from_slice(map);
    stored.extend([vec![1; 512], vec![2; 512]].concat());
    let mut expected = vec![0; 100_000];
    expected[8192..8704].fill(1);
    expected[65_536..66_048].fill(2);
    let layer = Layer::new()
        .file("before", "text")
        .pax(&[
            ("GNU.sparse.major", b"1"),
            ("GNU.sparse.minor", b"0"),
            ("GNU.sparse.name", b"holes"),
            ("GNU.sparse.realsize", b"100000"),
        ])
        .file("GNUSparseFile.0/holes", stored)
        .file("after", "text");
    let image = Image::new().platform("linux", architecture());
    let image = image.layer(layer.tar(), Packing::Gzip, "COPY . /").build();
    let (registry, site) = (Registry::start(), Site::open());
    let reference = registry.push("test/sparse", "1", &image);
    site.prints(&["pull", &reference]);
    let printed = site.run(&["cat", &reference, "holes"]);
    assert!(printed.code == Some(0) && printed.printed == expected, "{}", printed.said);
    for (path, name) in [("/", "all"), ("/holes", "one")] {
        let out = site.path(name);
        site.prints(&["export", &reference, path, out.to_str().unwrap()]);
        let out = if name == "all" { out.join("holes") } else { out };
        assert!(std::fs::read(out).unwrap() == expected, "{path}");
    }
}
