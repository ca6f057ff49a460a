//! What a shell would run of a `RUN`: commands and their words, each with its place in the source.
//!
//! This is no shell: it knows quotes, joints, redirections and comments, and leaves variables and substitutions as they
//! are written. What it does not understand becomes words.

mod lexer;

use std::ops::Range;

use crate::{Arguments, Instruction, Keyword, Tree};
use lexer::Lexer;

/// What stands before a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joint {
    /// Nothing: it is the first.
    Start,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `;`, a line end, a parenthesis.
    Then,
    /// `|`
    Pipe,
    /// `&`
    Background,
}

/// A word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShellWord {
    /// Without its quotes; variables as they are written.
    pub text: String,
    /// Its bytes in the source.
    pub range: Range<usize>,
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShellCommand {
    /// What stands before it.
    pub joint: Joint,
    /// Its words, from the program on: without assignments, redirections, and programs that only run another.
    pub words: Vec<ShellWord>,
    /// Where `sudo` stands before it.
    pub sudo: Option<Range<usize>>,
    /// Whether variables are set before it, or by it alone.
    pub assigns: bool,
    /// Where its output goes: the file's name.
    pub output: Option<String>,
    /// Its bytes in the source, with assignments and redirections.
    pub range: Range<usize>,
}

/// Words of a shell's own language that a command may stand behind.
const RESERVED: &[&str] = &["if", "then", "elif", "else", "do", "while", "until", "!", "{", "time"];
/// Programs that run the rest of their words.
const WRAPPERS: &[&str] = &["sudo", "doas", "env", "exec", "command", "nohup", "eatmydata"];

impl ShellCommand {
    /// The program's name without its folders; empty where there is none.
    pub fn program(&self) -> &str {
        let first = self.words.first().map_or("", |word| word.text.as_str());
        first.rsplit('/').next().unwrap_or(first)
    }

    /// The words after the program.
    pub fn arguments(&self) -> &[ShellWord] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Whether a flag stands among the words.
    pub fn has(&self, flags: &[&str]) -> bool {
        self.words.iter().any(|word| flags.contains(&word.text.as_str()))
    }

    /// Whether a word begins with one of these.
    pub fn has_prefix(&self, prefixes: &[&str]) -> bool {
        self.words.iter().any(|word| prefixes.iter().any(|prefix| word.text.starts_with(prefix)))
    }

    /// Takes off what stands before the program.
    fn peeled(mut self) -> Self {
        let mut at = 0;
        let mut is_after_wrapper = false;
        while let Some(word) = self.words.get(at) {
            let text = word.text.as_str();
            if is_assignment(text) {
                self.assigns = true;
            } else if RESERVED.contains(&text) {
                is_after_wrapper = false;
            } else if WRAPPERS.contains(&text) {
                if matches!(text, "sudo" | "doas") {
                    self.sudo = Some(word.range.clone());
                }
                is_after_wrapper = true;
            } else if !(is_after_wrapper && text.starts_with('-')) {
                break;
            }
            at += 1;
        }
        self.words.drain(..at);
        self
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|letter: char| letter.is_ascii_digit())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// The commands of a text in shell form.
pub(crate) fn joined_commands(tree: &Tree, range: Range<usize>) -> Vec<ShellCommand> {
    let commands = Lexer::joined(&tree.text, range, tree.escape).commands();
    commands.into_iter().map(ShellCommand::peeled).collect()
}

/// The commands of a `RUN`, with those of its here-document where a shell reads it.
pub(crate) fn commands(tree: &Tree, instruction: &Instruction) -> Vec<ShellCommand> {
    if instruction.keyword != Some(Keyword::Run) {
        return Vec::new();
    }
    match &instruction.arguments {
        Arguments::Text(word) => {
            let mut found = joined_commands(tree, word.range.clone());
            let reads_it =
                |command: &ShellCommand| command.words.is_empty() || is_shell(command.program());
            if found.iter().all(reads_it) {
                for heredoc in &instruction.heredocs {
                    let body = heredoc.body.clone();
                    let text = tree.text.get(body.clone()).unwrap_or_default();
                    if text.strip_prefix("#!").is_none_or(|rest| {
                        let line = rest.lines().next().unwrap_or_default();
                        line.split(['/', ' ']).any(is_shell)
                    }) {
                        let commands = Lexer::script(&tree.text, body).commands();
                        found.extend(commands.into_iter().map(ShellCommand::peeled));
                    }
                }
            }
            found.retain(|command| !command.words.is_empty() || command.assigns);
            found
        }
        Arguments::Exec(words) => {
            let words: Vec<ShellWord> = words
                .iter()
                .map(|word| ShellWord { text: word.text.clone(), range: word.range.clone() })
                .collect();
            let range = instruction.range.clone();
            let command = ShellCommand {
                joint: Joint::Start,
                words,
                sudo: None,
                assigns: false,
                output: None,
                range,
            };
            vec![command.peeled()]
        }
        _ => Vec::new(),
    }
}

fn is_shell(program: &str) -> bool {
    matches!(program, "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh")
}

#[cfg(test)]
mod tests;
