#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::{Arguments, Dockerfile};

#[test]
fn wrong_names_are_shown_with_a_caret_and_the_name_that_was_meant() {
    let text = "FROM a\nRUM make\nCOPPY a b\n";
    let tree = Dockerfile::parse(text);
    let shown: Vec<String> = tree.diagnostics.iter().map(|found| found.shown(text)).collect();
    assert_eq!(
        shown,
        [
            "2: no instruction is called `RUM` (did you mean RUN?)\nRUM make\n^^^",
            "3: no instruction is called `COPPY` (did you mean COPY?)\nCOPPY a b\n^^^^^",
        ]
    );
}

#[test]
fn words_know_where_they_stand_across_continuations_and_line_ends() {
    let text = "\u{feff}# escape=`\r\nFROM a`\r\n# between\r\nb AS c\r\nENV X=1 Y='2 3'\r\n";
    let tree = Dockerfile::parse(text);
    assert_eq!(tree.diagnostics, []);
    let Arguments::Words(words) = &tree.instructions[0].arguments else { panic!() };
    assert_eq!(words[0].text, "ab");
    assert_eq!(&text[words[0].range.clone()], "a`\r\n# between\r\nb");
    assert_eq!(&text[words[2].range.clone()], "c");
    let Arguments::Pairs(pairs) = &tree.instructions[1].arguments else { panic!() };
    assert_eq!(&text[pairs[1].value.as_ref().unwrap().range.clone()], "'2 3'");
}

#[test]
fn onbuild_holds_an_instruction_with_its_here_document() {
    let tree = Dockerfile::parse("FROM a\nONBUILD RUN <<E\nls\nE\nUSER b\n");
    assert_eq!(tree.diagnostics, []);
    assert_eq!(tree.instructions.len(), 3);
    assert_eq!(tree.instructions[1].heredocs[0].content(&tree.text), "ls\n");
}

#[test]
fn a_here_document_without_an_end_is_an_error_and_loses_nothing() {
    let text = "FROM a\nRUN <<E\nls\n";
    let tree = Dockerfile::parse(text);
    assert_eq!(tree.diagnostics.len(), 1);
    assert_eq!(tree.to_string(), text);
}

#[test]
fn a_chain_of_onbuild_is_refused_at_its_second_link_however_long() {
    let tree = Dockerfile::parse(&"ONBUILD ".repeat(200_000));
    assert_eq!(tree.diagnostics.len(), 1);
    assert_eq!(tree.diagnostics[0].problem.to_string(), "ONBUILD may not stand after ONBUILD");
}

#[test]
fn a_flag_that_an_instruction_does_not_take_is_refused() {
    let text = "FROM --platform=a b\nCOPY --form=x --link a b\nONBUILD USER --x=y z\n";
    let found = Dockerfile::parse(text).diagnostics;
    let shown: Vec<String> = found.iter().map(|found| found.shown(text)).collect();
    assert_eq!(
        shown,
        [
            "2: COPY takes no flag `--form` (did you mean --from?)\nCOPY --form=x --link a b\n     ^^^^^^^^",
            "3: USER takes no flag `--x`\nONBUILD USER --x=y z\n             ^^^^^",
        ]
    );
}

proptest! {
    #[test]
    fn any_text_comes_back_byte_for_byte(text in any::<String>()) {
        prop_assert_eq!(Dockerfile::parse(&text).to_string(), text);
    }

    #[test]
    fn texts_like_dockerfiles_come_back_and_ranges_lie_in_them(parts in prop::collection::vec(
        prop::sample::select(vec![
            "FROM a", "RUN ", "COPY ", "ONBUILD ", "ENV a=b", "<<EOF", "<<-E", "EOF", "\n", "\r\n", "\\\n", "`", "# escape=`",
            "\\", "[\"a\", \"b\"]", "--x=", "'", "\"", " ", "\t", "é", "\u{feff}", "# c\n", "HEALTHCHECK CMD ", "=", "["
        ]), 0..40)) {
        let text = parts.concat();
        let tree = Dockerfile::parse(&text);
        prop_assert_eq!(tree.to_string(), text.clone());
        for found in &tree.diagnostics {
            prop_assert!(text.get(found.range.clone()).is_some());
            prop_assert!(!found.shown(&text).is_empty());
        }
        for instruction in &tree.instructions {
            prop_assert!(text.get(instruction.range.clone()).is_some());
            for flag in &instruction.flags {
                prop_assert!(text.get(flag.range.clone()).is_some());
            }
        }
    }
}
