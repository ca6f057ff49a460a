//! Colours, where they are wanted.

use std::io::{self, IsTerminal};

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Colours on stderr, if it is a terminal and nobody asked for none (<https://no-color.org>).
    pub fn for_stderr() -> Self {
        Self { on: io::stderr().is_terminal() && is_wanted() }
    }

    /// The same for stdout.
    pub fn for_stdout() -> Self {
        Self { on: io::stdout().is_terminal() && is_wanted() }
    }

    /// No colours.
    #[cfg(test)]
    pub const fn none() -> Self {
        Self { on: false }
    }

    /// `text` in bold letters.
    pub fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    /// `text` in bold red letters.
    pub fn red(self, text: &str) -> String {
        self.with("1;31", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

fn is_wanted() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}
