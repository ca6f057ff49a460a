//! Letters to commands.

use std::ops::Range;

use super::{Joint, ShellCommand, ShellWord};

/// Reads a part of a source from left to right, once.
pub(super) struct Lexer<'a> {
    source: &'a str,
    at: usize,
    end: usize,
    /// The character that continues a Dockerfile's line; none in a script, where a backslash does.
    escape: Option<char>,
    done: Vec<ShellCommand>,
    open: ShellCommand,
    /// Whether the next word is a redirection's file, and whether the output goes there.
    redirection: Option<bool>,
}

fn empty(joint: Joint, at: usize) -> ShellCommand {
    let (words, sudo, assigns, output) = (Vec::new(), None, false, None);
    ShellCommand { joint, words, sudo, assigns, output, range: at..at }
}

impl<'a> Lexer<'a> {
    /// A `RUN`'s text, whose lines are joined.
    pub fn joined(source: &'a str, range: Range<usize>, escape: char) -> Self {
        Self::new(source, range, Some(escape))
    }

    /// A script, in which a line end ends a command.
    pub fn script(source: &'a str, range: Range<usize>) -> Self {
        Self::new(source, range, None)
    }

    fn new(source: &'a str, range: Range<usize>, escape: Option<char>) -> Self {
        let (at, end) = (range.start, range.end.min(source.len()));
        let open = empty(Joint::Start, at);
        Self { source, at, end, escape, done: Vec::new(), open, redirection: None }
    }

    pub fn commands(mut self) -> Vec<ShellCommand> {
        while let Some(letter) = self.peek() {
            match letter {
                _ if self.continued() => {}
                '\n' => {
                    self.at += 1;
                    // Within an instruction only an unfinished line ends so, and comments are gone already.
                    if self.escape.is_none() {
                        self.close(Joint::Then);
                    }
                }
                letter if letter.is_whitespace() => self.at += letter.len_utf8(),
                '#' => self.comment(),
                ';' | '(' | ')' => self.joint(letter, Joint::Then, Joint::Then),
                '&' => self.joint('&', Joint::Background, Joint::And),
                '|' => self.joint('|', Joint::Pipe, Joint::Or),
                '<' | '>' => self.redirect(),
                _ => self.word(),
            }
        }
        self.close(Joint::Then);
        self.done
    }

    fn peek(&self) -> Option<char> {
        self.source.get(self.at..self.end)?.chars().next()
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..self.end).unwrap_or_default()
    }

    /// Goes over the end of a line that is continued, and over the comments and blank lines that follow it.
    fn continued(&mut self) -> bool {
        let rest = self.rest();
        let Some(after) = rest.strip_prefix(self.escape.unwrap_or('\\')) else { return false };
        let blanks = after.trim_start_matches([' ', '\t', '\r']);
        let Some(next) = blanks.strip_prefix('\n') else { return false };
        if self.escape.is_none() && !after.starts_with(['\n', '\r']) {
            return false;
        }
        self.at = self.end - next.len();
        while self.escape.is_some() {
            let line = self.rest().split_inclusive('\n').next().unwrap_or_default();
            let text = line.trim_start();
            if line.is_empty() || !(text.is_empty() || text.starts_with('#')) {
                break;
            }
            self.at += line.len();
        }
        true
    }

    /// A comment takes the rest of the line, in an instruction that of all its joined lines.
    fn comment(&mut self) {
        while let Some(letter) = self.peek() {
            if letter == '\n' {
                return;
            }
            if self.escape.is_none() || !self.continued() {
                self.at += letter.len_utf8();
            }
        }
    }

    /// `once` for one sign, `twice` where it is doubled.
    fn joint(&mut self, sign: char, once: Joint, twice: Joint) {
        self.at += 1;
        let is_double = self.peek() == Some(sign);
        if is_double {
            self.at += 1;
        } else if sign == '&' && self.peek() == Some('>') {
            return self.redirect();
        } else if sign == '|' && self.peek() == Some('&') {
            self.at += 1;
        }
        self.close(if is_double { twice } else { once });
    }

    fn redirect(&mut self) {
        // A number right before it is what is redirected, and no word of the command.
        if let Some(last) = self.open.words.last()
            && last.range.end == self.at
            && last.text.bytes().all(|byte| byte.is_ascii_digit())
        {
            self.open.words.pop();
        }
        let is_output = self.peek() == Some('>');
        while let Some(sign @ ('<' | '>' | '&' | '|' | '-')) = self.peek() {
            self.at += sign.len_utf8();
        }
        self.open.range.end = self.at;
        self.redirection = Some(is_output);
    }

    fn close(&mut self, next: Joint) {
        self.redirection = None;
        let at = self.at;
        let is_empty = self.open.words.is_empty() && self.open.output.is_none();
        if is_empty {
            // The first joint after a command is the one that counts, but for a line that was only ended.
            if self.open.joint == Joint::Then && !self.done.is_empty() {
                self.open.joint = next;
            }
            return;
        }
        let done = std::mem::replace(&mut self.open, empty(next, at));
        self.done.push(done);
    }

    fn word(&mut self) {
        let start = self.at;
        let mut text = String::new();
        while let Some(letter) = self.peek() {
            if self.continued() {
                continue;
            }
            match letter {
                ';' | '&' | '|' | '<' | '>' | '(' | ')' => break,
                letter if letter.is_whitespace() => break,
                '\'' => self.quoted('\'', &mut text),
                '"' => self.quoted('"', &mut text),
                '`' => self.substituted('`', &mut text),
                '\\' => {
                    self.at += 1;
                    if let Some(next) = self.peek() {
                        text.push(next);
                        self.at += next.len_utf8();
                    }
                }
                '$' => self.dollar(&mut text),
                other => {
                    text.push(other);
                    self.at += other.len_utf8();
                }
            }
        }
        self.keep(text, start);
    }

    fn keep(&mut self, text: String, start: usize) {
        if self.open.words.is_empty() && self.open.output.is_none() {
            self.open.range.start = start;
        }
        self.open.range.end = self.at;
        match self.redirection.take() {
            Some(true) => self.open.output = Some(text),
            Some(false) => {}
            None => self.open.words.push(ShellWord { text, range: start..self.at }),
        }
    }

    fn quoted(&mut self, quote: char, text: &mut String) {
        self.at += 1;
        while let Some(letter) = self.peek() {
            if self.escape.is_some() && self.continued() {
                continue;
            }
            match letter {
                letter if letter == quote => {
                    self.at += 1;
                    return;
                }
                '\\' if quote == '"' => {
                    self.at += 1;
                    if let Some(next) = self.peek() {
                        text.push(next);
                        self.at += next.len_utf8();
                    }
                }
                '$' if quote == '"' => self.dollar(text),
                other => {
                    text.push(other);
                    self.at += other.len_utf8();
                }
            }
        }
    }

    fn dollar(&mut self, text: &mut String) {
        text.push('$');
        self.at += 1;
        match self.peek() {
            Some('(') => self.substituted(')', text),
            Some('{') => self.substituted('}', text),
            _ => {}
        }
    }

    /// `$(…)`, `${…}` and what stands between backticks, as it is written.
    fn substituted(&mut self, close: char, text: &mut String) {
        let open = match close {
            ')' => '(',
            '}' => '{',
            _ => '\0',
        };
        let start = self.at;
        let (mut depth, mut quote) = (0_usize, None);
        while let Some(letter) = self.peek() {
            self.at += letter.len_utf8();
            let is_first = self.at == start + 1;
            match (letter, quote) {
                ('\\', None | Some('"')) => {
                    self.at += self.peek().map_or(0, char::len_utf8);
                }
                (mark, Some(open)) if mark == open => quote = None,
                (_, Some(_)) => {}
                (mark @ ('\'' | '"'), None) if close != '}' => quote = Some(mark),
                (letter, None) if letter == open => depth += 1,
                (letter, None) if letter == close && !(is_first && close == '`') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                }
                _ => {}
            }
        }
        text.push_str(&self.source[start..self.at]);
    }
}
