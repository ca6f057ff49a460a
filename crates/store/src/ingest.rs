//! A blob on its way in, under its digest: what came is kept whatever happens to the process.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use strata_spec::Digest;

use crate::disk::failed;
use crate::{Ready, Store, StoreError, unix};

/// How often somebody who waits for an ingest looks again.
const WAIT: Duration = Duration::from_millis(100);

/// A blob on its way in. Dropping it keeps the bytes for the next try and lets go of the lock.
#[derive(Debug)]
pub struct Ingest {
    digest: Digest,
    announced_bytes: u64,
    offset: u64,
    path: PathBuf,
    store: PathBuf,
    /// None once it is ready.
    file: Option<File>,
}

impl Store {
    /// Opens the ingest of a blob, taking up what an earlier try has kept. While another holds it this waits, asking
    /// `stopped` ten times a second.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] if the missing bytes do not fit, [`StoreError::Stopped`], or [`StoreError::File`].
    pub fn ingest(
        &self,
        digest: &Digest,
        size_bytes: u64,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Ingest, StoreError> {
        let name = format!("{}-{}.part", digest.algorithm().as_str(), digest.hex());
        let path = self.ingest_folder().join(name);
        let mut file = open_locked(&path, stopped)?;
        let kept = file.metadata().map_err(failed("read", &path))?.len();
        let offset = if kept > size_bytes { 0 } else { kept };
        let mut ingest = Ingest {
            digest: digest.clone(),
            announced_bytes: size_bytes,
            offset,
            store: self.folder().to_owned(),
            path,
            file: None,
        };
        let placed = cut(&mut file, offset);
        ingest.file = Some(file);
        placed.map_err(failed("write", &ingest.path))?;
        ingest.check_room()?;
        Ok(ingest)
    }
}

/// Opens the file and takes its lock. A file that was renamed while we waited is a blob now: then a new one is opened.
fn open_locked(path: &Path, stopped: &dyn Fn() -> bool) -> Result<File, StoreError> {
    loop {
        let file = unix::private()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(failed("open", path))?;
        while !unix::lock(&file, false).map_err(failed("lock", path))? {
            if stopped() {
                return Err(StoreError::Stopped);
            }
            thread::sleep(WAIT);
        }
        let held = file.metadata().map_err(failed("read", path))?;
        if fs::symlink_metadata(path).is_ok_and(|named| unix::is_same(&named, &held)) {
            return Ok(file);
        }
    }
}

/// Cuts a file, and lets the next write begin there.
pub(crate) fn cut(file: &mut File, at: u64) -> io::Result<()> {
    file.set_len(at)?;
    file.seek(SeekFrom::Start(at)).map(|_| ())
}

/// Whether there was no room, on the disk or in what this person may use of it.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

impl Ingest {
    /// How many bytes are here, from the first one on.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Adds bytes at the end.
    ///
    /// # Errors
    /// [`StoreError::TooMany`], [`StoreError::DiskFull`] or [`StoreError::File`].
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let offset = self.offset + bytes.len() as u64;
        if offset > self.announced_bytes {
            return Err(StoreError::TooMany {
                digest: self.digest.clone(),
                announced_bytes: self.announced_bytes,
            });
        }
        let written = self.file.as_ref().map_or(Ok(()), |mut file| file.write_all(bytes));
        if let Err(error) = written {
            // Half a write is not counted: who goes on, goes on where this one began.
            if let Some(file) = self.file.as_mut() {
                cut(file, self.offset).ok();
            }
            return Err(self.refused(error));
        }
        self.offset = offset;
        Ok(())
    }

    /// Forgets all from `at` on.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn truncate(&mut self, at: u64) -> Result<(), StoreError> {
        let Some(file) = self.file.as_mut() else { return Ok(()) };
        let at = at.min(self.offset);
        cut(file, at).map_err(failed("cut", &self.path))?;
        self.offset = at;
        Ok(())
    }

    /// The bytes that are here, from the first one on.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn read_back(&mut self) -> Result<Box<dyn Read + Send>, StoreError> {
        let file =
            unix::private().read(true).open(&self.path).map_err(failed("read", &self.path))?;
        Ok(Box::new(file.take(self.offset)))
    }

    /// All bytes are here, and the caller has compared their digest.
    ///
    /// # Errors
    /// [`StoreError::Incomplete`] if some are missing.
    pub fn finish(mut self) -> Result<Ready, StoreError> {
        if self.offset != self.announced_bytes {
            return Err(StoreError::Incomplete {
                digest: self.digest.clone(),
                found_bytes: self.offset,
                announced_bytes: self.announced_bytes,
            });
        }
        let gone = || failed("read", &self.path)(io::ErrorKind::NotFound.into());
        let file = self.file.take().ok_or_else(gone)?;
        Ok(Ready {
            digest: self.digest.clone(),
            size_bytes: self.offset,
            path: self.path.clone(),
            file,
            is_unnamed: false,
        })
    }

    /// Fails before the first byte if the last one will not fit.
    fn check_room(&self) -> Result<(), StoreError> {
        let needed = self.announced_bytes - self.offset;
        let free = unix::free_bytes(&self.store).unwrap_or(u64::MAX);
        if needed > free { Err(self.full(free)) } else { Ok(()) }
    }

    fn refused(&self, error: io::Error) -> StoreError {
        if is_full(&error) {
            return self.full(unix::free_bytes(&self.store).unwrap_or(0));
        }
        failed("write", &self.path)(error)
    }

    fn full(&self, free_bytes: u64) -> StoreError {
        StoreError::DiskFull {
            digest: self.digest.clone(),
            path: self.store.clone(),
            needed_bytes: self.announced_bytes - self.offset,
            free_bytes,
        }
    }
}

impl Drop for Ingest {
    fn drop(&mut self) {
        let Some(file) = &self.file else { return };
        if self.offset == 0 {
            // Still locked: whoever waits sees that the name is gone, and opens anew.
            fs::remove_file(&self.path).ok();
        } else {
            // A write that failed half-way may have left bytes that nobody has counted.
            file.set_len(self.offset).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A device whose every write finds the disk full.
    const FULL: &str = "/dev/full";

    #[test]
    fn a_disk_that_fills_up_is_told_with_what_is_still_needed() {
        let Ok(file) = File::options().write(true).open(FULL) else {
            println!("skipped: this system has no {FULL}");
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let mut ingest = Ingest {
            digest: Digest::sha256_of(b"0123456789"),
            announced_bytes: 10,
            offset: 4,
            path: folder.path().join("part"),
            store: folder.path().to_owned(),
            file: Some(file),
        };
        let refused = ingest.append(b"456789");
        assert!(matches!(refused, Err(StoreError::DiskFull { needed_bytes: 6, .. })));
        assert_eq!(ingest.offset(), 4);
    }
}
