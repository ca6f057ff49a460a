//! Letters to words.

use super::{ExpandError, Expanded};

/// Braces may be nested this deep.
const DEEPEST: usize = 64;

/// Reads a text letter by letter.
pub(super) struct Lexer<'a> {
    letters: std::iter::Peekable<std::str::Chars<'a>>,
    escape: char,
    value: &'a dyn Fn(&str) -> Option<String>,
    depth: usize,
    knows_quotes: bool,
    found: Expanded,
}

/// Words under way.
#[derive(Default)]
struct Words {
    done: Vec<String>,
    open: Option<String>,
}

impl Words {
    fn quoted(&mut self, text: &str) {
        self.open.get_or_insert_default().push_str(text);
    }

    fn plain(&mut self, text: &str) {
        for letter in text.chars() {
            if letter.is_whitespace() {
                self.done.extend(self.open.take());
            } else {
                self.open.get_or_insert_default().push(letter);
            }
        }
    }
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str, escape: char, value: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let letters = text.chars().peekable();
        Self { letters, escape, value, depth: 0, knows_quotes: true, found: Expanded::default() }
    }

    pub fn without_quotes(self) -> Self {
        Self { knows_quotes: false, ..self }
    }

    pub fn expanded(mut self) -> Result<Expanded, ExpandError> {
        let (text, words) = self.run(None, false)?;
        Ok(Expanded { text, words, ..self.found })
    }

    pub fn next(&mut self) -> Option<char> {
        self.letters.next()
    }

    pub fn peek(&mut self) -> Option<char> {
        self.letters.peek().copied()
    }

    /// The next letter if it is this one.
    pub fn take(&mut self, letter: char) -> bool {
        self.letters.next_if_eq(&letter).is_some()
    }

    /// What a variable holds; that it was asked for is kept.
    pub fn value(&mut self, name: &str) -> Option<String> {
        let value = (self.value)(name);
        let names = if value.is_some() { &mut self.found.known } else { &mut self.found.unknown };
        names.insert(name.to_owned());
        value
    }

    /// The text up to a letter within braces. `is_pattern` keeps escapes, which a pattern reads itself.
    pub fn until(&mut self, stop: char, is_pattern: bool) -> Result<String, ExpandError> {
        if self.depth == DEEPEST {
            return Err(ExpandError::TooDeep);
        }
        self.depth += 1;
        let text = self.run(Some(stop), is_pattern);
        self.depth -= 1;
        Ok(text?.0)
    }

    fn run(
        &mut self,
        stop: Option<char>,
        is_pattern: bool,
    ) -> Result<(String, Vec<String>), ExpandError> {
        let mut text = String::new();
        let mut words = Words::default();
        loop {
            let Some(letter) = self.next() else {
                if let Some(missing) = stop {
                    return Err(ExpandError::Unfinished { missing });
                }
                break;
            };
            if stop == Some(letter) {
                break;
            }
            let part = match letter {
                '\'' if self.knows_quotes => self.single(&mut words)?,
                '"' if self.knows_quotes => self.double(is_pattern, &mut words)?,
                '$' => {
                    let part = self.dollar()?;
                    words.plain(&part);
                    part
                }
                letter if letter == self.escape => {
                    let part = self.escaped(is_pattern);
                    words.quoted(&part);
                    part
                }
                other => {
                    let part = other.to_string();
                    words.plain(&part);
                    part
                }
            };
            text.push_str(&part);
        }
        words.done.extend(words.open.take());
        Ok((text, words.done))
    }

    /// What an escape outside quotes leaves; nothing at the end of the text.
    fn escaped(&mut self, is_pattern: bool) -> String {
        let mark = is_pattern.then_some(self.escape);
        mark.into_iter().chain(self.next()).collect()
    }

    fn single(&mut self, words: &mut Words) -> Result<String, ExpandError> {
        let mut text = String::new();
        loop {
            match self.next().ok_or(ExpandError::Unfinished { missing: '\'' })? {
                '\'' => break,
                other => text.push(other),
            }
        }
        words.quoted(&text);
        Ok(text)
    }

    fn double(&mut self, is_pattern: bool, words: &mut Words) -> Result<String, ExpandError> {
        let unfinished = ExpandError::Unfinished { missing: '"' };
        let mut text = String::new();
        loop {
            match self.next().ok_or_else(|| unfinished.clone())? {
                '"' => break,
                '$' => text.push_str(&self.dollar()?),
                letter if letter == self.escape => {
                    let next = self.next().ok_or_else(|| unfinished.clone())?;
                    if is_pattern || !(next == '"' || next == '$' || next == self.escape) {
                        text.push(letter);
                    }
                    text.push(next);
                }
                other => text.push(other),
            }
        }
        words.quoted(&text);
        Ok(text)
    }
}
