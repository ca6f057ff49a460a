//! The words of an instruction.

use std::ops::Range;

use super::exec::{Exec, exec};
use super::line::{Joined, first, split};
use super::{Arguments, Diagnostic, Instruction, Keyword, Pair, Problem, Word};

/// Reads one joined line, or the part of it that `ONBUILD` leaves.
pub(crate) struct Reader<'a> {
    pub line: &'a Joined,
    pub escape: char,
    /// Whether this stands after `ONBUILD` already: a second one is refused, and not gone into.
    pub is_trigger: bool,
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// The instruction in a part of the line.
    pub fn instruction(&mut self, part: Range<usize>) -> Instruction {
        let part = self.trimmed(part);
        let text = &self.line.text[part.clone()];
        let end = part.start + text.find(char::is_whitespace).unwrap_or(text.len());
        let name = self.word(part.start..end);
        let keyword = Keyword::parse(&name.text);
        if keyword.is_none() {
            let problem = Problem::InstructionUnknown { name: name.text.clone() };
            let mut found = Diagnostic::error(name.range.clone(), problem);
            found.suggestion = Keyword::near(&name.text).map(str::to_owned);
            self.diagnostics.push(found);
        }
        let (flags, rest) = self.flags(self.trimmed(end..part.end));
        let arguments = keyword.map_or(Arguments::None, |keyword| self.arguments(keyword, rest));
        let range = self.line.range(part);
        Instruction { range, name, keyword, flags, arguments, heredocs: Vec::new() }
    }

    fn arguments(&mut self, keyword: Keyword, rest: Range<usize>) -> Arguments {
        if rest.is_empty() {
            return Arguments::None;
        }
        match keyword {
            Keyword::Add | Keyword::Copy | Keyword::Volume => {
                self.exec(rest.clone()).unwrap_or_else(|| self.words(rest))
            }
            Keyword::Cmd | Keyword::Entrypoint | Keyword::Run | Keyword::Shell => {
                self.command(rest)
            }
            Keyword::Env | Keyword::Label => self.pairs(rest),
            Keyword::Arg => {
                let words = split(&self.line.text[rest.clone()], self.escape).into_iter();
                let words =
                    words.map(|word| self.pair(rest.start + word.start..rest.start + word.end));
                Arguments::Pairs(words.collect())
            }
            Keyword::Expose | Keyword::From => self.words(rest),
            Keyword::Healthcheck => self.check(rest),
            Keyword::Onbuild if !self.is_trigger => {
                self.is_trigger = true;
                Arguments::Trigger(Box::new(self.instruction(rest)))
            }
            _ => Arguments::Text(self.word(rest)),
        }
    }

    fn check(&mut self, rest: Range<usize>) -> Arguments {
        let text = &self.line.text[rest.clone()];
        let end = rest.start + text.find(char::is_whitespace).unwrap_or(text.len());
        let kind = self.word(rest.start..end);
        let test = self.trimmed(end..rest.end);
        let test = if test.is_empty() { Arguments::None } else { self.command(test) };
        Arguments::Check { kind, test: Box::new(test) }
    }

    fn command(&mut self, rest: Range<usize>) -> Arguments {
        self.exec(rest.clone()).unwrap_or_else(|| Arguments::Text(self.word(rest)))
    }

    fn exec(&mut self, rest: Range<usize>) -> Option<Arguments> {
        match exec(&self.line.text[rest.clone()]) {
            Exec::Words(words) => {
                let words = words.into_iter().map(|(text, range)| {
                    let range = self.line.range(rest.start + range.start..rest.start + range.end);
                    Word { text, range }
                });
                Some(Arguments::Exec(words.collect()))
            }
            Exec::NotTexts => {
                let range = self.line.range(rest);
                self.diagnostics.push(Diagnostic::error(range, Problem::JsonNotTexts));
                Some(Arguments::None)
            }
            Exec::Shell => None,
        }
    }

    fn words(&self, rest: Range<usize>) -> Arguments {
        let text = &self.line.text[rest.clone()];
        let from = text.as_ptr() as usize;
        let words = text.split_whitespace().map(|word| {
            let start = rest.start + word.as_ptr() as usize - from;
            self.word(start..start + word.len())
        });
        Arguments::Words(words.collect())
    }

    fn pairs(&mut self, rest: Range<usize>) -> Arguments {
        let text = &self.line.text[rest.clone()];
        let words = split(text, self.escape);
        let is_old = words.first().is_some_and(|first| !text[first.clone()].contains('='));
        if is_old {
            let end = rest.start + text.find(char::is_whitespace).unwrap_or(text.len());
            let value = self.trimmed(end..rest.end);
            let name = self.word(rest.start..end);
            if value.is_empty() {
                let problem = Problem::ValueMissing { name: name.text.clone() };
                self.diagnostics.push(Diagnostic::error(name.range.clone(), problem));
            }
            let value = (!value.is_empty()).then(|| self.word(value));
            return Arguments::Pairs(vec![Pair { name, value, has_equals: false }]);
        }
        let mut pairs = Vec::new();
        for word in words {
            let pair = self.pair(rest.start + word.start..rest.start + word.end);
            if !pair.has_equals {
                let problem = Problem::PairNeeded { word: pair.name.text.clone() };
                self.diagnostics.push(Diagnostic::error(pair.name.range.clone(), problem));
            }
            pairs.push(pair);
        }
        Arguments::Pairs(pairs)
    }

    fn pair(&self, word: Range<usize>) -> Pair {
        match self.line.text[word.clone()].find('=') {
            Some(at) => {
                let at = word.start + at;
                let value = Some(self.word(at + 1..word.end));
                Pair { name: self.word(word.start..at), value, has_equals: true }
            }
            None => Pair { name: self.word(word), value: None, has_equals: false },
        }
    }

    /// Flags at the beginning, up to the first word that is none or to `--`; and what is left.
    fn flags(&self, mut rest: Range<usize>) -> (Vec<Word>, Range<usize>) {
        let mut flags = Vec::new();
        while self.line.text[rest.clone()].starts_with("--") {
            let word = first(&self.line.text[rest.clone()], 0, self.escape);
            let Some(first) = word else { break };
            let found = rest.start..rest.start + first.end;
            rest = self.trimmed(found.end..rest.end);
            if &self.line.text[found.clone()] == "--" {
                break;
            }
            let mut flag = self.word(found);
            flag.text.retain(|letter| letter != '"' && letter != '\'');
            flags.push(flag);
        }
        (flags, rest)
    }

    fn word(&self, range: Range<usize>) -> Word {
        Word { text: self.line.text[range.clone()].to_owned(), range: self.line.range(range) }
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.line.text[range.clone()];
        let start = range.end - text.trim_start().len();
        start..start + text.trim().len()
    }
}
