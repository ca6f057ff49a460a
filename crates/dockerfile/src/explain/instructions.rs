//! What each instruction does.

use super::Teller;
use crate::stages::flag;
use crate::words::json;
use crate::{Arguments, Instruction, Keyword, Word};

impl Teller<'_> {
    pub(super) fn instruction(&mut self, stage: Option<usize>, instruction: &Instruction) {
        let Some(keyword) = instruction.keyword else {
            let name = &instruction.name;
            return self.say("unknown", &name.range, &[("name", &name.text)]);
        };
        match keyword {
            Keyword::From => self.from(stage, instruction),
            Keyword::Run => self.run(instruction),
            Keyword::Copy | Keyword::Add => self.copy(instruction),
            Keyword::Arg | Keyword::Env | Keyword::Label => self.pairs(stage, keyword, instruction),
            Keyword::Cmd | Keyword::Entrypoint => self.command(stage, keyword, instruction),
            Keyword::Healthcheck => self.healthcheck(instruction),
            Keyword::Onbuild => {
                self.say("onbuild", &instruction.range, &[]);
                if let Arguments::Trigger(inner) = &instruction.arguments {
                    // What waits is told in the same words; a second ONBUILD within is an error and not gone into.
                    if inner.keyword != Some(Keyword::Onbuild) {
                        self.instruction(stage, inner);
                    }
                }
            }
            _ => self.setting(keyword, instruction),
        }
    }

    fn from(&mut self, stage: Option<usize>, instruction: &Instruction) {
        let stage = stage.and_then(|stage| self.stages.all.get(stage)).cloned();
        let Some(stage) = stage else { return };
        if let Some(base) = stage.base {
            let (range, image) = (&base.range, base.text.as_str());
            if stage.parent.is_some() {
                self.say("from.stage", range, &[("stage", image)]);
            } else if image.eq_ignore_ascii_case("scratch") {
                self.say("from.scratch", range, &[]);
            } else if image.contains('$') {
                self.say("from.variable", range, &[("image", image)]);
            } else {
                self.say("from.image", range, &[("image", image)]);
            }
        }
        if let Some(name) = stage.name {
            self.say("from.named", &name.range, &[("name", &name.text)]);
        }
        if let (Some(platform), Some(word)) =
            (flag(instruction, "platform"), instruction.flags.first())
        {
            self.say("from.platform", &word.range, &[("platform", platform)]);
        }
    }

    fn pairs(&mut self, stage: Option<usize>, keyword: Keyword, instruction: &Instruction) {
        let Arguments::Pairs(pairs) = &instruction.arguments else { return };
        for pair in pairs {
            let name = pair.name.text.as_str();
            let value = pair.value.as_ref().map(|value| value.text.trim_matches('"'));
            let range = pair.name.range.start
                ..pair.value.as_ref().map_or(pair.name.range.end, |value| value.range.end);
            match (keyword, value) {
                (Keyword::Env, value) => {
                    let value = value.unwrap_or_default();
                    self.say("env", &range, &[("name", name), ("value", value)]);
                }
                (Keyword::Label, value) => {
                    let value = value.unwrap_or_default();
                    self.say("label", &range, &[("name", name), ("value", value)]);
                }
                (_, Some(value)) => {
                    self.say("arg.default", &range, &[("name", name), ("value", value)]);
                }
                (_, None) => self.say("arg.plain", &range, &[("name", name)]),
            }
        }
        if keyword == Keyword::Arg && stage.is_none() {
            self.say("arg.global", &instruction.range, &[]);
        }
    }

    fn command(&mut self, stage: Option<usize>, keyword: Keyword, instruction: &Instruction) {
        let range = &instruction.range;
        // A command beside an entrypoint is what that is given.
        let is_given = keyword == Keyword::Cmd
            && stage.is_some_and(|stage| self.entrypoints.get(stage) == Some(&true));
        match &instruction.arguments {
            Arguments::Exec(words) => {
                let shown = shown(words);
                let code = match (keyword, is_given) {
                    (Keyword::Entrypoint, _) => "entrypoint",
                    (_, true) => "cmd.arguments",
                    _ => "cmd.command",
                };
                self.say(code, range, &[("command", &shown)]);
            }
            Arguments::Text(word) => {
                let code = if keyword == Keyword::Cmd { "cmd.command" } else { "entrypoint" };
                self.say(code, range, &[("command", &word.text)]);
                self.say("shellForm", &word.range, &[]);
            }
            _ => self.say("nothingToRun", range, &[]),
        }
    }

    fn healthcheck(&mut self, instruction: &Instruction) {
        let Arguments::Check { kind, test } = &instruction.arguments else { return };
        if kind.text.eq_ignore_ascii_case("none") {
            return self.say("healthcheck.none", &instruction.range, &[]);
        }
        let command = match test.as_ref() {
            Arguments::Exec(words) => shown(words),
            Arguments::Text(word) => word.text.clone(),
            _ => String::new(),
        };
        let interval = flag(instruction, "interval").unwrap_or("30s");
        let retries = flag(instruction, "retries").unwrap_or("3");
        let params = [("command", command.as_str()), ("interval", interval), ("retries", retries)];
        self.say("healthcheck.command", &instruction.range, &params);
    }

    /// Instructions whose one sentence holds what stands behind them.
    fn setting(&mut self, keyword: Keyword, instruction: &Instruction) {
        let text = match &instruction.arguments {
            Arguments::Words(words) | Arguments::Exec(words) => {
                let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
                words.join(" ")
            }
            Arguments::Text(word) => word.text.clone(),
            _ => return,
        };
        let user = text.split(':').next().unwrap_or_default();
        let (code, gap) = match keyword {
            Keyword::Workdir => ("workdir", "path"),
            Keyword::User if matches!(user, "root" | "0") => ("user.root", "user"),
            Keyword::User => ("user.other", "user"),
            Keyword::Expose => ("expose", "ports"),
            Keyword::Volume => ("volume", "paths"),
            Keyword::Stopsignal => ("stopsignal", "signal"),
            Keyword::Shell => ("shell", "shell"),
            Keyword::Maintainer => ("maintainer", "name"),
            _ => return,
        };
        self.say(code, &instruction.range, &[(gap, &text)]);
    }
}

/// Words as a list, or as one line where none needs quotes.
fn shown(words: &[Word]) -> String {
    let texts: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
    let is_plain = |text: &String| !text.is_empty() && !text.contains(char::is_whitespace);
    if texts.iter().all(is_plain) { texts.join(" ") } else { json(&texts) }
}
