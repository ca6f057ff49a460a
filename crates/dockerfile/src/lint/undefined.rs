//! Variables without a value.

use std::collections::HashSet;

use super::rules::UNDEFINED_VAR;
use super::{Edit, File, Found};
use crate::variables::{PLATFORM, PREDEFINED, Variable, declared, expanded, variables};
use crate::{Instruction, Keyword};

/// What the stages have declared so far.
struct Scopes<'a> {
    file: &'a File<'a>,
    global: HashSet<&'a str>,
    stages: Vec<HashSet<&'a str>>,
}

pub(super) fn check(file: &File<'_>, found: &mut Found) {
    let names = |instruction| declared(instruction).map(|(name, _)| name);
    let globals = file.tree.instructions[file.stages.global.clone()].iter();
    let mut scopes = Scopes {
        file,
        global: globals.flat_map(names).collect(),
        stages: vec![HashSet::new(); file.stages.all.len()],
    };
    for (number, stage) in file.stages() {
        for (_, instruction) in file.stages.instructions(stage) {
            let mut seen = HashSet::new();
            for range in expanded(instruction) {
                for variable in variables(&file.tree.text, range, file.tree.escape) {
                    let is_new = !variable.has_default && seen.insert(variable.name);
                    if is_new && !scopes.know(number, variable.name) {
                        scopes.report(number, instruction, &variable, found);
                    }
                }
            }
            let is_setting = matches!(instruction.keyword, Some(Keyword::Arg | Keyword::Env));
            if is_setting {
                scopes.stages[number].extend(declared(instruction).map(|(name, _)| name));
            }
        }
    }
}

impl<'a> Scopes<'a> {
    fn know(&self, stage: usize, name: &str) -> bool {
        let mut at = Some(stage);
        for _ in 0..64 {
            let Some(number) = at else { break };
            if self.stages[number].contains(name) {
                return true;
            }
            at = self.file.stages.all[number].parent;
        }
        // Builders set a path where the image has none; and who knows what a chain without an end declares.
        name == "PATH" || PREDEFINED.contains(&name) || at.is_some()
    }

    fn report(
        &self,
        stage: usize,
        instruction: &Instruction,
        variable: &Variable<'_>,
        found: &mut Found,
    ) {
        let name = variable.name;
        let base = self.file.base(stage);
        if base.is_some_and(|base| base.env.iter().any(|known| known == name)) {
            return;
        }
        let is_to_be_declared = self.global.contains(name) || PLATFORM.contains(&name);
        let own = self.stages[stage].iter().copied();
        let global = self.global.iter().copied();
        let meant = found.near(name, own.chain(global).chain(PLATFORM.iter().copied()));
        // An image that is not known may have any variable: only what looks like a slip is told then.
        if base.is_none() && !is_to_be_declared && meant.is_none() {
            return;
        }
        let hint = found.add(&UNDEFINED_VAR, variable.range.clone(), &[name]);
        if is_to_be_declared {
            hint.edit(self.file.line_before(instruction, &format!("ARG {name}")));
        } else if let Some(meant) = meant {
            hint.edit(Edit::replace(variable.range.clone(), meant));
            hint.suggestion = Some(meant.to_owned());
        }
    }
}
