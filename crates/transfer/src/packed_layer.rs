//! The bytes of files out of a stored layer, from the nearest place at which reading can begin.
//!
//! What is read from the middle of a layer is not covered by the checksum that stands at its end. So each file that is
//! read whole is compared with the fingerprint that was taken of it when the layer came.

use std::fs::File;
use std::io::{self, Write};

use strata_layer::{
    Checkpoints, Fingerprint, FingerprintKey, Fingerprinting, LayerError, Limits, SparseMap,
    sparse_map,
};
use strata_spec::{DiffId, Digest};
use strata_store::{Store, StoreError};
use thiserror::Error;

/// A file of at most so many bytes is compared before any of it is given out.
const HELD_BYTES: u64 = 8 << 20;

/// Files could not be read out of a stored layer.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The store could not give or forget something.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The layer is not what it was when it came.
    #[error("cannot read the stored layer {}: {source}", digest.short())]
    Layer {
        /// The layer's digest.
        digest: Digest,
        /// What is wrong with it.
        source: LayerError,
    },
    /// What was read could not be handed on.
    #[error("cannot write what was read: {source}")]
    Output {
        /// The output's own error.
        source: io::Error,
    },
}

/// A stored layer that files are read from.
#[derive(Debug)]
pub struct PackedLayer<'a> {
    store: &'a Store,
    digest: Digest,
    diff_id: Option<DiffId>,
    file: File,
    key: FingerprintKey,
    checkpoints: Checkpoints,
    /// What of them the store has: how many, and how far they reach.
    kept: (usize, u64),
    /// They were forgotten once: those found since come from the layer's start, and are as right as the layer.
    is_distrusted: bool,
}

/// Some bytes of a layer's plain tar.
#[derive(Debug, Clone, Copy)]
pub struct ByteRange {
    /// Where they begin.
    pub offset: u64,
    /// How many there are.
    pub size: u64,
    /// What they are to be compared with, if they are a whole file.
    pub fingerprint: Option<Fingerprint>,
}

impl<'a> PackedLayer<'a> {
    /// Opens a layer. Where its diff ID is told, a layer that turns out to be damaged is not taken for whole any more.
    ///
    /// # Errors
    /// [`ReadError::Store`] if it is not here.
    pub fn open(
        store: &'a Store,
        digest: &Digest,
        diff_id: Option<&DiffId>,
    ) -> Result<Self, ReadError> {
        let (digest, diff_id) = (digest.clone(), diff_id.cloned());
        let file = store.open_blob(&digest)?;
        let key = FingerprintKey(store.fingerprint_key()?);
        let packed_bytes = store.blob_size(&digest)?.unwrap_or_default();
        let known = store.checkpoints(&digest);
        let known = known.and_then(|known| Checkpoints::decode(&known, packed_bytes));
        let checkpoints = known.unwrap_or_default();
        let kept = (checkpoints.len(), checkpoints.reach());
        Ok(Self { store, digest, diff_id, file, key, checkpoints, kept, is_distrusted: false })
    }

    /// Reads ranges as [`strata_layer::read_ranges_from`] does. What it finds out of where reading can begin is kept.
    ///
    /// # Errors
    /// As there.
    pub fn read(
        &mut self,
        ranges: &[(u64, u64)],
        each: &mut dyn FnMut(usize, &[u8]) -> io::Result<()>,
    ) -> Result<(), LayerError> {
        let read = strata_layer::read_ranges_from(&self.file, &mut self.checkpoints, ranges, each);
        self.keep();
        read
    }

    /// Writes a range. Of a large file some of it has been written when it turns out not to be what it should be; a small
    /// one is then read from the layer's start, and not written if that does not help.
    ///
    /// # Errors
    /// Any of [`ReadError`].
    pub fn copy(&mut self, range: ByteRange, out: &mut dyn Write) -> Result<(), ReadError> {
        if range.fingerprint.is_none() || range.size > HELD_BYTES {
            return match self.pass(range, out)? {
                true => Ok(()),
                false if self.distrust() => Err(self.failed(changed())),
                false => Err(self.changed()),
            };
        }
        let mut held = Vec::new();
        let mut is_right = self.pass(range, &mut held)?;
        if !is_right && self.distrust() {
            held.clear();
            is_right = self.pass(range, &mut held)?;
        }
        if !is_right {
            return Err(self.changed());
        }
        out.write_all(&held).map_err(|source| ReadError::Output { source })
    }

    /// Writes a range, and says whether it is what it should be, as far as that is known.
    fn pass(&mut self, range: ByteRange, out: &mut dyn Write) -> Result<bool, ReadError> {
        let (mut made, mut failure) = (self.begin(), None);
        let read = self.read(&[(range.offset, range.size)], &mut |_, bytes| {
            made.update(bytes);
            out.write_all(bytes).map_err(|error| {
                // The reader knows only failures of its own.
                failure = Some(error);
                io::Error::other("the output failed")
            })
        });
        match (failure, read) {
            (Some(source), _) => Err(ReadError::Output { source }),
            (None, Err(source)) => Err(self.damaged(source)),
            (None, Ok(())) => {
                let made = made.finish();
                Ok(range.fingerprint.is_none_or(|expected| made == expected))
            }
        }
    }

    /// Where the parts of a file stand that is stored without its holes, and whose content begins at `offset`. The layer is
    /// read up to it.
    ///
    /// # Errors
    /// [`ReadError::Layer`] if there is no such file, or its map makes no sense.
    pub fn sparse(&self, offset: u64) -> Result<SparseMap, ReadError> {
        let layer = self.store.open_blob(&self.digest)?;
        sparse_map(layer, offset, &Limits::default()).map_err(|source| self.failed(source))
    }

    /// A fingerprint of a file, to be fed with its bytes.
    #[must_use]
    pub fn begin(&self) -> Fingerprinting {
        self.key.begin()
    }

    /// Forgets where reading can begin in the middle. False if nothing was known of that, or if it was forgotten before:
    /// then it is the layer itself that is wrong.
    pub fn distrust(&mut self) -> bool {
        let was_known = self.kept.0 > 0 && !self.is_distrusted;
        self.is_distrusted = true;
        tracing::warn!(layer = %self.digest, was_known, "a file is not what it was when its layer came");
        self.checkpoints = Checkpoints::default();
        self.keep();
        was_known
    }

    /// Notes that the layer is damaged, and gives what to fail with. It was whole when it came: the next pull must not take
    /// it for what it was.
    #[must_use]
    pub fn damaged(&self, source: LayerError) -> ReadError {
        let noted = self.store.forget_checkpoints(&self.digest).and_then(|()| {
            self.diff_id.as_ref().map_or(Ok(()), |diff_id| self.store.doubt_layer(diff_id))
        });
        match noted {
            Ok(()) => self.failed(source),
            Err(error) => ReadError::Store(error),
        }
    }

    /// As [`Self::damaged`], for a file that is not what it was.
    #[must_use]
    pub fn changed(&self) -> ReadError {
        self.damaged(changed())
    }

    fn failed(&self, source: LayerError) -> ReadError {
        ReadError::Layer { digest: self.digest.clone(), source }
    }

    /// Keeps what was found out, where the store can be written; it is known better than before or forgotten.
    fn keep(&mut self) {
        let found = (self.checkpoints.len(), self.checkpoints.reach());
        if found == self.kept {
            return;
        }
        self.kept = found;
        let kept = match self.checkpoints.is_empty() {
            true => self.store.forget_checkpoints(&self.digest),
            false => self.store.keep_checkpoints(&self.digest, &self.checkpoints.encode()),
        };
        if let Err(error) = kept {
            tracing::debug!(layer = %self.digest, %error, "the checkpoints of a layer are not kept");
        }
    }
}

/// What a file fails with that is not what it was.
fn changed() -> LayerError {
    let what = "it has another fingerprint than when it came";
    let source = io::Error::new(io::ErrorKind::InvalidData, what);
    LayerError::Damaged { compression: "file's", source }
}
