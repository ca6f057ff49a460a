//! `Warning` headers: what a registry wants people to know (distribution specification, "Warnings").

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use reqwest::header::{HeaderMap, WARNING};

/// How many different warnings are remembered of one registry.
const KEPT: usize = 16;
/// How many registries' warnings are remembered.
const MAX_REGISTRIES: usize = 256;
/// The longest warning that is shown, in bytes.
const MAX_BYTES: usize = 1024;

/// Reads the warnings of an answer: those of the form `299 - "text"`, and no others.
pub(crate) fn read(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(WARNING).iter().take(KEPT);
    values.filter_map(|value| text(value.to_str().ok()?)).collect()
}

/// The text of one, with its escapes undone. What cannot be shown is left out.
fn text(value: &str) -> Option<String> {
    let quoted = value.trim().strip_prefix("299 - \"")?;
    let mut shown = String::new();
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return Some(shown).filter(|shown| !shown.trim().is_empty()),
            '\\' => keep(&mut shown, letters.next()?),
            letter => keep(&mut shown, letter),
        }
    }
    None
}

fn keep(shown: &mut String, letter: char) {
    if !letter.is_control() && shown.len() < MAX_BYTES {
        shown.push(letter);
    }
}

/// The last warnings of each registry.
#[derive(Debug, Default)]
pub(crate) struct Warnings {
    known: Mutex<HashMap<String, VecDeque<String>>>,
}

impl Warnings {
    /// Remembers the warnings of an answer.
    pub fn note(&self, registry: &str, headers: &HeaderMap) {
        let found = read(headers);
        if found.is_empty() {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_REGISTRIES && !known.contains_key(registry) {
            return;
        }
        let kept = known.entry(registry.to_owned()).or_default();
        for warning in found {
            if !kept.contains(&warning) {
                kept.push_back(warning);
            }
        }
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }

    /// What a registry wants people to know, the oldest first.
    pub fn of(&self, registry: &str) -> Vec<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(registry).map(|kept| kept.iter().cloned().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_what_has_the_form_of_a_warning_is_one() {
        assert_eq!(text("299 - \"Keep \\\"calm\\\"\"").as_deref(), Some("Keep \"calm\""));
        for other in ["110 - \"stale\"", "299 - no quotes", "299 - \"", "299 - \"\"", ""] {
            assert_eq!(text(other), None, "{other}");
        }
        let escaped = text(&format!("299 - \"{}\"", "\\x\\\t".repeat(4000))).unwrap_or_default();
        assert_eq!(escaped, "x".repeat(MAX_BYTES));
    }

    #[test]
    fn each_warning_is_remembered_once_and_old_ones_go() {
        let warnings = Warnings::default();
        for number in (0..40).chain([39]) {
            let mut headers = HeaderMap::new();
            headers.insert(WARNING, format!("299 - \"number {number}\"").parse().unwrap());
            warnings.note("r.example", &headers);
        }
        let kept = warnings.of("r.example");
        assert_eq!(kept.len(), KEPT);
        assert_eq!(kept.last().map(String::as_str), Some("number 39"));
        assert!(warnings.of("other.example").is_empty());
    }
}
