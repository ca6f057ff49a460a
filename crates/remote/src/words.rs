//! What a registry said itself, made safe to carry in a message.

use std::fmt;

use serde::Deserialize;

/// The most that is kept of what a registry says, in bytes.
pub(crate) const MAX_WORDS_BYTES: usize = 4096;

/// The registry's own words about a refusal: data from a stranger. Empty where it said nothing that can be shown.
///
/// At most 4 KB; control characters are replaced. Displayed as a continuation of a message: ``: `text` ``.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(Option<Box<str>>);

/// The error document of the distribution specification ("Error Codes").
#[derive(Deserialize)]
struct ErrorList {
    errors: Vec<ErrorEntry>,
}

#[derive(Deserialize)]
struct ErrorEntry {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

/// An error answer as far as it could be read.
#[derive(Debug, Default)]
pub(crate) struct Complaint {
    /// The codes that it lists, such as `MANIFEST_UNKNOWN`.
    pub codes: Vec<String>,
    /// The text.
    pub words: Words,
}

impl Words {
    /// Keeps the beginning of `text`.
    pub(crate) fn of(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self(None);
        }
        let mut kept = String::new();
        for letter in text.chars() {
            let letter = if letter.is_control() { '\u{fffd}' } else { letter };
            if kept.len() + letter.len_utf8() > MAX_WORDS_BYTES {
                break;
            }
            kept.push(letter);
        }
        Self(Some(kept.into_boxed_str()))
    }

    /// The text, if there is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(text) => write!(f, ": `{text}`"),
            None => Ok(()),
        }
    }
}

impl Complaint {
    /// Reads the body of an error answer. Pages for a browser are not quoted: they say nothing to a reader.
    pub fn read(body: &[u8], is_html: bool) -> Self {
        if let Ok(list) = serde_json::from_slice::<ErrorList>(body) {
            let said: Vec<String> = list
                .errors
                .iter()
                .filter_map(|entry| entry.message.clone().or_else(|| entry.code.clone()))
                .collect();
            let codes = list.errors.into_iter().filter_map(|entry| entry.code).collect();
            return Self { codes, words: Words::of(&said.join("; ")) };
        }
        let text = String::from_utf8_lossy(body);
        if is_html || text.trim_start().starts_with('<') {
            return Self::default();
        }
        Self { codes: Vec::new(), words: Words::of(&text) }
    }

    /// Whether it lists a code, whatever its case.
    pub fn has(&self, code: &str) -> bool {
        self.codes.iter().any(|listed| listed.eq_ignore_ascii_case(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_and_hold_no_controls() {
        let words = Words::of(&"\u{1b}[2J\u{e9}".repeat(4000));
        let text = words.text().unwrap_or_default();
        assert!(text.len() <= MAX_WORDS_BYTES && text.len() > MAX_WORDS_BYTES - 4);
        assert!(!text.chars().any(char::is_control));
        assert_eq!(Words::of(" \n").to_string(), "");
    }

    #[test]
    fn an_error_document_gives_codes_and_messages() {
        let body = br#"{"errors":[{"code":"DENIED","message":"no"},{"code":"x","detail":{}}]}"#;
        let complaint = Complaint::read(body, false);
        assert!(complaint.has("denied") && !complaint.has("NAME_UNKNOWN"));
        assert_eq!(complaint.words.to_string(), ": `no; x`");
    }

    #[test]
    fn a_page_for_browsers_is_not_quoted() {
        assert_eq!(Complaint::read(b" <html>sign in", false).words, Words::default());
        assert_eq!(Complaint::read(b"sign in", true).words, Words::default());
        assert_eq!(Complaint::read(b"busy\xff", false).words.text(), Some("busy\u{fffd}"));
    }
}
