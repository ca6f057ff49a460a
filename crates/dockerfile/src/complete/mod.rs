//! What may stand at a place of a Dockerfile: for the list that an editor shows while somebody types.

mod values;

use std::ops::Range;

use crate::stages::Stages;
use crate::variables::{PLATFORM, declared};
use crate::{Arguments, Instruction, Keyword, PieceKind, Tree};

/// What a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompletionKind {
    /// The name of an instruction.
    Instruction,
    /// A flag of the instruction.
    Flag,
    /// The value of a flag, or a word that only this instruction knows.
    Value,
    /// The name of an earlier stage.
    Stage,
    /// The name of a variable.
    Variable,
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What it is.
    pub kind: CompletionKind,
    /// What is shown, and what comes in the place of [`Completion::range`].
    pub text: String,
    /// The bytes that have been typed of it.
    pub range: Range<usize>,
}

/// What has been typed before a place, and the proposals for it.
struct Typed<'a> {
    tree: &'a Tree,
    stages: Stages<'a>,
    /// The place.
    at: usize,
    found: Vec<Completion>,
}

/// Proposals for a place, a byte of the text: those that begin with what has been typed there, in the order of their
/// names.
#[must_use]
pub fn complete(tree: &Tree, at: usize) -> Vec<Completion> {
    let mut at = at.min(tree.text.len());
    while !tree.text.is_char_boundary(at) {
        at -= 1;
    }
    let mut typed = Typed { tree, stages: Stages::of(tree), at, found: Vec::new() };
    typed.look();
    typed.found
}

impl<'a> Typed<'a> {
    fn look(&mut self) {
        let before = &self.tree.text[..self.at];
        let word = before.trim_end_matches(|letter: char| !letter.is_whitespace()).len();
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        match self.instruction() {
            Some((index, instruction)) => self.within(index, instruction, word),
            None if before[line..word].trim().is_empty() => self.instructions(word),
            None => {}
        }
    }

    /// The instruction that the place lies in, with its index: up to the end of its last line.
    fn instruction(&self) -> Option<(usize, &'a Instruction)> {
        let after = self.tree.pieces.partition_point(|piece| piece.range.start < self.at);
        let piece = self.tree.pieces.get(after.checked_sub(1)?)?;
        let PieceKind::Instruction(index) = piece.kind else { return None };
        let instruction = self.tree.instructions.get(index)?;
        let is_next_line = self.at == piece.range.end && self.tree.text[..self.at].ends_with('\n');
        (!is_next_line && instruction.range.start <= self.at).then_some((index, instruction))
    }

    fn within(&mut self, index: usize, instruction: &'a Instruction, word: usize) {
        let typed = &self.tree.text[word..self.at];
        if let Some(dollar) = typed.rfind('$') {
            return self.variables(index, word + dollar + 1);
        }
        if instruction.heredocs.iter().any(|heredoc| heredoc.body.start <= self.at) {
            return;
        }
        // What waits behind ONBUILD is looked at as if it stood alone.
        let inner = match &instruction.arguments {
            Arguments::Trigger(inner) if inner.range.start < self.at => inner,
            _ => instruction,
        };
        if self.at <= inner.name.range.end {
            return self.instructions(inner.name.range.start);
        }
        match inner.keyword {
            Some(Keyword::Onbuild) => self.instructions(word),
            Some(keyword) => self.argument(keyword, index, inner, word),
            None => {}
        }
    }

    /// Keeps a proposal if it begins with what has been typed from a place on.
    fn propose(&mut self, kind: CompletionKind, text: &str, from: usize) {
        let typed = &self.tree.text[from..self.at];
        let begins = text.get(..typed.len()).is_some_and(|head| head.eq_ignore_ascii_case(typed));
        if begins {
            let range = from..self.at;
            self.found.push(Completion { kind, text: text.to_owned(), range });
        }
    }

    fn instructions(&mut self, from: usize) {
        let typed = &self.tree.text[from..self.at];
        // Whoever types small letters wants small letters.
        let is_small = typed.starts_with(|letter: char| letter.is_ascii_lowercase());
        for keyword in Keyword::all() {
            let name = keyword.name();
            let name = if is_small { name.to_ascii_lowercase() } else { name.to_owned() };
            self.propose(CompletionKind::Instruction, &name, from);
        }
    }

    /// The variables that a value could be taken from, after the dollar sign.
    fn variables(&mut self, index: usize, after_dollar: usize) {
        let from =
            after_dollar + usize::from(self.tree.text[after_dollar..self.at].starts_with('{'));
        let from_line = self.tree.instructions[index].keyword == Some(Keyword::From);
        let stage = self.stages.all.iter().rposition(|stage| stage.from < index);
        let mut names: Vec<&str> = Vec::new();
        if let Some(number) = stage.filter(|_| !from_line) {
            for stage in self.stages.chain(number) {
                let body = self.stages.instructions(stage).take_while(|(each, _)| *each < index);
                names.extend(body.flat_map(|(_, each)| declared(each)).map(|(name, _)| name));
            }
        } else {
            let global = &self.tree.instructions[self.stages.global.clone()];
            names.extend(global.iter().flat_map(declared).map(|(name, _)| name));
            names.extend(PLATFORM);
        }
        names.sort_unstable();
        names.dedup();
        for name in names {
            self.propose(CompletionKind::Variable, name, from);
        }
    }
}

#[cfg(test)]
mod tests;
