#![allow(clippy::unwrap_used)]
use super::{CompletionKind, complete};
use crate::{Dockerfile, mended};

/// The proposals where `¦` stands.
fn at(text: &str) -> Vec<String> {
    let place = text.find('¦').unwrap();
    let text = text.replace('¦', "");
    complete(&Dockerfile::parse(&text), place).into_iter().map(|found| found.text).collect()
}

const STAGES: &str = "ARG V=1\nFROM a AS one\nARG W\nENV X=1\nFROM one AS two\n";

#[test]
fn instructions_are_proposed_at_the_beginning_of_a_line_in_the_letters_that_are_typed() {
    assert_eq!(at("FROM a\nCO¦"), ["COPY"]);
    assert_eq!(at("from a\nwo¦"), ["workdir"]);
    assert_eq!(at("¦").len(), 18);
    assert_eq!(at("FROM a\n  ¦\nRUN b").len(), 18);
    assert_eq!(at("FROM a\nONBUILD RU¦"), ["RUN"]);
    assert_eq!(at("FR¦ a"), ["FROM"]);
    for nothing in ["FROM a\nRUN b¦", "# CO¦", "FROM a\nRUN <<E\nCO¦\nE\n", "FROM a \\\n CO¦"] {
        assert_eq!(at(nothing), Vec::<String>::new(), "{nothing}");
    }
}

#[test]
fn flags_and_their_values_are_those_of_the_instruction() {
    assert_eq!(at("FROM a\nCOPY --ch¦ b c"), ["--chmod=", "--chown="]);
    assert_eq!(at("FROM a\nCOPY --link --p¦"), ["--parents"]);
    assert_eq!(at("FROM a\nRUN --network=¦ b"), ["default", "host", "none"]);
    assert_eq!(at("FROM a\nRUN --mount=¦").len(), 5);
    assert_eq!(at("FROM a\nRUN --mount=type=c¦"), ["cache"]);
    assert_eq!(at("FROM a\nRUN --mount=type=tmpfs,¦"), ["size=", "target="]);
    assert_eq!(at("FROM a\nHEALTHCHECK --interval=1s C¦"), ["CMD"]);
    assert_eq!(at("FROM a\nRUN make --ne¦"), Vec::<String>::new());
    assert_eq!(
        at("FROM --platform=$B¦"),
        ["BUILDARCH", "BUILDOS", "BUILDOSVERSION", "BUILDPLATFORM", "BUILDVARIANT"]
    );
}

#[test]
fn stages_above_and_variables_in_reach_are_proposed() {
    assert_eq!(at(&format!("{STAGES}COPY --from=¦ a b")), ["one"]);
    assert_eq!(at(&format!("{STAGES}FROM ¦")), ["one", "two", "scratch"]);
    assert_eq!(at(&format!("{STAGES}COPY ${{¦")), ["W", "X"]);
    assert_eq!(at(&format!("{STAGES}RUN echo a$¦")), ["W", "X"]);
    assert_eq!(at("ARG V=1\nFROM a:$V¦"), ["V"]);
}

#[test]
fn a_proposal_comes_in_the_place_of_what_has_been_typed() {
    let text = "FROM a AS build\nFROM b\nCOPY --from=bu /x /y\n";
    let found = complete(&Dockerfile::parse(text), text.find("bu /x").unwrap() + 2);
    assert_eq!(found[0].kind, CompletionKind::Stage);
    let edit = crate::Edit { range: found[0].range.clone(), text: found[0].text.clone() };
    assert!(mended(text, &[edit]).contains("--from=build /x"));
}
