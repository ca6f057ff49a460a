//! A rule as data.

use super::rules::RULES;

/// How much a rule's finding weighs. None of them keeps a file from being built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The image will probably not be what was meant, or holds what it should not.
    Warning,
    /// It could be smaller, safer or built again as it is.
    Advice,
    /// It could be read more easily.
    Style,
}

/// A rule. Its sentences stand in a catalogue under its id: a title, a message with [`HintRule::params`], why, and what
/// mends it.
#[derive(Debug, PartialEq, Eq)]
pub struct HintRule {
    /// Its name: BuildKit's where BuildKit has it.
    pub id: &'static str,
    /// What hadolint calls a rule of the same meaning.
    pub numbers: &'static [&'static str],
    /// Whether BuildKit has it: then `# check=error=true` makes a build fail.
    pub is_buildkit: bool,
    /// How much it weighs.
    pub severity: Severity,
    /// The gaps of its message.
    pub params: &'static [&'static str],
    /// A Dockerfile that it finds something in.
    pub bad: &'static str,
    /// The same as it should be.
    pub good: &'static str,
}

impl HintRule {
    /// All rules, those of BuildKit first.
    #[must_use]
    pub fn all() -> &'static [Self] {
        RULES
    }

    /// The rule of an id or of a number, in any case of letters.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.is_called(name))
    }

    /// Whether this is its id or one of its numbers.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.id.eq_ignore_ascii_case(name)
            || self.numbers.iter().any(|number| number.eq_ignore_ascii_case(name))
    }
}
