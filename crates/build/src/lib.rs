//! From a Dockerfile to an image in the store.
//!
//! [`plan`] tells what a build is going to do, [`build`] does it. Commands are run, and the net is asked, by a [`Host`]
//! alone; everything else happens here: what `COPY` takes goes straight from the context into a layer, and from layer to
//! layer, without ever being unpacked.
//!
//! What this crate is not: it runs no command, opens no socket, and knows no secret.

mod built;
mod context;
mod error;
mod files;
mod host;
mod plan;
mod reporter;
mod request;
mod solve;
mod stop;
mod what_if;
mod why;

pub use built::{Built, BuiltStep};
pub use context::IgnoreRules;
pub use error::BuildError;
pub use host::{
    Base, Fetched, GitSource, GitTree, Host, HostError, KeptSystem, Line, MountKind, Outside,
    RunFailure, RunStep, RunUser, Sharing, StepMount, StoredLayer,
};
pub use plan::{Images, Plan, PlannedStage, PlannedStep, StepId, plan};
pub use reporter::{Reporter, Silent, StepLayer, StepState};
pub use request::{
    Allowed, BuildOptions, BuildRequest, ContextSource, DockerfileText, NamedContext, Network,
    Ulimit,
};
pub use solve::build;
pub use stop::Stop;
pub use what_if::{Edit, what_if};
pub use why::{ChangedFiles, Why};
