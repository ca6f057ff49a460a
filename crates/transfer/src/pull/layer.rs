//! Fetching one layer: what is kept, what is missing, and the comparison at the end.

use std::cell::Cell;
use std::sync::Arc;

use strata_layer::{Checkpoints, LayerError, Limits, Scanned};
use strata_remote::{BlobStream, Client};
use strata_spec::{Digest, Reference};
use strata_store::{Ingest, Ready, Store, StoreError, TreeFile};
use strata_tree::TreeBuilder;
use tokio_util::sync::CancellationToken;

use super::intake::{Files, Intake, Taken, is_postponed, scan_kept, take_small};
use super::on_thread;
use super::stored::index_stored;
use crate::{PlannedLayer, Reporter, StepState, TransferError};

/// Layers of at most this many bytes come whole before any of it is looked at: it is one network packet's worth of
/// waiting, and a hundred such layers in an image are common.
const SMALL_LAYER_BYTES: u64 = 64 * 1024;

/// One layer to bring in.
pub(super) struct LayerJob {
    pub store: Store,
    pub client: Client,
    pub reference: Reference,
    pub planned: PlannedLayer,
    pub reporter: Arc<dyn Reporter>,
    pub stop: CancellationToken,
}

/// How a job for a layer ended well.
pub(super) enum Arrival {
    /// The layer is here.
    Here(Arrived),
    /// Somebody else brings this blob in; the job can be run again, to wait for them.
    Busy(Box<LayerJob>),
}

/// A layer whose every byte is checked, waiting for the commit.
pub(super) struct Arrived {
    /// Its digest.
    pub digest: Digest,
    /// Its file; none where the store has the blob already.
    pub ready: Option<Ready>,
    /// Its tree index; none where the store has that too.
    pub tree: Option<TreeFile>,
    /// The bytes of its plain tar.
    pub tar_bytes: u64,
    /// Where reading can begin in it; empty where that was not looked for.
    pub checkpoints: Checkpoints,
}

/// What became of opening an ingest file.
enum Opened {
    Here,
    Busy,
    Ingest(Ingest),
}

impl LayerJob {
    /// Brings the layer in, or says why not. Where another job or process brings it in, that is waited for if `wait`.
    pub async fn run(self, wait: bool) -> Result<Arrival, TransferError> {
        self.report(StepState::Waiting, 0);
        let arrived = match self.open_ingest(wait, false).await? {
            Opened::Busy => return Ok(Arrival::Busy(Box::new(self))),
            Opened::Ingest(ingest) => self.bring(ingest).await?,
            Opened::Here => match self.index_stored().await? {
                Some(arrived) => arrived,
                None => match self.open_ingest(wait, true).await? {
                    Opened::Ingest(ingest) => self.bring(ingest).await?,
                    Opened::Busy | Opened::Here => return Ok(Arrival::Busy(Box::new(self))),
                },
            },
        };
        Ok(Arrival::Here(arrived))
    }

    /// Opens the file that the layer is brought into; `anew` even if the store has the blob.
    async fn open_ingest(&self, wait: bool, anew: bool) -> Result<Opened, TransferError> {
        let (store, stop) = (self.store.clone(), self.stop.clone());
        let descriptor = self.planned.descriptor.clone();
        on_thread("an ingest", move || {
            let is_here = || -> Result<bool, StoreError> {
                Ok(!anew && store.blob_size(&descriptor.digest)? == Some(descriptor.size))
            };
            if is_here()? {
                return Ok(Opened::Here);
            }
            // One that does not wait lets the lock be tried once, whether the store asks before or after.
            let asked = Cell::new(false);
            let stopped = || stop.is_cancelled() || asked.replace(true) && !wait;
            let ingest = match store.ingest(&descriptor.digest, descriptor.size, &stopped) {
                Ok(ingest) => ingest,
                Err(StoreError::Stopped) if stop.is_cancelled() => {
                    return Err(TransferError::Stopped);
                }
                Err(StoreError::Stopped) => return Ok(Opened::Busy),
                Err(error) => return Err(error.into()),
            };
            // Whoever had the lock before may have committed the blob.
            Ok(if is_here()? { Opened::Here } else { Opened::Ingest(ingest) })
        })
        .await
    }

    async fn bring(&self, ingest: Ingest) -> Result<Arrived, TransferError> {
        let resumed = ingest.offset() > 0;
        let mut taken = self.fetch(ingest).await?;
        if resumed && taken.digest != self.planned.descriptor.digest {
            // The bytes kept from an earlier try may be damaged (a power cut): they get one chance, not two.
            tracing::warn!(layer = %self.planned.descriptor.digest, "kept bytes are damaged: all are fetched again");
            let ingest = truncated(taken.ingest, 0).await?;
            taken = self.fetch(ingest).await?;
        }
        self.report(StepState::Verifying, self.planned.descriptor.size);
        let (store, planned) = (self.store.clone(), self.planned.clone());
        let arrived = on_thread("a layer", move || settle(&store, taken, &planned)).await?;
        self.report(StepState::Done, self.planned.descriptor.size);
        Ok(arrived)
    }

    /// Sends the kept and the missing bytes through the pipeline. What came is kept if this fails.
    async fn fetch(&self, mut ingest: Ingest) -> Result<Taken, TransferError> {
        let descriptor = &self.planned.descriptor;
        let mut stream = None;
        if ingest.offset() < descriptor.size {
            let at = ingest.offset();
            let opened = self.client.fetch_blob(&self.reference, descriptor, at).await?;
            if opened.start() != at {
                ingest = truncated(ingest, opened.start()).await?;
            }
            stream = Some(opened);
        }
        let at = ingest.offset();
        self.report(StepState::Downloading, at);
        if descriptor.size <= SMALL_LAYER_BYTES {
            return self.fetch_small(ingest, stream).await;
        }
        let intake = Intake::start(ingest, &descriptor.digest, Limits::default(), self.files()?);
        if let Some(stream) = stream
            && let Err(error) = self.pump(stream, &intake, at).await
        {
            intake.abandon().await;
            return Err(error);
        }
        let taken = intake.finish().await?;
        if is_postponed(&taken) {
            let (files, stop) = (self.files()?, self.stop.clone());
            return on_thread("a layer", move || scan_kept(taken, files, &stop)).await;
        }
        Ok(taken)
    }

    /// As [`Self::fetch`], without threads of its own.
    async fn fetch_small(
        &self,
        mut ingest: Ingest,
        stream: Option<BlobStream>,
    ) -> Result<Taken, TransferError> {
        let mut at = ingest.offset();
        let (mut chunks, mut failed) = (Vec::new(), None);
        if let Some(mut stream) = stream {
            loop {
                match stream.next().await {
                    Ok(Some(chunk)) => {
                        at += chunk.len() as u64;
                        chunks.push(chunk);
                        self.report(StepState::Downloading, at);
                    }
                    Ok(None) => break,
                    Err(error) => {
                        failed = Some(error);
                        break;
                    }
                }
            }
        }
        let (layer, files) = (self.planned.descriptor.digest.clone(), self.files()?);
        on_thread("a layer", move || {
            let Some(error) = failed else {
                return take_small(ingest, &layer, &chunks, files);
            };
            // What came is kept. A failure to do so is not what this layer failed of.
            chunks.iter().try_for_each(|chunk| ingest.append(chunk)).ok();
            Err(error.into())
        })
        .await
    }

    /// The list of the layer's files, still empty.
    fn files(&self) -> Result<Files, StoreError> {
        let (reporter, layer) =
            (Arc::clone(&self.reporter), self.planned.descriptor.digest.clone());
        Files::new(&self.store, Box::new(move || reporter.first_entry(&layer)))
    }

    async fn pump(
        &self,
        mut stream: BlobStream,
        intake: &Intake,
        mut at: u64,
    ) -> Result<(), TransferError> {
        while let Some(chunk) = stream.next().await? {
            at += chunk.len() as u64;
            if intake.chunks.send(chunk).await.is_err() {
                break; // the writer failed: its error is found at the end
            }
            self.report(StepState::Downloading, at);
        }
        Ok(())
    }

    /// The store has the blob, but maybe no tree for this diff ID: then it is read once from disk. None if its bytes
    /// are not those of its name any more.
    async fn index_stored(&self) -> Result<Option<Arrived>, TransferError> {
        self.report(StepState::Verifying, self.planned.descriptor.size);
        let (store, planned) = (self.store.clone(), self.planned.clone());
        let stop = self.stop.clone();
        let arrived =
            on_thread("a stored layer", move || index_stored(&store, &planned, stop)).await?;
        match &arrived {
            Some(_) => self.report(StepState::AlreadyHere, self.planned.descriptor.size),
            None => {
                let layer = &self.planned.descriptor.digest;
                tracing::warn!(%layer, "a stored layer is damaged: it is fetched again");
            }
        }
        Ok(arrived)
    }

    fn report(&self, state: StepState, done_bytes: u64) {
        self.reporter.step(&self.planned.descriptor.digest, state, done_bytes);
    }
}

/// Cuts an ingest file to the bytes before `at`.
async fn truncated(mut ingest: Ingest, at: u64) -> Result<Ingest, TransferError> {
    on_thread("an ingest", move || {
        ingest.truncate(at)?;
        Ok(ingest)
    })
    .await
}

/// Compares size, digest and diff ID. Bytes that are wrong are not kept.
fn settle(store: &Store, taken: Taken, planned: &PlannedLayer) -> Result<Arrived, TransferError> {
    let Taken { mut ingest, digest, scanned } = taken;
    let expected = planned.descriptor.digest.clone();
    let checked = if digest == expected {
        index(store, scanned, planned)
    } else {
        Err(TransferError::DigestMismatch { expected: expected.clone(), found: digest })
    };
    match checked {
        Ok(indexed) => {
            let ready = Some(ingest.finish()?);
            let Indexed { tree, tar_bytes, checkpoints } = indexed;
            Ok(Arrived { digest: expected, ready, tree: Some(tree), tar_bytes, checkpoints })
        }
        Err(wrong) => {
            ingest.truncate(0)?;
            Err(wrong)
        }
    }
}

/// What a scan has found out of a layer that has the right diff ID.
pub(super) struct Indexed {
    /// Its tree index.
    pub tree: TreeFile,
    /// The bytes of its plain tar.
    pub tar_bytes: u64,
    /// Where reading can begin in it.
    pub checkpoints: Checkpoints,
}

/// Writes the tree index of a layer, if it has the right diff ID.
pub(super) fn index(
    store: &Store,
    scanned: Result<(Scanned, TreeBuilder), LayerError>,
    planned: &PlannedLayer,
) -> Result<Indexed, TransferError> {
    let layer = || planned.descriptor.digest.clone();
    let (scanned, tree) =
        scanned.map_err(|source| TransferError::Layer { layer: layer(), source })?;
    if scanned.diff_id != planned.diff_id {
        return Err(TransferError::DiffIdMismatch {
            layer: layer(),
            expected: planned.diff_id.0.clone(),
            found: scanned.diff_id.0,
        });
    }
    let tree = store.take_tree(|out| {
        let written = tree.write(&planned.diff_id, out);
        written.map_err(|source| TransferError::Tree { layer: layer(), source })
    })?;
    let Scanned { tar_bytes, checkpoints, .. } = scanned;
    Ok(Indexed { tree, tar_bytes, checkpoints })
}
