//! What stands behind the name of an instruction: flags, their values, stages.

use super::{CompletionKind, Typed};
use crate::{Instruction, Keyword};

/// Platforms that images are made for.
const PLATFORMS: &[&str] = &[
    "$BUILDPLATFORM",
    "linux/amd64",
    "linux/arm/v7",
    "linux/arm64",
    "linux/ppc64le",
    "linux/riscv64",
    "linux/s390x",
    "windows/amd64",
];
/// What `--mount` takes for each kind.
const MOUNTS: &[(&str, &[&str])] = &[
    ("bind", &["from=", "rw", "source=", "target="]),
    ("cache", &["from=", "gid=", "id=", "mode=", "ro", "sharing=", "source=", "target=", "uid="]),
    ("secret", &["env=", "gid=", "id=", "mode=", "required", "target=", "uid="]),
    ("ssh", &["gid=", "id=", "mode=", "required", "target=", "uid="]),
    ("tmpfs", &["size=", "target="]),
];

impl Typed<'_> {
    pub(super) fn argument(
        &mut self,
        keyword: Keyword,
        index: usize,
        instruction: &Instruction,
        word: usize,
    ) {
        let typed = &self.tree.text[word..self.at];
        // Flags stand before everything else.
        let start = instruction.name.range.end.min(word);
        let mut before = self.tree.text[start..word].split_whitespace();
        let is_flag = before.all(|word| word.starts_with("--") || word.len() <= 1);
        if is_flag && typed.starts_with("--") {
            return match typed.split_once('=') {
                Some((name, _)) => self.value(&name[2..], index, word + name.len() + 1),
                None => self.flags(keyword, word),
            };
        }
        match keyword {
            Keyword::From if is_flag => {
                self.stages_before(index, word);
                self.propose(CompletionKind::Value, "scratch", word);
            }
            Keyword::Healthcheck if is_flag => self.words(&["CMD", "NONE"], word),
            Keyword::Stopsignal => {
                self.words(&["SIGHUP", "SIGINT", "SIGKILL", "SIGQUIT", "SIGTERM"], word);
            }
            Keyword::Shell if is_flag => {
                self.words(&[r#"["/bin/bash", "-o", "pipefail", "-c"]"#], word);
            }
            _ => {}
        }
    }

    fn words(&mut self, words: &[&str], from: usize) {
        for word in words {
            self.propose(CompletionKind::Value, word, from);
        }
    }

    fn flags(&mut self, keyword: Keyword, from: usize) {
        for flag in keyword.flags() {
            let is_switch = matches!(*flag, "keep-git-dir" | "link" | "parents" | "unpack");
            let equals = if is_switch { "" } else { "=" };
            self.propose(CompletionKind::Flag, &format!("--{flag}{equals}"), from);
        }
    }

    fn value(&mut self, flag: &str, index: usize, from: usize) {
        match flag {
            "from" => self.stages_before(index, from),
            "platform" => self.words(PLATFORMS, from),
            "network" => self.words(&["default", "host", "none"], from),
            "security" => self.words(&["insecure", "sandbox"], from),
            "mount" => self.mount(index, from),
            _ => {}
        }
    }

    fn mount(&mut self, index: usize, from: usize) {
        let typed = &self.tree.text[from..self.at];
        let part = from + typed.rfind(',').map_or(0, |at| at + 1);
        if let Some((name, _)) = self.tree.text[part..self.at].split_once('=') {
            let value = part + name.len() + 1;
            match name {
                "type" => {
                    for (kind, _) in MOUNTS {
                        self.propose(CompletionKind::Value, kind, value);
                    }
                }
                "from" => self.stages_before(index, value),
                "sharing" => self.words(&["locked", "private", "shared"], value),
                _ => {}
            }
            return;
        }
        let kind = typed.split(',').find_map(|part| part.strip_prefix("type="));
        let keys = MOUNTS.iter().find(|(known, _)| *known == kind.unwrap_or("bind"));
        for key in keys.map(|(_, keys)| *keys).unwrap_or_default() {
            self.propose(CompletionKind::Value, key, part);
        }
        if kind.is_none() {
            self.propose(CompletionKind::Value, "type=", part);
        }
    }

    /// The names of the stages above an instruction's own.
    fn stages_before(&mut self, index: usize, from: usize) {
        let own = self.stages.all.iter().rposition(|stage| stage.from <= index);
        let above = self.stages.all.iter().take(own.unwrap_or_default());
        let mut names: Vec<&str> =
            above.filter_map(|stage| stage.name).map(|name| name.text.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            self.propose(CompletionKind::Stage, name, from);
        }
    }
}
