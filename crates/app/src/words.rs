//! Sentences for people, out of the one catalogue that the window uses too.
//!
//! The catalogue is `ui/src/i18n/{en,ko}.json`, built into the program. An entry is found by its path, as in
//! `cli.images.tag`. `{name}` in it stands for a parameter; one that is not given leaves nothing. Where an entry has
//! the forms `_one` and `_other`, the parameter `count` chooses.

mod bytes;

use std::fmt;
use std::sync::LazyLock;

use serde_json::Value;

use crate::api::{ErrorCode, UserError};

pub use bytes::bytes;

static ENGLISH: LazyLock<Value> =
    LazyLock::new(|| catalogue(include_str!("../../../ui/src/i18n/en.json")));
static KOREAN: LazyLock<Value> =
    LazyLock::new(|| catalogue(include_str!("../../../ui/src/i18n/ko.json")));

/// Parameters of errors that are numbers of bytes.
const BYTE_PARAMS: [&str; 3] = ["neededBytes", "freeBytes", "limitBytes"];

/// A catalogue that is not JSON has no entries; a test holds it.
fn catalogue(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// The words of one language.
#[derive(Clone, Copy)]
pub struct Words {
    catalogue: &'static Value,
}

/// What a person is told of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// What could not be done, in a few words.
    pub title: String,
    /// What happened, to what.
    pub what: String,
    /// What can be done about it; may be empty.
    pub todo: String,
}

impl Words {
    /// The words for a BCP 47 tag such as `ko-KR`; English, unless it is Korean.
    #[must_use]
    pub fn of(language_tag: &str) -> Self {
        let language = language_tag.split(['-', '_', '.']).next().unwrap_or_default();
        let is_korean = language.eq_ignore_ascii_case("ko");
        Self { catalogue: if is_korean { &KOREAN } else { &ENGLISH } }
    }

    /// The entry `key` with its parameters filled in; the key itself where there is no such entry.
    #[must_use]
    pub fn text(&self, key: &str, params: &[(&str, &str)]) -> String {
        match self.template(key, params) {
            Some(template) => filled(template, params),
            None => key.to_owned(),
        }
    }

    /// The sentences for a failure.
    #[must_use]
    pub fn error(&self, error: &UserError) -> Sentence {
        let params = params(error);
        let params = params.borrowed();
        let code = code_name(error.code);
        let part = |part: &str| {
            let key = format!("errors.{code}.{part}");
            let template = self.template(&key, &params)?;
            // A reason at the end that is not known leaves its space.
            Some(filled(template, &params).trim_end().to_owned())
        };
        Sentence {
            title: part("title").unwrap_or_else(|| code.clone()),
            what: part("what").unwrap_or_default(),
            todo: part("todo").unwrap_or_default(),
        }
    }

    /// The same for the command, where other things can be done about some failures than in the window.
    #[must_use]
    pub fn error_in_command(&self, error: &UserError) -> Sentence {
        let sentence = self.error(error);
        let key = format!("cli.todo.{}", code_name(error.code));
        match self.entry(&key) {
            Some(todo) => Sentence { todo: filled(todo, &params(error).borrowed()), ..sentence },
            None => sentence,
        }
    }

    fn template(&self, key: &str, params: &[(&str, &str)]) -> Option<&'static str> {
        if let Some(text) = self.entry(key) {
            return Some(text);
        }
        let (_, count) = params.iter().find(|(name, _)| *name == "count")?;
        let one = if *count == "1" { self.entry(&format!("{key}_one")) } else { None };
        one.or_else(|| self.entry(&format!("{key}_other")))
    }

    fn entry(&self, key: &str) -> Option<&'static str> {
        key.split('.').try_fold(self.catalogue, |value, part| value.get(part))?.as_str()
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words").finish_non_exhaustive()
    }
}

/// The code as it crosses to the window, and as the catalogue has it.
fn code_name(code: ErrorCode) -> String {
    match serde_json::to_value(code) {
        Ok(Value::String(name)) => name,
        _ => String::new(),
    }
}

/// What the sentences of a failure may name.
struct Params<'a>(Vec<(&'a str, String)>);

fn params(error: &UserError) -> Params<'_> {
    let params = error.params.iter().map(|(name, value)| (name.as_str(), readable(name, value)));
    let subject = ("subject", error.subject.clone().unwrap_or_default());
    Params(params.chain([subject]).collect())
}

impl Params<'_> {
    fn borrowed(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }
}

fn readable(name: &str, value: &str) -> String {
    match value.parse() {
        Ok(count) if BYTE_PARAMS.contains(&name) => bytes(count),
        _ => value.to_owned(),
    }
}

/// Replaces each `{name}`. Values are not looked at again: what stands in braces there stays.
fn filled(template: &str, params: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        text.push_str(before);
        let value = params.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        text.push_str(value.unwrap_or_default());
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests;
