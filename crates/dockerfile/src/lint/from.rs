//! `FROM`: which image, for which platform.

use std::collections::HashMap;

use strata_spec::Reference;

use super::rules::{
    FROM_PLATFORM_FLAG_CONST_DISALLOWED, INVALID_DEFAULT_ARG_IN_FROM, LATEST_TAG,
    REDUNDANT_TARGET_PLATFORM, UNDEFINED_ARG_IN_FROM, UNTAGGED_IMAGE,
};
use super::{Edit, File, Found};
use crate::stages::{Stage, flag};
use crate::variables::{PLATFORM, PREDEFINED, declared, variables};
use crate::{Instruction, Keyword, Word, expand};

/// Values longer than this are no part of an image's name.
const LONGEST_VALUE: usize = 128;
/// Names that are longer are not looked into.
const LONGEST_NAME: usize = 512;

/// The build arguments before the first `FROM`, with the values that they have if none is given.
type Globals = HashMap<String, Option<String>>;

pub(super) fn check(file: &File<'_>, found: &mut Found) {
    let globals = globals(file);
    for (_, stage) in file.stages() {
        let from = &file.tree.instructions[stage.from];
        platform(file, stage, from, found);
        let Some(base) = stage.base else { continue };
        let are_known = names(file, from, base, &globals, found);
        if stage.parent.is_some() || base.text.eq_ignore_ascii_case("scratch") {
            continue;
        }
        if base.text.contains('$') {
            if are_known {
                defaults(file, base, &globals, found);
            }
        } else {
            tag(base, found);
        }
    }
}

fn globals(file: &File<'_>) -> Globals {
    let mut globals = Globals::new();
    for instruction in &file.tree.instructions[file.stages.global.clone()] {
        if instruction.keyword != Some(Keyword::Arg) {
            continue;
        }
        for (name, value) in declared(instruction) {
            let value = value.and_then(|value| expanded(file, value, &globals));
            globals.insert(name.to_owned(), value.filter(|value| value.len() <= LONGEST_VALUE));
        }
    }
    globals
}

fn expanded(file: &File<'_>, text: &str, globals: &Globals) -> Option<String> {
    if text.len() > LONGEST_NAME {
        return None;
    }
    let value = |name: &str| match globals.get(name) {
        Some(value) => value.clone(),
        // What a builder puts in is never empty; which it is does not matter here.
        None => PLATFORM.contains(&name).then(|| "linux".to_owned()),
    };
    expand(text, file.tree.escape, &value).ok().map(|found| found.text)
}

/// Whether all variables are declared.
fn names(
    file: &File<'_>,
    from: &Instruction,
    base: &Word,
    globals: &Globals,
    found: &mut Found,
) -> bool {
    let mut are_known = true;
    let flags = from.flags.iter().map(|flag| &flag.range);
    for range in flags.chain([&base.range]) {
        for variable in variables(&file.tree.text, range.clone(), file.tree.escape) {
            let name = variable.name;
            let is_known = globals.contains_key(name)
                || PLATFORM.contains(&name)
                || PREDEFINED.contains(&name);
            if is_known {
                continue;
            }
            are_known = false;
            let known = globals.keys().map(String::as_str).chain(PLATFORM.iter().copied());
            let meant = found.near(name, known);
            let hint = found.add(&UNDEFINED_ARG_IN_FROM, variable.range.clone(), &[name]);
            if let Some(meant) = meant {
                hint.edit(Edit::replace(variable.range, meant));
                hint.suggestion = Some(meant.to_owned());
            }
        }
    }
    are_known
}

fn defaults(file: &File<'_>, base: &Word, globals: &Globals, found: &mut Found) {
    let Some(name) = expanded(file, &base.text, globals) else { return };
    let is_right = file.stages.named(&name).is_some() || Reference::parse(&name).is_ok();
    if !is_right {
        found.add(&INVALID_DEFAULT_ARG_IN_FROM, base.range.clone(), &[&base.text, &name]);
    }
}

fn tag(base: &Word, found: &mut Found) {
    let name = base.text.as_str();
    if name.contains('@') || Reference::parse(name).is_err() {
        return;
    }
    let last = name.rsplit('/').next().unwrap_or(name);
    match last.split_once(':') {
        None => {
            found.add(&UNTAGGED_IMAGE, base.range.clone(), &[name]);
        }
        Some((_, "latest")) => {
            found.add(&LATEST_TAG, base.range.clone(), &[name]);
        }
        Some(_) => {}
    }
}

fn platform(file: &File<'_>, stage: &Stage<'_>, from: &Instruction, found: &mut Found) {
    let Some(platform) = flag(from, "platform") else { return };
    let Some(word) = from.flags.first() else { return };
    let gap = file.tree.text[word.range.end..].chars();
    let blanks = gap.take_while(|letter| matches!(letter, ' ' | '\t')).count();
    let gone = Edit::replace(word.range.start..word.range.end + blanks, "");
    if matches!(platform, "$TARGETPLATFORM" | "${TARGETPLATFORM}") {
        found.add(&REDUNDANT_TARGET_PLATFORM, word.range.clone(), &[platform]).edit(gone);
    } else if !platform.contains('$') {
        // A stage that is named after its platform is meant for it.
        let name = stage.name.map(|name| name.text.to_ascii_lowercase()).unwrap_or_default();
        let parts = platform.split('/').map(str::to_ascii_lowercase);
        if !parts.filter(|part| !part.is_empty()).any(|part| name.contains(&part)) {
            found
                .add(&FROM_PLATFORM_FLAG_CONST_DISALLOWED, word.range.clone(), &[platform])
                .edit(gone);
        }
    }
}
