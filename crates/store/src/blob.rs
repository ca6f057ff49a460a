//! Committed blobs: whether they are here, and reading them.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::PathBuf;

use strata_spec::{Digest, Hasher};

use crate::disk::failed;
use crate::{Store, StoreError, unix};

/// How much of a file is hashed at once.
const BUFFER: usize = 64 * 1024;

impl Store {
    /// The size of a committed blob; none if it is not here. A link, or whatever else has its name, is no blob: it is
    /// never followed, and a pull puts the blob in its place.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn blob_size(&self, digest: &Digest) -> Result<Option<u64>, StoreError> {
        let path = self.blob_path(digest);
        match fs::symlink_metadata(&path) {
            Ok(data) => Ok(data.is_file().then_some(data.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", &path)(error)),
        }
    }

    /// Opens a committed blob. It was compared with its digest when it came; it is not hashed again.
    ///
    /// # Errors
    /// [`StoreError::BlobUnknown`].
    pub fn open_blob(&self, digest: &Digest) -> Result<File, StoreError> {
        if self.blob_size(digest)?.is_none() {
            return Err(StoreError::BlobUnknown { digest: digest.clone() });
        }
        let path = self.blob_path(digest);
        unix::private().read(true).open(&path).map_err(failed("read", &path))
    }

    /// The digest that the bytes of a committed blob have now, by the algorithm of its name, and how many bytes there are.
    ///
    /// # Errors
    /// [`StoreError::BlobUnknown`], or [`StoreError::File`].
    pub fn hash_blob(&self, digest: &Digest) -> Result<(Digest, u64), StoreError> {
        let file = self.open_blob(digest)?;
        let mut hasher = Hasher::new(digest.algorithm());
        let bytes = hash(file, &mut hasher).map_err(failed("read", &self.blob_path(digest)))?;
        Ok((hasher.finish(), bytes))
    }

    /// A whole small blob, compared with its digest.
    ///
    /// # Errors
    /// [`StoreError::BlobUnknown`], [`StoreError::TooLarge`], or [`StoreError::Damaged`].
    pub fn read_document(&self, digest: &Digest, max_bytes: u64) -> Result<Vec<u8>, StoreError> {
        let size = self.blob_size(digest)?.unwrap_or(0);
        if size > max_bytes {
            return Err(StoreError::TooLarge {
                digest: digest.clone(),
                size_bytes: size,
                limit_bytes: max_bytes,
            });
        }
        let file = self.open_blob(digest)?;
        let mut bytes = Vec::new();
        let path = self.blob_path(digest);
        file.take(max_bytes).read_to_end(&mut bytes).map_err(failed("read", &path))?;
        if Digest::of(digest.algorithm(), &bytes) == *digest {
            return Ok(bytes);
        }
        let reason = "its bytes have another digest";
        Err(StoreError::Damaged { digest: digest.clone(), reason })
    }

    pub(crate) fn blob_path(&self, digest: &Digest) -> PathBuf {
        self.folder().join("blobs").join(digest.algorithm().as_str()).join(digest.hex())
    }

    pub(crate) fn ingest_folder(&self) -> PathBuf {
        self.folder().join("ingest")
    }
}

/// Hashes all that can still be read, and tells how many bytes that were.
pub(crate) fn hash(mut source: impl Read, hasher: &mut Hasher) -> io::Result<u64> {
    let mut buffer = vec![0; BUFFER];
    let mut bytes = 0;
    loop {
        match source.read(&mut buffer)? {
            0 => return Ok(bytes),
            read => {
                hasher.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}
