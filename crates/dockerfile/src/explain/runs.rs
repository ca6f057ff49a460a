//! What `RUN` does beside its commands.

use super::Teller;
use crate::Instruction;
use crate::shell::commands;
use crate::stages::{flag, mounts};

/// A command has this many sentences at most; a longer one is summed up.
const MOST_COMMANDS: usize = 40;

impl Teller<'_> {
    pub(super) fn run(&mut self, instruction: &Instruction) {
        let commands = commands(self.tree, instruction);
        for command in commands.iter().take(MOST_COMMANDS) {
            self.told(command);
        }
        if let Some(more) = commands.len().checked_sub(MOST_COMMANDS).filter(|&more| more > 0) {
            self.say("run.more", &instruction.range, &[("count", &more.to_string())]);
        }
        if self.says.is_empty() {
            self.say("run.script", &instruction.range, &[]);
        }
        for mount in mounts(instruction) {
            self.mount(instruction, &mount);
        }
        if let Some(network) = flag(instruction, "network") {
            let code = match network {
                "none" => "run.networkNone",
                "host" => "run.networkHost",
                _ => return,
            };
            self.say(code, &instruction.range, &[]);
        }
    }

    fn mount(&mut self, instruction: &Instruction, mount: &[(&str, &str)]) {
        let value = |names: &[&str]| {
            let found = mount.iter().find(|(name, _)| names.contains(name));
            found.map(|(_, value)| *value)
        };
        let range = &instruction.range;
        let target = value(&["target", "dst", "destination"]).unwrap_or_default();
        match value(&["type"]).unwrap_or("bind") {
            "cache" => self.say("mount.cache", range, &[("target", target)]),
            "tmpfs" => self.say("mount.tmpfs", range, &[("target", target)]),
            "ssh" => self.say("mount.ssh", range, &[]),
            "secret" => {
                let id = value(&["id"]).unwrap_or_default();
                self.say("mount.secret", range, &[("id", id)]);
            }
            "bind" => match value(&["from"]) {
                Some(from) => {
                    self.say("mount.from", range, &[("target", target), ("from", from)]);
                }
                None => self.say("mount.context", range, &[("target", target)]),
            },
            _ => {}
        }
    }
}
