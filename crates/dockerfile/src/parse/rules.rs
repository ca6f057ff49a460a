//! How many words an instruction takes, and which may not stand where.

use super::{Arguments, Diagnostic, Instruction, Keyword};

/// Says what no builder takes of an instruction that could be read.
pub(crate) fn check(instruction: &Instruction, found: &mut Vec<Diagnostic>) {
    let Some(keyword) = instruction.keyword else { return };
    let name = keyword.name();
    let mut refuse = |message: String| {
        found.push(Diagnostic::error(instruction.range.clone(), message));
    };
    match (&instruction.arguments, keyword) {
        // An empty command is what takes a base's command away.
        (Arguments::None, Keyword::Cmd | Keyword::Entrypoint | Keyword::Run) => {}
        (Arguments::None, Keyword::Add | Keyword::Copy) => {
            refuse(format!("{name} needs a source and a destination"));
        }
        (Arguments::None, _) => refuse(format!("{name} needs an argument")),
        (Arguments::Words(words) | Arguments::Exec(words), Keyword::Add | Keyword::Copy)
            if words.len() < 2 =>
        {
            refuse(format!("{name} needs a source and a destination"));
        }
        (Arguments::Words(words), Keyword::From) => {
            let is_named = words.len() == 3 && words[1].text.eq_ignore_ascii_case("as");
            if words.len() != 1 && !is_named {
                refuse("FROM takes an image, or an image AS a name".to_owned());
            }
        }
        (Arguments::Text(_), Keyword::Shell) => {
            refuse("SHELL takes the JSON form alone".to_owned());
        }
        (Arguments::Check { kind, .. }, _)
            if !["CMD", "NONE"].iter().any(|known| kind.text.eq_ignore_ascii_case(known)) =>
        {
            refuse(format!("HEALTHCHECK takes CMD or NONE, not `{}`", kind.text));
        }
        (Arguments::Trigger(trigger), _) => {
            if let Some(inner @ (Keyword::From | Keyword::Onbuild | Keyword::Maintainer)) =
                trigger.keyword
            {
                refuse(format!("{} may not stand after ONBUILD", inner.name()));
            }
            check(trigger, found);
        }
        _ => {}
    }
    destination(instruction, found);
    flags(instruction, keyword, found);
}

fn destination(instruction: &Instruction, found: &mut Vec<Diagnostic>) {
    let Arguments::Words(words) = &instruction.arguments else { return };
    if !matches!(instruction.keyword, Some(Keyword::Add | Keyword::Copy)) {
        return;
    }
    let last = words.last().map(|word| &word.range);
    if let Some(heredoc) = instruction.heredocs.iter().find(|here| Some(&here.range) == last) {
        let message = "a here-document cannot be a destination";
        found.push(Diagnostic::error(heredoc.range.clone(), message));
    }
}

fn flags(instruction: &Instruction, keyword: Keyword, found: &mut Vec<Diagnostic>) {
    for flag in &instruction.flags {
        let name = flag.text.trim_start_matches('-');
        let name = name.split_once('=').map_or(name, |(name, _)| name);
        if !keyword.flags().contains(&name) {
            let message = format!("{} takes no flag `--{name}`", keyword.name());
            let mut unknown = Diagnostic::error(flag.range.clone(), message);
            let meant = super::keyword::nearest(name, keyword.flags());
            unknown.suggestion = meant.map(|name| format!("--{name}"));
            found.push(unknown);
        }
    }
}
