//! The exec form: a JSON array of texts.

use std::ops::Range;

/// What a text is as an exec form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Exec {
    /// Its words, with their bytes in the text.
    Words(Vec<(String, Range<usize>)>),
    /// JSON, but with something else than texts in it: no builder takes it.
    NotTexts,
    /// No JSON array: a builder reads it as the shell form.
    Shell,
}

pub(crate) fn exec(text: &str) -> Exec {
    if !text.trim_start().starts_with('[') {
        return Exec::Shell;
    }
    let Ok(values) = serde_json::from_str::<Vec<serde_json::Value>>(text) else {
        return Exec::Shell;
    };
    let mut words = Vec::new();
    for (value, range) in values.into_iter().zip(literals(text)) {
        let serde_json::Value::String(word) = value else { return Exec::NotTexts };
        words.push((word, range));
    }
    Exec::Words(words)
}

/// Where the elements stand; right as long as all are texts.
fn literals(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut found = Vec::new();
    let mut open = None;
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match (letter, open) {
            ('"', None) => open = Some(at),
            ('"', Some(from)) => {
                found.push(from..at + 1);
                open = None;
            }
            ('\\', Some(_)) => {
                letters.next();
            }
            _ => {}
        }
    }
    // An array without texts still has elements to be refused.
    found.into_iter().chain(std::iter::repeat(0..0))
}
