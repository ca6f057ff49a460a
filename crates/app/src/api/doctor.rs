//! What this machine can do, found by trying.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a probe went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ProbeState {
    /// It works.
    Works,
    /// It works, with less than the best.
    Limited,
    /// It does not work.
    Fails,
    /// There is no such thing on this system, or nobody needs it.
    NotNeeded,
}

/// One thing that was tried. Its sentences stand under `doctor.<code>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Probe {
    /// What was tried, such as `userNamespace`.
    pub code: String,
    /// How it went.
    pub state: ProbeState,
    /// What the system said.
    pub detail: Option<String>,
    /// How to mend it, such as `installUidmap`; its sentence stands under `doctor.fix`.
    pub fix: Option<String>,
    /// The command that mends it, to be read and run by a person.
    pub command: Option<String>,
}

/// What this machine can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Doctor {
    /// How a `RUN` would be carried out: `root`, `subIds`, `singleId`, or none where it cannot.
    pub run_mode: Option<String>,
    /// What was tried.
    pub probes: Vec<Probe>,
}
