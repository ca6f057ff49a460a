#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::{Ignore, IgnoreError, Standing};

#[test]
fn a_file_is_read_line_by_line() {
    let text = "\u{feff}# comment\n\n  /docs/ \r\n! docs//README.md\n #not\n./a/../b\n.\n";
    let rules = Ignore::parse(text).unwrap().rules;
    let found: Vec<(&str, bool, usize)> =
        rules.iter().map(|rule| (rule.pattern.as_str(), rule.lets_in, rule.line)).collect();
    let expected =
        [("docs", false, 3), ("docs/README.md", true, 4), ("#not", false, 5), ("b", false, 6)];
    assert_eq!(found, expected);
}

#[test]
fn the_deciding_rule_is_the_last_that_matches_the_path_or_a_folder_above() {
    let ignore = Ignore::parse("**\n!src\nsrc/**/*.log\n").unwrap();
    for (path, out, line) in [
        ("README", true, 1),
        ("src/main.rs", false, 2),
        ("src/a/b/x.log", true, 3),
        ("src/x.log", true, 3),
    ] {
        assert_eq!(ignore.keeps_out(path), out, "{path}");
        assert_eq!(ignore.rule_for(path).unwrap().line, line, "{path}");
    }
    assert_eq!(Ignore::parse("a").unwrap().rule_for("b"), None);
}

#[test]
fn wrong_rules_are_named_with_their_line() {
    assert_eq!(Ignore::parse("a\n!\n"), Err(IgnoreError::Alone { line: 2 }));
    let error = Ignore::parse("\n[a-").unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot read the pattern `[a-` in line 2, its brackets or escapes are wrong"
    );
}

proptest! {
    #[test]
    fn any_rules_and_paths_end_without_a_crash(text in "[*?!/a-c.\\[\\]\\\\^é \n-]{0,40}", path in "[/a-c.é]{0,30}") {
        if let Ok(ignore) = Ignore::parse(&text) {
            let _ = ignore.keeps_out(&path);
        }
    }

    #[test]
    fn a_walk_from_folder_to_folder_says_the_same(text in "([*?!/a-c.]{1,6}\n){0,4}", path in "[a-c.]{1,3}(/[a-c]{1,2}){0,3}") {
        let Ok(ignore) = Ignore::parse(&text) else { return Ok(()) };
        prop_assume!(path.split('/').all(|name| name != "." && name != ".."));
        let mut standing = Standing::default();
        for (at, _) in path.match_indices('/') {
            standing = ignore.enter(&standing, &path[..at]);
        }
        prop_assert_eq!(ignore.keeps_out_within(&standing, &path), ignore.keeps_out(&path));
    }

    #[test]
    fn a_plain_name_keeps_out_itself_and_what_lies_in_it(name in "[a-z]{1,8}(/[a-z]{1,8}){0,3}") {
        let ignore = Ignore::parse(&name).unwrap();
        prop_assert!(ignore.keeps_out(&name));
        let below = format!("{name}/x");
        prop_assert!(ignore.keeps_out(&below));
        let beside = format!("{name}x");
        prop_assert!(!ignore.keeps_out(&beside));
    }
}
