//! What the rules look at, and where they leave what they find.

use std::ops::Range;

use super::{BaseFacts, Edit, Hint, HintRule, LintOptions};
use crate::parse::nearest;
use crate::shell::{ShellCommand, commands};
use crate::stages::{Stage, Stages};
use crate::variables::declared;
use crate::{Instruction, Keyword, Tree};

/// So many names are looked through for the one that was meant.
const MOST_NAMES: usize = 200;
/// So many times in a file.
const MOST_SEARCHES: usize = 200;

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
    /// How lines end.
    pub line_end: &'static str,
    /// What each stage has of its own, or from the stages below it.
    pub has: Vec<Has>,
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
        let line_end = if tree.text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut file =
            Self { tree, options, stages, commands, bases, line_ends, line_end, has: Vec::new() };
        file.has = file.having();
        file
    }

    fn having(&self) -> Vec<Has> {
        let mut all: Vec<Has> = Vec::with_capacity(self.stages.all.len());
        for (number, stage) in self.stages() {
            let mut has = self.below(&all, number);
            for (_, instruction) in self.stages.instructions(stage) {
                has.see(instruction);
            }
            all.push(has);
        }
        all
    }

    fn below(&self, all: &[Has], stage: usize) -> Has {
        let base = self.base(stage);
        let of_base = Has {
            workdir: base.is_some_and(|base| base.has_workdir),
            shell: base.is_some_and(|base| base.has_shell),
            no_pip_cache: false,
        };
        self.stages.all[stage].parent.map_or(of_base, |parent| all[parent])
    }

    /// What a stage has before its first instruction.
    pub fn at_start(&self, stage: usize) -> Has {
        self.below(&self.has, stage)
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
        let end = self.line_end;
        Edit::insert(self.lines(instruction).start, format!("{name} {rest}{end}"))
    }

    /// Whether a stage is in the image that a build without a target makes, or below it.
    pub fn is_kept(&self, stage: usize) -> bool {
        let last = self.stages.all.len().saturating_sub(1);
        let from = self.stages.all[stage].from;
        self.stages.chain(last).any(|found| found.from == from)
    }
}

/// What a stage has so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Has {
    pub workdir: bool,
    pub shell: bool,
    /// `PIP_NO_CACHE_DIR` is set.
    pub no_pip_cache: bool,
}

impl Has {
    /// Takes in what an instruction sets.
    pub fn see(&mut self, instruction: &Instruction) {
        match instruction.keyword {
            Some(Keyword::Workdir) => self.workdir = true,
            Some(Keyword::Shell) => self.shell = true,
            Some(Keyword::Env | Keyword::Arg) => {
                self.no_pip_cache |= declared(instruction).any(|(name, value)| {
                    let value = value.unwrap_or_default().trim_matches(['"', '\'']);
                    let is_off = matches!(value, "" | "0" | "false" | "off" | "no");
                    name == "PIP_NO_CACHE_DIR" && !is_off
                });
            }
            _ => {}
        }
    }
}

/// What has been found.
#[derive(Default)]
pub(super) struct Found {
    pub hints: Vec<Hint>,
    /// How often a name was looked for.
    searches: usize,
}

impl Found {
    /// The nearest of some names, if one is near. A file with so many slips is no file that one more name helps.
    pub fn near<'a>(
        &mut self,
        name: &str,
        names: impl Iterator<Item = &'a str>,
    ) -> Option<&'a str> {
        self.searches += 1;
        if self.searches > MOST_SEARCHES {
            return None;
        }
        let mut names: Vec<&str> = names.take(MOST_NAMES).collect();
        names.sort_unstable();
        nearest(name, &names)
    }

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
