//! Variables and quotes in the words of a Dockerfile, as builders expand them: no shell is asked.

mod dollar;
mod glob;
mod lexer;

use std::collections::BTreeSet;

use lexer::Lexer;

/// Why a word cannot be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// The text ends within a quote or a brace.
    #[error("cannot expand the word, `{missing}` is missing at its end")]
    Unfinished {
        /// What would end it.
        missing: char,
    },
    /// `${}`, `${.}`: a brace without a name.
    #[error("cannot expand `${{`, no name follows it")]
    NoName,
    /// Something that no builder knows stands after the name.
    #[error("cannot expand `{name}`, the modifier `{modifier}` is not known")]
    Modifier {
        /// The variable.
        name: String,
        /// What stands after it.
        modifier: String,
    },
    /// `${name:?words}`, and there is no value.
    #[error("cannot expand `{name}`: {message}")]
    Required {
        /// The variable.
        name: String,
        /// The author's words, or ours where there are none.
        message: String,
    },
    /// Braces within braces without an end in sight.
    #[error("cannot expand the word, its braces are nested too deep")]
    TooDeep,
}

/// A word after expansion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expanded {
    /// One text.
    pub text: String,
    /// The words that it falls into: blanks outside quotes part them, those of a variable's value too.
    pub words: Vec<String>,
    /// Variables that were asked for and have a value.
    pub known: BTreeSet<String>,
    /// Variables that were asked for and have none.
    pub unknown: BTreeSet<String>,
}

/// Expands a text. `value` tells what a variable holds; `escape` is the file's escape character.
///
/// # Errors
///
/// See [`ExpandError`].
pub fn expand(
    text: &str,
    escape: char,
    value: &dyn Fn(&str) -> Option<String>,
) -> Result<Expanded, ExpandError> {
    Lexer::new(text, escape, value).expanded()
}

/// Expands the body of a here-document: as [`expand`], but quotes are letters like all others, and the escape character is
/// a backslash whatever the file says.
///
/// # Errors
///
/// See [`ExpandError`].
pub fn expand_unquoted(
    text: &str,
    value: &dyn Fn(&str) -> Option<String>,
) -> Result<Expanded, ExpandError> {
    Lexer::new(text, '\\', value).without_quotes().expanded()
}

#[cfg(test)]
mod tests;
