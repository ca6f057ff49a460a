//! How a command fails, and what is said of it.

use std::io;

use strata_app::api::{Action, ErrorCode, UserError};
use strata_app::words::{Sentence, Words};

use crate::paint::Paint;
use crate::visible::visible;

/// Why a command did not do what it should.
#[derive(Debug)]
pub enum Failure {
    /// A use case failed.
    User(Box<UserError>),
    /// The results could not be written.
    Output(io::Error),
    /// The person has been told already.
    Told,
    /// The same, of something that was typed and is not what it should be.
    Misused,
}

/// What a command exits with that failed, and with one that was not understood.
const FAILED: u8 = 1;
const MISUSED: u8 = 2;

impl Failure {
    /// What the command exits with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Misused => MISUSED,
            Self::User(error) if is_misuse(error.code) => MISUSED,
            Self::User(_) | Self::Output(_) | Self::Told => FAILED,
        }
    }
}

/// Whether a failure is one of what was typed, whatever there is.
fn is_misuse(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::ReferenceInvalid | ErrorCode::FilterInvalid)
}

impl From<UserError> for Failure {
    fn from(error: UserError) -> Self {
        Self::User(Box::new(error))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The lines that tell of a failure: what, to what and why; what can be done; on demand the technical causes.
pub fn report(words: Words, error: &UserError, verbose: bool, paint: Paint) -> String {
    let Sentence { title, what, todo } = words.error_in_command(error);
    let subject = error.subject.as_deref().unwrap_or_default();
    let mut said = if what.is_empty() { title } else { what };
    if !said.contains(subject) {
        said = format!("{said} ({subject})");
    }
    let mut text = format!("{} {}\n", paint.red("strata:"), visible(&said));
    if !todo.is_empty() {
        text.push_str(&format!("{} {}\n", paint.bold("hint:"), visible(&todo)));
    }
    for action in &error.actions {
        if let Action::SignIn { registry } = action {
            text.push_str(&format!("{} strata login {}\n", paint.bold("hint:"), visible(registry)));
        }
    }
    for cause in error.causes.iter().filter(|_| verbose) {
        text.push_str(&format!("{} {}\n", paint.bold("because:"), visible(cause)));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn failure() -> UserError {
        UserError {
            code: ErrorCode::TagUnknown,
            subject: Some("localhost/app:9".to_owned()),
            params: BTreeMap::from([("tag".to_owned(), "9".to_owned())]),
            actions: vec![Action::SignIn { registry: "localhost".to_owned() }],
            causes: vec!["the registry said: \u{1b}[2Jno\nsuch tag".to_owned()],
            retryable: false,
        }
    }

    #[test]
    fn a_failure_is_one_line_and_a_hint_and_names_what_it_is_about() {
        for language in ["en", "ko"] {
            let said = report(Words::of(language), &failure(), false, Paint::none());
            let lines: Vec<&str> = said.lines().collect();
            assert!(lines[0].starts_with("strata: ") && lines[0].contains("localhost/app:9"));
            assert!(lines[1..].iter().all(|line| line.starts_with("hint: ")), "{said}");
            assert_eq!(lines.last(), Some(&"hint: strata login localhost"));
        }
    }

    #[test]
    fn causes_come_on_demand_and_cannot_touch_the_terminal() {
        let said = report(Words::of("en"), &failure(), true, Paint::none());
        let last = said.lines().last().unwrap_or_default();
        assert_eq!(last, "because: the registry said: \\u{1b}[2Jno\\nsuch tag");
    }
}
