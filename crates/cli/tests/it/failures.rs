use crate::site::{Registry, Site, image};

fn has_korean(text: &str) -> bool {
    text.chars().any(|letter| ('가'..='힣').contains(&letter))
}

#[test]
fn a_failure_is_a_line_with_its_subject_and_a_hint_in_both_languages() {
    let (registry, reference, _) = Registry::with_image();
    let site = Site::open();
    site.prints(&["pull", &reference]);
    let address = registry.server.address();
    let (tag, nowhere) = (format!("{address}/test/app:9"), format!("{address}/nowhere:1"));
    let cases: [(&[&str], &str); 8] = [
        (&["pull", "Not A Name"], "Not A Name"),
        (&["pull", &tag], "test/app:9"),
        (&["pull", &nowhere], "nowhere"),
        (&["pull", "127.0.0.1:1/app:1"], "127.0.0.1:1"),
        (&["inspect", "app:1"], "app:1"),
        (&["files", &reference, "--layer", "9"], "9"),
        (&["files", &reference, "no/such/path"], "no/such/path"),
        (&["cat", &reference, "etc"], "etc"),
    ];
    for (arguments, subject) in cases {
        for language in ["en", "ko"] {
            let ended = site.run(&[&["--lang", language], arguments].concat());
            let said = &ended.said;
            let code = if subject == "Not A Name" { 2 } else { 1 };
            assert_eq!(ended.code, Some(code), "{arguments:?}: {said}");
            assert!(ended.printed.is_empty(), "{arguments:?} printed something");
            let lines: Vec<&str> = said.lines().collect();
            assert!(lines[0].starts_with("strata: ") && said.contains(subject), "{said}");
            assert!(lines.len() > 1, "{arguments:?}: {said}");
            assert!(lines[1..].iter().all(|line| line.starts_with("hint: ")), "{said}");
            assert_eq!(has_korean(said), language == "ko", "{said}");
        }
    }
}

#[test]
fn the_words_are_those_of_the_catalogue() {
    let site = Site::open();
    let said = |language| site.run(&["inspect", "app:1", "--lang", language]).said;
    assert_eq!(
        said("en"),
        "strata: The store has no app:1.\nhint: Look at the list of images, or pull it.\n"
    );
    assert_eq!(
        said("ko"),
        "strata: 스토어에 없습니다: app:1\nhint: 이미지 목록을 보거나 내려받으세요.\n"
    );
}

#[test]
fn causes_are_told_on_demand() {
    let site = Site::open();
    let arguments = ["pull", "127.0.0.1:1/app:1"];
    assert!(!site.run(&arguments).said.contains("because: "));
    assert!(site.run(&[&arguments[..], &["--verbose"]].concat()).said.contains("because: "));
}

#[test]
fn one_failure_does_not_keep_the_other_images_back() {
    let registry = Registry::start();
    let reference = registry.push("test/app", "1.0", &image());
    let site = Site::open();
    let ended = site.run(&["pull", "127.0.0.1:1/app:1", &reference]);
    assert_eq!(ended.code, Some(1), "{}", ended.said);
    assert_eq!(ended.printed.iter().filter(|byte| **byte == b'\n').count(), 1);
    assert!(site.prints(&["images", "--json"]).contains(&reference));
}

#[test]
fn a_store_that_cannot_be_is_an_error_and_not_a_crash() {
    let site = Site::open();
    std::fs::write(site.path("store"), "a file").unwrap();
    let ended = site.run(&["images"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.said.starts_with("strata: ") && ended.said.contains("store"), "{}", ended.said);
    assert!(!ended.said.contains("panicked"), "{}", ended.said);
}

#[test]
fn a_message_has_no_colours_in_a_pipe() {
    let site = Site::open();
    assert!(!site.run(&["inspect", "app:1"]).said.contains('\u{1b}'));
}

#[test]
fn words_that_nobody_can_hear_are_no_crash() {
    let (_registry, reference, _) = Registry::with_image();
    let site = Site::open();
    for (arguments, code) in
        [(["pull", &reference], 0), (["inspect", &reference], 0), (["inspect", "no/such"], 1)]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = site.strata(&arguments).stderr(writer).output().unwrap();
        assert_eq!(ended.status.code(), Some(code), "{arguments:?}");
        assert_eq!(ended.stdout.is_empty(), code == 1, "{arguments:?}");
    }
}
