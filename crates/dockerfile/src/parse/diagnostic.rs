//! What is wrong with a Dockerfile, and where.

use std::ops::Range;

use super::Problem;

/// One thing that is wrong, or odd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The bytes of the text that it is about.
    pub range: Range<usize>,
    /// What is wrong.
    pub problem: Problem,
    /// The instruction or flag that was probably meant.
    pub suggestion: Option<String>,
    /// Whether a builder would go on all the same.
    pub is_warning: bool,
}

impl Diagnostic {
    pub(crate) fn error(range: Range<usize>, problem: Problem) -> Self {
        Self { range, problem, suggestion: None, is_warning: false }
    }

    pub(crate) fn warning(range: Range<usize>, problem: Problem) -> Self {
        Self { is_warning: true, ..Self::error(range, problem) }
    }

    /// The line, from 1, in the text that was parsed.
    #[must_use]
    pub fn line(&self, text: &str) -> usize {
        let before = &text.as_bytes()[..self.range.start.min(text.len())];
        before.split(|&byte| byte == b'\n').count()
    }

    /// The message with its line, and a caret below the place.
    #[must_use]
    pub fn shown(&self, text: &str) -> String {
        let start = floor(text, self.range.start);
        let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let to = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = text[from..to].trim_end_matches('\r');
        let before: String =
            text[from..start].chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let end = floor(text, self.range.end.min(to)).max(start);
        let carets = "^".repeat(text[start..end].chars().count().max(1));
        let meant = self.suggestion.as_ref().map(|name| format!(" (did you mean {name}?)"));
        let number = self.line(text);
        format!("{number}: {}{}\n{line}\n{before}{carets}", self.problem, meant.unwrap_or_default())
    }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
