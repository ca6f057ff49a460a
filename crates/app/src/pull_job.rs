//! A pull as a job: its plan as strata, its layers as steps.

use std::sync::Arc;

use strata_spec::{Digest, Platform};
use strata_transfer::{Plan, PullRequest, Reporter, TransferError};

use crate::api::{
    JobKind, JobSnapshot, JobStep, Outcome, PullPlan, PullStart, StepState, Topic, UserError,
};
use crate::app::App;
use crate::error::AppError;
use crate::images::parse_reference;
use crate::jobs::Job;
use crate::strata::{LayerFacts, strata};

impl App {
    /// Starts a pull and answers with the job's number. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// If what was typed is no reference or no platform.
    pub fn pull_start(&self, wanted: PullStart) -> Result<u64, UserError> {
        let PullStart { reference, platform } = wanted;
        let reference = parse_reference(&reference)?;
        let platform =
            platform.as_deref().map(Platform::parse).transpose().map_err(AppError::from)?;
        let exact = platform.is_some();
        let platform = platform.unwrap_or_else(Platform::host);
        let job = self.inner.jobs.create(JobKind::Pull, &reference.familiar());
        let id = job.id;
        self.tell(Topic::Jobs);
        let app = self.clone();
        tokio::spawn(async move {
            app.run_pull(PullRequest { reference, platform, exact }, &job).await;
        });
        Ok(id)
    }

    async fn run_pull(&self, request: PullRequest, job: &Arc<Job>) {
        let reporter = Arc::new(JobReporter { job: Arc::clone(job) });
        let (store, client) = (&self.inner.store, &self.client());
        let pulled =
            strata_transfer::pull(store, client, &request, reporter, job.stop.clone()).await;
        let done = pulled.is_ok();
        job.finish(match pulled {
            Ok(pulled) => Outcome::Done {
                reference: pulled.reference.to_string(),
                manifest: pulled.manifest.to_string(),
                digest: pulled.target.digest.to_string(),
            },
            Err(TransferError::Stopped) => Outcome::Stopped,
            Err(error) => Outcome::Failed { error: AppError::from(error).into() },
        });
        if done {
            self.tell(Topic::Images);
        }
        self.tell(Topic::Jobs);
    }

    /// All jobs of this run, the newest first.
    #[must_use]
    pub fn jobs_list(&self) -> Vec<JobSnapshot> {
        self.inner.jobs.snapshots()
    }

    /// A job by its number.
    #[must_use]
    pub fn job(&self, id: u64) -> Option<Arc<Job>> {
        self.inner.jobs.find(id)
    }

    /// Asks a job to stop. One that is unknown or has ended is left alone.
    pub fn job_stop(&self, id: u64) {
        if let Some(job) = self.job(id) {
            job.stop.cancel();
        }
    }

    /// How many jobs are at work.
    #[must_use]
    pub fn jobs_running(&self) -> usize {
        self.inner.jobs.running()
    }
}

/// Puts what a transfer tells into a job.
struct JobReporter {
    job: Arc<Job>,
}

impl Reporter for JobReporter {
    fn plan(&self, plan: &Plan) {
        let steps = plan
            .distinct()
            .map(|layer| JobStep {
                id: layer.descriptor.digest.to_string(),
                state: if layer.here { StepState::AlreadyHere } else { StepState::Waiting },
                done: if layer.here { layer.descriptor.size } else { 0 },
                total: Some(layer.descriptor.size),
            })
            .collect();
        self.job.set_plan(pull_plan(plan), steps);
    }

    fn step(&self, digest: &Digest, state: strata_transfer::StepState, done_bytes: u64) {
        let state = match state {
            strata_transfer::StepState::Waiting => StepState::Waiting,
            strata_transfer::StepState::Downloading => StepState::Downloading,
            strata_transfer::StepState::Verifying => StepState::Verifying,
            strata_transfer::StepState::Done => StepState::Done,
            strata_transfer::StepState::AlreadyHere => StepState::AlreadyHere,
        };
        self.job.set_step(&digest.to_string(), state, done_bytes);
    }

    fn committing(&self) {}
}

/// An image on its way as the views draw it.
pub(crate) fn pull_plan(plan: &Plan) -> PullPlan {
    let facts: Vec<LayerFacts> = plan
        .layers
        .iter()
        .map(|layer| LayerFacts {
            digest: layer.descriptor.digest.to_string(),
            diff_id: layer.diff_id.0.to_string(),
            media_type: layer.descriptor.media_type.as_str().to_owned(),
            download_bytes: layer.descriptor.size,
        })
        .collect();
    PullPlan {
        reference: plan.reference.to_string(),
        familiar: plan.reference.familiar(),
        target: plan.target.digest.to_string(),
        manifest: plan.manifest.digest().to_string(),
        platform: plan.platform.to_string(),
        strata: strata(&plan.config, &facts),
        total_bytes: plan.total_bytes(),
        already_here_bytes: plan.here_bytes(),
    }
}
