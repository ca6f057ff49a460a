use serde_json::Value;

use crate::site::Registry;

#[test]
fn tags_come_with_versions_first_and_tell_which_are_here() {
    let (registry, reference, image) = Registry::with_image();
    let (repository, tag) = reference.rsplit_once(':').unwrap();
    let name = repository.split_once('/').unwrap().1;
    for tag in ["latest", "1.9", "1.10"] {
        registry.push(name, tag, &image);
    }
    let site = crate::site::Site::open();
    let listed = site.prints(&["tags", repository, "--lang", "en"]);
    let names: Vec<&str> = listed.lines().collect();
    let place = |tag: &str| names.iter().position(|name| *name == tag).unwrap();
    assert!(place("1.10") < place("1.9") && place("1.9") < place("latest"), "{names:?}");
    site.prints(&["pull", &reference, "--quiet"]);
    let document = site.document(&["tags", repository, "--json"]);
    let here: Vec<&Value> = document["tags"].as_array().unwrap().iter().collect();
    for entry in here {
        assert_eq!(entry["isHere"], entry["name"] == tag, "{entry}");
    }
}

#[test]
fn peek_tells_what_a_pull_would_bring_and_stores_nothing() {
    let (_registry, reference, image) = Registry::with_image();
    let site = crate::site::Site::open();
    let told = site.prints(&["peek", &reference, "--lang", "en"]);
    assert!(told.contains("0 B already here"), "{told}");
    let look = site.document(&["peek", &reference, "--json"]);
    let digests: Vec<&str> = look["plan"]["strata"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|stratum| stratum["digest"].as_str())
        .collect();
    assert_eq!(digests.len(), image.layers.len());
    assert_eq!(site.document(&["images", "--json"])["images"].as_array().unwrap().len(), 0);
    site.prints(&["pull", &reference, "--quiet"]);
    let look = site.document(&["peek", &reference, "--json"]);
    assert_eq!(look["here"].as_array().unwrap().len(), image.layers.len());
}

#[test]
fn manifest_and_config_come_byte_for_byte() {
    let (_registry, reference, image) = Registry::with_image();
    let site = crate::site::Site::open();
    assert_eq!(site.prints(&["manifest", &reference]).as_bytes(), image.manifest);
    assert_eq!(site.prints(&["config", &reference]).as_bytes(), image.config);
}

#[test]
fn peek_lists_the_files_of_one_layer_and_keeps_nothing() {
    let (_registry, reference, image) = Registry::with_image();
    let site = crate::site::Site::open();
    let listed = site.prints(&["peek", &reference, "--layer", "3", "--files"]);
    let paths: Vec<&str> =
        listed.lines().filter_map(|line| line.split_whitespace().last()).collect();
    assert_eq!(paths, ["etc", "etc/motd", "etc/old"], "{listed}");
    let lines = site.lines(&["peek", &reference, "--layer", "3", "--files", "--json"]);
    assert!(lines.iter().all(|line| line["layer"] == 3), "{lines:?}");
    assert_eq!(site.document(&["images", "--json"])["images"].as_array().unwrap().len(), 0);
    let layer = site.document(&["peek", &reference, "--layer", "1", "--json"]);
    assert_eq!(layer["digest"], image.layers[0].0.to_string());
    assert_eq!(layer["isHere"], false);
    let told = site.prints(&["peek", &reference, "--layer", "1", "--lang", "en"]);
    assert!(told.contains(&image.layers[0].0.to_string()), "{told}");
    let unknown = site.run(&["peek", &reference, "--layer", "9", "--files", "--lang", "en"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.said.contains("no layer 9"), "{}", unknown.said);
    assert_eq!(site.run(&["peek", &reference, "--files"]).code, Some(2));
}

#[test]
fn tags_tell_what_they_point_to_on_demand() {
    let (registry, reference, image) = Registry::with_image();
    let (repository, tag) = reference.rsplit_once(':').unwrap();
    let name = repository.split_once('/').unwrap().1;
    registry.push(name, "latest", &image);
    let site = crate::site::Site::open();
    site.prints(&["pull", &reference, "--quiet"]);
    let digest = image.manifest_digest.to_string();
    let listed = site.prints(&["tags", repository, "--digests", "--lang", "en"]);
    assert_eq!(listed, format!("{tag}\t{digest}\there\nlatest\t{digest}\n"));
    let lines = site.lines(&["tags", repository, "--digests", "--json"]);
    assert_eq!(lines[0]["name"], tag);
    assert_eq!((&lines[0]["here"], &lines[1]["here"]), (&digest.as_str().into(), &Value::Null));
    assert!(lines.iter().all(|line| line["digest"] == digest));
}
