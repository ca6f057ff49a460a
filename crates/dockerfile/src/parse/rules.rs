//! How many words an instruction takes, and which may not stand where.

use super::{Arguments, Diagnostic, Instruction, Keyword, Problem};

/// Says what no builder takes of an instruction that could be read.
pub(crate) fn check(instruction: &Instruction, found: &mut Vec<Diagnostic>) {
    let Some(keyword) = instruction.keyword else { return };
    let mut refuse = |problem: Problem| {
        found.push(Diagnostic::error(instruction.range.clone(), problem));
    };
    match (&instruction.arguments, keyword) {
        // An empty command is what takes a base's command away.
        (Arguments::None, Keyword::Cmd | Keyword::Entrypoint | Keyword::Run) => {}
        (Arguments::None, Keyword::Add | Keyword::Copy) => {
            refuse(Problem::SourceAndDestinationNeeded { instruction: keyword });
        }
        (Arguments::None, _) => refuse(Problem::ArgumentNeeded { instruction: keyword }),
        (Arguments::Words(words) | Arguments::Exec(words), Keyword::Add | Keyword::Copy)
            if words.len() < 2 =>
        {
            refuse(Problem::SourceAndDestinationNeeded { instruction: keyword });
        }
        (Arguments::Words(words), Keyword::From) => {
            let is_named = words.len() == 3 && words[1].text.eq_ignore_ascii_case("as");
            if words.len() != 1 && !is_named {
                refuse(Problem::FromForm);
            }
        }
        (Arguments::Text(_), Keyword::Shell) => {
            refuse(Problem::ShellForm);
        }
        (Arguments::Check { kind, .. }, _)
            if !["CMD", "NONE"].iter().any(|known| kind.text.eq_ignore_ascii_case(known)) =>
        {
            refuse(Problem::HealthcheckForm { found: kind.text.clone() });
        }
        (Arguments::Trigger(trigger), _) => {
            if let Some(inner @ (Keyword::From | Keyword::Onbuild | Keyword::Maintainer)) =
                trigger.keyword
            {
                refuse(Problem::NotAfterOnbuild { instruction: inner });
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
        found.push(Diagnostic::error(heredoc.range.clone(), Problem::HeredocDestination));
    }
}

fn flags(instruction: &Instruction, keyword: Keyword, found: &mut Vec<Diagnostic>) {
    for flag in &instruction.flags {
        let name = flag.text.trim_start_matches('-');
        let name = name.split_once('=').map_or(name, |(name, _)| name);
        if !keyword.flags().contains(&name) {
            let problem = Problem::FlagUnknown { instruction: keyword, flag: name.to_owned() };
            let mut unknown = Diagnostic::error(flag.range.clone(), problem);
            let meant = super::keyword::nearest(name, keyword.flags());
            unknown.suggestion = meant.map(|name| format!("--{name}"));
            found.push(unknown);
        }
    }
}
