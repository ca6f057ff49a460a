//! What `COPY` and `ADD` do.

use super::Teller;
use crate::stages::{copied, flag, flags, is_heredoc};
use crate::{Instruction, Keyword};

impl Teller<'_> {
    pub(super) fn copy(&mut self, instruction: &Instruction) {
        let Some((sources, destination)) = copied(instruction) else { return };
        let range = &instruction.range;
        let to = destination.text.as_str();
        let files: Vec<&str> = sources
            .iter()
            .filter(|word| !is_heredoc(instruction, word) && !is_address(&word.text))
            .map(|word| word.text.as_str())
            .collect();
        for word in sources {
            if is_heredoc(instruction, word) {
                self.say("copy.inline", &word.range, &[("destination", to)]);
            } else if is_address(&word.text) {
                let params = [("source", word.text.as_str()), ("destination", to)];
                self.say("add.remote", &word.range, &params);
            }
        }
        if !files.is_empty() {
            let joined = files.join(" ");
            let params = [("sources", joined.as_str()), ("destination", to)];
            match flag(instruction, "from") {
                Some(from) if self.stages.referred(from).is_some() => {
                    self.say("copy.stage", range, &[params[0], params[1], ("stage", from)]);
                }
                Some(from) => {
                    self.say("copy.image", range, &[params[0], params[1], ("image", from)]);
                }
                None if files == ["."] => self.say("copy.all", range, &[("destination", to)]),
                None => self.say("copy.context", range, &params),
            }
            if instruction.keyword == Some(Keyword::Add) {
                self.say("add.unpacks", range, &[]);
            }
        }
        self.flags(instruction);
    }

    fn flags(&mut self, instruction: &Instruction) {
        let range = &instruction.range;
        for (name, code, gap) in [
            ("chown", "copy.chown", "owner"),
            ("chmod", "copy.chmod", "mode"),
            ("checksum", "add.checksum", "checksum"),
        ] {
            if let Some(value) = flag(instruction, name) {
                self.say(code, range, &[(gap, value)]);
            }
        }
        let excluded: Vec<&str> = flags(instruction, "exclude").collect();
        if !excluded.is_empty() {
            self.say("copy.exclude", range, &[("patterns", &excluded.join(" "))]);
        }
        for (name, code) in [("link", "copy.link"), ("parents", "copy.parents")] {
            if flag(instruction, name).is_some_and(|value| value != "false") {
                self.say(code, range, &[]);
            }
        }
    }
}

/// Whether a source of `ADD` is fetched from elsewhere.
pub(super) fn is_address(source: &str) -> bool {
    source.contains("://") || source.starts_with("git@")
}
