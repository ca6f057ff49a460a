//! The stages of a Dockerfile, and what each is built on.

use std::collections::HashMap;
use std::ops::Range;

use crate::{Arguments, Instruction, Keyword, Tree, Word};

/// Chains of stages are followed this far: a longer one is nobody's.
const DEEPEST: usize = 64;

/// One `FROM` and what follows it.
#[derive(Debug, Clone)]
pub(crate) struct Stage<'a> {
    /// The instruction `FROM`, as an index.
    pub from: usize,
    /// What it is built on, as written.
    pub base: Option<&'a Word>,
    /// Its name.
    pub name: Option<&'a Word>,
    /// The earlier stage that it is built on.
    pub parent: Option<usize>,
    /// Its instructions without `FROM`, as indexes.
    pub body: Range<usize>,
}

/// All stages.
#[derive(Debug, Clone)]
pub(crate) struct Stages<'a> {
    tree: &'a Tree,
    /// The instructions before the first `FROM`.
    pub global: Range<usize>,
    /// The stages in order.
    pub all: Vec<Stage<'a>>,
    names: HashMap<String, usize>,
}

impl<'a> Stages<'a> {
    pub fn of(tree: &'a Tree) -> Self {
        let is_from = |instruction: &Instruction| instruction.keyword == Some(Keyword::From);
        let count = tree.instructions.len();
        let froms: Vec<usize> =
            (0..count).filter(|&index| is_from(&tree.instructions[index])).collect();
        let mut stages = Self {
            tree,
            global: 0..froms.first().copied().unwrap_or(count),
            all: Vec::new(),
            names: HashMap::new(),
        };
        for (position, &from) in froms.iter().enumerate() {
            let end = froms.get(position + 1).copied().unwrap_or(count);
            let words = match &tree.instructions[from].arguments {
                Arguments::Words(words) => words.as_slice(),
                _ => &[],
            };
            let is_named = words.get(1).is_some_and(|word| word.text.eq_ignore_ascii_case("as"));
            let base = words.first();
            let name = if is_named { words.get(2) } else { None };
            let parent = base.and_then(|base| stages.named(&base.text));
            stages.all.push(Stage { from, base, name, parent, body: from + 1..end });
            if let Some(name) = name {
                stages.names.insert(name.text.to_ascii_lowercase(), position);
            }
        }
        stages
    }

    /// The last stage of a name, in any case of letters.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.names.get(&name.to_ascii_lowercase()).copied()
    }

    /// The stage that `--from=` means: a name or a number.
    pub fn referred(&self, name: &str) -> Option<usize> {
        let number = name.parse().ok().filter(|&number: &usize| number < self.all.len());
        self.named(name).or(number)
    }

    /// A stage and those below it, the nearest first.
    pub fn chain(&self, stage: usize) -> impl Iterator<Item = &Stage<'a>> {
        let first = self.all.get(stage);
        let below = |stage: &&Stage<'a>| stage.parent.and_then(|parent| self.all.get(parent));
        std::iter::successors(first, below).take(DEEPEST)
    }

    /// The image that a stage stands on in the end, as written; none where the chain is too long.
    pub fn image(&self, stage: usize) -> Option<&'a str> {
        let last = self.chain(stage).last()?;
        if last.parent.is_some() {
            return None;
        }
        last.base.map(|base| base.text.as_str())
    }

    /// The instructions of a stage with their indexes.
    pub fn instructions(
        &self,
        stage: &Stage<'a>,
    ) -> impl Iterator<Item = (usize, &'a Instruction)> {
        stage.body.clone().map(|index| (index, &self.tree.instructions[index]))
    }
}

/// A flag's value: `--name=value`.
pub(crate) fn flag<'a>(instruction: &'a Instruction, name: &str) -> Option<&'a str> {
    flags(instruction, name).next()
}

/// All values of a flag.
pub(crate) fn flags<'a>(instruction: &'a Instruction, name: &str) -> impl Iterator<Item = &'a str> {
    instruction.flags.iter().filter_map(move |flag| {
        let rest = flag.text.strip_prefix("--")?.strip_prefix(name)?;
        if rest.is_empty() { Some("true") } else { rest.strip_prefix('=') }
    })
}

/// The values of a `RUN`'s `--mount` as pairs.
pub(crate) fn mounts(instruction: &Instruction) -> impl Iterator<Item = Vec<(&str, &str)>> {
    flags(instruction, "mount").map(|mount| {
        mount.split(',').map(|part| part.split_once('=').unwrap_or((part, ""))).collect()
    })
}

/// The sources and the destination of `COPY` or `ADD`.
pub(crate) fn copied(instruction: &Instruction) -> Option<(&[Word], &Word)> {
    match &instruction.arguments {
        Arguments::Words(words) | Arguments::Exec(words) if words.len() > 1 => {
            let (last, sources) = words.split_last()?;
            Some((sources, last))
        }
        _ => None,
    }
}

/// Whether a word of `COPY` or `ADD` is a here-document.
pub(crate) fn is_heredoc(instruction: &Instruction, word: &Word) -> bool {
    let heredocs = &instruction.heredocs;
    heredocs.binary_search_by_key(&word.range.start, |heredoc| heredoc.range.start).is_ok()
}
