//! The lines of a Dockerfile as a build shows them, before anything is known of them.

use std::collections::BTreeMap;

use strata_build::{Plan, StepId};
use strata_dockerfile::{Arguments, Instruction, Keyword, Tree};

use crate::api::{BuildLine, BuildLineState, BuildStage};

/// All lines of a file, in its order; nothing is known of them yet.
pub(super) fn of(tree: &Tree) -> Vec<BuildLine> {
    let mut stage = None;
    let number = Lines::new(&tree.text);
    let lines = tree.instructions.iter().zip(0..).map(|(instruction, index)| {
        if instruction.keyword == Some(Keyword::From) {
            stage = Some(stage.map_or(0, |stage| stage + 1));
        }
        let text = tree.text[instruction.range.clone()].trim_end();
        BuildLine {
            index,
            line: number.of(instruction.range.start),
            end_line: number.of(instruction.range.start + text.len().saturating_sub(1)),
            stage,
            keyword: instruction.name.text.to_uppercase(),
            text: text.to_owned(),
            state: BuildLineState::Waiting,
            milliseconds: 0,
            saved_milliseconds: None,
            layer: None,
            why: None,
            output_lines: 0,
            warnings: Vec::new(),
        }
    });
    lines.collect()
}

/// The stages of a file, as far as it tells without variables.
pub(super) fn stages(tree: &Tree) -> Vec<BuildStage> {
    let number = Lines::new(&tree.text);
    let mut stages: Vec<BuildStage> = Vec::new();
    for instruction in &tree.instructions {
        if instruction.keyword == Some(Keyword::From) {
            let (base, name) = from(instruction);
            let index = u32::try_from(stages.len()).unwrap_or(u32::MAX);
            let mut stage = BuildStage {
                index,
                name,
                needs: Vec::new(),
                line: number.of(instruction.range.start),
                is_needed: true,
                base,
            };
            need(&mut stage.needs, &stages, &stage.base);
            stages.push(stage);
        } else if let Some((stage, before)) = stages.split_last_mut() {
            for flag in &instruction.flags {
                if let Some(source) = source(&flag.text) {
                    need(&mut stage.needs, before, source);
                }
            }
        }
    }
    let mut wanted = vec![false; stages.len()];
    if let Some(last) = wanted.last_mut() {
        *last = true;
    }
    mark(&mut stages, wanted);
    stages
}

/// Notes which stages the wanted ones need.
pub(super) fn mark(stages: &mut [BuildStage], mut wanted: Vec<bool>) {
    for at in (0..stages.len()).rev() {
        if wanted.get(at) == Some(&true) {
            for need in &stages[at].needs {
                if let Some(wanted) = wanted.get_mut(*need as usize) {
                    *wanted = true;
                }
            }
        }
    }
    for (stage, wanted) in stages.iter_mut().zip(wanted) {
        stage.is_needed = wanted;
    }
}

/// What stands after `FROM`, and the name after `AS`.
fn from(instruction: &Instruction) -> (String, Option<String>) {
    let Arguments::Words(words) = &instruction.arguments else {
        return (String::new(), None);
    };
    let word = |at: usize| words.get(at).map(|word| word.text.clone());
    let is_named = words.get(1).is_some_and(|word| word.text.eq_ignore_ascii_case("as"));
    (word(0).unwrap_or_default(), word(2).filter(|_| is_named).map(|name| name.to_lowercase()))
}

/// What a flag takes files from: `--from=x`, `--mount=…,from=x`.
fn source(flag: &str) -> Option<&str> {
    if let Some(from) = flag.strip_prefix("--from=") {
        return Some(from);
    }
    let mount = flag.strip_prefix("--mount=")?;
    mount.split(',').find_map(|part| part.strip_prefix("from="))
}

fn need(needs: &mut Vec<u32>, stages: &[BuildStage], wanted: &str) {
    let by_name = |stage: &&BuildStage| stage.name.as_deref() == Some(&*wanted.to_lowercase());
    let found = stages.iter().rev().find(by_name).map(|stage| stage.index);
    let by_number = || wanted.parse().ok().filter(|number: &u32| (*number as usize) < stages.len());
    if let Some(found) = found.or_else(by_number)
        && !needs.contains(&found)
    {
        needs.push(found);
    }
}

/// Puts a plan beside the lines: those of triggers come in after their `FROM`, those that no step does are settled.
/// Answers with the place of each step.
pub(super) fn planned(lines: &mut Vec<BuildLine>, plan: &Plan) -> BTreeMap<StepId, usize> {
    for step in plan.steps.iter().filter(|step| step.is_trigger) {
        let line = u32::try_from(step.line).unwrap_or(u32::MAX);
        let after = lines.iter().rposition(|known| known.line == line);
        let Some(after) = after else { continue };
        let mut trigger = lines[after].clone();
        trigger.keyword = step.keyword.name().to_owned();
        trigger.text.clone_from(&step.text);
        lines.insert(after + 1, trigger);
    }
    for (line, index) in lines.iter_mut().zip(0..) {
        line.index = index;
    }
    let mut places = BTreeMap::new();
    for step in &plan.steps {
        let line = u32::try_from(step.line).unwrap_or(u32::MAX);
        let is_free = |at: &usize| !places.values().any(|known| known == at);
        let fits = |known: &BuildLine| {
            known.line == line && (!step.is_trigger || known.keyword == step.keyword.name())
        };
        let mut found = (0..lines.len()).filter(|at| fits(&lines[*at]));
        if let Some(at) = found.find(is_free) {
            places.insert(step.id, at);
        }
    }
    let needed: Vec<u32> =
        plan.stages.iter().map(|stage| u32::try_from(stage.index).unwrap_or(u32::MAX)).collect();
    for (at, line) in lines.iter_mut().enumerate() {
        let is_step = places.values().any(|known| *known == at);
        if line.stage.is_some_and(|stage| !needed.contains(&stage)) {
            line.state = BuildLineState::NotNeeded;
        } else if !is_step {
            // The base is here, an argument before the first stage is read: nothing is left to do.
            line.state = BuildLineState::Cached;
        }
    }
    places
}

/// From bytes to lines.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    fn of(&self, at: usize) -> u32 {
        u32::try_from(self.0.partition_point(|end| *end < at) + 1).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use strata_dockerfile::Dockerfile;

    use super::*;

    const FILE: &str = "ARG V=1\nFROM debian:$V AS base\nRUN a \\\n  b\nFROM base AS unused\nRUN c\n\
                        FROM scratch\nCOPY --from=base /x /\nCOPY --from=0 /y /\nRUN <<E\nd\nE\n";

    #[test]
    fn lines_have_their_stage_and_their_span() {
        let lines = of(&Dockerfile::parse(FILE));
        let told: Vec<_> = lines
            .iter()
            .map(|line| (line.keyword.as_str(), line.line, line.end_line, line.stage))
            .collect();
        assert_eq!(
            told,
            [
                ("ARG", 1, 1, None),
                ("FROM", 2, 2, Some(0)),
                ("RUN", 3, 4, Some(0)),
                ("FROM", 5, 5, Some(1)),
                ("RUN", 6, 6, Some(1)),
                ("FROM", 7, 7, Some(2)),
                ("COPY", 8, 8, Some(2)),
                ("COPY", 9, 9, Some(2)),
                ("RUN", 10, 12, Some(2)),
            ]
        );
        assert_eq!(lines[2].text, "RUN a \\\n  b");
    }

    #[test]
    fn stages_need_what_they_stand_on_and_what_they_copy_from() {
        let stages = stages(&Dockerfile::parse(FILE));
        let told: Vec<_> = stages
            .iter()
            .map(|stage| {
                (stage.base.as_str(), stage.name.as_deref(), &*stage.needs, stage.is_needed)
            })
            .collect();
        assert_eq!(
            told,
            [
                ("debian:$V", Some("base"), &[][..], true),
                ("base", Some("unused"), &[0][..], false),
                ("scratch", None, &[0][..], true),
            ]
        );
    }
}
