//! From the instructions of a stage to its steps.

use strata_dockerfile::{Arguments, Instruction, Keyword, expand_unquoted};

use super::image_state::{HistoryLayer, ImageState};
use super::op::{Op, WorkdirOp};
use super::path::{clean, joined};
use super::scope::{Globals, Scope, Words};
use super::stages::{Command, wrong};
use super::{PlannedStep, StepId};
use crate::{BuildError, BuildOptions};

/// A stage while its instructions are gone through.
pub(crate) struct Dispatch<'a> {
    pub options: &'a BuildOptions,
    pub globals: &'a Globals,
    /// Its place in the plan.
    pub stage: usize,
    pub scope: Scope,
    pub image: ImageState,
    /// `CMD` stood in this stage, so that an `ENTRYPOINT` after it does not take it away.
    pub has_cmd: bool,
    /// The step whose files the next one finds.
    pub tip: Option<StepId>,
    /// The last step of each stage that is planned, by its place in the plan.
    pub tips: &'a [Option<StepId>],
    pub steps: &'a mut Vec<PlannedStep>,
}

impl Dispatch<'_> {
    /// Plans one instruction.
    pub fn command(&mut self, command: &Command) -> Result<(), BuildError> {
        let Some(keyword) = command.instruction.keyword else {
            return Err(wrong(command.line, "an instruction that nobody knows"));
        };
        let id = StepId(self.steps.len());
        let op = match keyword {
            Keyword::Run => self.run(command, id)?,
            Keyword::Copy | Keyword::Add => self.copy(command, id)?,
            Keyword::Workdir => self.workdir(command, id)?,
            _ => {
                self.setting(command, keyword)?;
                Op::Setting
            }
        };
        let makes_layer = !matches!(op, Op::Setting);
        let mut needs: Vec<StepId> = self.tip.into_iter().collect();
        needs.extend(self.origins_of(&op));
        needs.sort_unstable();
        needs.dedup();
        self.steps.push(PlannedStep {
            id,
            stage: self.stage,
            line: command.line,
            keyword,
            text: shown(command),
            is_trigger: command.is_trigger,
            makes_layer,
            needs,
            op,
        });
        if makes_layer {
            self.tip = Some(id);
        }
        Ok(())
    }

    /// The steps that made what an instruction takes files from.
    fn origins_of(&self, op: &Op) -> Vec<StepId> {
        let tip = |origin: &super::op::Origin| match origin {
            super::op::Origin::Stage(stage) => self.tips.get(*stage).copied().flatten(),
            _ => None,
        };
        match op {
            Op::Copy(copy) => tip(&copy.from).into_iter().collect(),
            Op::Run(run) => {
                run.mounts.iter().filter_map(|mount| mount.kind.origin()).filter_map(tip).collect()
            }
            Op::Setting | Op::Workdir(_) => Vec::new(),
        }
    }

    /// A text of an instruction with its variables expanded.
    pub fn expanded(&self, command: &Command, text: &str) -> Result<String, BuildError> {
        let words = Words { escape: command.escape, line: command.line };
        words.expand(text, &|name| self.scope.get(name))
    }

    /// The body of a here-document, expanded unless its word was quoted.
    pub fn body(&self, command: &Command, at: usize) -> Result<String, BuildError> {
        let heredoc = &command.instruction.heredocs[at];
        let content = heredoc.content(&command.text);
        if !heredoc.expands {
            return Ok(content);
        }
        let line = command.line;
        let found = expand_unquoted(&content, &|name| self.scope.get(name));
        found.map(|found| found.text).map_err(|source| BuildError::Expand { line, source })
    }

    fn workdir(&mut self, command: &Command, id: StepId) -> Result<Op, BuildError> {
        let text = self.expanded(command, &text_of(&command.instruction))?;
        if text.is_empty() {
            return Err(wrong(command.line, "WORKDIR needs a folder"));
        }
        let path = joined(&self.image.settings.working_dir, &text);
        self.image.settings.working_dir.clone_from(&path);
        let layer = if path == "/" { HistoryLayer::None } else { HistoryLayer::OfStep(id.0) };
        self.image.note(format!("WORKDIR {path}"), layer);
        if path == "/" {
            return Ok(Op::Setting);
        }
        Ok(Op::Workdir(WorkdirOp { path, user: self.image.settings.user.clone() }))
    }

    /// The folder that commands begin in, and relative paths are of.
    pub fn folder(&self) -> String {
        clean(&format!("/{}", self.image.settings.working_dir))
    }
}

/// The one text of an instruction.
pub(crate) fn text_of(instruction: &Instruction) -> String {
    match &instruction.arguments {
        Arguments::Text(word) => word.text.clone(),
        Arguments::Words(words) | Arguments::Exec(words) => {
            let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            words.join(" ")
        }
        _ => String::new(),
    }
}

/// An instruction on one line: without the bodies of its here-documents, comments and continuations.
fn shown(command: &Command) -> String {
    let range = command.instruction.range.clone();
    let end = command.instruction.heredocs.iter().map(|found| found.body.start).min();
    let text = command.text.get(range.start..end.unwrap_or(range.end)).unwrap_or_default();
    let lines = text
        .lines()
        .enumerate()
        .filter(|(at, line)| *at == 0 || !line.trim_start().starts_with('#'));
    let lines = lines.map(|(_, line)| {
        let line = line.trim();
        line.strip_suffix(command.escape).unwrap_or(line)
    });
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ")
}
