//! The search: words first, then the pattern of their rule at that place.

use std::io::{self, Read, Seek};
use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};

use super::judge::{is_about, is_made_up, is_mixed, is_remark, is_stand_in};
use super::mask::masked;
use super::names::{NAME_RULES, NameRule};
use super::private_key::{self, KEY_BYTES};
use super::rules::{Check, TEXT_RULES, TextRule};
use super::{Place, Secret, Severity, Surroundings};
use crate::EntryPath;
use crate::bounded::up_to;

/// How many bytes are searched at once.
const WINDOW: usize = 1 << 20;
/// How far windows overlap: no match is longer.
const OVERLAP: usize = KEY_BYTES + 2_048;
/// How much of a file with a telling name is looked at for what it should hold.
const NAMED_BYTES: u64 = 256 << 10;
/// More findings in one file say no more.
const MOST_SECRETS: usize = 100;
/// How mixed a value of any name has to be, in bits a byte.
const MIXED_BITS: f64 = 2.8;

/// The patterns, each at the start of what it is given; and the words that they start with, without those of
/// assignments, which stand everywhere in programs, and with them.
struct Search {
    patterns: Vec<Option<Regex>>,
    contents: Vec<Option<Regex>>,
    tokens: Option<Regex>,
    all: Option<Regex>,
}

static SEARCH: LazyLock<Search> = LazyLock::new(|| {
    let compiled = |pattern: &str| RegexBuilder::new(pattern).unicode(false).build().ok();
    Search {
        patterns: TEXT_RULES
            .iter()
            .map(|rule| compiled(&format!(r"\A(?:{})", rule.pattern)))
            .collect(),
        contents: NAME_RULES.iter().map(|rule| rule.content.and_then(compiled)).collect(),
        tokens: compiled(&words(|rule| {
            !matches!(rule.check, Check::MixedValue | Check::GivenValue)
        })),
        all: compiled(&words(|_| true)),
    }
});

fn words(counts: fn(&TextRule) -> bool) -> String {
    let words = TEXT_RULES.iter().filter(|rule| counts(rule)).flat_map(|rule| {
        rule.starts.iter().map(|start| {
            let start = regex::escape(start);
            if rule.any_case { format!("(?i:{start})") } else { start }
        })
    });
    words.collect::<Vec<_>>().join("|")
}

/// The secrets in a text of an image's config, or any other text that a person gave to it.
#[must_use]
pub fn in_text(place: &Place, text: &str) -> Vec<Secret> {
    let mut scan = Scan::new(place, Surroundings::of_config());
    scan.window(text.as_bytes(), text.len());
    scan.finish()
}

/// The secrets in a file of a layer; its text is searched if `is_text`. What its name alone says counts for any file.
pub(crate) fn in_file(
    path: &EntryPath,
    reader: &mut (impl Read + Seek),
    size: u64,
    is_text: bool,
) -> io::Result<Vec<Secret>> {
    let surroundings = Surroundings::of(path.as_bytes());
    let place = Place::File { path: path.clone() };
    let mut scan = Scan::new(&place, surroundings);
    if is_text && surroundings.is_searched() {
        reader.rewind()?;
        scan.stream(reader)?;
    }
    if let Some(rule) = NameRule::of(path.as_bytes()) {
        reader.rewind()?;
        scan.named(rule, &up_to(reader, NAMED_BYTES)?, size);
    }
    Ok(scan.finish())
}

struct Scan<'a> {
    place: &'a Place,
    surroundings: Surroundings,
    /// What has left the window: bytes, and line ends among them.
    passed: u64,
    passed_lines: u64,
    found: Vec<Secret>,
}

/// A match in a window.
struct Match {
    start: usize,
    end: usize,
    severity: Severity,
}

impl<'a> Scan<'a> {
    fn new(place: &'a Place, surroundings: Surroundings) -> Self {
        Self { place, surroundings, passed: 0, passed_lines: 0, found: Vec::new() }
    }

    fn stream(&mut self, reader: &mut impl Read) -> io::Result<()> {
        let mut window = Vec::new();
        loop {
            let room = (WINDOW + OVERLAP - window.len()) as u64;
            let more = reader.by_ref().take(room).read_to_end(&mut window)? as u64;
            let is_last = more < room;
            // What starts in the overlap is looked at with what follows it; one byte before it is kept as its edge.
            let end = if is_last { window.len() } else { window.len() - OVERLAP };
            self.window(&window, end);
            if is_last || self.found.len() >= MOST_SECRETS {
                return Ok(());
            }
            let gone = end - 1;
            self.passed += gone as u64;
            self.passed_lines += lines(&window[..gone]);
            window.drain(..gone);
        }
    }

    /// Searches what starts before `end`.
    fn window(&mut self, window: &[u8], end: usize) {
        let words = if self.surroundings.has_assignments { &SEARCH.all } else { &SEARCH.tokens };
        let Some(words) = words else { return };
        let mut counted = (0, 0);
        let mut key_end = 0;
        for word in words.find_iter(window) {
            // What looks like a token inside a key is a part of it.
            if word.start() < key_end {
                continue;
            }
            if word.start() >= end || self.found.len() >= MOST_SECRETS {
                break;
            }
            for (rule, pattern) in TEXT_RULES.iter().zip(&SEARCH.patterns) {
                let Some(pattern) = pattern.as_ref().filter(|_| starts(rule, word.as_bytes()))
                else {
                    continue;
                };
                let Some(found) = self.try_at(rule, pattern, window, word.start()) else {
                    continue;
                };
                // A finding may start before the last one, if that stands behind a long name.
                counted = match window.get(counted.0..found.start) {
                    Some(between) => (found.start, counted.1 + lines(between)),
                    None => (found.start, lines(&window[..found.start])),
                };
                if rule.check == Check::PrivateKey {
                    key_end = found.end;
                }
                self.keep(rule.id, window, &found, counted.1);
                break;
            }
        }
    }

    fn try_at(&self, rule: &TextRule, pattern: &Regex, window: &[u8], at: usize) -> Option<Match> {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        // A dash counts here, too: else a long run of starts would be read again from each of them.
        let joins = |byte: u8| is_word(byte) || byte == b'-';
        if rule.needs_edge && at.checked_sub(1).is_some_and(|before| joins(window[before])) {
            return None;
        }
        let captures = pattern.captures(&window[at..])?;
        let whole = captures.get(0)?;
        let secret = captures.get(1).unwrap_or(whole);
        let (start, mut end) = (at + secret.start(), at + secret.end());
        let mut severity = rule.severity;
        match rule.check {
            Check::PrivateKey => {
                let (found, length) = private_key::judge(&window[at..], whole.len())?;
                severity = found;
                end = at + length;
                if is_made_up_key(&window[start..end]) {
                    severity = Severity::Possible;
                }
            }
            Check::Token => {
                // A longer run of such characters is something else, as a part of a file in base64.
                if window.get(end).is_some_and(|byte| is_word(*byte))
                    || is_made_up(secret.as_bytes())
                {
                    return None;
                }
            }
            Check::Value if is_stand_in(secret.as_bytes()) => return None,
            Check::MixedValue if !self.is_password(window, at, secret.as_bytes(), start) => {
                return None;
            }
            Check::GivenValue if !self.is_given(window, at, secret.as_bytes(), start) => {
                return None;
            }
            Check::Value | Check::MixedValue | Check::GivenValue => {}
        }
        if self.place.is_config() && rule.check == Check::MixedValue {
            severity = Severity::Likely;
        }
        if self.surroundings.is_library {
            severity = severity.lowered();
        }
        Some(Match { start, end, severity })
    }

    /// Whether what is given to a name like `password` is one: the name starts `at`, the value at `start`.
    fn is_password(&self, window: &[u8], at: usize, value: &[u8], start: usize) -> bool {
        let before = &window[at.saturating_sub(200)..at];
        let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        self.surroundings.has_assignments
            && is_mixed(value, MIXED_BITS)
            && !is_stand_in(value)
            && !is_about(&window[at..start])
            && (self.place.is_config() || !is_remark(line))
    }

    /// Whether what a person gave to a name like `DB_PASS` is a password, however short: a word of letters alone may be
    /// anything.
    fn is_given(&self, window: &[u8], at: usize, value: &[u8], start: usize) -> bool {
        let begins =
            |word: &[u8]| window[at..].get(..5).is_some_and(|name| name.eq_ignore_ascii_case(word));
        let is_long = begins(b"passw") || begins(b"passp");
        // `compass=` and `OLDPWD=` are other words.
        let has_edge =
            at.checked_sub(1).is_none_or(|before| !window[before].is_ascii_alphanumeric());
        self.place.is_config()
            && (is_long || has_edge)
            && !value.iter().all(u8::is_ascii_alphabetic)
            && !is_stand_in(value)
            && !is_about(&window[at..start])
    }

    /// Keeps a finding, unless one that is as sure stands there already.
    fn keep(&mut self, rule: &str, window: &[u8], found: &Match, lines: u64) {
        let severity = if self.surroundings.is_quiet { Severity::Possible } else { found.severity };
        let offset = self.passed + found.start as u64;
        let length_bytes = (found.end - found.start) as u64;
        let overlaps = |other: &Secret| {
            other.length_bytes > 0
                && other.offset < offset + length_bytes
                && offset < other.offset + other.length_bytes
        };
        if self.found.iter().any(|other| overlaps(other) && other.severity >= severity) {
            return;
        }
        self.found.retain(|other| !overlaps(other));
        self.found.push(Secret {
            rule: rule.to_owned(),
            severity,
            place: self.place.clone(),
            line: Some(self.passed_lines + lines + 1),
            offset,
            length_bytes,
            masked: masked(&window[found.start..found.end]),
        });
    }

    /// What a file of this name should hold; `head` is its start.
    fn named(&mut self, rule: &NameRule, head: &[u8], size: u64) {
        (self.passed, self.passed_lines) = (0, 0);
        if rule.content.is_none() {
            let severity =
                if self.surroundings.is_quiet { Severity::Possible } else { rule.severity };
            self.found.push(Secret {
                rule: rule.id.to_owned(),
                severity,
                place: self.place.clone(),
                line: None,
                offset: 0,
                length_bytes: size,
                masked: String::new(),
            });
            return;
        }
        let at = NAME_RULES.iter().position(|other| other.id == rule.id);
        let pattern = at.and_then(|at| SEARCH.contents.get(at)?.as_ref());
        let Some(pattern) = pattern else { return };
        for captures in pattern.captures_iter(head).take(MOST_SECRETS) {
            let Some(secret) = captures.get(1).filter(|secret| !is_stand_in(secret.as_bytes()))
            else {
                continue;
            };
            let found = Match { start: secret.start(), end: secret.end(), severity: rule.severity };
            self.keep(rule.id, head, &found, lines(&head[..found.start]));
        }
    }

    fn finish(mut self) -> Vec<Secret> {
        self.found.sort_by_key(|secret| secret.offset);
        self.found.truncate(MOST_SECRETS);
        self.found
    }
}

/// Whether a match of the words is one of this rule's.
fn starts(rule: &TextRule, word: &[u8]) -> bool {
    rule.starts.iter().any(|start| {
        let start = start.as_bytes();
        if rule.any_case { start.eq_ignore_ascii_case(word) } else { start == word }
    })
}

/// Keys of public documentation, and blocks that only look like a key.
fn is_made_up_key(block: &[u8]) -> bool {
    let body: Vec<u8> = block.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let body = body.get(..400).unwrap_or(&body);
    is_made_up(body)
}

fn lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests;
