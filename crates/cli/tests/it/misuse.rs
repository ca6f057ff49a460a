//! What was typed and is not what it should be.

use std::process::Stdio;

use crate::site::{Ended, Registry, Site};

#[test]
fn what_is_malformed_is_a_misuse_and_not_a_failure() {
    let (_registry, reference, _) = Registry::with_image();
    let site = Site::open();
    site.prints(&["pull", &reference]);
    let cases: [&[&str]; 8] = [
        &["pull", "Not A Name"],
        &["peek", "Not A Name"],
        &["inspect", ""],
        &["inspect", "Not A Name"],
        &["images", "--lang", "fr"],
        &["pull", &reference, "-u", "me"],
        &["files", &reference, "--find", "mode:xyz"],
        &["files", &reference, "--find", "*.txt size:large"],
    ];
    for arguments in cases {
        let ended = site.run(arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}: {}", ended.said);
        assert!(ended.printed.is_empty() && !ended.said.is_empty());
    }
    // A colon alone makes no condition, and a language may have a country.
    site.prints(&["files", &reference, "--find", "a:b"]);
    site.prints(&["images", "--lang", "ko-KR"]);
}

#[test]
fn a_login_without_a_terminal_names_the_options_that_need_none() {
    let site = Site::open();
    for arguments in
        [&["login", "registry.example"][..], &["login", "registry.example", "-u", "me"]]
    {
        // Away from any terminal that the tests may have.
        let mut command = std::process::Command::new("setsid");
        let inner = site.strata(arguments);
        command.arg("--wait").arg(inner.get_program()).args(inner.get_args());
        command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let Ok(output) = command.stdin(Stdio::null()).output() else {
            println!("skipped: there is no setsid");
            return;
        };
        let ended = Ended::of(output);
        assert_eq!(ended.code, Some(1), "{}", ended.said);
        assert!(ended.said.contains("registry.example"), "{}", ended.said);
        for option in ["--username", "--password-stdin"] {
            assert!(ended.said.contains(option), "{}", ended.said);
        }
    }
}

#[test]
fn signing_out_where_nobody_is_signed_in_says_so() {
    let ended = Site::open().run(&["logout", "registry.example"]);
    assert_eq!(ended.code, Some(0), "{}", ended.said);
    assert!(!ended.said.contains("Signed out"), "{}", ended.said);
}
