//! What would have to be done anew if something were changed.

use std::collections::BTreeSet;

use strata_dockerfile::Ignore;

use crate::plan::{Begins, CopySource, MountOpKind, Op, Origin, Plan, PlannedStep, StepId, clean};

/// A change that somebody thinks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// A file of the context is edited, by its path in the context.
    File(String),
    /// Every file of the context is edited.
    AllFiles,
    /// A step reads otherwise.
    Step(StepId),
    /// A step is moved to where another one of its stage stands.
    Moved {
        /// The step.
        step: StepId,
        /// The one whose place it takes.
        to: StepId,
    },
    /// The base of a stage is another, by its place in the plan.
    Base(usize),
}

/// The steps that would be done anew, in the order of the plan. Steps that only change the config are not among them:
/// they take no time.
#[must_use]
pub fn what_if(plan: &Plan, edit: &Edit) -> Vec<StepId> {
    let mut fallen: BTreeSet<StepId> = BTreeSet::new();
    for step in plan.steps.iter().filter(|step| step.makes_layer) {
        if is_hit(plan, step, edit) || stands_on(plan, step, &fallen) {
            fallen.insert(step.id);
        }
    }
    fallen.into_iter().collect()
}

/// Whether a change is of the step itself.
fn is_hit(plan: &Plan, step: &PlannedStep, edit: &Edit) -> bool {
    match edit {
        Edit::File(path) => takes(step, Some(path)),
        Edit::AllFiles => takes(step, None),
        Edit::Step(id) => *id == step.id,
        Edit::Moved { step: moved, to } => {
            let (first, last) = (moved.min(to), moved.max(to));
            let same_stage = plan.steps.get(moved.0).map(|moved| moved.stage) == Some(step.stage);
            same_stage && *first <= step.id && step.id <= *last && !is_link(step)
        }
        Edit::Base(stage) => begins_with(plan, step.stage, *stage) && !is_link(step),
    }
}

/// Whether a step begins with, or takes from, what has fallen. A linked copy stands on nothing but its files.
fn stands_on(plan: &Plan, step: &PlannedStep, fallen: &BTreeSet<StepId>) -> bool {
    let takes_fallen = origins(step).into_iter().any(|origin| match origin {
        Origin::Stage(stage) => has_fallen(plan, *stage, None, fallen),
        _ => false,
    });
    takes_fallen || !is_link(step) && has_fallen(plan, step.stage, Some(step.id), fallen)
}

/// Whether anything of a stage has fallen, before a step of it or at all; what it begins with counts.
fn has_fallen(
    plan: &Plan,
    stage: usize,
    before: Option<StepId>,
    fallen: &BTreeSet<StepId>,
) -> bool {
    let Some(known) = plan.stages.get(stage) else { return false };
    let mut steps = known.steps.iter().filter(|id| before.is_none_or(|before| **id < before));
    steps.any(|id| fallen.contains(id))
        || matches!(known.begins, Begins::Stage(base) if has_fallen(plan, base, None, fallen))
}

/// Whether a stage begins, itself or through others, with what another stage begins with.
fn begins_with(plan: &Plan, stage: usize, base: usize) -> bool {
    stage == base
        || plan.stages.get(stage).is_some_and(
            |known| matches!(known.begins, Begins::Stage(next) if begins_with(plan, next, base)),
        )
}

fn is_link(step: &PlannedStep) -> bool {
    matches!(&step.op, Op::Copy(op) if op.is_link)
}

fn origins(step: &PlannedStep) -> Vec<&Origin> {
    match &step.op {
        Op::Copy(op) => vec![&op.from],
        Op::Run(op) => op.mounts.iter().filter_map(|mount| mount.kind.origin()).collect(),
        Op::Setting | Op::Workdir(_) => Vec::new(),
    }
}

/// Whether a step takes a file of the context; any, for none.
fn takes(step: &PlannedStep, path: Option<&String>) -> bool {
    let is_meant = |pattern: &str| {
        let pattern = clean(pattern);
        let pattern = pattern.trim_start_matches('/');
        let Some(path) = path else { return true };
        let path = clean(path);
        let path = path.trim_start_matches('/');
        pattern.is_empty() || Ignore::parse(pattern).is_ok_and(|pattern| pattern.keeps_out(path))
    };
    match &step.op {
        Op::Copy(op) if op.from == Origin::Files(None) => op.sources.iter().any(|source| {
            matches!(source, CopySource::Path(path) if is_meant(&path.replacen("/./", "/", 1)))
        }),
        Op::Run(op) => op.mounts.iter().any(|mount| match &mount.kind {
            MountOpKind::Bind { from: Origin::Files(None), source, .. } => is_meant(source),
            _ => false,
        }),
        _ => false,
    }
}
