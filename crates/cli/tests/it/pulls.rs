use serde_json::Value;
use strata_testkit::{Image, Layer, Packing};

use crate::site::{Registry, Site, architecture};

#[test]
fn the_digest_is_printed_and_words_stand_apart() {
    let (_registry, reference, image) = Registry::with_image();
    let site = Site::open();
    let ended = site.run(&["pull", &reference]);
    assert_eq!(ended.code, Some(0), "{}", ended.said);
    let expected = format!("{}\n", image.manifest_digest);
    assert_eq!(String::from_utf8(ended.printed).unwrap(), expected);
    assert!(ended.said.contains("3 layers"), "{}", ended.said);
    let again = site.run(&["pull", &reference, "--quiet"]);
    assert_eq!(String::from_utf8(again.printed).unwrap(), expected);
    assert_eq!(again.said, "");
}

#[test]
fn as_json_each_image_is_an_object_on_a_line() {
    let (registry, reference, image) = Registry::with_image();
    let second = registry.push("test/other", "2.0", &image);
    let lines = Site::open().lines(&["pull", &reference, &second, "--json"]);
    let digest = image.manifest_digest.to_string();
    let expected = |reference: &str| {
        serde_json::json!({
            "reference": reference, "digest": digest, "manifest": digest,
            "platform": format!("linux/{}", architecture())
        })
    };
    let platforms = |line: &Value| line["platform"].as_str().unwrap().split('/').count() >= 2;
    assert!(lines.iter().all(platforms));
    for (line, reference) in lines.iter().zip([&reference, &second]) {
        for field in ["reference", "digest", "manifest"] {
            assert_eq!(line[field], expected(reference)[field]);
        }
    }
    assert_eq!(lines.len(), 2);
}

#[test]
fn progress_can_be_followed_by_a_program() {
    let (_registry, reference, _) = Registry::with_image();
    let ended = Site::open().run(&["pull", &reference, "--progress=json"]);
    let events: Vec<Value> =
        ended.said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events[0]["type"], "snapshot");
    let last = events.last().unwrap();
    // A pull that is over before the watch begins is told whole.
    let outcome = if events.len() == 1 { &last["job"]["outcome"] } else { &last["outcome"] };
    assert_eq!(outcome["type"], "done", "{last}");
}

#[test]
fn without_a_terminal_nothing_is_drawn() {
    let (_registry, reference, _) = Registry::with_image();
    let ended = Site::open().run(&["pull", &reference]);
    assert!(!ended.said.contains('\u{1b}'), "{}", ended.said);
}

#[test]
fn all_tags_are_told_in_sizes_first_and_each_image_comes_once() {
    let (registry, reference, image) = Registry::with_image();
    let (repository, _) = reference.rsplit_once(':').unwrap();
    let name = repository.split_once('/').unwrap().1;
    for tag in ["latest", "1"] {
        registry.push(name, tag, &image);
    }
    let second = Image::new()
        .platform("linux", architecture())
        .layer(Layer::new().file("a", "b").tar(), Packing::Gzip, "COPY a /")
        .build();
    registry.push(name, "0.9", &second);
    let site = Site::open();
    let ended = site.run(&["pull", repository, "--all-tags", "--lang", "en"]);
    assert_eq!(ended.code, Some(0), "{}", ended.said);
    let first = ended.said.lines().next().unwrap();
    assert!(first.starts_with("4 tags, 2 different images, "), "{first}");
    assert!(first.ends_with(" to download, 0 B already here"), "{first}");
    let printed = String::from_utf8(ended.printed).unwrap();
    let digests: Vec<&str> = printed.lines().collect();
    assert_eq!(digests, [image.manifest_digest.to_string(), second.manifest_digest.to_string()]);
    let mut log = registry.server.log();
    log.retain(|seen| seen.method == "GET" && seen.path.contains("/blobs/"));
    let mut paths: Vec<&str> = log.iter().map(|seen| seen.path.as_str()).collect();
    paths.retain(|path| image.layers.iter().any(|(digest, _)| path.ends_with(&digest.to_string())));
    assert_eq!(paths.len(), image.layers.len(), "{paths:?}");
    for tag in ["1.0", "latest", "1", "0.9"] {
        site.prints(&["inspect", &format!("{repository}:{tag}"), "--json"]);
    }
    let again = site.run(&["pull", repository, "--all-tags", "--lang", "en", "--json"]);
    assert!(
        again.said.starts_with("4 tags, 2 different images, 0 B to download"),
        "{}",
        again.said
    );
    let lines: Vec<Value> = String::from_utf8(again.printed)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["tags"], serde_json::json!(["1", "latest"]));
}

#[test]
fn several_platforms_are_pulled_and_one_that_is_missing_is_told() {
    let (_registry, reference, image) = Registry::with_image();
    let ours = format!("linux/{}", architecture());
    let site = Site::open();
    let ended = site.run(&[
        "pull",
        &reference,
        "--platform",
        &ours,
        "--platform",
        "linux/s390x",
        "--lang",
        "en",
    ]);
    assert_eq!(ended.code, Some(1), "{}", ended.said);
    assert!(ended.said.contains("linux/s390x"), "{}", ended.said);
    let printed = String::from_utf8(ended.printed).unwrap();
    assert_eq!(printed, format!("{}\n", image.manifest_digest));
    let all = site.prints(&["pull", &reference, "--all-platforms", "--quiet"]);
    assert_eq!(all, format!("{}\n", image.manifest_digest));
    let (repository, _) = reference.rsplit_once(':').unwrap();
    let fixed = format!("{repository}@{}", image.manifest_digest);
    let by_digest = site.prints(&["pull", &fixed, "--all-platforms", "--quiet"]);
    assert_eq!(by_digest, all);
    let both = site.run(&["pull", &reference, "--all-platforms", "--platform", &ours]);
    assert_eq!(both.code, Some(2));
}

#[test]
fn rates_can_be_named() {
    let (_registry, reference, _) = Registry::with_image();
    let site = Site::open();
    site.prints(&["pull", &reference, "--least-rate", "1k", "--limit-rate", "50M"]);
    let wrong = site.run(&["pull", &reference, "--least-rate", "fast"]);
    assert_eq!(wrong.code, Some(2));
}
