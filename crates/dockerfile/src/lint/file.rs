//! What the rules look at, and where they leave what they find.

use std::ops::Range;

use super::{BaseFacts, Edit, Hint, HintRule, LintOptions};
use crate::shell::{ShellCommand, commands};
use crate::stages::{Stage, Stages};
use crate::{Instruction, Keyword, Tree};

/// A file, read once for all rules.
pub(super) struct File<'a> {
    pub tree: &'a Tree,
    pub options: &'a LintOptions<'a>,
    pub stages: Stages<'a>,
    /// The commands of each instruction; none for all but `RUN`.
    pub commands: Vec<Vec<ShellCommand>>,
    /// What is known of the image below each stage.
    bases: Vec<Option<BaseFacts>>,
    /// Where lines end.
    line_ends: Vec<usize>,
}

impl<'a> File<'a> {
    pub fn of(tree: &'a Tree, options: &'a LintOptions<'a>) -> Self {
        let stages = Stages::of(tree);
        let commands = tree.instructions.iter().map(|each| commands(tree, each)).collect();
        let base = |stage| match stages.image(stage)? {
            "scratch" => Some(BaseFacts::default()),
            name => options.base.and_then(|base| base(name)),
        };
        let bases = (0..stages.all.len()).map(base).collect();
        let line_ends = tree.text.match_indices('\n').map(|(at, _)| at).collect();
        Self { tree, options, stages, commands, bases, line_ends }
    }

    /// What is known of the image that a stage stands on.
    pub fn base(&self, stage: usize) -> Option<&BaseFacts> {
        self.bases.get(stage)?.as_ref()
    }

    /// The text of a range.
    pub fn text(&self, range: &Range<usize>) -> &'a str {
        self.tree.text.get(range.clone()).unwrap_or_default()
    }

    /// All stages with their number.
    pub fn stages(&self) -> impl Iterator<Item = (usize, &Stage<'a>)> {
        self.stages.all.iter().enumerate()
    }

    /// The instructions of one kind, wherever they stand.
    pub fn each(&self, keyword: Keyword) -> impl Iterator<Item = (usize, &'a Instruction)> {
        let all = self.tree.instructions.iter().enumerate();
        all.filter(move |(_, instruction)| instruction.keyword == Some(keyword))
    }

    /// The line that a byte stands in, from 1.
    pub fn line(&self, at: usize) -> usize {
        self.line_ends.partition_point(|&end| end < at) + 1
    }

    /// The whole lines of an instruction, with the end of the last one.
    pub fn lines(&self, instruction: &Instruction) -> Range<usize> {
        let text = &self.tree.text;
        let start = text[..instruction.range.start].rfind('\n').map_or(0, |at| at + 1);
        let end = instruction.range.end;
        let rest = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        // A here-document's last line has its end already.
        if text[..end].ends_with('\n') { start..end } else { start..rest }
    }

    /// A line of an instruction's own, to be put before another: in its case of letters, with the file's line end.
    pub fn line_before(&self, instruction: &Instruction, line: &str) -> Edit {
        let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
        let is_small = !instruction.name.text.bytes().any(|byte| byte.is_ascii_uppercase());
        let name = if is_small { name.to_ascii_lowercase() } else { name.to_owned() };
        let end = if self.tree.text.contains("\r\n") { "\r\n" } else { "\n" };
        Edit::insert(self.lines(instruction).start, format!("{name} {rest}{end}"))
    }

    /// Whether a stage is in the image that a build without a target makes, or below it.
    pub fn is_kept(&self, stage: usize) -> bool {
        let last = self.stages.all.len().saturating_sub(1);
        let from = self.stages.all[stage].from;
        self.stages.chain(last).any(|found| found.from == from)
    }
}

/// What has been found.
#[derive(Default)]
pub(super) struct Found {
    pub hints: Vec<Hint>,
}

impl Found {
    /// Keeps a finding. The values are those of the rule's parameters, in that order.
    pub fn add(
        &mut self,
        rule: &'static HintRule,
        range: Range<usize>,
        values: &[&str],
    ) -> &mut Hint {
        debug_assert_eq!(rule.params.len(), values.len(), "{}", rule.id);
        let params = rule.params.iter().zip(values).map(|(&name, &value)| (name, value.to_owned()));
        let params = params.collect();
        self.hints.push(Hint { rule, range, params, suggestion: None, edits: Vec::new() });
        let last = self.hints.len() - 1;
        &mut self.hints[last]
    }
}

impl Hint {
    pub(super) fn edit(&mut self, edit: Edit) -> &mut Self {
        self.edits.push(edit);
        self
    }
}
