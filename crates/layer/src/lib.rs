//! One layer read from start to end: what it is compressed with, what its plain tar's digest is, what it holds.
//!
//! [`scan`] is the only way in: it reads a stream once, holds no more than a few buffers whatever the layer claims,
//! hands each entry to an [`EntrySink`] and answers with the diff ID. Nothing is ever unpacked.
//!
//! Where readers of tar archives disagree, the rules are those of the container engines (which share one tar reader):
//! a GNU long name wins over a PAX path, links and folders have no content whatever their size says, an extension
//! applies to the next entry only. Where the disagreement could hide a file (a global header that renames), the layer
//! is refused.
//!
//! What this crate is not: it keeps nothing, and knows no other layer.

mod compression;
mod entry;
mod error;
mod extension;
mod header;
mod limits;
mod mark;
mod path;
mod plain;
mod range;
mod scan;

pub use compression::Compression;
pub use entry::{Entry, EntryKind, EntrySink, Fingerprint, Timestamp};
pub use error::LayerError;
pub use limits::Limits;
pub use mark::{Mark, mark};
pub use range::read_range;
pub use scan::{Scanned, scan};
