//! What was found in a layer's files, by its diff ID: kept here, understood elsewhere. It can be found again.

use strata_spec::DiffId;

use crate::kept_file::Kept;
use crate::{Store, StoreError};

/// Findings in a form of this number.
const fn findings(form: u32) -> Kept {
    Kept { folder: "findings", magic: b"strafind", version: form, max_bytes: 64 << 20 }
}

impl Store {
    /// What was found in a layer, in a form of this number; none if there is nothing that can be trusted.
    #[must_use]
    pub fn findings(&self, diff_id: &DiffId, form: u32) -> Option<Vec<u8>> {
        findings(form).read(self, &diff_id.0)
    }

    /// Keeps what was found in a layer, in place of what was kept before.
    ///
    /// # Errors
    /// [`StoreError::File`]; then it is as it was.
    pub fn keep_findings(
        &self,
        diff_id: &DiffId,
        form: u32,
        found: &[u8],
    ) -> Result<(), StoreError> {
        findings(form).keep(self, &diff_id.0, found)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use strata_spec::Digest;

    use super::*;

    #[test]
    fn findings_come_back_unless_they_are_of_another_form_changed_or_cut() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store")).unwrap();
        let layer = DiffId(Digest::sha256_of(b"a layer"));
        assert_eq!(store.findings(&layer, 1), None);
        store.keep_findings(&layer, 1, b"one").unwrap();
        store.keep_findings(&layer, 1, b"two").unwrap();
        assert_eq!(store.findings(&layer, 1).unwrap(), b"two");
        assert_eq!(store.findings(&layer, 2), None);
        let path = findings(1).path(&store, &layer.0);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert_eq!(store.findings(&layer, 1), None);
        fs::rename(&path, findings(1).path(&store, &Digest::sha256_of(b"another"))).unwrap();
        assert_eq!(store.findings(&DiffId(Digest::sha256_of(b"another")), 1), None);
    }
}
