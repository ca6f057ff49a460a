//! One call of the command: the app, the language, and how to speak.

use strata_app::words::Words;
use strata_app::{App, Options, Paths};

use crate::arguments::{Arguments, Command, ProgressMode};
use crate::failure::{Failure, report};
use crate::output;
use crate::paint::Paint;
use crate::visible::visible;

/// What every command works with.
#[derive(Debug)]
pub struct Session {
    /// All that can be done.
    pub app: App,
    /// The language.
    pub words: Words,
    /// Whether results are JSON.
    pub json: bool,
    /// How progress is shown.
    pub progress: ProgressMode,
    /// Who asks registries.
    pub who: Who,
    quiet: bool,
    verbose: bool,
}

/// Who asks registries, as far as it was typed.
#[derive(Debug)]
pub struct Who {
    /// The user.
    pub username: Option<String>,
    /// The password comes on standard input.
    pub password_stdin: bool,
}

impl Session {
    /// Opens the store. On failure the person has been told, and the exit code is what is left.
    pub fn open(arguments: Arguments) -> Result<(Self, Command), u8> {
        let Arguments { globals, command } = arguments;
        let words = Words::of(&globals.lang.unwrap_or_else(strata_app::locale));
        let paths = Paths::from_environment(globals.store);
        let who = Who { username: globals.username, password_stdin: globals.password_stdin };
        let options = Options {
            plain_http: globals.plain_http,
            least_rate: globals.least_rate,
            limit_rate: globals.limit_rate,
            ..Options::default()
        };
        let progress = match globals.progress {
            ProgressMode::Auto if globals.quiet => ProgressMode::None,
            other => other,
        };
        match App::open(paths, options) {
            Ok(app) => {
                let (quiet, verbose, json) = (globals.quiet, globals.verbose, globals.json);
                Ok((Self { app, words, json, progress, who, quiet, verbose }, command))
            }
            Err(error) => {
                output::tell(&report(words, &error, globals.verbose, Paint::for_stderr()));
                Err(1)
            }
        }
    }

    /// Says something besides results, unless it should be quiet.
    pub fn say(&self, key: &str, params: &[(&str, &str)]) {
        self.tell(&self.words.text(key, params));
    }

    /// The same for a line that is put together already.
    pub fn tell(&self, line: &str) {
        if !self.quiet {
            output::tell(&format!("{}\n", visible(line)));
        }
    }

    /// Says what went wrong.
    pub fn tell_failure(&self, failure: &Failure) {
        match failure {
            Failure::User(error) => {
                output::tell(&report(self.words, error, self.verbose, Paint::for_stderr()));
            }
            Failure::Output(error) => {
                let reason = error.to_string();
                let text = self.words.text("cli.output", &[("reason", &reason)]);
                output::tell(&format!("strata: {}\n", visible(&text)));
            }
            Failure::Told | Failure::Misused => {}
        }
    }
}
