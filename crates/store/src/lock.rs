//! The lock that guards every change of what is visible, across all processes on one store.

use std::fs::File;
use std::path::Path;

use crate::disk::failed;
use crate::{StoreError, unix};

/// The store's lock; held as long as this lives. The system lets go of it when a process dies.
#[derive(Debug)]
pub(crate) struct StoreLock {
    _file: File,
}

impl StoreLock {
    /// Waits for the lock. Whoever holds it does so for one short change.
    pub fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("lock");
        let file = unix::private()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed("open", &path))?;
        unix::lock(&file, true).map_err(failed("lock", &path))?;
        Ok(Self { _file: file })
    }
}
