//! Here-documents: `<<EOF`.

use std::ops::Range;

use super::line::{Joined, split};

/// One here-document of an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heredoc {
    /// The word that ends it.
    pub name: String,
    /// The bytes of the `<<EOF` in the instruction.
    pub range: Range<usize>,
    /// The bytes of its body, without the line that ends it.
    pub body: Range<usize>,
    /// `<<-`: tabs at the beginning of lines do not count.
    pub strips_tabs: bool,
    /// Whether variables in the body are expanded: not where the word was quoted.
    pub expands: bool,
    /// The file descriptor before `<<`, 0 if none is given.
    pub descriptor: u32,
}

impl Heredoc {
    /// What it holds, without the leading tabs where they do not count.
    #[must_use]
    pub fn content(&self, text: &str) -> String {
        let body = text.get(self.body.clone()).unwrap_or_default();
        if !self.strips_tabs {
            return body.to_owned();
        }
        body.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect()
    }
}

/// The here-documents that a line opens; their bodies are still to be found.
pub(crate) fn opened(line: &Joined, escape: char) -> Vec<Heredoc> {
    let words = split(&line.text, escape).into_iter();
    words.filter_map(|range| one(&line.text[range.clone()], line.range(range))).collect()
}

fn one(word: &str, range: Range<usize>) -> Option<Heredoc> {
    let (descriptor, rest) = word.split_once("<<")?;
    if !descriptor.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (strips_tabs, name) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
    let expands = !name.contains(['"', '\'']);
    let name = name.replace(['"', '\''], "");
    if name.is_empty() || name.contains('<') {
        return None;
    }
    let descriptor = descriptor.parse().unwrap_or(0);
    Some(Heredoc { name, range, body: 0..0, strips_tabs, expands, descriptor })
}
