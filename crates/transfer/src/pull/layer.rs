//! Fetching one layer: what is kept, what is missing, and the comparison at the end.

use std::sync::Arc;

use strata_layer::{Limits, Scanned};
use strata_remote::Client;
use strata_spec::{Digest, Reference};
use strata_store::{Ingest, Ready, Store};
use strata_tree::TreeBuilder;
use tokio_util::sync::CancellationToken;

use super::intake::{Intake, Taken};
use super::on_thread;
use crate::{PlannedLayer, Reporter, StepState, TransferError};

/// One layer to bring in.
pub(super) struct LayerJob {
    pub store: Store,
    pub client: Client,
    pub reference: Reference,
    pub planned: PlannedLayer,
    pub reporter: Arc<dyn Reporter>,
    pub stop: CancellationToken,
}

/// A layer whose every byte is checked, waiting for the commit.
pub(super) struct Arrived {
    /// Its digest.
    pub digest: Digest,
    /// Its file; none where the store had the blob and only its tree was missing.
    pub ready: Option<Ready>,
    /// Its tree index.
    pub tree: Vec<u8>,
    /// The bytes of its plain tar.
    pub tar_bytes: u64,
}

impl LayerJob {
    /// Brings the layer in, or says why not.
    pub async fn run(self) -> Result<Arrived, TransferError> {
        self.report(StepState::Waiting, 0);
        let Some(ingest) = self.open_ingest().await? else {
            return self.index_stored().await;
        };
        let resumed = ingest.offset() > 0;
        match self.fetch(ingest).await {
            // Bytes kept from an earlier try may be damaged (a power cut): they get one chance, not two.
            Err(
                TransferError::DigestMismatch { .. }
                | TransferError::Layer { .. }
                | TransferError::DiffIdMismatch { .. },
            ) if resumed => match self.open_ingest().await? {
                Some(ingest) => self.fetch(ingest).await,
                None => self.index_stored().await,
            },
            ended => ended,
        }
    }

    /// Opens the layer's ingest file, waiting while another process writes it. `None` if the blob is in the store.
    async fn open_ingest(&self) -> Result<Option<Ingest>, TransferError> {
        let (store, stop) = (self.store.clone(), self.stop.clone());
        let descriptor = self.planned.descriptor.clone();
        on_thread("an ingest", move || {
            if store.blob_size(&descriptor.digest)? == Some(descriptor.size) {
                return Ok(None);
            }
            let ingest =
                store.ingest(&descriptor.digest, descriptor.size, &|| stop.is_cancelled())?;
            // Another process may have committed it while we waited for its lock.
            if store.blob_size(&descriptor.digest)? == Some(descriptor.size) {
                return Ok(None);
            }
            Ok(Some(ingest))
        })
        .await
    }

    /// Sends the kept and the missing bytes through the pipeline.
    async fn fetch(&self, ingest: Ingest) -> Result<Arrived, TransferError> {
        let descriptor = &self.planned.descriptor;
        let mut ingest = ingest;
        let mut at = ingest.offset();
        let mut stream = None;
        if at < descriptor.size {
            let opened = self.client.fetch_blob(&self.reference, descriptor, at).await?;
            if opened.start() != at {
                at = opened.start();
                ingest.truncate(at)?;
            }
            stream = Some(opened);
        }
        self.report(StepState::Downloading, at);
        let intake = Intake::start(ingest, &descriptor.digest, Limits::default());
        if let Some(stream) = &mut stream {
            while let Some(chunk) = stream.next().await? {
                at += chunk.len() as u64;
                if intake.chunks.send(chunk).await.is_err() {
                    break; // the writer failed: its error is found below
                }
                self.report(StepState::Downloading, at);
            }
        }
        self.report(StepState::Verifying, at);
        let taken = intake.finish().await?;
        self.check(taken).await
    }

    /// Compares size, digest and diff ID. Bytes that are wrong are not kept.
    async fn check(&self, taken: Taken) -> Result<Arrived, TransferError> {
        let Taken { mut ingest, digest, scanned } = taken;
        let expected = self.planned.descriptor.digest.clone();
        if digest != expected {
            ingest.truncate(0)?;
            return Err(TransferError::DigestMismatch { expected, found: digest });
        }
        let checked = scanned
            .map_err(|source| TransferError::Layer { layer: expected.clone(), source })
            .and_then(|found| self.compare_diff_id(found));
        let (scanned, tree) = match checked {
            Ok(found) => found,
            Err(wrong) => {
                ingest.truncate(0)?;
                return Err(wrong);
            }
        };
        let planned = self.planned.clone();
        let arrived = on_thread("a layer", move || {
            let tree = finish_tree(tree, &planned)?;
            let ready = Some(ingest.finish()?);
            Ok(Arrived { digest: expected, ready, tree, tar_bytes: scanned.tar_bytes })
        })
        .await?;
        self.report(StepState::Done, self.planned.descriptor.size);
        Ok(arrived)
    }

    /// The store has the blob, but no tree for this diff ID: reads it once from disk.
    async fn index_stored(&self) -> Result<Arrived, TransferError> {
        self.report(StepState::Verifying, self.planned.descriptor.size);
        let (store, planned) = (self.store.clone(), self.planned.clone());
        let (scanned, tree) = on_thread("a stored layer", move || {
            let digest = &planned.descriptor.digest;
            let file = store.open_blob(digest)?;
            let mut tree = TreeBuilder::new();
            let scanned = strata_layer::scan(file, &Limits::default(), &mut tree)
                .map_err(|source| TransferError::Layer { layer: digest.clone(), source })?;
            Ok((scanned, tree))
        })
        .await?;
        let (scanned, tree) = self.compare_diff_id((scanned, tree))?;
        let tree = finish_tree(tree, &self.planned)?;
        self.report(StepState::AlreadyHere, self.planned.descriptor.size);
        Ok(Arrived {
            digest: self.planned.descriptor.digest.clone(),
            ready: None,
            tree,
            tar_bytes: scanned.tar_bytes,
        })
    }

    fn compare_diff_id(
        &self,
        (scanned, tree): (Scanned, TreeBuilder),
    ) -> Result<(Scanned, TreeBuilder), TransferError> {
        if scanned.diff_id == self.planned.diff_id {
            return Ok((scanned, tree));
        }
        Err(TransferError::DiffIdMismatch {
            layer: self.planned.descriptor.digest.clone(),
            expected: self.planned.diff_id.0.clone(),
            found: scanned.diff_id.0,
        })
    }

    fn report(&self, state: StepState, done_bytes: u64) {
        self.reporter.step(&self.planned.descriptor.digest, state, done_bytes);
    }
}

fn finish_tree(tree: TreeBuilder, planned: &PlannedLayer) -> Result<Vec<u8>, TransferError> {
    tree.finish(&planned.diff_id)
        .map_err(|source| TransferError::Tree { layer: planned.descriptor.digest.clone(), source })
}
