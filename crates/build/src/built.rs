//! What a build made.

use std::time::Duration;

use strata_spec::{Descriptor, ImageId, Platform, Reference};

use crate::{StepId, StoredLayer};

/// An image that was built and is in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    /// Its manifest.
    pub manifest: Descriptor,
    /// The digest of its config.
    pub image: ImageId,
    /// What it runs on.
    pub platform: Platform,
    /// The names that point to it now.
    pub references: Vec<Reference>,
    /// Its layers, the lowest first.
    pub layers: Vec<StoredLayer>,
    /// What became of each step, in the order of the plan.
    pub steps: Vec<BuiltStep>,
}

impl Built {
    /// How many steps an earlier build had done.
    #[must_use]
    pub fn cached(&self) -> usize {
        self.steps.iter().filter(|step| step.is_cached).count()
    }
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltStep {
    /// Which one.
    pub step: StepId,
    /// An earlier build had done it.
    pub is_cached: bool,
    /// How long it took, now or then.
    pub took: Duration,
    /// Its layer; none if it changed nothing.
    pub layer: Option<StoredLayer>,
}
