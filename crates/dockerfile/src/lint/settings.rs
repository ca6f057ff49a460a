//! Instructions that change settings: how they are written, and how often.

use super::rules::{
    JSON_ARGS_RECOMMENDED, LEGACY_KEY_VALUE_FORMAT, MAINTAINER_DEPRECATED,
    MULTIPLE_INSTRUCTIONS_DISALLOWED, SECRETS_USED_IN_ARG_OR_ENV,
};
use super::{Edit, File, Found};
use crate::shell::joined_commands;
use crate::words::json;
use crate::{Arguments, Instruction, Keyword, Pair, Word};

/// Parts of names that tell of a secret.
const SECRET: &[&str] = &[
    "apikey",
    "auth",
    "credential",
    "credentials",
    "key",
    "passwd",
    "password",
    "pword",
    "secret",
    "token",
];
/// What only a shell can do.
const BUILT_IN: &[&str] = &[
    ".", "alias", "cd", "eval", "exit", "export", "for", "set", "source", "trap", "ulimit", "umask",
];

pub(super) fn check(file: &File<'_>, found: &mut Found) {
    for (number, stage) in file.stages() {
        let mut has_shell = file.at_start(number).shell;
        let mut last: [Option<&Instruction>; 3] = [None; 3];
        for (_, instruction) in file.stages.instructions(stage) {
            let kind = match instruction.keyword {
                Some(Keyword::Shell) => {
                    has_shell = true;
                    continue;
                }
                Some(Keyword::Cmd) => 0,
                Some(Keyword::Entrypoint) => 1,
                Some(Keyword::Healthcheck) => 2,
                _ => continue,
            };
            if let Some(earlier) = last[kind].replace(instruction) {
                overridden(file, earlier, instruction, found);
            }
            if let Arguments::Text(word) = &instruction.arguments
                && !has_shell
            {
                shell_form(file, instruction, word, found);
            }
        }
    }
    for (_, instruction) in file.each(Keyword::Maintainer) {
        maintainer(file, instruction, found);
    }
    for keyword in [Keyword::Env, Keyword::Label, Keyword::Arg] {
        for (_, instruction) in file.each(keyword) {
            let Arguments::Pairs(all) = &instruction.arguments else { continue };
            for pair in all {
                pairs(file, keyword, pair, found);
            }
        }
    }
}

fn overridden(file: &File<'_>, earlier: &Instruction, later: &Instruction, found: &mut Found) {
    let name = earlier.keyword.map_or("", Keyword::name);
    let line = file.line(later.range.start).to_string();
    found
        .add(&MULTIPLE_INSTRUCTIONS_DISALLOWED, earlier.range.clone(), &[name, &line])
        .edit(Edit::replace(file.lines(earlier), ""));
}

fn shell_form(file: &File<'_>, instruction: &Instruction, word: &Word, found: &mut Found) {
    let name = instruction.keyword.map_or("", Keyword::name);
    let hint = found.add(&JSON_ARGS_RECOMMENDED, instruction.range.clone(), &[name]);
    let commands = joined_commands(file.tree, word.range.clone());
    let [command] = commands.as_slice() else { return };
    let is_plain = |text: &str| !text.contains(['$', '`', '*', '?', '[', '{', '~', '\n', '(']);
    let source = file.text(&word.range);
    let needs_shell = command.assigns
        || command.sudo.is_some()
        || command.words.is_empty()
        || BUILT_IN.contains(&command.program())
        || !command.words.iter().all(|word| is_plain(&word.text))
        || source.contains(['&', '|', ';', '<', '>', '#']);
    if !needs_shell {
        let words: Vec<String> = command.words.iter().map(|word| word.text.clone()).collect();
        hint.edit(Edit::replace(word.range.clone(), json(&words)));
    }
}

fn maintainer(file: &File<'_>, instruction: &Instruction, found: &mut Found) {
    let Arguments::Text(word) = &instruction.arguments else { return };
    let hint = found.add(&MAINTAINER_DEPRECATED, instruction.range.clone(), &[&word.text]);
    let name = &instruction.name;
    let is_small = !name.text.bytes().any(|byte| byte.is_ascii_uppercase());
    let label = if is_small { "label" } else { "LABEL" };
    let text = file.text(&word.range);
    if !text.contains(['\n', '"', '\\']) {
        let value = format!("org.opencontainers.image.authors=\"{text}\"");
        hint.edit(Edit::replace(name.range.clone(), label));
        hint.edit(Edit::replace(word.range.clone(), value));
    }
}

fn pairs(file: &File<'_>, keyword: Keyword, pair: &Pair, found: &mut Found) {
    let name = pair.name.text.as_str();
    if keyword != Keyword::Label {
        let small = name.to_ascii_lowercase();
        let mut parts = small.split('_');
        if parts.any(|part| SECRET.contains(&part))
            && !small.split('_').any(|part| part == "public")
        {
            let range = pair.name.range.clone();
            found.add(&SECRETS_USED_IN_ARG_OR_ENV, range, &[keyword.name(), name]);
        }
    }
    if keyword == Keyword::Arg || pair.has_equals {
        return;
    }
    let Some(value) = &pair.value else { return };
    let range = pair.name.range.start..value.range.end;
    let hint = found.add(&LEGACY_KEY_VALUE_FORMAT, range, &[keyword.name(), name]);
    let gap = pair.name.range.end..value.range.start;
    let is_one_word = !value.text.contains(char::is_whitespace);
    let is_quoted = value.text.contains(['"', '\'', '\\', '`']);
    if !file.text(&gap).trim().is_empty() {
        return;
    }
    if is_one_word {
        hint.edit(Edit::replace(gap, "="));
    } else if !is_quoted && !file.text(&value.range).contains('\n') {
        hint.edit(Edit::replace(gap, "=\""));
        hint.edit(Edit::insert(value.range.end, "\""));
    } else if wholly_quoted(&value.text) {
        hint.edit(Edit::replace(gap, "="));
    }
}

/// Whether a text is one word in double quotes, from its first letter to its last.
fn wholly_quoted(text: &str) -> bool {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| !inner.contains(['"', '\\']))
}
