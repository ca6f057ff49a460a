//! How a transfer tells what it does: absolute numbers and states, never words.

use strata_spec::Digest;

use crate::Plan;

/// What happens to one layer at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Not begun, or waiting for another process that fetches the same blob.
    Waiting,
    /// Bytes arrive (or bytes kept from an earlier try are read again).
    Downloading,
    /// All bytes are here; digest and diff ID are being compared.
    Verifying,
    /// Checked, and waiting for the commit of the whole image.
    Done,
    /// The store had it: nothing was fetched.
    AlreadyHere,
}

/// Receives what a transfer does. Calls come from several threads, for every chunk: they must be cheap.
pub trait Reporter: Send + Sync {
    /// The image is known: its layers, sizes and settings. Called once, before any layer.
    fn plan(&self, plan: &Plan);

    /// `digest` (a layer) is in `state`, with `done_bytes` of its compressed bytes taken in.
    fn step(&self, digest: &Digest, state: StepState, done_bytes: u64);

    /// The first file of `digest` (a layer) is known, mostly while the layer still arrives. Once for each time that the
    /// layer is fetched; not for layers that the store has.
    fn first_entry(&self, _digest: &Digest) {}

    /// Every layer is checked; the image is being made visible.
    fn committing(&self);
}

/// A reporter that nobody listens to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Reporter for Silent {
    fn plan(&self, _plan: &Plan) {}
    fn step(&self, _digest: &Digest, _state: StepState, _done_bytes: u64) {}
    fn committing(&self) {}
}
