//! Looking into the files of an image as a job: a layer is a step.

use crate::api::{FindingsRead, JobKind, JobState, JobStep, Outcome, StepState, UserError};
use crate::app::App;
use crate::clock;
use crate::error::AppError;
use crate::images::manifest_digest;
use crate::jobs::NewJob;
use crate::stored_image::StoredImage;

impl App {
    /// Starts to look into the files of a stored image's layers and answers with the job's number. What was looked into
    /// before is not again. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// If there is no such image, or it is damaged.
    pub fn inspect_start(&self, wanted: &FindingsRead) -> Result<u64, UserError> {
        let manifest = manifest_digest(&wanted.manifest)?;
        let image = StoredImage::read(&self.inner.store, &manifest, None)?;
        let reference = image.record.reference.as_ref();
        let steps = image.layers().iter().map(|layer| JobStep {
            id: layer.digest.to_string(),
            state: StepState::Waiting,
            done: 0,
            total: None,
        });
        let job = self.inner.jobs.add(NewJob {
            kind: JobKind::Inspect,
            title: reference.map_or_else(|| manifest.short(), strata_spec::Reference::familiar),
            registry: String::new(),
            reference: reference.map(ToString::to_string).unwrap_or_default(),
            platform: None,
            batch: None,
            started_at: clock::now(),
            state: JobState::Running,
            steps: steps.collect(),
            pull: None,
        });
        let (app, id) = (self.clone(), job.id);
        tokio::spawn(async move {
            let (inner, stop, told) = (app.inner.clone(), job.stop.clone(), job.clone());
            let work = tokio::task::spawn_blocking(move || {
                for (layer, descriptor) in image.layers().iter().enumerate() {
                    let step = descriptor.digest.to_string();
                    let total = image.record.layers.get(layer).map_or(0, |layer| layer.tar_bytes);
                    let found = inner.layer_findings(&image, layer, &mut |done| {
                        told.set_bytes(&step, StepState::Verifying, done.min(total), total);
                        !stop.is_cancelled()
                    })?;
                    if found.is_none() || stop.is_cancelled() {
                        return Ok(None);
                    }
                    told.set_bytes(&step, StepState::Done, total, total);
                }
                Ok(Some(image.record.manifest.to_string()))
            });
            let lost = || Err(AppError::Worker { what: "packages and secrets" });
            let outcome = match work.await.unwrap_or_else(|_| lost()) {
                Ok(Some(manifest)) => Some(Outcome::Inspected { manifest }),
                Ok(None) => None,
                Err(error) => Some(Outcome::Failed { error: error.into() }),
            };
            app.inner.jobs.work_ended(&job, outcome);
            app.jobs_changed();
        });
        self.jobs_changed();
        Ok(id)
    }
}
