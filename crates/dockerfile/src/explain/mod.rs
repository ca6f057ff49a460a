//! Each line in words for somebody who has not seen a Dockerfile before, as codes and values for a catalogue of sentences:
//! what it does, whether it makes a layer, what it depends on.

mod commands;
mod copies;
mod depends;
mod instructions;
mod meanings;
mod runs;

use std::ops::Range;

use crate::stages::Stages;
use crate::{Directive, Instruction, Keyword, Tree};
pub use meanings::MEANINGS;

/// Values are cut to so many letters: a sentence is no place for more.
const LONGEST_VALUE: usize = 160;

/// A sentence: its code, one of [`MEANINGS`], and what fills its gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The code.
    pub code: &'static str,
    /// The gaps' names and values.
    pub params: Vec<(&'static str, String)>,
    /// The bytes of the text that it is about.
    pub range: Range<usize>,
}

/// What a line leaves in the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LayerEffect {
    /// The layers of another image, which what follows is laid on.
    Base,
    /// A layer of its own.
    Files,
    /// A layer if the folder is not there yet.
    Folder,
    /// No layer: only settings change.
    Settings,
    /// Nothing.
    Nothing,
}

/// A line in words: an instruction with all that belongs to it, or a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Its bytes.
    pub range: Range<usize>,
    /// The instruction; none for a directive, and for what is no instruction.
    pub keyword: Option<Keyword>,
    /// What it does, sentence by sentence; of a `RUN` what each command does.
    pub says: Vec<Said>,
    /// What it leaves.
    pub layer: LayerEffect,
    /// What must be as it was for the result of an earlier build to be taken.
    pub depends: Vec<Said>,
}

/// Puts each line of a file into words.
#[must_use]
pub fn explain(tree: &Tree) -> Vec<Explained> {
    let stages = Stages::of(tree);
    let is_entrypoint =
        |(_, each): (usize, &Instruction)| each.keyword == Some(Keyword::Entrypoint);
    let has_one = |stage| stages.instructions(stage).any(is_entrypoint);
    let entrypoints = stages.all.iter().map(has_one).collect();
    let mut teller = Teller { tree, stages, entrypoints, says: Vec::new() };
    let mut lines: Vec<Explained> =
        tree.directives.iter().map(|directive| teller.directive(directive)).collect();
    let mut arguments = depends::Arguments::default();
    let mut stage = None;
    for instruction in &tree.instructions {
        if instruction.keyword == Some(Keyword::From) {
            stage = Some(stage.map_or(0, |stage: usize| stage + 1));
            arguments.enter(&teller.stages, stage.unwrap_or_default());
        }
        teller.instruction(stage, instruction);
        let layer = layer(instruction);
        let says = std::mem::take(&mut teller.says);
        teller.depends(stage, instruction, &arguments);
        let depends = std::mem::take(&mut teller.says);
        arguments.see(instruction);
        let (range, keyword) = (instruction.range.clone(), instruction.keyword);
        lines.push(Explained { range, keyword, says, layer, depends });
    }
    lines
}

/// Puts sentences together.
struct Teller<'a> {
    tree: &'a Tree,
    stages: Stages<'a>,
    /// Whether each stage has an `ENTRYPOINT`.
    entrypoints: Vec<bool>,
    says: Vec<Said>,
}

impl Teller<'_> {
    /// Says a sentence about a range.
    fn say(&mut self, code: &'static str, range: &Range<usize>, params: &[(&'static str, &str)]) {
        let params = params.iter().map(|&(name, value)| (name, cut(value))).collect();
        self.says.push(Said { code, params, range: range.clone() });
    }

    fn directive(&mut self, directive: &Directive) -> Explained {
        let (code, gap) = match directive.name.as_str() {
            "syntax" => ("directive.syntax", "image"),
            "escape" => ("directive.escape", "character"),
            _ => ("directive.check", "value"),
        };
        self.say(code, &directive.range, &[(gap, &directive.value)]);
        Explained {
            range: directive.range.clone(),
            keyword: None,
            says: std::mem::take(&mut self.says),
            layer: LayerEffect::Nothing,
            depends: Vec::new(),
        }
    }
}

/// A value on one line and not too long.
fn cut(value: &str) -> String {
    let mut text = String::new();
    for (count, word) in value.split_whitespace().enumerate() {
        if count > 0 {
            text.push(' ');
        }
        text.push_str(word);
        if text.len() > LONGEST_VALUE {
            let end = text.char_indices().nth(LONGEST_VALUE).map_or(text.len(), |(at, _)| at);
            if end < text.len() {
                text.truncate(end);
                text.push('…');
            }
            break;
        }
    }
    text
}

fn layer(instruction: &Instruction) -> LayerEffect {
    match instruction.keyword {
        Some(Keyword::From) => LayerEffect::Base,
        Some(Keyword::Run | Keyword::Copy | Keyword::Add) => LayerEffect::Files,
        Some(Keyword::Workdir) => LayerEffect::Folder,
        Some(Keyword::Arg) | None => LayerEffect::Nothing,
        Some(_) => LayerEffect::Settings,
    }
}

#[cfg(test)]
mod tests;
