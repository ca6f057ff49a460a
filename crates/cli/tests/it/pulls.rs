use serde_json::Value;

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
