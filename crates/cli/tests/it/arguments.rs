use crate::site::Site;

const COMMANDS: [&str; 9] =
    ["pull", "images", "inspect", "history", "layers", "files", "cat", "lint", "explain"];

#[test]
fn help_names_every_command_and_each_has_help_of_its_own() {
    let site = Site::open();
    let help = site.prints(&["--help"]);
    for command in COMMANDS {
        let named = help.lines().any(|line| line.trim_start().starts_with(&format!("{command} ")));
        assert!(named, "{command}: {help}");
        let own = site.prints(&[command, "--help"]);
        assert!(own.contains(&format!("strata {command}")), "{own}");
        assert!(own.contains("--json") && own.contains("--store <DIR>"), "{own}");
    }
    assert!(!site.path("store").exists(), "help opens no store");
}

#[test]
fn what_is_not_understood_ends_with_2_and_prints_nothing() {
    let site = Site::open();
    let cases: [&[&str]; 9] = [
        &[],
        &["no-such-command"],
        &["pull"],
        &["files"],
        &["cat", "nginx"],
        &["files", "nginx", "--layer", "top"],
        &["images", "--progress", "sometimes"],
        &["pull", "nginx", "--platform", "bogus"],
        &["inspect", "nginx", "--platform", "linux/arm 64"],
    ];
    for arguments in cases {
        let ended = site.run(arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}: {}", ended.said);
        assert!(ended.printed.is_empty(), "{arguments:?}");
        assert!(
            ended.said.contains("--help") || ended.said.contains("Usage: strata"),
            "{arguments:?}: {}",
            ended.said
        );
    }
}

#[test]
fn the_version_is_printed() {
    let expected = format!("strata {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(Site::open().prints(&["--version"]), expected);
}

#[test]
fn the_store_can_be_named() {
    let site = Site::open();
    let elsewhere = site.path("elsewhere");
    site.prints(&["images", "--json", "--store", elsewhere.to_str().unwrap()]);
    assert!(elsewhere.join("oci-layout").is_file());
    assert!(!site.path("store").exists());
}
