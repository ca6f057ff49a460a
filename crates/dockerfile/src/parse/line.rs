//! A logical line: what a builder sees after continuations are joined, with the way back to the source.

use std::ops::Range;

/// The joined text of an instruction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Joined {
    pub text: String,
    /// Where a part begins in the joined text, and where in the source.
    parts: Vec<(usize, usize)>,
}

impl Joined {
    pub fn push(&mut self, part: &str, source: usize) {
        if !part.is_empty() {
            self.parts.push((self.text.len(), source));
            self.text.push_str(part);
        }
    }

    fn source(&self, at: usize) -> usize {
        let index = self.parts.partition_point(|&(joined, _)| joined <= at);
        index.checked_sub(1).map_or(0, |index| self.parts[index].1 + at - self.parts[index].0)
    }

    /// The bytes of the source that a range of the joined text comes from.
    pub fn range(&self, range: Range<usize>) -> Range<usize> {
        if range.is_empty() {
            let at =
                range.start.checked_sub(1).map_or_else(|| self.source(0), |at| self.source(at) + 1);
            return at..at;
        }
        self.source(range.start)..self.source(range.end - 1) + 1
    }
}

/// A line without its continuation character, if it has one: followed by blanks alone, and not itself escaped.
pub(crate) fn continued(line: &str, escape: char) -> Option<&str> {
    let rest = line.trim_end_matches([' ', '\t']).strip_suffix(escape)?;
    (!rest.ends_with(escape)).then_some(rest)
}

/// Splits at blanks outside quotes, as `ENV` and `LABEL` are split; quotes and escapes stay.
pub(crate) fn split(text: &str, escape: char) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(word) = first(text, from, escape) {
        from = word.end;
        found.push(word);
    }
    found
}

/// The first such word from a place on.
pub(crate) fn first(text: &str, from: usize, escape: char) -> Option<Range<usize>> {
    let mut start = None;
    let mut quote = None;
    let mut letters = text[from..].char_indices();
    while let Some((at, letter)) = letters.next() {
        if quote.is_none() && letter.is_whitespace() {
            match start {
                Some(start) => return Some(start..from + at),
                None => continue,
            }
        }
        start.get_or_insert(from + at);
        match quote {
            _ if letter == escape && quote != Some('\'') => {
                letters.next();
            }
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            Some(open) if open == letter => quote = None,
            _ => {}
        }
    }
    start.map(|start| start..text.len())
}
