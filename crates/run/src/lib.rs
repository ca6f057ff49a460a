//! The sandbox in which a build's RUN is carried out, without a daemon and, on most machines, without being root.
//!
//! A [`Session`] is one helper process (`strata-helper`) that has entered the namespace of users once; each request is a
//! child of it. A run gets an overlay of its layers, its own processes, host name and, if wanted, network; when it ends,
//! when it is stopped, or when the process that asked for it dies, nothing of it is left but its upper folder.
//!
//! Three rungs, see [`Mode`]: root; an ordinary user with ids of its own (`/etc/subuid`); an ordinary user with a single
//! id, for whom changes of owners are pretended. [`probe`] tries what this machine allows and names what would help.
//!
//! What this crate is not: it knows no Dockerfile, no image and no registry. It reads no environment and no settings:
//! where the helper is, and where snapshots are kept, is said by the caller.

mod error;
mod exit;
mod layers;
mod probe;
mod spec;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

pub use error::{Failure, Reason, RunError};
pub use exit::{Ending, Exit, Listed, ListedKind, Output, Weakness};
pub use layers::{CaptureSpec, CapturedLayer, SkippedParts, UnpackedLayer};
pub use probe::{Fix, Probe, Probed};
pub use spec::{
    Certificates, HostEntry, Limit, Mode, MountKind, MountSpec, Network, Resource, RunSpec,
    SessionOptions, TerminalSize,
};

#[cfg(target_os = "linux")]
pub use linux::{Room, Session, Snapshot, Snapshots, Terminal, helper_main, probe};
#[cfg(not(target_os = "linux"))]
pub use other::{Session, helper_main, probe};
