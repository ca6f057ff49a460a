//! Expansion against the cases of others.

use std::collections::BTreeSet;

use serde_json::Value;
use strata_dockerfile::expand;

use strata_testkit::{cases, text};

/// What is not asked of us: the regular expression that a pattern becomes. Ours become none.
const NOT_MET: [&str; 1] = ["glob-to-regex"];

fn names(case: &Value, field: &str) -> Option<BTreeSet<String>> {
    let names = case.get(field)?.as_array()?;
    Some(names.iter().map(|name| name.as_str().unwrap().to_owned()).collect())
}

#[test]
fn words_are_those_of_the_suite() {
    for case in cases("shell-words.jsonl") {
        if NOT_MET.contains(&text(&case, "op")) {
            continue;
        }
        let is_windows = text(&case, "platform") == "windows";
        let value = |name: &str| {
            let mut all = case["env"].as_object().unwrap().iter();
            let found = all.find(|(known, _)| {
                if is_windows { known.eq_ignore_ascii_case(name) } else { *known == name }
            });
            found.map(|(_, value)| value.as_str().unwrap().to_owned())
        };
        let input = text(&case, "input");
        let found = expand(input, '\\', &value);
        if case.get("error").is_some() {
            assert!(found.is_err(), "{input}: {found:?}");
            continue;
        }
        let found = found.unwrap_or_else(|error| panic!("{input}: {error}"));
        if text(&case, "op") == "words" {
            assert_eq!(serde_json::json!(found.words), case["expected"], "{input}");
        } else {
            assert_eq!(found.text, text(&case, "expected"), "{input}");
        }
        if let Some(names) = names(&case, "matches") {
            assert_eq!(found.known, names, "{input}");
        }
        if let Some(names) = names(&case, "unmatched") {
            assert_eq!(found.unknown, names, "{input}");
        }
    }
}
