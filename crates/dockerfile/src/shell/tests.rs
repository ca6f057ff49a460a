#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::{Joint, ShellCommand, commands};
use crate::Dockerfile;

fn of(text: &str) -> (String, Vec<ShellCommand>) {
    let tree = Dockerfile::parse(text);
    let last = tree.instructions.last().unwrap();
    (text.to_owned(), commands(&tree, last))
}

fn words(text: &str) -> Vec<Vec<String>> {
    let words =
        |command: &ShellCommand| command.words.iter().map(|word| word.text.clone()).collect();
    of(text).1.iter().map(words).collect()
}

#[test]
fn commands_are_parted_at_joints_outside_quotes() {
    let (_, found) = of("RUN a 'x && y' && b | c || d; (e & f) > /log 2>&1");
    let joints: Vec<(&str, Joint)> =
        found.iter().map(|command| (command.program(), command.joint)).collect();
    assert_eq!(
        joints,
        [
            ("a", Joint::Start),
            ("b", Joint::And),
            ("c", Joint::Pipe),
            ("d", Joint::Or),
            ("e", Joint::Then),
            ("f", Joint::Background),
        ]
    );
    assert_eq!(found[0].words[1].text, "x && y");
}

#[test]
fn words_know_their_place_across_continued_lines_and_comments() {
    let (text, found) = of(
        "RUN apt-get update \\\n  # why\n\n  && apt-get \\\n  install -y \"cu\"rl # end \\\n && never",
    );
    assert_eq!(found.len(), 2);
    assert_eq!(found[1].words.last().unwrap().text, "curl");
    assert_eq!(&text[found[1].words[3].range.clone()], "\"cu\"rl");
    assert_eq!(&text[found[0].range.clone()], "apt-get update");
}

#[test]
fn what_stands_before_a_program_is_taken_off() {
    let (_, found) =
        of("RUN A=1 sudo -E env B=2 /usr/bin/make all; if ! test -f x; then y; fi; C=3");
    assert_eq!(found[0].program(), "make");
    assert!(found[0].sudo.is_some() && found[0].assigns);
    assert_eq!(found[1].program(), "test");
    assert_eq!(found[2].program(), "y");
    assert!(found.last().unwrap().words.is_empty() && found.last().unwrap().assigns);
}

#[test]
fn substitutions_stay_whole_and_files_of_redirections_are_no_words() {
    assert_eq!(
        words("RUN echo $(a | b \")\") ${x:-y z} `c; d` <in 2>/dev/null >out"),
        [["echo", "$(a | b \")\")", "${x:-y z}", "`c; d`"]]
    );
}

#[test]
fn a_here_document_is_read_where_a_shell_reads_it() {
    assert_eq!(words("RUN <<E\na b\nc \\\n d # x\nE\n"), [vec!["a", "b"], vec!["c", "d"]]);
    assert_eq!(words("RUN bash <<E\na\nE\n"), [vec!["bash"], vec!["a"]]);
    assert_eq!(words("RUN cat <<E >/x\na\nE\n"), [vec!["cat"]]);
    assert_eq!(words("RUN <<E\n#!/usr/bin/env python3\na\nE\n"), Vec::<Vec<String>>::new());
    assert_eq!(words("RUN [\"a\", \"b c\"]"), [["a", "b c"]]);
}

proptest! {
    #[test]
    fn any_script_ends_without_a_crash_and_ranges_lie_in_it(parts in prop::collection::vec(prop::sample::select(vec![
        "a", " ", "&&", "|", ";", "(", ")", "$(", "${", "}", "`", "'", "\"", "\\", "\\\n", "\n", "#", "<<E", ">", "2>", "é", "E\n", "sudo ", "A=1 "
    ]), 0..40)) {
        let text = format!("RUN {}", parts.concat());
        let tree = Dockerfile::parse(&text);
        for instruction in &tree.instructions {
            for command in commands(&tree, instruction) {
                prop_assert!(text.get(command.range.clone()).is_some());
                for word in &command.words {
                    prop_assert!(text.get(word.range.clone()).is_some_and(|range| !range.is_empty()));
                }
            }
        }
    }
}
