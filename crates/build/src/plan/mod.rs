//! What a build is going to do, known before the first step.

use strata_dockerfile::Keyword;
use strata_spec::Platform;

/// The number of a step in its plan, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub usize);

/// The stages and steps that a target needs, in the order of the file.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The stages that are needed. The last one is the target.
    pub stages: Vec<PlannedStage>,
    /// All steps of all stages.
    pub steps: Vec<PlannedStep>,
    /// What stands in `# syntax=`: it is noted, never run.
    pub syntax: Option<String>,
}

/// A stage of a plan.
#[derive(Debug, Clone)]
pub struct PlannedStage {
    /// Its number in the file, from 0.
    pub index: usize,
    /// Its name; none if it has none.
    pub name: Option<String>,
    /// The line of its `FROM`, from 1.
    pub line: usize,
    /// What it begins with, for people: an image, a stage, `scratch`.
    pub base: String,
    /// What it runs on.
    pub platform: Platform,
    /// Its steps.
    pub steps: Vec<StepId>,
}

/// One instruction that is going to be done.
#[derive(Debug, Clone)]
pub struct PlannedStep {
    /// Its number.
    pub id: StepId,
    /// Its stage, as a place in [`Plan::stages`].
    pub stage: usize,
    /// The line where it begins, from 1; of a trigger, that of `FROM`.
    pub line: usize,
    /// Which instruction it is.
    pub keyword: Keyword,
    /// The instruction for people, on one line, as it stands in the file.
    pub text: String,
    /// It comes from the base's `ONBUILD`.
    pub is_trigger: bool,
    /// It changes files, or may: it is more than a note in the config.
    pub makes_layer: bool,
    /// The steps that must be done before it.
    pub needs: Vec<StepId>,
}
