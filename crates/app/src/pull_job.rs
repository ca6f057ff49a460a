//! A pull as a job: its plan as strata, its layers as steps.

use std::sync::Arc;

use strata_remote::{Client, Watcher};
use strata_spec::{Digest, Platform, Reference};
use strata_store::Store;
use strata_transfer::{Plan, PullRequest, Reporter, Silent, TransferError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::api::{
    JobKind, JobState, JobStep, Outcome, PullPlan, PullStart, StepState, Topic, UserError,
};
use crate::app::App;
use crate::clock;
use crate::error::AppError;
use crate::images::parse_reference;
use crate::jobs::{Job, NewJob};
use crate::strata::{LayerFacts, strata};

/// How many further tags are asked for at the same time.
const NAMED_AT_ONCE: usize = 4;

/// What a pull is to bring.
#[derive(Debug, Clone)]
pub(crate) struct PullWork {
    /// The image, with the first of its tags.
    pub reference: Reference,
    /// The platform that was asked for; none for this machine's.
    pub platform: Option<Platform>,
    /// Further tags that the image gets.
    pub tags: Vec<String>,
}

impl PullWork {
    /// The job for it, waiting for its turn.
    pub fn job(self) -> NewJob {
        NewJob {
            kind: JobKind::Pull,
            title: self.reference.familiar(),
            registry: self.reference.registry().to_owned(),
            reference: self.reference.to_string(),
            platform: self.platform.as_ref().map(ToString::to_string),
            batch: None,
            started_at: clock::now(),
            state: JobState::Queued,
            steps: Vec::new(),
            pull: Some(self),
        }
    }

    /// What the transfer is asked for: the image under a name.
    fn request(&self, reference: Reference) -> PullRequest {
        let exact = self.platform.is_some();
        let platform = self.platform.clone().unwrap_or_else(Platform::host);
        PullRequest { reference, platform, exact }
    }
}

impl App {
    /// Queues a pull and answers with the job's number. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// If what was typed is no reference or no platform.
    pub fn pull_start(&self, wanted: PullStart) -> Result<u64, UserError> {
        let PullStart { reference, platform } = wanted;
        let reference = parse_reference(&reference)?;
        let platform =
            platform.as_deref().map(Platform::parse).transpose().map_err(AppError::from)?;
        let work = PullWork { reference, platform, tags: Vec::new() };
        let id = self.inner.jobs.add(work.job()).id;
        self.jobs_changed();
        Ok(id)
    }

    /// Lets a pull work whose turn it is, until it has ended or `run` is cancelled.
    pub(crate) fn begin_pull(&self, job: Arc<Job>, run: CancellationToken) {
        let app = self.clone();
        tokio::spawn(async move {
            let outcome = app.run_pull(&job, run).await;
            let is_done = matches!(outcome, Some(Outcome::Done { .. }));
            app.inner.jobs.work_ended(&job, outcome);
            if is_done {
                app.tell(Topic::Images);
            }
            app.jobs_changed();
        });
    }

    /// None where it was asked to end early.
    async fn run_pull(&self, job: &Arc<Job>, run: CancellationToken) -> Option<Outcome> {
        let work = job.pull.as_ref()?;
        let request = work.request(work.reference.clone());
        let reporter = Arc::new(JobReporter { job: Arc::clone(job) });
        let client = self.client().watched(Arc::clone(&job.xray) as Arc<dyn Watcher>);
        let store = &self.inner.store;
        let pulled =
            match strata_transfer::pull(store, &client, &request, reporter, run.clone()).await {
                Ok(pulled) => pulled,
                Err(error) => return failed(error),
            };
        if let Err(error) = name_all(store, &client, work, &pulled.reference, &run).await {
            return failed(error);
        }
        Some(Outcome::Done {
            reference: pulled.reference.to_string(),
            manifest: pulled.manifest.to_string(),
            digest: pulled.target.digest.to_string(),
        })
    }
}

fn failed(error: TransferError) -> Option<Outcome> {
    match error {
        TransferError::Stopped => None,
        error => Some(Outcome::Failed { error: AppError::from(error).into() }),
    }
}

/// Gives an image that is here its further tags. The registry is asked for each by HEAD alone, unless a tag has moved:
/// then what it points to now is pulled.
async fn name_all(
    store: &Store,
    client: &Client,
    work: &PullWork,
    first: &Reference,
    run: &CancellationToken,
) -> Result<(), TransferError> {
    let further = work.tags.iter().filter(|tag| first.tag() != Some(tag));
    let names: Vec<Reference> =
        further.filter_map(|tag| first.clone().without_digest().with_tag(tag).ok()).collect();
    let mut failure = None;
    for some in names.chunks(NAMED_AT_ONCE) {
        let mut naming = JoinSet::new();
        for name in some {
            let (store, client, run) = (store.clone(), client.clone(), run.clone());
            let request = work.request(name.clone());
            naming.spawn(async move {
                strata_transfer::pull(&store, &client, &request, Arc::new(Silent), run).await
            });
        }
        while let Some(named) = naming.join_next().await {
            match named {
                Ok(Err(TransferError::Stopped)) => return Err(TransferError::Stopped),
                // One tag that is gone does not keep the others back.
                Ok(Err(error)) => failure = failure.or(Some(error)),
                Ok(Ok(_)) => {}
                Err(_) => {
                    let what = work.reference.familiar();
                    failure = failure.or(Some(TransferError::Worker { what }));
                }
            }
        }
    }
    failure.map_or(Ok(()), Err)
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
