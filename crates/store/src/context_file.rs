//! What the files of a folder held when they were read last, by a digest of its path: kept here, understood elsewhere. It
//! can be found again by reading them.

use strata_spec::Digest;

use crate::kept_file::Kept;
use crate::{Store, StoreError};

/// What is known of a folder, in a form of this number.
const fn contexts(form: u32) -> Kept {
    Kept { folder: "contexts", magic: b"stracont", version: form, max_bytes: 512 << 20 }
}

impl Store {
    /// What is known of a folder, in a form of this number; none if there is nothing that can be trusted.
    #[must_use]
    pub fn known_context(&self, folder: &Digest, form: u32) -> Option<Vec<u8>> {
        contexts(form).read(self, folder)
    }

    /// Keeps what is known of a folder, in place of what was known before.
    ///
    /// # Errors
    /// [`StoreError::File`]; then it is as it was.
    pub fn keep_context(&self, folder: &Digest, form: u32, known: &[u8]) -> Result<(), StoreError> {
        contexts(form).keep(self, folder, known)
    }
}
