//! Capitals and small letters, and lines that are missing a word.

use super::rules::{CONSISTENT_INSTRUCTION_CASING, FROM_AS_CASING, NO_EMPTY_CONTINUATION};
use super::{Edit, File, Found};
use crate::{Arguments, Keyword, Problem};

pub(super) fn check(file: &File<'_>, found: &mut Found) {
    instructions(file, found);
    for (_, instruction) in file.each(Keyword::From) {
        let Arguments::Words(words) = &instruction.arguments else { continue };
        let Some(word) = words.get(1).filter(|word| word.text.eq_ignore_ascii_case("as")) else {
            continue;
        };
        let from = instruction.name.text.as_str();
        let expected = match (is_lower(from), is_upper(from)) {
            (true, _) => "as",
            (_, true) => "AS",
            _ => continue,
        };
        if word.text != expected {
            found
                .add(&FROM_AS_CASING, word.range.clone(), &[from, &word.text])
                .edit(Edit::replace(word.range.clone(), expected));
        }
    }
    for problem in &file.tree.diagnostics {
        if problem.problem == Problem::EmptyContinuation {
            found
                .add(&NO_EMPTY_CONTINUATION, problem.range.clone(), &[])
                .edit(Edit::replace(problem.range.clone(), ""));
        }
    }
}

/// The case that most instructions have; capitals where neither leads.
fn instructions(file: &File<'_>, found: &mut Found) {
    let names = || file.tree.instructions.iter().filter(|each| each.keyword.is_some());
    let count = |fits: fn(&str) -> bool| names().filter(|each| fits(&each.name.text)).count();
    let is_small = count(is_lower) > count(is_upper);
    for name in names().map(|each| &each.name) {
        let (expected, mended) = if is_small {
            ("lowercase", name.text.to_ascii_lowercase())
        } else {
            ("uppercase", name.text.to_ascii_uppercase())
        };
        if name.text != mended {
            found
                .add(&CONSISTENT_INSTRUCTION_CASING, name.range.clone(), &[&name.text, expected])
                .edit(Edit::replace(name.range.clone(), mended));
        }
    }
}

fn is_lower(name: &str) -> bool {
    !name.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn is_upper(name: &str) -> bool {
    !name.bytes().any(|byte| byte.is_ascii_lowercase())
}
