//! Layers that could be one.

use super::rules::CONSECUTIVE_RUNS;
use super::{Edit, File, Found};
use crate::shell::Joint;
use crate::{Arguments, Instruction, Keyword};

/// Programs whose effect ends with their shell, or ends the shell.
const LASTING: &[&str] = &[".", "cd", "exec", "exit", "export", "set", "source", "trap", "umask"];

pub(super) fn check(file: &File<'_>, found: &mut Found) {
    for (_, stage) in file.stages() {
        let mut row: Vec<(usize, &Instruction)> = Vec::new();
        for (index, instruction) in file.stages.instructions(stage) {
            let is_run = instruction.keyword == Some(Keyword::Run);
            let goes_on = row.last().is_none_or(|(_, last)| same_flags(last, instruction));
            if !is_run || !goes_on {
                report(file, &row, found);
                row.clear();
            }
            if is_run {
                row.push((index, instruction));
            }
        }
        report(file, &row, found);
    }
}

fn same_flags(a: &Instruction, b: &Instruction) -> bool {
    a.flags.iter().map(|flag| &flag.text).eq(b.flags.iter().map(|flag| &flag.text))
}

fn report(file: &File<'_>, row: &[(usize, &Instruction)], found: &mut Found) {
    let [_, (_, second), ..] = row else { return };
    let count = row.len().to_string();
    let hint = found.add(&CONSECUTIVE_RUNS, second.range.clone(), &[&count]);
    if row.iter().all(|&(index, instruction)| is_simple(file, index, instruction)) {
        let edits: Option<Vec<Edit>> =
            row.windows(2).map(|pair| joined(file, pair[0].1, pair[1].1)).collect();
        hint.edits = edits.unwrap_or_default();
    }
}

/// Whether a command behind others does what it does alone.
fn is_simple(file: &File<'_>, index: usize, instruction: &Instruction) -> bool {
    let commands = &file.commands[index];
    matches!(instruction.arguments, Arguments::Text(_))
        && instruction.heredocs.is_empty()
        && !file.text(&instruction.range).contains('#')
        && !commands.is_empty()
        && commands.iter().all(|command| {
            matches!(command.joint, Joint::Start | Joint::And | Joint::Pipe)
                && !command.words.is_empty()
                && !LASTING.contains(&command.program())
        })
}

/// The end of one command and the beginning of the next become one joint, if nothing but blanks stands between.
fn joined(file: &File<'_>, first: &Instruction, second: &Instruction) -> Option<Edit> {
    let between = first.range.end..second.range.start;
    let Arguments::Text(command) = &second.arguments else { return None };
    if !file.text(&between).trim().is_empty() || file.text(&between).matches('\n').count() > 1 {
        return None;
    }
    let end = if file.text(&between).contains('\r') { "\r\n" } else { "\n" };
    let joint = format!(" {}{end}    && ", file.tree.escape);
    Some(Edit::replace(between.start..command.range.start, joint))
}
