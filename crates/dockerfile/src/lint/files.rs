//! Which files go where.

use super::rules::{
    ADD_INSTEAD_OF_COPY, COPY_IGNORED_FILE, COPY_WITHOUT_WORKDIR, WORKDIR_RELATIVE_PATH,
};
use super::{Edit, File, Found};
use crate::stages::{copied, flag, is_heredoc};
use crate::{Arguments, Instruction, Keyword, Word};

/// Endings of files that `ADD` unpacks.
const ARCHIVES: &[&str] = &[
    ".bz2", ".gz", ".lz4", ".lzma", ".tar", ".tb2", ".tbz", ".tbz2", ".tgz", ".tlz", ".txz",
    ".tzst", ".xz", ".z", ".zst",
];

/// No system has longer paths.
const LONGEST_PATH: usize = 4096;

pub(super) fn check(file: &File<'_>, found: &mut Found) {
    for (number, stage) in file.stages() {
        let mut has_workdir = file.at_start(number).workdir;
        for (_, instruction) in file.stages.instructions(stage) {
            match instruction.keyword {
                Some(Keyword::Workdir) => {
                    if !has_workdir {
                        workdir(file, instruction, found);
                    }
                    has_workdir = true;
                }
                Some(Keyword::Copy | Keyword::Add) => {
                    copy(file, instruction, has_workdir, found);
                }
                _ => {}
            }
        }
    }
}

/// Whether a path begins at the root, on either system; one that begins with a variable may.
fn is_rooted(path: &str) -> bool {
    let is_drive = path.as_bytes().get(1) == Some(&b':');
    path.starts_with(['/', '\\', '$']) || is_drive
}

fn workdir(file: &File<'_>, instruction: &Instruction, found: &mut Found) {
    let Arguments::Text(word) = &instruction.arguments else { return };
    let path = word.text.trim_matches(['"', '\'']);
    if is_rooted(path) {
        return;
    }
    let hint = found.add(&WORKDIR_RELATIVE_PATH, word.range.clone(), &[path]);
    let quote = usize::from(file.text(&word.range).starts_with(['"', '\'']));
    let start = word.range.start + quote;
    let dots = if path == "." {
        1
    } else if path.starts_with("./") {
        2
    } else {
        0
    };
    if !path.starts_with("..") {
        hint.edit(Edit::replace(start..start + dots, "/"));
    }
}

fn copy(file: &File<'_>, instruction: &Instruction, has_workdir: bool, found: &mut Found) {
    let Some((sources, destination)) = copied(instruction) else { return };
    let target = destination.text.trim_matches(['"', '\'']);
    if !has_workdir && !is_rooted(target) && !is_heredoc(instruction, destination) {
        found.add(&COPY_WITHOUT_WORKDIR, destination.range.clone(), &[target]);
    }
    if flag(instruction, "from").is_none() {
        for source in sources {
            ignored(file, instruction, source, found);
        }
    }
    if instruction.keyword == Some(Keyword::Add) {
        add(instruction, sources, found);
    }
}

fn is_remote(source: &str) -> bool {
    source.contains("://") || source.starts_with("git@") || source.ends_with(".git")
}

fn ignored(file: &File<'_>, instruction: &Instruction, source: &Word, found: &mut Found) {
    let Some(ignore) = file.options.ignore else { return };
    // Where something is let in again, a folder that is out may still hold files that are in.
    if ignore.rules.iter().any(|rule| rule.lets_in) {
        return;
    }
    let path = source.text.as_str();
    let is_long = path.len() > LONGEST_PATH;
    if is_long || is_remote(path) || path.contains('$') || is_heredoc(instruction, source) {
        return;
    }
    if let Some(rule) = ignore.rule_for(path) {
        let line = rule.line.to_string();
        found.add(&COPY_IGNORED_FILE, source.range.clone(), &[path, &rule.pattern, &line]);
    }
}

fn add(instruction: &Instruction, sources: &[Word], found: &mut Found) {
    let does_more = ["checksum", "keep-git-dir", "unpack"];
    if does_more.iter().any(|name| flag(instruction, name).is_some()) {
        return;
    }
    let is_plain = |word: &Word| {
        let name = word.text.to_ascii_lowercase();
        let is_archive = ARCHIVES.iter().any(|ending| name.ends_with(ending));
        !is_archive && !is_remote(&name) && !name.contains('$') && !is_heredoc(instruction, word)
    };
    if let Some(first) = sources.first()
        && sources.iter().all(is_plain)
    {
        let name = &instruction.name;
        let is_small = !name.text.bytes().any(|byte| byte.is_ascii_uppercase());
        found
            .add(&ADD_INSTEAD_OF_COPY, name.range.clone(), &[&first.text])
            .edit(Edit::replace(name.range.clone(), if is_small { "copy" } else { "COPY" }));
    }
}
