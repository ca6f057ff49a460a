//! What a build is going to do, known before the first step.

mod copy;
mod dispatch;
mod git_source;
mod go;
mod image_state;
mod make;
mod op;
mod path;
mod run;
mod scope;
mod settings;
mod signal;
mod stages;

use strata_dockerfile::Keyword;
use strata_spec::{Platform, Reference};

use crate::{Base, HostError};

pub(crate) use image_state::{HistoryLayer, ImageState, PlannedHistory};
pub use make::plan;
pub(crate) use op::{
    Chmod, CopyOp, CopySource, FilesId, MountOp, MountOpKind, Op, Origin, RunOp, WorkdirOp,
};
pub(crate) use path::clean;

/// Gives the images that stages begin with.
pub trait Images: Sync {
    /// An image that is in the store afterwards.
    ///
    /// # Errors
    /// What kept it from being had.
    fn image(&self, reference: &Reference, platform: &Platform) -> Result<Base, HostError>;
}

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
    /// The images that stages begin with or take files from.
    pub(crate) images: Vec<Base>,
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
    pub(crate) begins: Begins,
    /// The image after its last step.
    pub(crate) image: ImageState,
}

/// What a planned stage begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Begins {
    Scratch,
    /// As a place in the plan.
    Stage(usize),
    /// As a place in the plan's images.
    Image(usize),
    /// All files of a named context.
    Files(String),
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
    pub(crate) op: Op,
}
