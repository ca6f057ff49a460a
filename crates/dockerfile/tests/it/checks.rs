//! BuildKit's rules against the warnings of its own suite.

use serde_json::Value;
use strata_dockerfile::{Dockerfile, Hint, Ignore, LintOptions, lint};

use strata_testkit::{cases, text};

/// Cases that do not hold what their suite expects: file and reason. What they mean is
/// held by a test of its own.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "#check=skip=all\nFROM scratch as base\ncopy Dockerfile .\n",
        "stands there twice: the suite gives one of the two a build argument, which the case does not hold",
    ),
    (
        "\nFROM --platform=$BULIDPLATFORM scratch\nCOPY Dockerfile .\n",
        "holds the warnings of three files",
    ),
    (
        "\nFROM scratch\nENTRYPOINT [\"/myapp\"]\nENTRYPOINT [\"/myotherapp\"]\nCMD [\"/myapp\"]\nCMD [\"/myotherapp\"]\nHEALTHCHECK CMD [\"/myapp\"]\nHEALTHCHECK CMD [\"/myotherapp\"]\n",
        "the suite makes its warnings by a function, and they are lost in the case",
    ),
    (
        "\nFROM scratch\nENTRYPOINT [\"/myapp\"]\nCMD [\"/myapp\"]\nHEALTHCHECK CMD [\"/myapp\"]\nCOPY <<EOF /a.txt\nHello, World!\nEOF\nENTRYPOINT [\"/myotherapp\"]\nCMD [\"/myotherapp\"]\nHEALTHCHECK CMD [\"/myotherapp\"]\n",
        "the same",
    ),
    (
        "#check=error=true\nFROM scratch as base\ncopy Dockerfile .\n",
        "the suite expects the build to fail, and that does not stand in the case",
    ),
];

/// The ignore file of a case: the suite has it beside the file, and the cases do not hold it.
fn ignore(case: &Value) -> Option<Ignore> {
    match text(case, "test") {
        "testCopyIgnoredFiles" => Ignore::parse("Dockerfile\n").ok(),
        "testCopyIgnoredFileContextRoot" => Ignore::parse("*\n").ok(),
        _ => None,
    }
}

fn hints(file: &str, options: &LintOptions<'_>) -> Vec<Hint> {
    let mut hints = lint(&Dockerfile::parse(file), options).hints;
    hints.retain(|hint| hint.rule.is_buildkit);
    hints
}

fn line(file: &str, hint: &Hint) -> u64 {
    file[..hint.range.start].matches('\n').count() as u64 + 1
}

/// The words in quotes of a warning's text.
fn quoted(detail: &str) -> Vec<&str> {
    detail.split('\'').skip(1).step_by(2).filter(|word| !word.contains(' ')).collect()
}

#[test]
fn warnings_are_those_of_the_suite() {
    let mut held = 0;
    for case in cases("dockerfile-checks.jsonl") {
        let file = text(&case, "dockerfile");
        let ignore = ignore(&case);
        let options = LintOptions { ignore: ignore.as_ref(), ..LintOptions::default() };
        let found = hints(file, &options);
        if LEFT_OUT.iter().any(|(left_out, _)| *left_out == file) {
            continue;
        }
        let mut expected = case["warnings"].as_array().unwrap().clone();
        // A warning without a place stands once for each build of the same file.
        expected.dedup();
        assert_eq!(found.len(), expected.len(), "{file}: {found:#?}");
        for warning in &expected {
            let fits = |hint: &&Hint| {
                let values = || hint.params.iter().map(|(_, value)| value.as_str());
                hint.rule.id == text(warning, "rule")
                    && warning["line"].as_u64().is_none_or(|expected| line(file, hint) == expected)
                    && quoted(text(warning, "detail"))
                        .iter()
                        .all(|word| values().any(|value| value.eq_ignore_ascii_case(word)))
            };
            assert!(found.iter().any(|hint| fits(&hint)), "{file}: {warning} in {found:#?}");
        }
        held += 1;
    }
    println!("{held} cases");
}

#[test]
fn what_the_cases_that_are_left_out_mean_holds_too() {
    let lines = |file: &str, check: Option<&str>| -> Vec<(u64, &str, Option<String>)> {
        let options = LintOptions { check, ..LintOptions::default() };
        let found = hints(file, &options);
        let shown = |hint: &Hint| (line(file, hint), hint.rule.id, hint.suggestion.clone());
        found.iter().map(shown).collect()
    };
    let [(twice, _), (misspelt, _), (multiple, _), (apart, _), (error, _)] = LEFT_OUT else {
        panic!()
    };
    assert!(lint(&Dockerfile::parse(error), &LintOptions::default()).fails);
    assert_eq!(lines(twice, None), []);
    let override_of_the_suite = Some("skip=ConsistentInstructionCasing");
    assert_eq!(lines(twice, override_of_the_suite), [(2, "FromAsCasing", None)]);
    let meant = Some("BUILDPLATFORM".to_owned());
    assert_eq!(lines(misspelt, None), [(2, "UndefinedArgInFrom", meant)]);
    let meant = Some("MY_ARCH".to_owned());
    let file = "ARG MY_OS=linux MY_ARCH=amd64\nFROM --platform=linux/${MYARCH} scratch\n";
    assert_eq!(lines(file, None), [(2, "UndefinedArgInFrom", meant)]);
    let rule = "MultipleInstructionsDisallowed";
    assert_eq!(lines(multiple, None), [3, 5, 7].map(|line| (line, rule, None)));
    assert_eq!(lines(apart, None), [3, 4, 5].map(|line| (line, rule, None)));
}
