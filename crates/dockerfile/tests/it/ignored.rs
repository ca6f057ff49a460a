//! `.dockerignore` against the cases of others.

use strata_dockerfile::Ignore;

use strata_testkit::{cases, text};

/// What is not asked of us: the regular expression and the kind of matcher that a pattern becomes. Ours become neither.
const NOT_MET: [&str; 1] = ["compile"];

#[test]
fn paths_are_kept_out_as_the_suite_says() {
    for case in cases("dockerignore.jsonl") {
        if NOT_MET.contains(&text(&case, "op")) {
            continue;
        }
        let patterns: Vec<&str> =
            case["patterns"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        let found = Ignore::parse(&patterns.join("\n"));
        if case.get("error").is_some() {
            assert!(found.is_err(), "{case}");
            continue;
        }
        let found = found.unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(
            found.keeps_out(text(&case, "path")),
            case["match"].as_bool().unwrap(),
            "{case}"
        );
    }
}
