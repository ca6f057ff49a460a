//! One instruction.

use std::ops::Range;

use super::{Heredoc, Keyword};

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word as a builder sees it, before variables are expanded.
    pub text: String,
    /// Its bytes in the source, with any continuation within.
    pub range: Range<usize>,
}

/// A name and a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The name.
    pub name: Word,
    /// The value; none where only a name is given, as `ARG` allows.
    pub value: Option<Word>,
    /// Whether an equals sign stands between; a blank does in the old form.
    pub has_equals: bool,
}

/// What follows the name and the flags of an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arguments {
    /// Words between blanks.
    Words(Vec<Word>),
    /// The JSON form.
    Exec(Vec<Word>),
    /// One text: a shell's command, or a value that may have blanks.
    Text(Word),
    /// Names and values.
    Pairs(Vec<Pair>),
    /// `HEALTHCHECK CMD …` or `NONE`.
    Check {
        /// `CMD` or `NONE`.
        kind: Word,
        /// The command.
        test: Box<Arguments>,
    },
    /// `ONBUILD`: the instruction for later.
    Trigger(Box<Instruction>),
    /// Nothing, or nothing that can be understood.
    None,
}

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// Its bytes, from the name to the end of the last line that belongs to it.
    pub range: Range<usize>,
    /// Its name as written.
    pub name: Word,
    /// Which one it is; none if no such instruction exists.
    pub keyword: Option<Keyword>,
    /// `--name=value` words before the arguments.
    pub flags: Vec<Word>,
    /// The rest.
    pub arguments: Arguments,
    /// Its here-documents.
    pub heredocs: Vec<Heredoc>,
}

impl Instruction {
    /// Whether a body may follow it.
    pub(crate) fn takes_heredocs(&self) -> bool {
        match &self.arguments {
            Arguments::Trigger(trigger) => trigger.takes_heredocs(),
            Arguments::Exec(_) => false,
            _ => matches!(self.keyword, Some(Keyword::Run | Keyword::Copy | Keyword::Add)),
        }
    }
}
