//! What was found in a layer's files, by its diff ID: kept here, understood elsewhere. The form is that of checkpoints, and
//! like them a file that cannot be trusted is as if it were not there: what it says can be found again.

use std::fs;
use std::io::Read;
use std::path::PathBuf;

use strata_spec::DiffId;

use crate::disk::{make_folder, rename, unique, write_new};
use crate::{Store, StoreError, unix};

const MAGIC: &[u8; 8] = b"strafind";
/// Magic, version and checksum.
const HEADER: usize = 8 + 4 + 32;
/// A larger file is none of ours.
const MAX_BYTES: u64 = 64 << 20;

impl Store {
    /// What was found in a layer, in a form of this number; none if there is nothing that can be trusted.
    #[must_use]
    pub fn findings(&self, diff_id: &DiffId, form: u32) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = unix::private().read(true).open(self.findings_path(diff_id)).ok()?;
        if !file.metadata().ok()?.is_file() {
            return None;
        }
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).ok()?;
        let body = bytes.get(HEADER..)?;
        let header = self.keyed_header(MAGIC, form, &diff_id.0, body).ok()?;
        if bytes.len() as u64 > MAX_BYTES || bytes[..HEADER] != header[..] {
            return None;
        }
        Some(bytes.split_off(HEADER))
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
        let header = self.keyed_header(MAGIC, form, &diff_id.0, found)?;
        make_folder(&self.findings_folder())?;
        let beside = unique(&self.ingest_folder(), "findings");
        write_new(&beside, &[&header[..], found].concat())?;
        rename(&beside, &self.findings_path(diff_id)).inspect_err(|_| {
            fs::remove_file(&beside).ok();
        })
    }

    fn findings_path(&self, diff_id: &DiffId) -> PathBuf {
        let digest = &diff_id.0;
        self.findings_folder().join(format!("{}-{}", digest.algorithm().as_str(), digest.hex()))
    }

    fn findings_folder(&self) -> PathBuf {
        self.folder().join("findings")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
        let path = store.findings_path(&layer);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert_eq!(store.findings(&layer, 1), None);
        fs::rename(&path, store.findings_path(&DiffId(Digest::sha256_of(b"another")))).unwrap();
        assert_eq!(store.findings(&DiffId(Digest::sha256_of(b"another")), 1), None);
    }
}
