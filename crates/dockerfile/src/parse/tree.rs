//! The whole file.

use std::fmt;
use std::ops::Range;

use super::arguments::Reader;
use super::directive::directive;
use super::heredoc::opened;
use super::line::{Joined, continued};
use super::{Diagnostic, Directive, Instruction, Problem, rules};

/// The language of Dockerfiles.
#[derive(Debug, Clone, Copy)]
pub struct Dockerfile;

impl Dockerfile {
    /// Reads a text. Never fails: what is wrong stands in [`Tree::diagnostics`].
    #[must_use]
    pub fn parse(text: &str) -> Tree {
        Parser::new(text).parsed()
    }
}

/// What a piece of the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// A byte order mark, or a blank line.
    Blank,
    /// A line of comment.
    Comment,
    /// The directive of this index.
    Directive(usize),
    /// The instruction of this index, with comments within it and the bodies of its here-documents.
    Instruction(usize),
}

/// A piece of the text. The pieces of a tree follow each other without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Its bytes.
    pub range: Range<usize>,
}

/// A Dockerfile that was read. Its `Display` is the text, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The text.
    pub text: String,
    /// All of it in pieces.
    pub pieces: Vec<Piece>,
    /// The directives at the top.
    pub directives: Vec<Directive>,
    /// The instructions in order.
    pub instructions: Vec<Instruction>,
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The escape character: a backslash, or a backtick where a directive says so.
    pub escape: char,
}

impl fmt::Display for Tree {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| to.write_str(&self.text[piece.range.clone()]))
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    tree: Tree,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        let tree = Tree {
            text: text.to_owned(),
            pieces: Vec::new(),
            directives: Vec::new(),
            instructions: Vec::new(),
            diagnostics: Vec::new(),
            escape: '\\',
        };
        Self { text, at: 0, tree }
    }

    fn parsed(mut self) -> Tree {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
            self.piece(PieceKind::Blank, 0);
        }
        if self.text[self.at..].starts_with("#!") {
            let start = self.at;
            self.next_line();
            self.piece(PieceKind::Comment, start);
        }
        self.directives();
        while self.at < self.text.len() {
            self.line();
        }
        if self.tree.instructions.is_empty() {
            let end = self.text.len();
            self.tree.diagnostics.push(Diagnostic::error(end..end, Problem::NoInstruction));
        }
        self.tree.diagnostics.sort_by_key(|found| found.range.start);
        self.tree
    }

    fn directives(&mut self) {
        loop {
            let start = self.at;
            let Some((line, _)) = self.next_line() else { return };
            let Some(found) = directive(line, start) else {
                self.at = start;
                return;
            };
            if self.tree.directives.iter().any(|known| known.name == found.name) {
                let problem = Problem::DirectiveTwice { name: found.name.clone() };
                self.tree.diagnostics.push(Diagnostic::error(start..self.at, problem));
            } else if found.name == "escape" {
                match found.value.as_str() {
                    "\\" | "`" => self.tree.escape = found.value.chars().next().unwrap_or('\\'),
                    _ => self
                        .tree
                        .diagnostics
                        .push(Diagnostic::error(found.range.clone(), Problem::EscapeUnknown)),
                }
            }
            self.piece(PieceKind::Directive(self.tree.directives.len()), start);
            self.tree.directives.push(found);
        }
    }

    fn line(&mut self) {
        let start = self.at;
        let Some((line, from)) = self.next_line() else { return };
        let text = line.trim_start();
        if text.starts_with('#') {
            return self.piece(PieceKind::Comment, start);
        }
        let mut joined = Joined::default();
        let from = from + line.len() - text.len();
        match continued(text, self.tree.escape) {
            Some(part) => {
                joined.push(part, from);
                self.rest(&mut joined);
            }
            None => joined.push(text, from),
        }
        if joined.text.trim().is_empty() {
            return self.piece(PieceKind::Blank, start);
        }
        self.instruction(&joined, start);
    }

    /// The lines that continue one.
    fn rest(&mut self, joined: &mut Joined) {
        while let Some((line, from)) = self.next_line() {
            if line.trim_start().starts_with('#') {
                continue;
            }
            if line.trim().is_empty() {
                let odd = Diagnostic::warning(from..self.at, Problem::EmptyContinuation);
                self.tree.diagnostics.push(odd);
                continue;
            }
            match continued(line, self.tree.escape) {
                Some(part) => joined.push(part, from),
                None => return joined.push(line, from),
            }
        }
    }

    fn instruction(&mut self, joined: &Joined, start: usize) {
        let escape = self.tree.escape;
        let mut reader = Reader {
            line: joined,
            escape,
            is_trigger: false,
            diagnostics: &mut self.tree.diagnostics,
        };
        let mut instruction = reader.instruction(0..joined.text.len());
        if instruction.takes_heredocs() {
            for mut heredoc in opened(joined, escape) {
                self.body(&mut heredoc);
                instruction.range.end = instruction.range.end.max(self.at);
                instruction.heredocs.push(heredoc);
            }
        }
        rules::check(&instruction, &mut self.tree.diagnostics);
        self.piece(PieceKind::Instruction(self.tree.instructions.len()), start);
        self.tree.instructions.push(instruction);
    }

    fn body(&mut self, heredoc: &mut super::Heredoc) {
        heredoc.body = self.at..self.at;
        while let Some((line, from)) = self.next_line() {
            let line = if heredoc.strips_tabs { line.trim_start_matches('\t') } else { line };
            if line == heredoc.name {
                heredoc.body.end = from;
                return;
            }
        }
        heredoc.body.end = self.at;
        let problem = Problem::HeredocUnended { name: heredoc.name.clone() };
        self.tree.diagnostics.push(Diagnostic::error(heredoc.range.clone(), problem));
    }

    /// The next line without its end, and where it begins.
    fn next_line(&mut self) -> Option<(&'a str, usize)> {
        let rest = &self.text[self.at..];
        let line = rest.split_inclusive('\n').next()?;
        let from = self.at;
        self.at += line.len();
        Some((line.trim_end_matches(['\r', '\n']), from))
    }

    fn piece(&mut self, kind: PieceKind, start: usize) {
        self.tree.pieces.push(Piece { kind, range: start..self.at });
    }
}
