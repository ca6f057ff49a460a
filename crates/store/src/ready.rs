//! A blob that is complete and compared, and not yet visible.

use std::fs::{self, File};
use std::path::PathBuf;

use strata_spec::Digest;

/// A blob that only a commit can make visible. Dropping it lets go of its lock; the bytes of a named ingest stay.
#[derive(Debug)]
pub struct Ready {
    pub(crate) digest: Digest,
    pub(crate) size_bytes: u64,
    pub(crate) path: PathBuf,
    /// Keeps the lock until the file has its final name.
    pub(crate) file: File,
    /// Nobody could find it again: it goes with this value.
    pub(crate) is_unnamed: bool,
}

impl Ready {
    /// Its digest.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// How many bytes it has.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

impl Drop for Ready {
    fn drop(&mut self) {
        if self.is_unnamed {
            // After a commit there is nothing of this name.
            fs::remove_file(&self.path).ok();
        }
    }
}
