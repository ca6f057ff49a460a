//! Who a container runs as.

use super::rules::{ROOT_USER, USER_BY_NAME};
use super::{Edit, File, Found};
use crate::{Arguments, Keyword};

pub(super) fn check(file: &File<'_>, found: &mut Found) {
    let Some(last) = file.stages.all.len().checked_sub(1) else { return };
    // Of the nearest stage that has one, the last one counts.
    let chain = file.stages.chain(last);
    let user = chain
        .filter_map(|stage| {
            let users = file.stages.instructions(stage);
            users.filter(|(_, each)| each.keyword == Some(Keyword::User)).last()
        })
        .next();
    let Some((_, instruction)) = user else { return };
    let Arguments::Text(word) = &instruction.arguments else { return };
    let name = word.text.split(':').next().unwrap_or_default();
    if name.contains('$') || name.is_empty() {
        return;
    }
    if matches!(name, "root" | "0") {
        found.add(&ROOT_USER, word.range.clone(), &[&word.text]);
    } else if !name.bytes().all(|byte| byte.is_ascii_digit()) {
        let hint = found.add(&USER_BY_NAME, word.range.clone(), &[name]);
        if name == word.text
            && let Some(id) = made(file, name)
        {
            hint.edit(Edit::replace(word.range.clone(), id));
        }
    }
}

/// The number that a command of the file gives to a user.
fn made(file: &File<'_>, name: &str) -> Option<String> {
    let commands = file.commands.iter().flatten();
    let mut makers = commands.filter(|command| {
        matches!(command.program(), "useradd" | "adduser")
            && command.arguments().iter().any(|word| word.text == name)
    });
    let maker = makers.next()?;
    let id = user_id(maker.arguments())?;
    id.bytes().all(|byte| byte.is_ascii_digit()).then(|| id.to_owned())
}

/// The number after `-u` or `--uid`.
pub(super) fn user_id(words: &[crate::shell::ShellWord]) -> Option<&str> {
    let mut words = words.iter().map(|word| word.text.as_str());
    while let Some(word) = words.next() {
        match word {
            "-u" | "--uid" => return words.next(),
            _ => {
                if let Some(id) = word.strip_prefix("--uid=").or(word.strip_prefix("-u")) {
                    return Some(id);
                }
            }
        }
    }
    None
}
