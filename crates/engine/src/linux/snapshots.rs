//! The layers of a step as folders that can be laid on each other.

use std::path::PathBuf;

use strata_build::{Stop, StoredLayer};
use strata_run::{RunError, Snapshot};
use strata_spec::{ChainId, DiffId};
use strata_store::Store;

use super::runs::Open;
use crate::EngineError;

/// A stack of snapshots, which nobody removes as long as this lives.
#[derive(Debug)]
pub(super) struct Stack {
    /// The lowest first.
    held: Vec<Snapshot>,
    diff_ids: Vec<DiffId>,
}

impl Stack {
    /// Unpacks what is not there yet.
    pub fn of(
        store: &Store,
        open: &Open,
        layers: &[StoredLayer],
        stop: &Stop,
    ) -> Result<Self, EngineError> {
        let diff_ids: Vec<DiffId> = layers.iter().map(|layer| layer.diff_id.clone()).collect();
        let mut held: Vec<Snapshot> = Vec::with_capacity(layers.len());
        for (layer, chain) in layers.iter().zip(ChainId::of(&diff_ids)) {
            if stop.is_stopped() {
                return Err(RunError::Stopped.into());
            }
            let blob = store.open_blob(&layer.digest)?;
            let below: Vec<PathBuf> = held.iter().rev().map(Snapshot::files).collect();
            let is_stopped = || stop.is_stopped();
            let unpack = |into: &std::path::Path| {
                open.session.unpack(&blob, into, &below, &is_stopped).map(|done| done.diff_id)
            };
            held.push(open.snapshots.get_or_make(&chain, &layer.diff_id, unpack, &is_stopped)?);
        }
        Ok(Self { held, diff_ids })
    }

    /// The folders, topmost first, as an overlay takes them.
    pub fn lowers(&self) -> Vec<PathBuf> {
        self.held.iter().rev().map(Snapshot::files).collect()
    }

    /// The chain ID of this stack with one more layer.
    pub fn chain_with(&self, top: &DiffId) -> Option<ChainId> {
        let mut diff_ids = self.diff_ids.clone();
        diff_ids.push(top.clone());
        ChainId::of(&diff_ids).pop()
    }
}
