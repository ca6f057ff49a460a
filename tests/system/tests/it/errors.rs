use crate::image::{self, CHANGES, Packing};
use crate::site::{Site, output};

/// Runs a pull that must fail; returns its exit code and what it said.
fn refusal(site: &Site, arguments: &[&str]) -> (Option<i32>, String) {
    let ended = output(&mut site.strata(arguments));
    assert!(ended.stdout.is_empty(), "results stand on stdout, and there is none");
    (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
}

#[test]
fn what_is_not_there_is_said_with_its_name_and_a_hint() {
    let Some(site) = Site::open() else { return };
    let image = image::push(&site, "there", &[(CHANGES, Packing::Gzip)], false);
    let address = &site.registry.address;
    let cases = [
        (format!("{address}/test/there:2"), "2"),
        (format!("{address}/test/nowhere:1"), "test/nowhere"),
        ("127.0.0.1:1/test/there:1".to_owned(), "127.0.0.1:1"),
        ("nowhere.invalid/test/there:1".to_owned(), "nowhere.invalid"),
    ];
    for (reference, named) in &cases {
        let (code, said) = refusal(&site, &["--lang", "en", "pull", reference]);
        assert_eq!(code, Some(1), "{reference}: {said}");
        assert!(said.contains(named), "{reference}: {said}");
        assert!(said.contains("hint:"), "{reference}: {said}");
        assert!(!said.contains("panicked"), "{reference}: {said}");
    }
    let (code, said) =
        refusal(&site, &["--lang", "en", "pull", &image.reference, "--platform", "linux/s390x"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("linux/s390x"), "{said}");
}

#[test]
fn a_wrong_name_and_a_wrong_word_are_two_things() {
    let Some(site) = Site::open() else { return };
    let (code, said) = refusal(&site, &["--lang", "en", "pull", "Not A Name"]);
    assert!(matches!(code, Some(1 | 2)) && said.contains("Not A Name"), "{code:?}: {said}");
    let (code, said) = refusal(&site, &["no-such-command"]);
    assert_eq!(code, Some(2), "{said}");
}

#[test]
fn errors_come_in_korean_too() {
    let Some(site) = Site::open() else { return };
    let reference = format!("{}/test/nowhere:1", site.registry.address);
    let (code, said) = refusal(&site, &["--lang", "ko", "pull", &reference]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.chars().any(|letter| ('가'..='힣').contains(&letter)), "{said}");
}
