#![allow(clippy::unwrap_used)]
use super::{HintRule, LintOptions, lint, mended};
use crate::{Dockerfile, Ignore};

/// What the rules find, as `line id values`.
fn found(text: &str) -> Vec<String> {
    let linted = lint(&Dockerfile::parse(text), &LintOptions::default());
    let shown = |hint: &super::Hint| {
        let line = text[..hint.range.start].matches('\n').count() + 1;
        let values: Vec<&str> = hint.params.iter().map(|(_, value)| value.as_str()).collect();
        format!("{line} {} {}", hint.rule.id, values.join(" | ")).trim_end().to_owned()
    };
    linted.hints.iter().map(shown).collect()
}

fn fixed(text: &str, rule: &str) -> String {
    let ignore = Ignore::parse("notes.txt").unwrap();
    let options = LintOptions { ignore: Some(&ignore), ..LintOptions::default() };
    let linted = lint(&Dockerfile::parse(text), &options);
    let hint = linted.hints.iter().find(|hint| hint.rule.id == rule);
    hint.map_or_else(|| text.to_owned(), |hint| mended(text, &hint.edits))
}

#[test]
fn each_rule_finds_its_bad_example_and_nothing_in_the_good_one_and_its_fix_holds() {
    let ignore = Ignore::parse("notes.txt").unwrap();
    let options = LintOptions { ignore: Some(&ignore), ..LintOptions::default() };
    let ids = |text: &str| -> Vec<&str> {
        let tree = Dockerfile::parse(text);
        assert!(tree.diagnostics.iter().all(|found| found.is_warning), "{text}");
        lint(&tree, &options).hints.iter().map(|hint| hint.rule.id).collect()
    };
    for rule in HintRule::all() {
        assert_eq!(ids(rule.bad), [rule.id], "bad: {}", rule.bad);
        assert_eq!(ids(rule.good), Vec::<&str>::new(), "good: {}", rule.good);
        let mended = fixed(rule.bad, rule.id);
        if mended != rule.bad {
            assert!(!ids(&mended).contains(&rule.id), "{}: {mended}", rule.id);
        }
    }
}

#[test]
fn fixes_keep_comments_continued_lines_and_the_case_of_letters() {
    for (rule, text, expected) in [
        (
            "AptListsLeft",
            "FROM debian:12\nRUN apt-get update \\\n    # tools\n    && apt-get install -y \\\n       curl\nUSER 1\n",
            "FROM debian:12\nRUN apt-get update \\\n    # tools\n    && apt-get install -y \\\n       curl \\\n    && rm -rf /var/lib/apt/lists/*\nUSER 1\n",
        ),
        (
            "AptListsLeft",
            "FROM debian:12\nRUN apt-get update && \\\n    apt-get install -y curl && \\\n    make\n",
            "FROM debian:12\nRUN apt-get update && \\\n    apt-get install -y curl && \\\n    rm -rf /var/lib/apt/lists/* && \\\n    make\n",
        ),
        (
            "AptRecommends",
            "FROM debian:12\nRUN <<EOF\napt-get install -y curl\nEOF\n",
            "FROM debian:12\nRUN <<EOF\napt-get install --no-install-recommends -y curl\nEOF\n",
        ),
        (
            "ConsistentInstructionCasing",
            "from a\nrun b\nUser c # d\n",
            "from a\nrun b\nuser c # d\n",
        ),
        ("AddInsteadOfCopy", "from a\nadd --chown=1 b /c\n", "from a\ncopy --chown=1 b /c\n"),
        ("LegacyKeyValueFormat", "FROM a\nENV  A \t b c\n", "FROM a\nENV  A=\"b c\"\n"),
        ("LegacyKeyValueFormat", "FROM a\nLABEL A \"b c\"\n", "FROM a\nLABEL A=\"b c\"\n"),
        ("NoEmptyContinuation", "FROM a\nRUN b \\\n\n\n c\n", "FROM a\nRUN b \\\n\n c\n"),
        (
            "MultipleInstructionsDisallowed",
            "FROM a\n# one\nCMD [\"b\", \\\n  \"c\"]\n# two\nCMD [\"d\"]",
            "FROM a\n# one\n# two\nCMD [\"d\"]",
        ),
        (
            "UndefinedVar",
            "ARG V=1\r\nFROM a\r\ncopy $V /v\r\n",
            "ARG V=1\r\nFROM a\r\narg V\r\ncopy $V /v\r\n",
        ),
        (
            "ConsecutiveRuns",
            "FROM a\nRUN b\nRUN c \\\n  && d\nRUN e",
            "FROM a\nRUN b \\\n    && c \\\n  && d \\\n    && e",
        ),
        (
            "JSONArgsRecommended",
            "FROM a\nCMD exec b 'c d' \\\n e\n",
            "FROM a\nCMD [\"b\", \"c d\", \"e\"]\n",
        ),
        (
            "MaintainerDeprecated",
            "from a\nmaintainer me\n",
            "from a\nlabel org.opencontainers.image.authors=\"me\"\n",
        ),
        ("WorkdirRelativePath", "FROM a\nWORKDIR \"./b c\"\n", "FROM a\nWORKDIR \"/b c\"\n"),
        ("SudoInRun", "FROM a\nRUN b && sudo  c\n", "FROM a\nRUN b && c\n"),
        ("ExposeInvalidFormat", "FROM a\nEXPOSE 1 [::1]:80:90/TCP\n", "FROM a\nEXPOSE 1 90/tcp\n"),
        (
            "UserByName",
            "FROM a\nRUN useradd --uid=7 b\nUSER b\n",
            "FROM a\nRUN useradd --uid=7 b\nUSER 7\n",
        ),
    ] {
        assert_eq!(fixed(text, rule), expected, "{rule}");
    }
}

#[test]
fn nothing_is_mended_where_it_could_mean_something_else() {
    for (rule, text) in [
        ("JSONArgsRecommended", "FROM a\nCMD b $C\n"),
        ("JSONArgsRecommended", "FROM a\nCMD b | c\n"),
        ("ConsecutiveRuns", "FROM a\nRUN cd b\nRUN c\n"),
        ("ConsecutiveRuns", "FROM a\nRUN b\n# why\nRUN c\n"),
        ("ConsecutiveRuns", "FROM a\nRUN b || c\nRUN d\n"),
        ("AptListsLeft", "FROM a\nRUN apt-get update || true\n"),
        ("SudoInRun", "FROM a\nRUN sudo -u b c\n"),
        ("LegacyKeyValueFormat", "FROM a\nENV A b \"c d\"\n"),
    ] {
        let linted = lint(&Dockerfile::parse(text), &LintOptions::default());
        assert!(linted.hints.iter().any(|hint| hint.rule.id == rule), "{rule}");
        assert_eq!(fixed(text, rule), text, "{rule}");
    }
}

#[test]
fn rules_know_when_they_do_not_apply() {
    for text in [
        "FROM scratch AS a\nSHELL [\"/x\"]\nFROM a\nCMD b\n",
        "FROM a:1\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n",
        "FROM a:1\nENV PIP_NO_CACHE_DIR=1\nRUN pip install -r list.txt\n",
        "FROM a:1\nRUN apt-get update && rm -rf /var/lib/apt/lists/*\n",
        "FROM a:1\nRUN set -o pipefail && b | c\n",
        "FROM a:1\nSHELL [\"powershell\"]\nRUN b | c\n",
        "FROM a:1\nRUN echo 'sudo cd' \"| x\" && (cd b && c)\n",
        "FROM a@sha256:0000000000000000000000000000000000000000000000000000000000000000\n",
        "FROM a:1\nADD https://example.org/x b.tar.gz $C /d/\n",
        "FROM a:1\nCOPY ${B:-c} $JAVA_HOME /d/\n",
        "FROM a:1\nRUN --mount=type=secret,id=a b\nRUN c\n",
        "FROM a:1\nARG PUBLIC_KEY\nENV MONKEY=1\n",
        "FROM a:1\nEXPOSE $PORT/TCP 80\n",
    ] {
        assert_eq!(found(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_an_image_is_known_to_have_counts() {
    let base = |name: &str| {
        (name == "a:1").then(|| super::BaseFacts {
            env: vec!["HOME_OF_A".to_owned()],
            has_workdir: true,
            has_shell: true,
        })
    };
    let text = "FROM a:1\nCOPY $HOME_OF_A $NOTHING b/\nCMD c\nWORKDIR d\n";
    let options = LintOptions { base: Some(&base), ..LintOptions::default() };
    let hints = lint(&Dockerfile::parse(text), &options).hints;
    let names: Vec<&str> = hints.iter().map(|hint| hint.params[0].1.as_str()).collect();
    assert_eq!(names, ["NOTHING"]);
}

#[test]
fn rules_are_skipped_by_name_and_number_everywhere_and_before_one_instruction() {
    let text = |line: &str| format!("{line}FROM scratch as a\ncopy b /c\n");
    let both = ["1 FromAsCasing FROM | as", "2 ConsistentInstructionCasing copy | uppercase"];
    assert_eq!(found(&text("")), both);
    assert_eq!(found(&text("# check=skip=all\n")), Vec::<String>::new());
    assert_eq!(found(&text("# check=skip=FromAsCasing, consistentinstructioncasing\n")).len(), 0);
    assert_eq!(found("FROM a:1\n# hadolint ignore=DL3003\nRUN cd b && c\n").len(), 0);
    assert_eq!(found("FROM a:1\n# check=skip=CdInRun\n\nRUN cd b && c\n").len(), 1);
    assert_eq!(found("# hadolint global ignore=DL3006\nFROM a\n").len(), 0);
    let tree = Dockerfile::parse("# check=error=true\nFROM scratch as a\n");
    assert!(lint(&tree, &LintOptions::default()).fails);
    let tree = Dockerfile::parse("# check=error=true\nFROM a\n");
    assert!(!lint(&tree, &LintOptions::default()).fails, "Docker would build it");
    let options = LintOptions { check: Some("skip=all"), ..LintOptions::default() };
    assert_eq!(lint(&Dockerfile::parse("FROM a\n"), &options).hints, []);
}
