//! The files of one layer, read from its registry and not kept.

use std::sync::Arc;

use strata_remote::Watcher;
use strata_spec::DiffId;
use strata_store::Mapped;
use strata_transfer::TransferError;

use crate::api::{
    FileRows, JobKind, JobState, JobStep, LayerPeekStart, Outcome, PeekRowsRead, PeekSource,
    PeekedLayer, StepState, UserError,
};
use crate::app::{App, on_thread};
use crate::clock;
use crate::error::AppError;
use crate::file_rows::{Window, page, sort};
use crate::files::{FileEntry, FileSelection, walk};
use crate::images::parse_reference;
use crate::jobs::{Job, NewJob};
use crate::layer_reading::read_whole;
use crate::layer_table::read_table;
use crate::listings::kept_tree;
use crate::peeked::TreeBytes;

impl App {
    /// Starts to read the files of a layer and answers with the job's number. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// If what was typed is no reference.
    pub fn layer_peek_start(&self, wanted: LayerPeekStart) -> Result<u64, UserError> {
        let reference = parse_reference(&wanted.reference)?;
        let job = self.inner.jobs.add(NewJob {
            kind: JobKind::Peek,
            title: reference.familiar(),
            registry: reference.registry().to_owned(),
            reference: wanted.reference.clone(),
            platform: wanted.platform.clone(),
            batch: None,
            started_at: clock::now(),
            state: JobState::Running,
            steps: vec![JobStep {
                id: wanted.layer.clone(),
                state: StepState::Waiting,
                done: 0,
                total: None,
            }],
            pull: None,
        });
        let (app, id) = (self.clone(), job.id);
        tokio::spawn(async move {
            let stop = job.stop.clone();
            let read = tokio::select! {
                biased;
                () = stop.cancelled() => Err(TransferError::Stopped.into()),
                read = app.read_layer(&job, &wanted) => read,
            };
            let outcome = match read {
                Ok(layer) => Some(Outcome::Peeked { layer }),
                Err(AppError::Transfer(TransferError::Stopped)) => None,
                Err(error) => Some(Outcome::Failed { error: error.into() }),
            };
            app.inner.jobs.work_ended(&job, outcome);
            app.jobs_changed();
        });
        self.jobs_changed();
        Ok(id)
    }

    async fn read_layer(
        &self,
        job: &Job,
        wanted: &LayerPeekStart,
    ) -> Result<PeekedLayer, AppError> {
        let client = self.client().watched(Arc::clone(&job.xray) as Arc<dyn Watcher>);
        let look = self.looked(&client, &wanted.reference, wanted.platform.as_deref()).await?;
        let (reference, layer) = (&look.plan.reference, &wanted.layer);
        let found =
            look.plan.layers.iter().find(|known| known.descriptor.digest.to_string() == *layer);
        let Some(planned) = found else {
            return Err(AppError::NoSuchLayer {
                image: reference.familiar(),
                layer: layer.clone(),
            });
        };
        let layer_bytes = planned.descriptor.size;
        let kept = if planned.here { self.kept_bytes(&planned.diff_id).await? } else { None };
        let (tree, source, downloaded_bytes) = match kept {
            Some(kept) => (TreeBytes::Stored(kept), PeekSource::Store, 0),
            None => {
                let told = |done| job.set_bytes(layer, StepState::Downloading, done, layer_bytes);
                told(0);
                match read_table(&client, reference, planned).await {
                    Some(by) => (TreeBytes::Read(by.tree), by.source, by.downloaded_bytes),
                    None => {
                        let read = read_whole(&client, reference, planned, told).await?;
                        (TreeBytes::Read(read), PeekSource::WholeLayer, layer_bytes)
                    }
                }
            }
        };
        job.set_bytes(layer, StepState::Done, layer_bytes, layer_bytes);
        let (inner, digest) = (Arc::clone(&self.inner), planned.descriptor.digest.clone());
        let keeping = tokio::task::spawn_blocking(move || inner.peeked.keep(&digest, tree));
        keeping.await.map_err(|_| AppError::Worker { what: "a list of files" })??;
        Ok(PeekedLayer { layer: layer.clone(), source, downloaded_bytes, layer_bytes })
    }

    /// The tree that the store has, if it is whole.
    async fn kept_bytes(&self, diff_id: &DiffId) -> Result<Option<Mapped>, AppError> {
        let (store, diff_id) = (self.inner.store.clone(), diff_id.clone());
        let reading = tokio::task::spawn_blocking(move || kept_tree(&store, &diff_id));
        reading.await.map_err(|_| AppError::Worker { what: "a list of files" })?
    }

    /// A page of the files of a layer that was read.
    ///
    /// # Errors
    /// If its list has given way to others meanwhile.
    pub async fn peek_rows(&self, wanted: PeekRowsRead) -> Result<FileRows, UserError> {
        let inner = Arc::clone(&self.inner);
        on_thread("a list of files", move || {
            let PeekRowsRead { layer, filter, base, except, from, count, .. } = &wanted;
            let list = inner.peeked.view(layer, sort(wanted.sort), filter)?;
            Ok(page(
                &list,
                &Window { base: *base, except, from: *from, count: *count, tells_changes: false },
            ))
        })
        .await
    }

    /// Hands each file of a layer that was read to `each`, as [`App::files`] does. Blocks.
    ///
    /// # Errors
    /// If its list has given way to others meanwhile.
    pub fn peek_files(
        &self,
        layer: &str,
        each: &mut dyn FnMut(FileEntry) -> bool,
    ) -> Result<(), UserError> {
        let selection = FileSelection { layer: Some(1), ..FileSelection::default() };
        let list = self.inner.peeked.list(layer)?;
        Ok(walk(&list, &selection, each)?)
    }
}
