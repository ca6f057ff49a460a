//! Directives: `# syntax=…`, `# escape=…`, `# check=…` at the top of a file.

use std::ops::Range;

/// A directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// `syntax`, `escape` or `check`.
    pub name: String,
    /// What stands after the equals sign.
    pub value: String,
    /// The value's bytes.
    pub range: Range<usize>,
}

/// Reads a line as a directive; `start` is where the line begins in the text.
pub(crate) fn directive(line: &str, start: usize) -> Option<Directive> {
    let line = line.trim_end();
    let (name, value) = line.trim_start().strip_prefix('#')?.split_once('=')?;
    let name = name.trim().to_ascii_lowercase();
    let value = value.trim();
    if !matches!(name.as_str(), "syntax" | "escape" | "check") || value.is_empty() {
        return None;
    }
    let end = start + line.len();
    Some(Directive { name, value: value.to_owned(), range: end - value.len()..end })
}
