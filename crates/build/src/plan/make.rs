//! From a text to a plan.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::dispatch::Dispatch;
use super::op::Origin;
use super::scope::Scope;
use super::stages::{Command, StageBase, Stages, parsed, wrong};
use super::{Base, Begins, ImageState, Images, Plan, PlannedStage, StepId};
use crate::{BuildError, BuildOptions, DockerfileText};

/// Triggers may bring stages in that bring triggers; a file that goes on so is none.
const MAX_ROUNDS: usize = 16;

/// Tells what a build is going to do. The images that it begins with are asked for, several at the same time; no other
/// file is read.
///
/// # Errors
/// [`BuildError`] if the text cannot be built, whatever the files are.
pub fn plan(
    dockerfile: &DockerfileText,
    options: &BuildOptions,
    images: &dyn Images,
) -> Result<Plan, BuildError> {
    let mut stages = Stages::read(&dockerfile.text, options)?;
    let target = stages.target()?;
    let mut had: BTreeMap<usize, Base> = BTreeMap::new();
    let mut triggered: BTreeSet<usize> = BTreeSet::new();
    for _ in 0..MAX_ROUNDS {
        let needed = stages.needed(target);
        fetch(&stages, &needed, images, &mut had)?;
        let mut is_done = true;
        for &at in &needed {
            if triggered.insert(at) {
                is_done &= !add_triggers(&mut stages, at, &had)?;
            }
        }
        if is_done && stages.needed(target) == needed {
            return dispatched(&stages, &needed, had);
        }
    }
    Err(wrong(stages.all[target].line, "triggers bring in others without an end"))
}

/// Asks for the images that are not there yet.
fn fetch(
    stages: &Stages<'_>,
    needed: &BTreeSet<usize>,
    images: &dyn Images,
    had: &mut BTreeMap<usize, Base>,
) -> Result<(), BuildError> {
    let wanted: Vec<usize> =
        stages.images(needed).into_iter().filter(|at| !had.contains_key(at)).collect();
    let asked = |at: usize| {
        let wanted = &stages.wanted[at];
        images.image(&wanted.reference, &wanted.platform).map_err(|source| {
            if source.is_stopped {
                return BuildError::Stopped;
            }
            let image = wanted.reference.familiar();
            BuildError::Image { line: wanted.line, image, source }
        })
    };
    if let [at] = wanted.as_slice() {
        had.insert(*at, asked(*at)?);
        return Ok(());
    }
    let found: Vec<Result<Base, BuildError>> = std::thread::scope(|scope| {
        let asked = &asked;
        let threads: Vec<_> = wanted.iter().map(|&at| scope.spawn(move || asked(at))).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or(Err(BuildError::Worker))
        };
        threads.into_iter().map(join).collect()
    });
    for (at, base) in wanted.into_iter().zip(found) {
        had.insert(at, base?);
    }
    Ok(())
}

/// Puts the triggers of a stage's base before its instructions; says whether there were any.
fn add_triggers(
    stages: &mut Stages<'_>,
    at: usize,
    had: &BTreeMap<usize, Base>,
) -> Result<bool, BuildError> {
    let triggers = match &stages.all[at].base {
        StageBase::Stage(base) => stages.all[*base].triggers.clone(),
        StageBase::Image(image) => had
            .get(image)
            .map_or_else(Vec::new, |base| ImageState::of_base(&base.config).settings.on_build),
        _ => Vec::new(),
    };
    let line = stages.all[at].line;
    let mut commands = Vec::new();
    for text in &triggers {
        let tree = parsed(text).map_err(|error| match error {
            BuildError::Dockerfile { message, suggestion, .. } => {
                BuildError::Dockerfile { line, message, suggestion }
            }
            other => other,
        })?;
        let [instruction] = tree.instructions.as_slice() else {
            return Err(wrong(line, "a trigger of the base is not one instruction"));
        };
        let mut command = Command {
            instruction: instruction.clone(),
            text: Arc::from(text.as_str()),
            escape: tree.escape,
            line,
            is_trigger: true,
            origins: Vec::new(),
        };
        stages.origins(at, &mut command)?;
        commands.push(command);
    }
    let found = !commands.is_empty();
    stages.all[at].commands.splice(0..0, commands);
    Ok(found)
}

/// Goes through the stages that are needed.
fn dispatched(
    stages: &Stages<'_>,
    needed: &BTreeSet<usize>,
    mut had: BTreeMap<usize, Base>,
) -> Result<Plan, BuildError> {
    let places: BTreeMap<usize, usize> =
        needed.iter().enumerate().map(|(place, &at)| (at, place)).collect();
    let images: BTreeMap<usize, usize> =
        had.keys().enumerate().map(|(place, &at)| (at, place)).collect();
    let mut plan = Plan {
        stages: Vec::new(),
        steps: Vec::new(),
        syntax: stages.syntax.clone(),
        images: std::mem::take(&mut had).into_values().collect(),
    };
    let mut scopes: Vec<Scope> = Vec::new();
    let mut tips: Vec<Option<StepId>> = Vec::new();
    for &at in needed {
        let begun = begin(stages, at, &plan, (&places, &images), (&scopes, &tips));
        let Begun { begins, base, image, scope, tip } = begun;
        let first = plan.steps.len();
        let stage = plan.stages.len();
        let mut dispatch = Dispatch {
            options: stages.options,
            globals: &stages.globals,
            stage,
            scope,
            image,
            has_cmd: false,
            tip,
            tips: &tips,
            steps: &mut plan.steps,
        };
        for command in &stages.all[at].commands {
            dispatch.command(&placed(command, &places, &images))?;
        }
        let Dispatch { scope, image, tip, .. } = dispatch;
        let Some(known) = stages.all.get(at) else { continue };
        plan.stages.push(PlannedStage {
            index: at,
            name: known.name.clone(),
            line: known.line,
            base,
            platform: image.platform.clone(),
            steps: (first..plan.steps.len()).map(StepId).collect(),
            begins,
            image,
        });
        scopes.push(scope);
        tips.push(tip);
    }
    Ok(plan)
}

/// A stage before its first instruction.
struct Begun {
    begins: Begins,
    base: String,
    image: ImageState,
    scope: Scope,
    tip: Option<StepId>,
}

fn begin(
    stages: &Stages<'_>,
    at: usize,
    plan: &Plan,
    (places, images): (&BTreeMap<usize, usize>, &BTreeMap<usize, usize>),
    (scopes, tips): (&[Scope], &[Option<StepId>]),
) -> Begun {
    let stage = &stages.all[at];
    let platform = stage.platform.as_ref().unwrap_or(&stages.options.platform);
    let place = |table: &BTreeMap<usize, usize>, at: &usize| table.get(at).copied().unwrap_or(0);
    let (begins, mut image, mut scope, tip) = match &stage.base {
        StageBase::Scratch => {
            (Begins::Scratch, ImageState::scratch(platform), Scope::default(), None)
        }
        StageBase::Files(name) => {
            let begins = Begins::Files(name.clone());
            (begins, ImageState::scratch(platform), Scope::default(), None)
        }
        StageBase::Stage(base) => {
            let base = place(places, base);
            let mut image = plan.stages[base].image.clone();
            // Triggers are not for the stages after the next.
            image.settings.on_build.clear();
            (Begins::Stage(base), image, scopes[base].clone(), tips[base])
        }
        StageBase::Image(base) => {
            let base = place(images, base);
            let mut image = ImageState::of_base(&plan.images[base].config);
            image.settings.on_build.clear();
            (Begins::Image(base), image, Scope::default(), None)
        }
    };
    image.with_path();
    scope.enter(&image.settings.env);
    Begun { begins, base: stage.base_name.clone(), image, scope, tip }
}

/// An instruction whose stages and images are told by their places in the plan.
fn placed(
    command: &Command,
    places: &BTreeMap<usize, usize>,
    images: &BTreeMap<usize, usize>,
) -> Command {
    let mut command = command.clone();
    for origin in &mut command.origins {
        match origin {
            Origin::Stage(at) => *at = places.get(at).copied().unwrap_or(0),
            Origin::Image(at) => *at = images.get(at).copied().unwrap_or(0),
            Origin::Files(_) | Origin::Scratch => {}
        }
    }
    command
}
