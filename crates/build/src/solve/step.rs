//! One step: looked up, or done and kept.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use strata_layer::FingerprintKey;
use strata_spec::{DiffId, Digest};
use strata_store::{BuildLayer, BuildResult};
use strata_tree::Tree;

use super::key::Parts;
use super::reason::{Now, remember, why};
use super::session::Session;
use crate::plan::{Op, PlannedStep};
use crate::{BuildError, StepLayer, StepState, StoredLayer, Why};

/// What a step made, and what its stage is with it.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    /// All layers of the stage, the lowest first.
    pub layers: Vec<StoredLayer>,
    /// That of the step; none if it changed nothing.
    pub layer: Option<StoredLayer>,
    /// When, RFC 3339.
    pub created: String,
    pub took: Duration,
    pub is_cached: bool,
}

/// A step that is looked up: by what it is made of as far as that is told without looking at files, then with them.
pub(super) struct Lookup<'s> {
    /// The parts without a look at the files of other stages, if there are such.
    pub cheap: Option<Parts>,
    /// All parts.
    pub whole: &'s dyn Fn() -> Result<Parts, BuildError>,
    /// The files by name.
    pub files: &'s dyn Fn() -> Vec<(String, String)>,
}

/// What a step makes of nothing but its parts.
pub(super) type Make<'s> = &'s dyn Fn() -> Result<Option<StoredLayer>, BuildError>;

impl Session<'_> {
    /// Does a step on the layers that it finds.
    pub fn step(&self, step: &PlannedStep, base: &[StoredLayer]) -> Result<Outcome, BuildError> {
        self.stop.check()?;
        match &step.op {
            Op::Setting => Ok(Outcome {
                layers: base.to_vec(),
                layer: None,
                created: String::new(),
                took: Duration::ZERO,
                is_cached: false,
            }),
            Op::Workdir(op) => self.workdir(step, op, base),
            Op::Copy(op) => self.copy(step, op, base),
            Op::Run(op) => self.run(step, op, base),
        }
    }

    /// Takes what an earlier build made, or makes it.
    pub fn looked_up(
        &self,
        step: &PlannedStep,
        base: &[StoredLayer],
        lookup: &Lookup<'_>,
        make: Make<'_>,
    ) -> Result<Outcome, BuildError> {
        let is_fresh = self.is_done_anew(step);
        let mut keys: Vec<Digest> = Vec::new();
        if let Some(cheap) = &lookup.cheap {
            let key = cheap.key();
            if !is_fresh && let Some(known) = self.store.build_result(&key)? {
                let now = Now { step, key: &key, parts: cheap, files: &Vec::new };
                remember(self, &now)?;
                return Ok(self.cached(step, base, &known));
            }
            keys.push(key);
        }
        let parts = (lookup.whole)()?;
        let key = parts.key();
        // Two steps of one key: the second finds what the first has made.
        let flight = self.flight(&key);
        let _held = flight.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_fresh && let Some(known) = self.store.build_result(&key)? {
            if !keys.is_empty() {
                self.store.keep_build_result(&keys, &known)?;
            }
            self.remember(step, &key, (&parts, lookup), &keys)?;
            return Ok(self.cached(step, base, &known));
        }
        let now = Now { step, key: &key, parts: &parts, files: lookup.files };
        let reason = if is_fresh { Why::NoCache } else { why(self, &now)? };
        self.reporter.why(step.id, &reason);
        self.reporter.step(step.id, &StepState::Running);
        let began = Instant::now();
        let layer = make()?;
        let took = began.elapsed();
        let result = self.result(layer.as_ref(), took)?;
        keys.push(key.clone());
        self.store.keep_build_result(&keys, &result)?;
        self.remember(step, &key, (&parts, lookup), &keys)?;
        self.report_layer(step, result.layer.as_ref());
        Ok(outcome(base, layer, result.created, took, false))
    }

    /// Keeps what a step was made of under the key that is asked for first.
    fn remember(
        &self,
        step: &PlannedStep,
        key: &Digest,
        (parts, lookup): (&Parts, &Lookup<'_>),
        keys: &[Digest],
    ) -> Result<(), BuildError> {
        let (key, parts) = match (&lookup.cheap, keys.first()) {
            (Some(cheap), Some(first)) => (first, cheap),
            _ => (key, parts),
        };
        Ok(remember(self, &Now { step, key, parts, files: lookup.files })?)
    }

    /// Whether somebody wants a step to be done anew whatever is known.
    fn is_done_anew(&self, step: &PlannedStep) -> bool {
        let options = &self.request.options;
        let stage = &self.plan.stages[step.stage];
        let is_named = |wanted: &String| match &stage.name {
            Some(name) => wanted.eq_ignore_ascii_case(name),
            None => *wanted == stage.index.to_string(),
        };
        options.no_cache || options.no_cache_stages.iter().any(is_named)
    }

    fn cached(&self, step: &PlannedStep, base: &[StoredLayer], known: &BuildResult) -> Outcome {
        let took = Duration::from_millis(known.took_ms);
        self.reporter.step(step.id, &StepState::Cached { saved: took });
        self.report_layer(step, known.layer.as_ref());
        let layer = known.layer.clone().map(StoredLayer::from);
        outcome(base, layer, known.created.clone(), took, true)
    }

    fn report_layer(&self, step: &PlannedStep, layer: Option<&BuildLayer>) {
        let told = layer.map(|layer| StepLayer {
            digest: layer.digest.clone(),
            size_bytes: layer.size_bytes,
            tar_bytes: layer.tar_bytes,
            changed_files: layer.changed_files,
        });
        self.reporter.layer(step.id, told.as_ref());
    }

    fn result(
        &self,
        layer: Option<&StoredLayer>,
        took: Duration,
    ) -> Result<BuildResult, BuildError> {
        let layer = layer.map(|layer| -> Result<BuildLayer, BuildError> {
            Ok(BuildLayer {
                digest: layer.digest.clone(),
                diff_id: layer.diff_id.clone(),
                media_type: layer.media_type.clone(),
                size_bytes: layer.size_bytes,
                tar_bytes: layer.tar_bytes,
                changed_files: self.changed_files(&layer.diff_id)?,
            })
        });
        let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        Ok(BuildResult { layer: layer.transpose()?, created: self.now_text(), took_ms })
    }

    /// Files, links and deletions of a layer.
    fn changed_files(&self, diff_id: &DiffId) -> Result<u64, BuildError> {
        let key = FingerprintKey(self.store.fingerprint_key()?);
        let Some(mapped) = self.store.tree(diff_id)? else { return Ok(0) };
        let tree = Tree::open(mapped)?;
        if !tree.is_of(diff_id, &key) {
            return Ok(0);
        }
        Ok(tree.node(Tree::<Vec<u8>>::ROOT).subtree_files())
    }
}

fn outcome(
    base: &[StoredLayer],
    layer: Option<StoredLayer>,
    created: String,
    took: Duration,
    is_cached: bool,
) -> Outcome {
    let mut layers = base.to_vec();
    layers.extend(layer.clone());
    Outcome { layers, layer, created, took, is_cached }
}
