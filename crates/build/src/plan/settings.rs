//! Instructions that change the config alone.

use strata_dockerfile::{Arguments, Instruction, Keyword, Pair};

use super::dispatch::{Dispatch, text_of};
use super::go::{duration, parse_duration, quoted, quoted_list};
use super::image_state::{Healthcheck, HistoryLayer, Nothing};
use super::scope::Words;
use super::signal::is_signal;
use super::stages::{Command, flag, wrong};
use crate::BuildError;

impl Dispatch<'_> {
    /// Takes an instruction into the config and the history.
    pub fn setting(&mut self, command: &Command, keyword: Keyword) -> Result<(), BuildError> {
        let note = match keyword {
            Keyword::Arg => self.arg(command)?,
            Keyword::Env => self.env(command)?,
            Keyword::Label => self.label(command)?,
            Keyword::Cmd => {
                let args = self.command_line(&command.instruction);
                self.has_cmd = true;
                self.image.settings.cmd.clone_from(&args);
                self.image.settings.args_escaped = true;
                format!("CMD {}", quoted_list(&args))
            }
            Keyword::Entrypoint => {
                let args = self.command_line(&command.instruction);
                self.image.settings.entrypoint.clone_from(&args);
                if !self.has_cmd {
                    self.image.settings.cmd.clear();
                }
                format!("ENTRYPOINT {}", quoted_list(&args))
            }
            Keyword::Expose => self.expose(command)?,
            Keyword::Volume => self.volume(command)?,
            Keyword::User => {
                let user = self.expanded(command, &text_of(&command.instruction))?;
                self.image.settings.user.clone_from(&user);
                format!("USER {user}")
            }
            Keyword::Stopsignal => self.stop_signal(command)?,
            Keyword::Shell => {
                let Arguments::Exec(words) = &command.instruction.arguments else {
                    return Err(wrong(command.line, "SHELL takes the JSON form alone"));
                };
                let words: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
                self.image.settings.shell.clone_from(&words);
                format!("SHELL [{}]", words.join(" "))
            }
            Keyword::Healthcheck => self.healthcheck(command)?,
            Keyword::Maintainer => {
                let author = text_of(&command.instruction);
                self.image.author = Some(author.clone());
                format!("MAINTAINER {author}")
            }
            Keyword::Onbuild => return self.onbuild(command),
            _ => return Err(wrong(command.line, "the instruction may not stand here")),
        };
        self.image.note(note, HistoryLayer::None);
        Ok(())
    }

    fn arg(&mut self, command: &Command) -> Result<String, BuildError> {
        let words = Words { escape: command.escape, line: command.line };
        let mut notes = vec!["ARG".to_owned()];
        for pair in pairs(&command.instruction) {
            let value = self.scope.declare(pair, (self.options, self.globals), words)?;
            notes.push(match value {
                Some(value) => format!("{}={value}", pair.name.text),
                None => pair.name.text.clone(),
            });
        }
        Ok(notes.join(" "))
    }

    fn env(&mut self, command: &Command) -> Result<String, BuildError> {
        let mut notes = vec!["ENV".to_owned()];
        let pairs = self.expanded_pairs(command)?;
        if pairs.iter().any(|(name, _)| name.is_empty()) {
            return Err(wrong(command.line, "ENV needs a name"));
        }
        for (name, value) in pairs {
            self.scope.set(&name, &value);
            self.image.set_env(&name, &value);
            notes.push(format!("{name}={value}"));
        }
        Ok(notes.join(" "))
    }

    fn label(&mut self, command: &Command) -> Result<String, BuildError> {
        let mut notes = vec!["LABEL".to_owned()];
        for (name, value) in self.expanded_pairs(command)? {
            notes.push(format!("{name}={value}"));
            self.image.settings.labels.insert(name, value);
        }
        Ok(notes.join(" "))
    }

    /// All pairs, expanded with what was before the instruction.
    fn expanded_pairs(&self, command: &Command) -> Result<Vec<(String, String)>, BuildError> {
        let expanded = |pair: &Pair| {
            let name = self.expanded(command, &pair.name.text)?;
            let value = pair.value.as_ref().map_or("", |word| word.text.as_str());
            Ok((name, self.expanded(command, value)?))
        };
        pairs(&command.instruction).iter().map(expanded).collect()
    }

    fn command_line(&self, instruction: &Instruction) -> Vec<String> {
        match &instruction.arguments {
            Arguments::Exec(words) => words.iter().map(|word| word.text.clone()).collect(),
            Arguments::Text(word) => self.image.with_shell(&word.text),
            _ => Vec::new(),
        }
    }

    fn expose(&mut self, command: &Command) -> Result<String, BuildError> {
        let words = Words { escape: command.escape, line: command.line };
        let mut ports = Vec::new();
        let Arguments::Words(found) = &command.instruction.arguments else {
            return Err(wrong(command.line, "EXPOSE needs a port"));
        };
        for word in found {
            for text in words.split(&word.text, &|name| self.scope.get(name))? {
                let expanded = expanded_ports(&text);
                ports.extend(expanded.ok_or_else(|| {
                    wrong(command.line, format!("`{text}` is no port that can be exposed"))
                })?);
            }
        }
        ports.sort();
        ports.dedup();
        let note = format!("EXPOSE [{}]", ports.join(" "));
        self.image.settings.exposed_ports.extend(ports.into_iter().map(|port| (port, Nothing {})));
        Ok(note)
    }

    fn volume(&mut self, command: &Command) -> Result<String, BuildError> {
        let words = match &command.instruction.arguments {
            Arguments::Words(words) | Arguments::Exec(words) => words.as_slice(),
            _ => &[],
        };
        let expanded = words.iter().map(|word| self.expanded(command, &word.text));
        let volumes: Vec<String> = expanded.collect::<Result<_, _>>()?;
        if volumes.is_empty() || volumes.iter().any(String::is_empty) {
            return Err(wrong(command.line, "VOLUME needs a path"));
        }
        let note = format!("VOLUME [{}]", volumes.join(" "));
        self.image.settings.volumes.extend(volumes.into_iter().map(|path| (path, Nothing {})));
        Ok(note)
    }

    fn stop_signal(&mut self, command: &Command) -> Result<String, BuildError> {
        let signal = self.expanded(command, &text_of(&command.instruction))?;
        if !is_signal(&signal) {
            return Err(wrong(command.line, format!("`{signal}` is no signal")));
        }
        self.image.settings.stop_signal.clone_from(&signal);
        Ok(format!("STOPSIGNAL {signal}"))
    }

    fn healthcheck(&mut self, command: &Command) -> Result<String, BuildError> {
        let instruction = &command.instruction;
        let Arguments::Check { kind, test } = &instruction.arguments else {
            return Err(wrong(command.line, "HEALTHCHECK takes CMD or NONE"));
        };
        let mut check = Healthcheck::default();
        if kind.text.eq_ignore_ascii_case("NONE") {
            if !matches!(**test, Arguments::None) {
                return Err(wrong(command.line, "HEALTHCHECK NONE takes no arguments"));
            }
            check.test = vec!["NONE".to_owned()];
        } else {
            check.test = match &**test {
                Arguments::Exec(words) if !words.is_empty() => {
                    let words = words.iter().map(|word| word.text.clone());
                    std::iter::once("CMD".to_owned()).chain(words).collect()
                }
                Arguments::Text(word) => vec!["CMD-SHELL".to_owned(), word.text.clone()],
                _ => return Err(wrong(command.line, "HEALTHCHECK CMD needs a command")),
            };
            let time = |name: &str| time_flag(instruction, name, command.line);
            check.interval = time("interval")?;
            check.timeout = time("timeout")?;
            check.start_period = time("start-period")?;
            check.start_interval = time("start-interval")?;
            check.retries = retries(instruction, command.line)?;
        }
        let note = format!("HEALTHCHECK {}", noted(&check));
        self.image.settings.healthcheck = Some(check);
        Ok(note)
    }

    /// Triggers are kept, and not noted.
    fn onbuild(&mut self, command: &Command) -> Result<(), BuildError> {
        let Arguments::Trigger(trigger) = &command.instruction.arguments else {
            return Err(wrong(command.line, "ONBUILD needs an instruction"));
        };
        let range = trigger.range.start..command.instruction.range.end;
        let text = command.text.get(range).unwrap_or_default().trim();
        self.image.settings.on_build.push(text.to_owned());
        Ok(())
    }
}

fn pairs(instruction: &Instruction) -> &[Pair] {
    match &instruction.arguments {
        Arguments::Pairs(pairs) => pairs,
        _ => &[],
    }
}

fn time_flag(instruction: &Instruction, name: &str, line: usize) -> Result<i64, BuildError> {
    let Some(text) = flag(instruction, name) else { return Ok(0) };
    let nanos = parse_duration(&text);
    // Docker's containers know no shorter one.
    nanos.filter(|nanos| *nanos == 0 || *nanos >= 1_000_000).ok_or_else(|| {
        wrong(line, format!("`--{name}={text}` is no length of time of a millisecond or more"))
    })
}

fn retries(instruction: &Instruction, line: usize) -> Result<i64, BuildError> {
    let Some(text) = flag(instruction, "retries") else { return Ok(0) };
    let number = text.parse::<i64>().ok().filter(|number| *number >= 0);
    number.ok_or_else(|| wrong(line, format!("`--retries={text}` is no number")))
}

/// A check as histories have it: Go's `%q` of a pointer to its fields.
fn noted(check: &Healthcheck) -> String {
    let times = [check.interval, check.timeout, check.start_period, check.start_interval];
    let times: Vec<String> = times.iter().map(|nanos| quoted(&duration(*nanos))).collect();
    let letter = u32::try_from(check.retries).ok().and_then(char::from_u32).unwrap_or_default();
    let letter = quoted(&letter.to_string());
    let letter = letter.trim_matches('"');
    format!("&{{{} {} '{letter}'}}", quoted_list(&check.test), times.join(" "))
}

/// `80`, `80/udp`, `8000-8010/tcp`; none if it is nothing of that.
fn expanded_ports(text: &str) -> Option<Vec<String>> {
    let (range, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let protocol = protocol.to_ascii_lowercase();
    if !matches!(protocol.as_str(), "tcp" | "udp" | "sctp") {
        return None;
    }
    // An address or a port of the machine is for whoever runs the image; only the port within counts here.
    let range = range.rsplit(':').next().unwrap_or_default();
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then(|| (first..=last).map(|port| format!("{port}/{protocol}")).collect())
}
