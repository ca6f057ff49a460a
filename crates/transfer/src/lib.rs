//! Whole images on the move: the one-pass pull.
//!
//! A pull resolves a reference, checks each document byte for byte, and sends every layer **once** through
//! one pipeline: socket → ingest file → digest of the compressed bytes → plain tar → diff ID → tree index.
//! Nothing becomes visible before all of an image is right; [`strata_store::Store::commit`] is the only door.
//!
//! What this crate is not: it does not speak HTTP (that is `remote`), knows no file layout (that is `store`),
//! and has no opinion on how progress is shown: it tells a [`Reporter`] numbers and states.

mod error;
mod plan;
mod pull;
mod reporter;

pub use error::TransferError;
pub use plan::{Plan, PlannedLayer};
pub use pull::{Look, PullRequest, Pulled, look, pull};
pub use reporter::{Reporter, Silent, StepState};
