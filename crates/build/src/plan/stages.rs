//! The stages of a file, what each begins with and takes files from, and which of them a target needs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use strata_dockerfile::{
    Arguments, Dockerfile, Instruction, Keyword, Mount, MountError, MountField, Tree, expand,
};
use strata_spec::{Platform, Reference};

use super::op::Origin;
use super::scope::{Globals, Words};
use crate::{BuildError, BuildOptions, NamedContext};

/// What a stage begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StageBase {
    Scratch,
    /// Another stage, by its number in the file.
    Stage(usize),
    /// An image, as a place among those that are wanted.
    Image(usize),
    /// All files of a named context.
    Files(String),
}

/// An instruction that is to be done.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub instruction: Instruction,
    /// The text that it stands in.
    pub text: Arc<str>,
    pub escape: char,
    pub line: usize,
    pub is_trigger: bool,
    /// Where its files come from: of `--from`, or of each mount in turn. Stages by their number in the file.
    pub origins: Vec<Origin>,
}

/// A stage of the file.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    pub name: Option<String>,
    pub line: usize,
    /// As it stands after `FROM`, expanded.
    pub base_name: String,
    pub base: StageBase,
    pub platform: Option<Platform>,
    pub commands: Vec<Command>,
    /// `ONBUILD` instructions of its own.
    pub triggers: Vec<String>,
}

/// An image that somebody must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub reference: Reference,
    pub platform: Platform,
    pub line: usize,
}

/// All of a file.
#[derive(Debug)]
pub(crate) struct Stages<'a> {
    pub options: &'a BuildOptions,
    pub globals: Globals,
    pub all: Vec<Stage>,
    pub wanted: Vec<Wanted>,
    pub syntax: Option<String>,
    names: BTreeMap<String, usize>,
}

/// An error at a line.
pub(crate) fn wrong(line: usize, message: impl Into<String>) -> BuildError {
    BuildError::Dockerfile { line, message: message.into(), suggestion: None }
}

/// Reads a text, and refuses it if anything in it is wrong.
pub(crate) fn parsed(text: &str) -> Result<Tree, BuildError> {
    let tree = Dockerfile::parse(text);
    match tree.diagnostics.iter().find(|found| !found.is_warning) {
        Some(found) => Err(BuildError::Dockerfile {
            line: found.line(text),
            message: found.problem.to_string(),
            suggestion: found.suggestion.clone(),
        }),
        None => Ok(tree),
    }
}

impl<'a> Stages<'a> {
    /// Takes a file apart.
    pub fn read(text: &str, options: &'a BuildOptions) -> Result<Self, BuildError> {
        let tree = parsed(text)?;
        let syntax = tree.directives.iter().find(|found| found.name == "syntax");
        let mut stages = Self {
            options,
            globals: Globals::of(options),
            all: Vec::new(),
            wanted: Vec::new(),
            syntax: syntax.map(|found| found.value.clone()),
            names: BTreeMap::new(),
        };
        let shared: Arc<str> = text.into();
        let mut lines = Lines::new(text);
        for instruction in &tree.instructions {
            let line = lines.of(instruction.range.start);
            match instruction.keyword {
                Some(Keyword::From) => stages.from(instruction, tree.escape, line)?,
                Some(Keyword::Arg) if stages.all.is_empty() => {
                    stages.global(instruction, Words { escape: tree.escape, line })?;
                }
                _ => stages.command(Command {
                    instruction: instruction.clone(),
                    text: Arc::clone(&shared),
                    escape: tree.escape,
                    line,
                    is_trigger: false,
                    origins: Vec::new(),
                })?,
            }
        }
        if stages.all.is_empty() {
            return Err(wrong(1, "the file has no stage: FROM is missing"));
        }
        Ok(stages)
    }

    fn global(&mut self, instruction: &Instruction, words: Words) -> Result<(), BuildError> {
        let Arguments::Pairs(pairs) = &instruction.arguments else { return Ok(()) };
        pairs.iter().try_for_each(|pair| {
            self.globals.declare(pair, self.options.args.get(&pair.name.text), &words)
        })
    }

    fn from(
        &mut self,
        instruction: &Instruction,
        escape: char,
        line: usize,
    ) -> Result<(), BuildError> {
        let words = Words { escape, line };
        let Arguments::Words(found) = &instruction.arguments else {
            return Err(wrong(line, "FROM needs an image"));
        };
        let expanded = |text: &str| words.expand(text, &|name| self.globals.get(name));
        let base_name = expanded(&found[0].text)?;
        if base_name.is_empty() {
            return Err(wrong(
                line,
                format!("the name of the base, `{}`, is empty", found[0].text),
            ));
        }
        let name = found.get(2).map(|word| word.text.to_lowercase());
        if let Some(name) = name.as_ref().filter(|name| !is_stage_name(name)) {
            return Err(wrong(line, format!("`{name}` is no name of a stage")));
        }
        let platform = match flag(instruction, "platform") {
            Some(text) => Some(platform_of(&expanded(&text)?, line)?),
            None => None,
        };
        let base = self.base(name.as_deref(), &base_name, platform.as_ref(), line)?;
        if let Some(name) = &name {
            self.names.insert(name.clone(), self.all.len());
        }
        self.all.push(Stage {
            name,
            line,
            base_name,
            base,
            platform,
            commands: Vec::new(),
            triggers: Vec::new(),
        });
        Ok(())
    }

    /// What a stage begins with. A named context of the stage's own name takes the place of all of it.
    fn base(
        &mut self,
        name: Option<&str>,
        base: &str,
        platform: Option<&Platform>,
        line: usize,
    ) -> Result<StageBase, BuildError> {
        let platform = platform.unwrap_or(&self.options.platform).clone();
        if let Some(context) = name.and_then(|name| self.context(name)) {
            return Ok(self.of_context(context, &platform, line));
        }
        if let Some(&stage) = self.names.get(&base.to_lowercase()) {
            return Ok(StageBase::Stage(stage));
        }
        if let Some(context) = self.context(base) {
            return Ok(self.of_context(context, &platform, line));
        }
        if base == "scratch" {
            return Ok(StageBase::Scratch);
        }
        Ok(StageBase::Image(self.want(base, &platform, line)?))
    }

    /// A named context, by the name as it stands there or by the image that it means.
    fn context(&self, name: &str) -> Option<(String, NamedContext)> {
        let means = |text: &str| Reference::parse(text).ok().map(Reference::with_default_tag);
        let found = self.options.contexts.iter().find(|(known, _)| {
            known.eq_ignore_ascii_case(name)
                || (means(name).is_some() && means(known) == means(name))
        });
        found.map(|(known, context)| (known.clone(), context.clone()))
    }

    fn of_context(
        &mut self,
        (name, context): (String, NamedContext),
        platform: &Platform,
        line: usize,
    ) -> StageBase {
        match context {
            NamedContext::Files(_) => StageBase::Files(name),
            NamedContext::Image(reference) => {
                StageBase::Image(self.want_image(reference, platform, line))
            }
        }
    }

    fn want(&mut self, name: &str, platform: &Platform, line: usize) -> Result<usize, BuildError> {
        let reference =
            Reference::parse(name).map_err(|source| BuildError::Reference { line, source })?;
        Ok(self.want_image(reference, platform, line))
    }

    fn want_image(&mut self, reference: Reference, platform: &Platform, line: usize) -> usize {
        let reference = reference.with_default_tag();
        let same = |known: &Wanted| known.reference == reference && known.platform == *platform;
        self.wanted.iter().position(same).unwrap_or_else(|| {
            self.wanted.push(Wanted { reference, platform: platform.clone(), line });
            self.wanted.len() - 1
        })
    }

    fn command(&mut self, mut command: Command) -> Result<(), BuildError> {
        let line = command.line;
        let Some(current) = self.all.len().checked_sub(1) else {
            return Err(wrong(line, "only ARG may stand before the first FROM"));
        };
        // All of a stage that a named context has taken the place of is passed over.
        let name = self.all[current].name.clone();
        if name.is_some_and(|name| self.context(&name).is_some()) {
            return Ok(());
        }
        self.origins(current, &mut command)?;
        if let (Some(Keyword::Onbuild), Arguments::Trigger(trigger)) =
            (command.instruction.keyword, &command.instruction.arguments)
        {
            let range = trigger.range.start..command.instruction.range.end;
            let text = command.text.get(range).unwrap_or_default().trim().to_owned();
            self.all[current].triggers.push(text);
        }
        self.all[current].commands.push(command);
        Ok(())
    }

    /// Finds where the files of an instruction come from.
    pub fn origins(&mut self, current: usize, command: &mut Command) -> Result<(), BuildError> {
        let line = command.line;
        match command.instruction.keyword {
            Some(Keyword::Copy) => {
                if let Some(from) = flag(&command.instruction, "from") {
                    command.origins = vec![self.origin(current, &from, command.escape, line)?];
                }
            }
            Some(Keyword::Run) => {
                for text in flags(&command.instruction, "mount") {
                    // Variables may stand everywhere but here; what else is wrong shows when they are known.
                    let from = Mount::fields(&text).into_iter().rfind(|(key, _)| key == "from");
                    command.origins.push(match from.and_then(|(_, from)| from) {
                        Some(from) => self.origin(current, &from, command.escape, line)?,
                        None => Origin::Files(None),
                    });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn origin(
        &mut self,
        current: usize,
        from: &str,
        escape: char,
        line: usize,
    ) -> Result<Origin, BuildError> {
        if expand(from, escape, &|_| None).is_ok_and(|found| found.text != from) {
            let message = "--from takes no variables: name a stage with FROM instead";
            return Err(wrong(line, message));
        }
        let number = from.parse::<usize>().ok();
        let stage = number.or_else(|| self.names.get(&from.to_lowercase()).copied());
        if let Some(stage) = stage {
            if stage == current {
                let stage = self.all[current].name.clone().unwrap_or_else(|| current.to_string());
                return Err(BuildError::Circle { line, stage });
            }
            return match stage < current {
                true => Ok(Origin::Stage(stage)),
                false => Err(wrong(line, format!("there is no stage {from} before this one"))),
            };
        }
        if let Some((name, context)) = self.context(from) {
            return Ok(match context {
                NamedContext::Files(_) => Origin::Files(Some(name)),
                NamedContext::Image(reference) => {
                    let platform = self.options.platform.clone();
                    Origin::Image(self.want_image(reference, &platform, line))
                }
            });
        }
        if from == "scratch" {
            return Ok(Origin::Scratch);
        }
        let platform = self.options.platform.clone();
        Ok(Origin::Image(self.want(from, &platform, line)?))
    }

    /// The stage that is to be built.
    pub fn target(&self) -> Result<usize, BuildError> {
        let Some(target) = &self.options.target else { return Ok(self.all.len() - 1) };
        let number = target.parse::<usize>().ok().filter(|number| *number < self.all.len());
        let found = self.names.get(&target.to_lowercase()).copied().or(number);
        found.ok_or_else(|| BuildError::TargetUnknown {
            target: target.clone(),
            stages: self.all.iter().filter_map(|stage| stage.name.clone()).collect(),
        })
    }

    /// The stages that a target needs, with itself.
    pub fn needed(&self, target: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![target];
        while let Some(at) = waiting.pop() {
            if !found.insert(at) {
                continue;
            }
            let stage = &self.all[at];
            if let StageBase::Stage(base) = stage.base {
                waiting.push(base);
            }
            waiting.extend(stage.commands.iter().flat_map(|command| &command.origins).filter_map(
                |origin| match origin {
                    Origin::Stage(stage) => Some(*stage),
                    _ => None,
                },
            ));
        }
        found
    }

    /// The images that stages need.
    pub fn images(&self, stages: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for stage in stages.iter().map(|&at| &self.all[at]) {
            if let StageBase::Image(image) = stage.base {
                found.insert(image);
            }
            for origin in stage.commands.iter().flat_map(|command| &command.origins) {
                if let Origin::Image(image) = origin {
                    found.insert(*image);
                }
            }
        }
        found
    }
}

/// Counts lines on the way through a text, as asking for each from its beginning takes long in a long one.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of a place, which is not before the one that was asked for last.
    fn of(&mut self, at: usize) -> usize {
        let passed = self.bytes.get(self.at..at).unwrap_or_default();
        self.line += passed.iter().filter(|&&byte| byte == b'\n').count();
        self.at = at.max(self.at);
        self.line
    }
}

/// The value of a flag that may stand there once: the last one.
pub(crate) fn flag(instruction: &Instruction, name: &str) -> Option<String> {
    flags(instruction, name).into_iter().next_back()
}

/// The values of a flag that may stand there several times; an empty text where there is no value.
pub(crate) fn flags(instruction: &Instruction, name: &str) -> Vec<String> {
    let flags = instruction.flags.iter().filter_map(|flag| {
        let text = flag.text.strip_prefix("--")?;
        let (found, value) = text.split_once('=').unwrap_or((text, ""));
        (found == name).then(|| value.to_owned())
    });
    flags.collect()
}

/// The mount of some keys and values, or what is wrong with it.
pub(crate) fn mount_of(fields: &[MountField], line: usize) -> Result<Mount, BuildError> {
    Mount::of(fields).map_err(|found| {
        let suggestion = match &found {
            MountError::Kind { suggestion, .. } | MountError::Key { suggestion, .. } => {
                suggestion.map(str::to_owned)
            }
            _ => None,
        };
        BuildError::Dockerfile { line, message: found.to_string(), suggestion }
    })
}

fn platform_of(text: &str, line: usize) -> Result<Platform, BuildError> {
    let host = Platform::host();
    // An operating system or a processor alone is meant with the other half of this machine.
    let whole = match text {
        "" => return Ok(host),
        os @ ("linux" | "windows" | "darwin") => format!("{os}/{}", host.architecture),
        other if !other.contains('/') => format!("{}/{other}", host.os),
        other => other.to_owned(),
    };
    Platform::parse(&whole).map_err(|_| wrong(line, format!("`{text}` is no platform")))
}

/// `^[a-z][a-z0-9-_.]*$`, and none of the names that mean something else.
fn is_stage_name(name: &str) -> bool {
    let letter =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    name.bytes().next().is_some_and(|first| first.is_ascii_lowercase()) && name.bytes().all(letter)
}
