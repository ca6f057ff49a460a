//! A Dockerfile from a history: as near as the history allows, with what it does not tell marked.

use crate::pairs::requoted;
use crate::recorded::{Recorded, USUAL_SHELL, recorded};
use crate::unsaid::{Configured, unsaid};
use crate::words::{json, list, quoted};
use crate::wrap::wrapped;

/// Stands where something is not known.
const GAP: &str = "…";

/// One step of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryLine<'a> {
    /// What the builder wrote down.
    pub created_by: &'a str,
    /// Whether the step made a layer.
    pub has_layer: bool,
}

/// What else an image tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The name of the image that it was made from.
    pub base: Option<&'a str>,
    /// How many steps of the history are of that image; 0 if that is not known.
    pub base_steps: usize,
    /// Names of its variables: they tell where a value with spaces ends.
    pub env: Vec<&'a str>,
    /// Names of its labels.
    pub labels: Vec<&'a str>,
    /// How many layers it has, if that is to be held against the history.
    pub layers: Option<usize>,
    /// The settings that it has in the end.
    pub configured: Configured<'a>,
}

/// What a history does not tell of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unknown {
    /// What the image was made from.
    Base,
    /// Which files were copied: only a checksum is left of them, or a path in a folder that is not here.
    Files,
    /// Whether they came from the build context or from another stage.
    Stage,
    /// That the command saw build arguments, whose values stand in the history.
    Arguments,
    /// The mounts, secrets and network that a command may have had.
    Mounts,
    /// The step is none of a Dockerfile's: another tool made the layer.
    Foreign,
    /// Where it was set: the image has the setting, but no step says so.
    Settings,
    /// Steps: there are more or fewer than the image has layers.
    Steps,
}

/// One line of a rebuilt Dockerfile; a long command takes several lines of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuiltLine {
    /// Its text.
    pub text: String,
    /// The step of the history that it comes from, from 0; none for what was added.
    pub step: Option<usize>,
    /// What is not known of it.
    pub unknown: Vec<Unknown>,
}

/// Writes a Dockerfile from a history, the oldest step first. Steps of the base, where they are known, become one `FROM`.
#[must_use]
pub fn rebuild(history: &[HistoryLine<'_>], facts: &Facts<'_>) -> Vec<RebuiltLine> {
    let from_base = facts.base_steps.min(history.len());
    let mut lines = vec![from(facts, from_base)];
    let made = history.iter().filter(|line| line.has_layer).count();
    if facts.layers.is_some_and(|layers| layers != made) {
        let text = format!("# {GAP}");
        lines.push(RebuiltLine { text, step: None, unknown: vec![Unknown::Steps] });
    }
    let mut shell: Vec<String> = USUAL_SHELL.map(str::to_owned).to_vec();
    for (step, line) in history.iter().enumerate().skip(from_base) {
        match recorded(line.created_by, line.has_layer) {
            Recorded::Run { shell: found, command, arguments } => {
                if !found.is_empty() && found != shell {
                    shell = found.iter().map(|&word| word.to_owned()).collect();
                    let text = format!("SHELL {}", json(&shell));
                    lines.push(RebuiltLine { text, step: None, unknown: Vec::new() });
                }
                lines.push(run(step, command, found.is_empty(), &arguments));
            }
            Recorded::Other { name: "SHELL", rest } => {
                shell = list(rest).unwrap_or_default();
                let text = format!("SHELL {}", json(&shell));
                lines.push(RebuiltLine { text, step: Some(step), unknown: Vec::new() });
            }
            Recorded::Other { name, rest } => lines.push(other(step, name, rest, facts)),
            Recorded::Foreign(text) => {
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let text = format!("# {text}").trim_end().to_owned();
                lines.push(RebuiltLine { text, step: Some(step), unknown: vec![Unknown::Foreign] });
            }
        }
    }
    let unsaid = unsaid(history, &facts.configured).into_iter();
    lines.extend(unsaid.map(|text| RebuiltLine {
        text,
        step: None,
        unknown: vec![Unknown::Settings],
    }));
    lines
}

fn from(facts: &Facts<'_>, steps: usize) -> RebuiltLine {
    match facts.base {
        Some(name) if steps > 0 => {
            RebuiltLine { text: format!("FROM {name}"), step: None, unknown: Vec::new() }
        }
        // A name without steps may be the name of what is seen here in full: then it would be written twice.
        _ => RebuiltLine {
            text: if steps > 0 { format!("FROM {GAP}") } else { "FROM scratch".to_owned() },
            step: None,
            unknown: vec![Unknown::Base],
        },
    }
}

fn run(step: usize, command: &str, is_exec: bool, arguments: &[&str]) -> RebuiltLine {
    let mut unknown = vec![Unknown::Mounts];
    if !arguments.is_empty() {
        unknown.insert(0, Unknown::Arguments);
    }
    let text = if command.contains('\n') {
        let end = heredoc_end(command);
        format!("RUN <<{end}\n{}\n{end}", command.trim_end_matches('\n'))
    } else if is_exec && list(command).is_none() {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        format!("RUN {}", json(&words))
    } else {
        format!("RUN {}", wrapped(command))
    };
    RebuiltLine { text, step: Some(step), unknown }
}

/// A word that no line of the command is.
fn heredoc_end(command: &str) -> String {
    let mut end = "EOF".to_owned();
    while command.lines().any(|line| line.trim() == end) {
        end.push('_');
    }
    end
}

fn other(step: usize, name: &str, rest: &str, facts: &Facts<'_>) -> RebuiltLine {
    let mut unknown = Vec::new();
    let rest = match name {
        "CMD" | "ENTRYPOINT" | "VOLUME" => {
            list(rest).map_or_else(|| rest.to_owned(), |words| json(&words))
        }
        "EXPOSE" => ports(rest),
        "ENV" => requoted(rest, &facts.env),
        "LABEL" => requoted(rest, &facts.labels),
        "HEALTHCHECK" => health_check(rest),
        "COPY" | "ADD" => {
            unknown.push(Unknown::Files);
            if name == "COPY" && !rest.contains("--from=") {
                unknown.push(Unknown::Stage);
            }
            copied(rest)
        }
        _ => rest.to_owned(),
    };
    RebuiltLine { text: format!("{name} {rest}").trim_end().to_owned(), step: Some(step), unknown }
}

/// `map[80/tcp:{} 443/tcp:{}]`, `[80/tcp]` or the ports as they are.
pub(crate) fn ports(rest: &str) -> String {
    let inner = rest.strip_prefix("map").unwrap_or(rest);
    let inner = inner.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(inner);
    let ports: Vec<&str> =
        inner.split_whitespace().map(|port| port.trim_end_matches(":{}")).collect();
    ports.join(" ")
}

/// `file:HASH in /to` (also `dir:`, `multi:`): the classic builder keeps a checksum in place of names.
fn copied(rest: &str) -> String {
    let Some((before, to)) = rest.rsplit_once(" in ") else { return rest.to_owned() };
    let mut words: Vec<&str> = before.split_whitespace().collect();
    let is_checksum =
        |word: &str| ["file:", "dir:", "multi:"].iter().any(|prefix| word.starts_with(prefix));
    if !words.last().is_some_and(|word| is_checksum(word)) {
        return rest.to_owned();
    }
    words.pop();
    words.push(GAP);
    words.push(to.trim());
    words.join(" ")
}

/// `&{["CMD-SHELL" "curl x"] "30s" "3s" "0s" "0s" '\x03'}`, as Go prints it: test, interval, timeout, start period
/// (and start interval), retries.
fn health_check(rest: &str) -> String {
    let parsed = || {
        let inner = rest.strip_prefix("&{")?.strip_suffix('}')?;
        let (test, times) = inner.split_once(']')?;
        let test = list(&format!("{test}]"))?;
        let (times, retries) = times.rsplit_once(" '").unwrap_or((times, ""));
        let times = quoted(times.trim())?;
        let retries = retries.trim_end_matches('\'').strip_prefix("\\x");
        let retries = retries.and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(0);
        Some((test, times, retries))
    };
    let Some((test, times, retries)) = parsed() else { return rest.to_owned() };
    let mut words = Vec::new();
    for (name, time) in ["interval", "timeout", "start-period"].iter().zip(&times) {
        if time != "0s" {
            words.push(format!("--{name}={time}"));
        }
    }
    if retries > 0 {
        words.push(format!("--retries={retries}"));
    }
    match test.split_first() {
        Some((how, rest)) if how == "CMD" => words.push(format!("CMD {}", json(rest))),
        Some((how, rest)) if how == "CMD-SHELL" => words.push(format!("CMD {}", rest.join(" "))),
        _ => words.push("NONE".to_owned()),
    }
    words.join(" ")
}
