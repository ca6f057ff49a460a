//! Long actions as the window watches them: a snapshot, then changes, in absolute numbers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{BuildView, PeekedLayer, Stratum, Survey, UserError};

/// What kind of action a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum JobKind {
    /// An image comes from a registry.
    Pull,
    /// Several tags are read, so that they can be pulled.
    Survey,
    /// The files of one layer are read; nothing is kept.
    Peek,
    /// The files of an image are looked into.
    Inspect,
    /// An image is made from a Dockerfile.
    Build,
}

/// Where a job is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum JobState {
    /// It waits for its turn.
    Queued,
    /// It is at work.
    Running,
    /// Somebody paused it, or an earlier run of Strata ended before it did; what arrived is kept.
    Paused,
    /// It has an outcome.
    Ended,
}

/// How bytes come, as a person would put it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Pace {
    /// As they should, or none are due.
    Steady,
    /// They come, but slowly: less than 32 KiB a second for five seconds.
    Slow,
    /// None came for five seconds.
    Stalled,
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
    /// The image is here.
    Done {
        /// The full reference.
        reference: String,
        /// The manifest's digest.
        manifest: String,
        /// What the reference points to.
        digest: String,
    },
    /// The tags were read.
    Surveyed {
        /// What they come to.
        survey: Survey,
    },
    /// The layer's files were read.
    Peeked {
        /// Their list.
        layer: PeekedLayer,
    },
    /// The files were looked into.
    Inspected {
        /// The image's manifest digest.
        manifest: String,
    },
    /// The image is made.
    Built {
        /// Its manifest's digest.
        manifest: String,
        /// The first of its names, if it has one.
        reference: Option<String>,
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
    /// Where it is.
    pub state: JobState,
    /// Its place among those that wait, from 1.
    pub position: Option<u32>,
    /// Jobs that were started together have the same number.
    pub batch: Option<u64>,
    /// What the batch is: a short repository name.
    pub batch_title: Option<String>,
    /// The registry that it speaks to.
    pub registry: String,
    /// What it was asked for, as it can be asked again.
    pub reference: String,
    /// The platform that was asked for; none for this machine's.
    pub platform: Option<String>,
    /// Further tags that the image gets.
    pub tags: Vec<String>,
    /// When it was asked for.
    pub started_at: String,
    /// The image, once known.
    pub plan: Option<PullPlan>,
    /// Its steps, oldest layer first.
    pub steps: Vec<JobStep>,
    /// How fast bytes arrive.
    pub bytes_per_second: u64,
    /// How long it will take at this speed.
    pub seconds_left: Option<u64>,
    /// How bytes come.
    pub pace: Pace,
    /// The build, if it is one.
    pub build: Option<BuildView>,
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
        job: Box<JobSnapshot>,
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
        /// How bytes come.
        pace: Pace,
    },
    /// The build changed.
    Build {
        /// All of it.
        build: Box<BuildView>,
    },
    /// It waits, works or is paused.
    State {
        /// Where it is.
        state: JobState,
    },
    /// It ended.
    Finished {
        /// How.
        outcome: Outcome,
    },
}

/// Where a waiting job is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobMove {
    /// The job.
    pub id: u64,
    /// The waiting job that it is to stand before; none for the end.
    pub before: Option<u64>,
}

/// Whether all that is queued or at work is to pause, or all that is paused is to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobsPause {
    /// Pause, or go on.
    pub pause: bool,
}
