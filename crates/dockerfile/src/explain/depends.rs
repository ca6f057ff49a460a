//! What a line's result hangs on: if none of it has changed, the result of an earlier build is taken.

use std::collections::HashMap;

use super::Teller;
use super::copies::is_address;
use crate::installs::install;
use crate::shell::commands;
use crate::stages::{Stages, copied, flag, is_heredoc, mounts};
use crate::variables::{declared, expanded, variables};
use crate::{Instruction, Keyword};

/// So many names stand in a sentence.
const MOST_NAMES: usize = 12;

/// The build arguments that a stage has declared so far.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    names: Vec<String>,
    /// Of each stage that is done, as far as others may be built on it.
    done: HashMap<usize, Vec<String>>,
    stage: Option<usize>,
}

impl Arguments {
    /// Goes on to a stage; it has what the stage below it has declared.
    pub fn enter(&mut self, stages: &Stages<'_>, stage: usize) {
        let names = std::mem::take(&mut self.names);
        if let Some(last) = self.stage.replace(stage) {
            self.done.insert(last, names);
        }
        let parent = stages.all.get(stage).and_then(|stage| stage.parent);
        let inherited = parent.and_then(|parent| self.done.get(&parent));
        self.names = inherited.cloned().unwrap_or_default();
    }

    /// Takes in what an instruction declares.
    pub fn see(&mut self, instruction: &Instruction) {
        if instruction.keyword == Some(Keyword::Arg) && self.stage.is_some() {
            let free = (MOST_NAMES + 1).saturating_sub(self.names.len());
            self.names.extend(declared(instruction).take(free).map(|(name, _)| name.to_owned()));
        }
    }

    fn shown(&self) -> String {
        let mut names = self.names.clone();
        names.sort_unstable();
        names.dedup();
        shortened(&names)
    }
}

fn shortened(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(MOST_NAMES).map(String::as_str).collect();
    let more = if names.len() > MOST_NAMES { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

impl Teller<'_> {
    pub(super) fn depends(
        &mut self,
        stage: Option<usize>,
        instruction: &Instruction,
        known: &Arguments,
    ) {
        let range = &instruction.range;
        let Some(keyword) = instruction.keyword else { return };
        match keyword {
            Keyword::From => {
                let stage = stage.and_then(|stage| self.stages.all.get(stage)).cloned();
                let Some(stage) = stage else { return };
                let Some(base) = stage.base else { return };
                if stage.parent.is_some() {
                    self.say("depends.stage", &base.range, &[("stage", &base.text)]);
                } else if !base.text.eq_ignore_ascii_case("scratch") {
                    self.say("depends.image", &base.range, &[("image", &base.text)]);
                }
            }
            Keyword::Run => self.run_depends(instruction, known),
            Keyword::Copy | Keyword::Add => {
                self.say("depends.above", range, &[]);
                self.copy_depends(instruction);
                self.named_variables(instruction);
            }
            Keyword::Workdir => {
                self.say("depends.above", range, &[]);
                self.named_variables(instruction);
            }
            Keyword::Arg => self.say("depends.use", range, &[]),
            _ => self.named_variables(instruction),
        }
    }

    fn run_depends(&mut self, instruction: &Instruction, known: &Arguments) {
        let range = &instruction.range;
        self.say("depends.above", range, &[]);
        self.say("depends.text", range, &[]);
        let names = known.shown();
        if !names.is_empty() {
            self.say("depends.arguments", range, &[("names", &names)]);
        }
        let is_fetching =
            |program: &str| matches!(program, "curl" | "wget" | "git" | "apt-get" | "apt");
        let all = commands(self.tree, instruction);
        if all.iter().any(|each| is_fetching(each.program()) || install(each).is_some()) {
            self.say("depends.notTheNet", range, &[]);
        }
        for mount in mounts(instruction) {
            let value = |wanted: &str| {
                mount.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value)
            };
            match value("type").unwrap_or("bind") {
                "secret" | "cache" | "ssh" => self.say("depends.notMounts", range, &[]),
                "bind" => match value("from") {
                    Some(from) => self.say("depends.stage", range, &[("stage", from)]),
                    None => {
                        let source = value("source").or(value("src")).unwrap_or(".");
                        self.say("depends.files", range, &[("paths", source)]);
                    }
                },
                _ => {}
            }
        }
    }

    fn copy_depends(&mut self, instruction: &Instruction) {
        let Some((sources, _)) = copied(instruction) else { return };
        let mut paths = Vec::new();
        for word in sources {
            if is_address(&word.text) {
                self.say("depends.remote", &word.range, &[("source", &word.text)]);
            } else if !is_heredoc(instruction, word) {
                paths.push(word.text.clone());
            }
        }
        if paths.is_empty() {
            return;
        }
        match flag(instruction, "from") {
            Some(from) if self.stages.referred(from).is_some() => {
                self.say("depends.stage", &instruction.range, &[("stage", from)]);
            }
            Some(from) => self.say("depends.image", &instruction.range, &[("image", from)]),
            None => {
                self.say("depends.files", &instruction.range, &[("paths", &shortened(&paths))]);
            }
        }
    }

    /// The variables that an instruction names.
    fn named_variables(&mut self, instruction: &Instruction) {
        let ranges = expanded(instruction).into_iter();
        let mut names: Vec<String> = ranges
            .flat_map(|range| variables(&self.tree.text, range, self.tree.escape))
            .map(|variable| variable.name.to_owned())
            .collect();
        names.sort_unstable();
        names.dedup();
        if !names.is_empty() {
            let range = &instruction.range;
            self.say("depends.variables", range, &[("names", &shortened(&names))]);
        }
    }
}
