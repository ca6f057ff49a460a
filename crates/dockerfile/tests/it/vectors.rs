//! The parser against Dockerfiles that others wrote.

use std::fmt::Write;

use strata_dockerfile::{Arguments, Dockerfile, Instruction};
use strata_testkit::{cases, text};

fn quoted(word: &str, to: &mut String) {
    to.push_str(" \"");
    for letter in word.chars() {
        match letter {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\t' => to.push_str("\\t"),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\u{8}' => to.push_str("\\b"),
            '\u{c}' => to.push_str("\\f"),
            other if other.is_control() => write!(to, "\\x{:02x}", u32::from(other)).unwrap(),
            other => to.push(other),
        }
    }
    to.push('"');
}

fn arguments(of: &Arguments, to: &mut String) {
    match of {
        Arguments::Words(words) | Arguments::Exec(words) => {
            words.iter().for_each(|word| quoted(&word.text, to));
        }
        Arguments::Text(word) => quoted(&word.text, to),
        Arguments::Pairs(pairs) => {
            for pair in pairs {
                quoted(&pair.name.text, to);
                quoted(pair.value.as_ref().map_or("", |word| &word.text), to);
                quoted(if pair.has_equals { "=" } else { "" }, to);
            }
        }
        Arguments::Check { kind, test } => {
            quoted(&kind.text, to);
            arguments(test, to);
        }
        Arguments::Trigger(inner) => {
            to.push(' ');
            dump(inner, to);
        }
        Arguments::None => {}
    }
}

fn dump(instruction: &Instruction, to: &mut String) {
    write!(to, "({}", instruction.name.text.to_lowercase()).unwrap();
    if !instruction.flags.is_empty() {
        let mut flags = String::new();
        instruction.flags.iter().for_each(|flag| quoted(&flag.text, &mut flags));
        write!(to, " [{}]", flags.trim_start()).unwrap();
    }
    arguments(&instruction.arguments, to);
    to.push(')');
}

#[test]
fn trees_are_those_of_the_suite() {
    for case in cases("dockerfile-ast.jsonl") {
        let tree = Dockerfile::parse(text(&case, "dockerfile"));
        let name = text(&case, "name");
        if case.get("error").is_some() {
            assert!(tree.diagnostics.iter().any(|found| !found.is_warning), "{name}");
            continue;
        }
        let mut found = String::new();
        for instruction in &tree.instructions {
            dump(instruction, &mut found);
            found.push('\n');
        }
        assert_eq!(found.trim_end(), text(&case, "ast").trim_end(), "{name}");
    }
}

#[test]
fn parts_are_those_of_the_suite() {
    for case in cases("dockerfile-parts.jsonl") {
        let input = text(&case, "input");
        match text(&case, "op") {
            "instruction-error" => {
                let tree = Dockerfile::parse(input);
                assert!(tree.diagnostics.iter().any(|found| !found.is_warning), "{input}");
            }
            "exec-form-json" => {
                let tree = Dockerfile::parse(&format!("CMD {input}"));
                match &tree.instructions[0].arguments {
                    Arguments::Exec(words) => {
                        let words: Vec<&str> =
                            words.iter().map(|word| word.text.as_str()).collect();
                        assert_eq!(serde_json::json!(words), case["values"], "{input}");
                    }
                    _ => assert!(case.get("error").is_some(), "{input}"),
                }
            }
            "split-words" => {
                let tree = Dockerfile::parse(&format!("ARG {input}"));
                let Arguments::Pairs(pairs) = &tree.instructions[0].arguments else { panic!() };
                let words: Vec<String> = pairs
                    .iter()
                    .map(|pair| match &pair.value {
                        Some(value) => format!("{}={}", pair.name.text, value.text),
                        None => pair.name.text.clone(),
                    })
                    .collect();
                assert_eq!(serde_json::json!(words), case["words"], "{input}");
            }
            "copy-heredoc" => {
                let tree = Dockerfile::parse(input);
                let expected = &case["expect"]["SourceContents"][0];
                let heredoc = &tree.instructions[0].heredocs[0];
                assert_eq!(heredoc.content(input), text(expected, "Data"), "{input}");
                assert_eq!(heredoc.expands, expected["Expand"].as_bool().unwrap(), "{input}");
                assert_eq!(heredoc.name, text(expected, "Path"), "{input}");
                let Arguments::Words(words) = &tree.instructions[0].arguments else { panic!() };
                assert_eq!(
                    words.last().unwrap().text,
                    text(&case["expect"], "DestPath"),
                    "{input}"
                );
            }
            "run-heredoc" => {
                let tree = Dockerfile::parse(input);
                let expected = case["files"].as_array().unwrap();
                assert!(case["shell"].as_bool().unwrap(), "only the shell form is looked at here");
                let Arguments::Text(command) = &tree.instructions[0].arguments else { panic!() };
                assert_eq!(serde_json::json!([command.text]), case["command"], "{input}");
                assert_eq!(tree.instructions[0].heredocs.len(), expected.len(), "{input}");
                for (heredoc, expected) in tree.instructions[0].heredocs.iter().zip(expected) {
                    assert_eq!(&input[heredoc.body.clone()], text(expected, "Data"), "{input}");
                    assert_eq!(heredoc.name, text(expected, "Name"), "{input}");
                    let strips_tabs = expected["Chomp"].as_bool().unwrap_or(false);
                    assert_eq!(heredoc.strips_tabs, strips_tabs, "{input}");
                }
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn whole_dockerfiles_come_back_byte_for_byte() {
    for case in cases("dockerfile-corpus.jsonl") {
        let input = text(&case, "dockerfile");
        assert_eq!(Dockerfile::parse(input).to_string(), input);
    }
}
