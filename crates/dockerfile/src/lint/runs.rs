//! What commands do.

use super::rules::{CD_IN_RUN, PIPE_FAILURE_HIDDEN, SUDO_IN_RUN, USERADD_HIGH_UID, WGET_AND_CURL};
use super::users::user_id;
use super::{Edit, File, Found};
use crate::shell::{Joint, ShellCommand};
use crate::{Arguments, Instruction, Keyword};

/// User ids from here on make the log of logins a file of many gigabytes, though most of it is empty.
const HIGH_USER_ID: usize = 100_000;

pub(super) fn check(file: &File<'_>, found: &mut Found) {
    let mut shells: Vec<Shell> = Vec::new();
    for (number, stage) in file.stages() {
        let mut shell = stage.parent.map_or(Shell::Plain, |parent| shells[parent]);
        let mut fetcher: Option<&str> = None;
        let mut has_both = false;
        for (index, instruction) in file.stages.instructions(stage) {
            shell.see(instruction);
            let commands = &file.commands[index];
            if let [first, _, ..] = commands.as_slice()
                && first.program() == "cd"
            {
                let folder = first.arguments().first().map_or("", |word| word.text.as_str());
                found.add(&CD_IN_RUN, first.range.clone(), &[folder]);
            }
            for command in commands {
                of_command(file, command, found);
                let program = command.program();
                if !matches!(program, "wget" | "curl") || has_both {
                    continue;
                }
                match fetcher {
                    Some(first) if first != program => {
                        has_both = true;
                        found.add(
                            &WGET_AND_CURL,
                            command.words[0].range.clone(),
                            &[first, program],
                        );
                    }
                    _ => fetcher = Some(program),
                }
            }
            if shell == Shell::Plain || shell == Shell::Own {
                pipes(file, number, instruction, commands, shell, found);
            }
        }
        shells.push(shell);
    }
}

fn of_command(file: &File<'_>, command: &ShellCommand, found: &mut Found) {
    if let Some(sudo) = &command.sudo {
        let hint = found.add(&SUDO_IN_RUN, sudo.clone(), &[]);
        if let Some(next) = command.words.first() {
            let gap = sudo.end..next.range.start;
            // With options of its own it does more than become root.
            if file.text(&gap).trim().is_empty() {
                hint.edit(Edit::replace(sudo.start..gap.end, ""));
            }
        }
    }
    if command.program() == "useradd" && !command.has(&["-l", "--no-log-init"]) {
        let id = user_id(command.arguments()).unwrap_or_default();
        if id.parse().is_ok_and(|id: usize| id >= HIGH_USER_ID) {
            let program = command.words[0].range.clone();
            found
                .add(&USERADD_HIGH_UID, command.range.clone(), &[id])
                .edit(Edit::insert(program.end, " -l"));
        }
    }
}

/// What `RUN` is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shell {
    /// `/bin/sh -c`, as always.
    Plain,
    /// Another one that pipes fail silently in.
    Own,
    /// One that tells.
    PipeFail,
    /// One that is no Unix shell.
    Foreign,
}

impl Shell {
    fn see(&mut self, instruction: &Instruction) {
        let (Some(Keyword::Shell), Arguments::Exec(words)) =
            (instruction.keyword, &instruction.arguments)
        else {
            return;
        };
        let program = words.first().map_or("", |word| word.text.as_str());
        let program = program.rsplit(['/', '\\']).next().unwrap_or_default();
        *self = if words.iter().any(|word| word.text.contains("pipefail")) {
            Self::PipeFail
        } else if matches!(
            program.trim_end_matches(".exe").to_ascii_lowercase().as_str(),
            "cmd" | "powershell" | "pwsh"
        ) {
            Self::Foreign
        } else {
            Self::Own
        };
    }
}

fn pipes(
    file: &File<'_>,
    stage: usize,
    instruction: &Instruction,
    commands: &[ShellCommand],
    shell: Shell,
    found: &mut Found,
) {
    for pair in commands.windows(2) {
        if pair[0].program() == "set" && pair[0].has_prefix(&["pipefail"]) {
            return;
        }
        if pair[1].joint != Joint::Pipe {
            continue;
        }
        let range = pair[0].range.start..pair[1].range.end;
        let hint = found.add(&PIPE_FAILURE_HIDDEN, range, &[]);
        // Small images have no bash; their own shell must be asked for it in the script.
        let image = file.stages.image(stage).unwrap_or_default();
        let is_small =
            ["alpine", "busybox", "scratch", "$"].iter().any(|name| image.contains(name));
        if shell == Shell::Plain && !is_small && !image.is_empty() {
            let line = r#"SHELL ["/bin/bash", "-o", "pipefail", "-c"]"#;
            hint.edit(file.line_before(instruction, line));
        }
        return;
    }
}
