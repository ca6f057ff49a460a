//! References and digests against the tables of the reference implementations.

use serde_json::Value;
use strata_spec::{Digest, Reference};

use strata_testkit::{cases, text};

/// Cases that are deliberately not met, each with its reason.
const NOT_MET: &[(&str, &str, &str)] = &[];

/// Operations that no part of Strata has: it never shows half a grammar, and matches no references by glob.
const NOT_OURS: [&str; 5] = [
    "domain-grammar",
    "name-grammar",
    "identifier-grammar",
    "familiar-match",
    "parse-canonical-named",
];

#[test]
fn references_read_as_in_the_public_tables() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for case in cases("reference.jsonl") {
        let (op, input) = (text(&case, "op"), text(&case, "input"));
        let known = NOT_MET.iter().any(|(at, what, _)| *at == op && *what == input);
        if NOT_OURS.contains(&op) || known {
            continue;
        }
        checked += 1;
        if let Err(why) = check(op, input, &case) {
            wrong.push(format!("{op} `{input}`: {why}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {checked} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn check(op: &str, input: &str, case: &Value) -> Result<(), String> {
    let parsed = Reference::parse(input);
    if case.get("error").is_some() {
        return match parsed {
            Ok(found) => Err(format!("accepted as {found}")),
            Err(_) => Ok(()),
        };
    }
    match op {
        "normalize-validate" => same("valid", parsed.is_ok(), case["valid"] == true),
        "reference-grammar" if case["match"] == false => same("match", parsed.is_ok(), false),
        "parse-docker-ref" => {
            let found = parsed.map_err(|error| error.to_string())?.with_default_tag();
            let name = found.name();
            let shown = found
                .digest()
                .map_or_else(|| found.to_string(), |digest| format!("{name}@{digest}"));
            same("expected", shown.as_str(), text(case, "expected"))
        }
        _ => {
            let found = parsed.map_err(|error| error.to_string())?;
            compare(op, &found, case)
        }
    }
}

fn compare(op: &str, found: &Reference, case: &Value) -> Result<(), String> {
    match op {
        "normalize" => {
            same("full", found.to_string().as_str(), text(case, "full"))?;
            same("familiar", found.familiar().as_str(), text(case, "familiar"))?;
            same("domain", found.registry(), text(case, "domain"))?;
            same("path", found.repository(), text(case, "path"))
        }
        "normalize-split" => {
            same("domain", found.registry(), text(case, "domain"))?;
            same("path", found.repository(), text(case, "path"))
        }
        "parse-any" => same("equivalent", found.to_string().as_str(), text(case, "equivalent")),
        "parse" => {
            same("tag", found.tag().unwrap_or_default(), text(case, "tag"))?;
            let digest = found.digest().map(ToString::to_string).unwrap_or_default();
            same("digest", digest.as_str(), text(case, "digest"))
        }
        _ => Ok(()),
    }
}

fn same<T: PartialEq + std::fmt::Debug + Copy>(
    what: &str,
    found: T,
    expected: T,
) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?}, not {expected:?}")) }
}

#[test]
fn digests_read_as_in_the_public_table() {
    for case in cases("digest.jsonl") {
        let input = text(&case, "input");
        match Digest::parse(input) {
            Ok(digest) => {
                assert!(case.get("error").is_none(), "`{input}` is accepted");
                assert_eq!(digest.algorithm().as_str(), text(&case, "algorithm"));
                assert_eq!(digest.hex(), text(&case, "encoded"));
            }
            Err(error) => assert!(case.get("error").is_some(), "`{input}`: {error}"),
        }
    }
}
