//! Why the store could not keep or give something.

use std::io;
use std::path::PathBuf;

use strata_spec::{Digest, DocumentError};
use thiserror::Error;

/// The store could not do what was asked. What was there before is there still.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The system refused something with a file.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    File {
        /// What was being done: `write`, `rename`, …
        doing: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is not enough room.
    #[error("cannot keep {} in `{}`: {needed_bytes} bytes are needed, {free_bytes} are free", digest.short(), path.display())]
    DiskFull {
        /// The blob that does not fit.
        digest: Digest,
        /// The store's folder.
        path: PathBuf,
        /// How many bytes are still to be written.
        needed_bytes: u64,
        /// How many the file system has.
        free_bytes: u64,
    },
    /// The database said no.
    #[error("cannot {doing} in the store's database: {source}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// Why.
        source: rusqlite::Error,
    },
    /// A newer Strata wrote this store; this one touches nothing.
    #[error("the store `{}` has version {found}, newer than {known}", path.display())]
    Newer {
        /// The store's folder.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version that is known.
        known: u32,
    },
    /// The folder holds something else, or a store that cannot be trusted (a link, another owner).
    #[error("`{}` is not a store: {reason}", path.display())]
    NotAStore {
        /// The folder.
        path: PathBuf,
        /// Why.
        reason: &'static str,
    },
    /// The store has no such blob.
    #[error("the store has no blob {}", digest.short())]
    BlobUnknown {
        /// The blob.
        digest: Digest,
    },
    /// A blob's bytes are not those of its name.
    #[error("the stored blob {} is damaged: {reason}", digest.short())]
    Damaged {
        /// The blob.
        digest: Digest,
        /// In which way.
        reason: &'static str,
    },
    /// A blob is larger than what it is read as may be.
    #[error("the blob {} has {size_bytes} bytes, more than {limit_bytes}", digest.short())]
    TooLarge {
        /// The blob.
        digest: Digest,
        /// Its size.
        size_bytes: u64,
        /// The limit.
        limit_bytes: u64,
    },
    /// More bytes were appended than were announced.
    #[error("the blob {} was announced with {announced_bytes} bytes and has more", digest.short())]
    TooMany {
        /// The blob.
        digest: Digest,
        /// How many bytes it should have.
        announced_bytes: u64,
    },
    /// An ingest ended before all its bytes had come.
    #[error("the blob {} has {found_bytes} of {announced_bytes} bytes", digest.short())]
    Incomplete {
        /// The blob.
        digest: Digest,
        /// How many came.
        found_bytes: u64,
        /// How many it should have.
        announced_bytes: u64,
    },
    /// `index.json` or another document of the layout is malformed.
    #[error("cannot read `{}`: {source}", path.display())]
    Layout {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: DocumentError,
    },
    /// Somebody stopped the wait for another process.
    #[error("stopped")]
    Stopped,
}
