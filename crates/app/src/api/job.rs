//! Long actions as the window watches them: a snapshot, then changes, in absolute numbers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Stratum, UserError};

/// What kind of action a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum JobKind {
    /// An image comes from a registry.
    Pull,
}

/// Where a step of a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum StepState {
    /// Not begun.
    Waiting,
    /// Bytes arrive.
    Downloading,
    /// Digests are compared.
    Verifying,
    /// Checked.
    Done,
    /// The store had it.
    AlreadyHere,
    /// The connection broke; it is taken up again.
    Retrying,
    /// It failed.
    Failed,
}

/// One step of a job: a layer, or `commit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobStep {
    /// The layer's digest, or `commit`.
    pub id: String,
    /// Where it is.
    pub state: StepState,
    /// Bytes done.
    pub done: u64,
    /// Bytes in all, where known.
    pub total: Option<u64>,
}

/// The image that a pull will bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PullPlan {
    /// The full reference.
    pub reference: String,
    /// The short form.
    pub familiar: String,
    /// What the reference points to.
    pub target: String,
    /// The manifest's digest.
    pub manifest: String,
    /// The image's platform.
    pub platform: String,
    /// Its strata, oldest first.
    pub strata: Vec<Stratum>,
    /// Compressed bytes of all layers.
    pub total_bytes: u64,
    /// Of these, bytes that the store has.
    pub already_here_bytes: u64,
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Outcome {
    /// It did what it was for.
    Done {
        /// The full reference.
        reference: String,
        /// The manifest's digest.
        manifest: String,
        /// What the reference points to.
        digest: String,
    },
    /// Somebody stopped it.
    Stopped,
    /// It failed.
    Failed {
        /// Why.
        error: UserError,
    },
}

/// All that is known of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobSnapshot {
    /// Its number, from 1, within this run of Strata.
    pub id: u64,
    /// What it is.
    pub kind: JobKind,
    /// What it works on: a short reference.
    pub title: String,
    /// When it began.
    pub started_at: String,
    /// The image, once known.
    pub plan: Option<PullPlan>,
    /// Its steps, oldest layer first.
    pub steps: Vec<JobStep>,
    /// How fast bytes arrive.
    pub bytes_per_second: u64,
    /// How long it will take at this speed.
    pub seconds_left: Option<u64>,
    /// How it ended, once it has.
    pub outcome: Option<Outcome>,
}

/// A change of a job. At most ten a second; the last one is always sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum JobEvent {
    /// Everything, first.
    Snapshot {
        /// The job.
        job: JobSnapshot,
    },
    /// The image is known.
    Plan {
        /// The image.
        plan: PullPlan,
        /// The steps.
        steps: Vec<JobStep>,
    },
    /// Steps changed.
    Progress {
        /// Those that changed.
        steps: Vec<JobStep>,
        /// How fast bytes arrive.
        bytes_per_second: u64,
        /// How long it will take at this speed.
        seconds_left: Option<u64>,
    },
    /// It ended.
    Finished {
        /// How.
        outcome: Outcome,
    },
}
