//! What a rule finds, and how it is mended.

use std::ops::Range;

use super::HintRule;

/// One change of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go; empty where something is only put in.
    pub range: Range<usize>,
    /// What comes in their place.
    pub text: String,
}

impl Edit {
    pub(crate) fn replace(range: Range<usize>, text: impl Into<String>) -> Self {
        Self { range, text: text.into() }
    }

    pub(crate) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { range: at..at, text: text.into() }
    }
}

/// Something that a rule advises against, in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The rule.
    pub rule: &'static HintRule,
    /// The bytes of the text that it is about.
    pub range: Range<usize>,
    /// What fills the gaps of the rule's sentence: each of [`HintRule::params`], in that order.
    pub params: Vec<(&'static str, String)>,
    /// The name that was probably meant.
    pub suggestion: Option<String>,
    /// What would mend it, in the order of the text and without overlap; empty where nothing does without a decision.
    pub edits: Vec<Edit>,
}

/// The text with some edits made. Edits that overlap an earlier one, or do not lie in the text, are left out.
#[must_use]
pub fn mended(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut made = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in edits {
        let Some(between) = text.get(at..edit.range.start) else { continue };
        if text.get(edit.range.clone()).is_none() {
            continue;
        }
        made.push_str(between);
        made.push_str(&edit.text);
        at = edit.range.end;
    }
    made.push_str(&text[at..]);
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_made_in_the_order_of_the_text_and_never_twice_in_a_place() {
        let edits = [
            Edit::insert(5, "!"),
            Edit::replace(0..1, "H"),
            Edit::replace(0..3, "x"),
            Edit::replace(9..12, "x"),
        ];
        assert_eq!(mended("hello", &edits), "Hello!");
    }
}
