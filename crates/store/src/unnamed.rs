//! A blob on its way in whose digest is told at the end.

use std::fmt;
use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::PathBuf;

use strata_spec::{Algorithm, Digest, Hasher};

use crate::disk::{failed, unique};
use crate::ingest::{cut, is_full};
use crate::{Ready, Store, StoreError, unix};

/// An upload of unknown digest, hashed as it is written. Dropping it removes what came.
pub struct UnnamedIngest {
    path: PathBuf,
    store: PathBuf,
    file: Option<File>,
    offset: u64,
    hasher: Option<Hasher>,
}

impl Store {
    /// Opens an ingest for a blob whose digest is not known yet.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn ingest_unnamed(&self) -> Result<UnnamedIngest, StoreError> {
        let path = unique(&self.ingest_folder(), "upload");
        let file = unix::private()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(failed("open", &path))?;
        unix::lock(&file, true).map_err(failed("lock", &path))?;
        Ok(UnnamedIngest {
            path,
            store: self.folder().to_owned(),
            file: Some(file),
            offset: 0,
            hasher: Some(Hasher::new(Algorithm::Sha256)),
        })
    }
}

impl UnnamedIngest {
    /// How many bytes came.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Adds bytes at the end.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] or [`StoreError::File`].
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let written = self.file.as_ref().map_or(Ok(()), |mut file| file.write_all(bytes));
        if let Err(error) = written {
            if let Some(file) = self.file.as_mut() {
                cut(file, self.offset).ok();
            }
            if is_full(&error) {
                return Err(StoreError::DiskFull {
                    digest: Digest::sha256_of(bytes),
                    path: self.store.clone(),
                    needed_bytes: bytes.len() as u64,
                    free_bytes: unix::free_bytes(&self.store).unwrap_or(0),
                });
            }
            return Err(failed("write", &self.path)(error));
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(bytes);
        }
        self.offset += bytes.len() as u64;
        Ok(())
    }

    /// Compares what came with the digest that was promised.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if it is another, or [`StoreError::File`].
    pub fn finish(mut self, digest: &Digest) -> Result<Ready, StoreError> {
        let found = self.digest(digest.algorithm())?;
        if found != *digest {
            let reason = "the bytes that came have another digest";
            return Err(StoreError::Damaged { digest: digest.clone(), reason });
        }
        self.ready(found)
    }

    /// All bytes are here, under the SHA-256 that they have.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn seal(mut self) -> Result<Ready, StoreError> {
        let digest = self.digest(Algorithm::Sha256)?;
        self.ready(digest)
    }

    fn ready(mut self, digest: Digest) -> Result<Ready, StoreError> {
        let gone = || failed("read", &self.path)(std::io::ErrorKind::NotFound.into());
        let file = self.file.take().ok_or_else(gone)?;
        Ok(Ready {
            digest,
            size_bytes: self.offset,
            path: self.path.clone(),
            file,
            is_unnamed: true,
        })
    }

    /// SHA-256 was made on the way; another is made by reading once more.
    fn digest(&mut self, algorithm: Algorithm) -> Result<Digest, StoreError> {
        if algorithm == Algorithm::Sha256
            && let Some(hasher) = self.hasher.take()
        {
            return Ok(hasher.finish());
        }
        let mut hasher = Hasher::new(algorithm);
        if let Some(mut file) = self.file.as_ref() {
            file.rewind().map_err(failed("read", &self.path))?;
            crate::blob::hash(file, &mut hasher).map_err(failed("read", &self.path))?;
        }
        Ok(hasher.finish())
    }
}

impl fmt::Debug for UnnamedIngest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("UnnamedIngest");
        shown.field("path", &self.path).field("offset", &self.offset).finish_non_exhaustive()
    }
}

impl Drop for UnnamedIngest {
    fn drop(&mut self) {
        if self.file.is_some() {
            fs::remove_file(&self.path).ok();
        }
    }
}
