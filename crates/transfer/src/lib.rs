//! Images and their layers on the move: the one-pass pull, the layer that is made here, files read out of one.
//!
//! A pull resolves a reference, checks each document byte for byte, and sends every layer **once** through
//! one pipeline: socket → ingest file → digest of the compressed bytes → plain tar → diff ID → tree index.
//! Nothing becomes visible before all of an image is right; [`strata_store::Store::commit`] is the only door.
//!
//! [`make_layer`] sends what somebody writes through the same pipeline the other way: plain tar → diff ID and tree index
//! on one side, packed bytes → digest → ingest file on the other.
//!
//! What this crate is not: it does not speak HTTP (that is `remote`), knows no file layout (that is `store`),
//! and has no opinion on how progress is shown: it tells a [`Reporter`] numbers and states.

mod chunk_reader;
mod error;
mod make;
mod packed_layer;
mod plan;
mod pull;
mod quiet_thread;
mod reporter;

pub use error::TransferError;
pub use make::{MadeLayer, make_layer};
pub use packed_layer::{ByteRange, PackedLayer, ReadError};
pub use plan::{Plan, PlannedLayer};
pub use pull::{Look, PullRequest, Pulled, look, pull};
pub use reporter::{Reporter, Silent, StepState};
