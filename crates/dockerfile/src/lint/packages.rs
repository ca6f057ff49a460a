//! Packages that are installed.

use super::rules::{
    APK_CACHE_LEFT, APT_LISTS_LEFT, APT_RECOMMENDS, PIP_CACHE_LEFT, UNPINNED_APK_PACKAGES,
    UNPINNED_APT_PACKAGES, UNPINNED_PIP_PACKAGES,
};
use super::{Edit, File, Found};
use crate::installs::{Install, Manager, install};
use crate::shell::{Joint, ShellCommand};
use crate::stages::mounts;
use crate::{HintRule, Instruction};

pub(super) fn check(file: &File<'_>, found: &mut Found) {
    for (number, stage) in file.stages() {
        let mut has = file.at_start(number);
        let is_kept = file.is_kept(number);
        for (index, instruction) in file.stages.instructions(stage) {
            has.see(instruction);
            let commands = &file.commands[index];
            let keeps_apk = !removes(commands, "/var/cache/apk");
            for command in commands {
                let Some(install) = install(command) else { continue };
                versions(&install, found);
                match install.manager {
                    Manager::Apt => recommends(command, &install, found),
                    Manager::Apk if keeps_apk => apk_cache(instruction, command, &install, found),
                    Manager::Pip if !has.no_pip_cache => {
                        pip_cache(instruction, command, &install, found);
                    }
                    _ => {}
                }
            }
            if is_kept {
                apt_lists(file, instruction, commands, found);
            }
        }
    }
}

fn has_cache(instruction: &Instruction, folders: &[&str]) -> bool {
    mounts(instruction).any(|mount| {
        let is_kept = mount.contains(&("type", "cache")) || mount.contains(&("type", "tmpfs"));
        let is_target = |name: &str| matches!(name, "target" | "dst" | "destination");
        let mut targets = mount.iter().filter(|(name, _)| is_target(name));
        is_kept && targets.any(|(_, target)| folders.iter().any(|folder| target.contains(folder)))
    })
}

fn versions(install: &Install<'_>, found: &mut Found) {
    let rule: &'static HintRule = match install.manager {
        Manager::Apt => &UNPINNED_APT_PACKAGES,
        Manager::Apk => &UNPINNED_APK_PACKAGES,
        Manager::Pip => &UNPINNED_PIP_PACKAGES,
        _ => return,
    };
    let open: Vec<_> = install.packages.iter().filter(|word| install.is_open(&word.text)).collect();
    if let (Some(first), Some(last)) = (open.first(), open.last()) {
        let names: Vec<&str> = open.iter().map(|word| word.text.as_str()).collect();
        found.add(rule, first.range.start..last.range.end, &[&names.join(", ")]);
    }
}

fn recommends(command: &ShellCommand, install: &Install<'_>, found: &mut Found) {
    let says = command.has(&["--no-install-recommends", "--install-recommends"])
        || command.words.iter().any(|word| word.text.contains("APT::Install-Recommends"));
    if !says && install.verb.text == "install" {
        found
            .add(&APT_RECOMMENDS, command.range.clone(), &[])
            .edit(Edit::insert(install.verb.range.end, " --no-install-recommends"));
    }
}

fn apk_cache(
    instruction: &Instruction,
    command: &ShellCommand,
    install: &Install<'_>,
    found: &mut Found,
) {
    let is_kept_out = command.has(&["--no-cache"])
        || has_cache(instruction, &["/var/cache/apk", "/etc/apk/cache"]);
    if !is_kept_out {
        found
            .add(&APK_CACHE_LEFT, command.range.clone(), &[])
            .edit(Edit::insert(install.verb.range.end, " --no-cache"));
    }
}

fn pip_cache(
    instruction: &Instruction,
    command: &ShellCommand,
    install: &Install<'_>,
    found: &mut Found,
) {
    let is_kept_out = command.has(&["--no-cache-dir"])
        || command.has_prefix(&["--no-cache-dir="])
        || has_cache(instruction, &[".cache"]);
    if !is_kept_out {
        found
            .add(&PIP_CACHE_LEFT, command.range.clone(), &[])
            .edit(Edit::insert(install.verb.range.end, " --no-cache-dir"));
    }
}

fn removes(commands: &[ShellCommand], folder: &str) -> bool {
    commands.iter().any(|command| {
        matches!(command.program(), "rm" | "find")
            && command.words.iter().any(|word| word.text.contains(folder))
    })
}

fn apt_lists(
    file: &File<'_>,
    instruction: &Instruction,
    commands: &[ShellCommand],
    found: &mut Found,
) {
    let is_apt = |command: &ShellCommand| matches!(command.program(), "apt-get" | "apt");
    let update = commands.iter().find(|each| is_apt(each) && each.has(&["update"]));
    let Some(update) = update else { return };
    if removes(commands, "/var/lib/apt") || has_cache(instruction, &["/var/lib/apt"]) {
        return;
    }
    let hint = found.add(&APT_LISTS_LEFT, update.range.clone(), &[]);
    let is_row = |command: &ShellCommand| matches!(command.joint, Joint::Start | Joint::And);
    if let Some(last) = commands.iter().rfind(|command| is_apt(command))
        && commands.iter().all(is_row)
    {
        hint.edit(Edit::insert(last.range.end, behind(file, instruction, last)));
    }
}

/// One more command behind another, on a line of its own where the others have theirs.
fn behind(file: &File<'_>, instruction: &Instruction, command: &ShellCommand) -> String {
    const REMOVE: &str = "rm -rf /var/lib/apt/lists/*";
    let text = &file.tree.text;
    let from = text[..command.range.start].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[from..command.range.start];
    if from <= instruction.range.start {
        return format!(" && {REMOVE}");
    }
    let end = file.line_end;
    let indent = &before[..before.len() - before.trim_start().len()];
    let escape = file.tree.escape;
    match before.trim() {
        "&&" => format!(" {escape}{end}{before}{REMOVE}"),
        "" if text[..from].trim_end().trim_end_matches(escape).trim_end().ends_with("&&") => {
            format!(" && {escape}{end}{indent}{REMOVE}")
        }
        _ => format!(" && {REMOVE}"),
    }
}
