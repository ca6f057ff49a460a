//! Variables as they stand in a source.

use std::ops::Range;

use crate::stages::is_heredoc;
use crate::{Arguments, Instruction, Keyword};

/// Build arguments that every build has, once they are declared.
pub(crate) const PLATFORM: &[&str] = &[
    "BUILDARCH",
    "BUILDOS",
    "BUILDOSVERSION",
    "BUILDPLATFORM",
    "BUILDVARIANT",
    "TARGETARCH",
    "TARGETOS",
    "TARGETOSVERSION",
    "TARGETPLATFORM",
    "TARGETSTAGE",
    "TARGETVARIANT",
];

/// Build arguments that need no declaration.
pub(crate) const PREDEFINED: &[&str] = &[
    "ALL_PROXY",
    "FTP_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "all_proxy",
    "ftp_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

/// One use of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable<'a> {
    pub name: &'a str,
    /// The bytes of the name alone.
    pub range: Range<usize>,
    /// Whether a word stands in where it has no value: `${x:-y}` and the like.
    pub has_default: bool,
}

/// The variables in a part of a source, as builders see them: not within single quotes, not after the escape character.
pub(crate) fn variables(source: &str, range: Range<usize>, escape: char) -> Vec<Variable<'_>> {
    let mut found = Vec::new();
    let text = source.get(range.clone()).unwrap_or_default();
    let mut letters = text.char_indices();
    let mut quote = None;
    while let Some((at, letter)) = letters.next() {
        match (letter, quote) {
            (letter, None | Some('"')) if letter == escape => {
                letters.next();
            }
            (mark @ ('\'' | '"'), None) => quote = Some(mark),
            (mark, Some(open)) if mark == open => quote = None,
            ('$', None | Some('"')) => found.extend(variable(text, at + 1, range.start)),
            _ => {}
        }
    }
    found
}

fn variable(text: &str, at: usize, offset: usize) -> Option<Variable<'_>> {
    let rest = text.get(at..)?;
    let is_braced = rest.starts_with('{');
    let start = at + usize::from(is_braced);
    let name = &text[start..];
    let length = name.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    let name = &name[..length.unwrap_or(name.len())];
    if name.is_empty() || name.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let after = text[start + name.len()..].trim_start_matches(':');
    let has_default = is_braced && after.starts_with(['-', '+', '?']);
    let start = offset + start;
    Some(Variable { name, range: start..start + name.len(), has_default })
}

/// Where an instruction's variables are expanded by the builder, word by word; those of commands are the shell's.
pub(crate) fn expanded(instruction: &Instruction) -> Vec<Range<usize>> {
    let flags = instruction
        .flags
        .iter()
        .filter(|flag| !flag.text.starts_with("--from") && !flag.text.starts_with("--mount"))
        .map(|flag| flag.range.clone());
    let is_expanding = matches!(
        instruction.keyword,
        Some(
            Keyword::Add
                | Keyword::Arg
                | Keyword::Copy
                | Keyword::Env
                | Keyword::Expose
                | Keyword::Label
                | Keyword::Stopsignal
                | Keyword::User
                | Keyword::Volume
                | Keyword::Workdir
        )
    );
    if !is_expanding {
        return Vec::new();
    }
    let mut found: Vec<Range<usize>> = flags.collect();
    match &instruction.arguments {
        Arguments::Words(words) | Arguments::Exec(words) => {
            let plain = words.iter().filter(|word| !is_heredoc(instruction, word));
            found.extend(plain.map(|word| word.range.clone()));
        }
        Arguments::Text(word) => found.push(word.range.clone()),
        Arguments::Pairs(pairs) => {
            let values = pairs.iter().filter_map(|pair| pair.value.as_ref());
            found.extend(values.map(|word| word.range.clone()));
        }
        _ => {}
    }
    found
}

/// The names that `ARG` or `ENV` declares, with their values as written.
pub(crate) fn declared(instruction: &Instruction) -> impl Iterator<Item = (&str, Option<&str>)> {
    let pairs = match (&instruction.arguments, instruction.keyword) {
        (Arguments::Pairs(pairs), Some(Keyword::Arg | Keyword::Env)) => pairs.as_slice(),
        _ => &[],
    };
    pairs
        .iter()
        .map(|pair| (pair.name.text.as_str(), pair.value.as_ref().map(|value| value.text.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_where_builders_expand_them() {
        let text = "é$A '${B}' \"$C\" \\$D ${E:-$F} ${G#x} $1 $";
        let names: Vec<(&str, bool)> = variables(text, 0..text.len(), '\\')
            .iter()
            .inspect(|found| assert_eq!(&text[found.range.clone()], found.name))
            .map(|found| (found.name, found.has_default))
            .collect();
        let expected = [("A", false), ("C", false), ("E", true), ("F", false), ("G", false)];
        assert_eq!(names, expected);
    }
}
