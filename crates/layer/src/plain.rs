//! The plain tar as a stream of known position, hashed as it passes.

use std::io::BufRead;

use strata_spec::{Algorithm, DiffId, Hasher};

use crate::compression::Decoder;
use crate::header::BLOCK;
use crate::{Checkpoints, LayerError, Limits};

/// Plain bytes held at once. Each time it is full the decoder copies its window, 32 KiB: a larger one costs less, until
/// what is hashed next has left the processor's own cache.
const BUFFER: usize = 256 * 1024;

/// A cursor over the plain bytes of a layer.
pub(crate) struct Plain<'a, R: BufRead> {
    decoder: Decoder<R>,
    hasher: Hasher,
    limits: &'a Limits,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes decoded so far.
    decoded: u64,
}

impl<'a, R: BufRead> Plain<'a, R> {
    pub fn new(decoder: Decoder<R>, limits: &'a Limits) -> Self {
        Self {
            decoder,
            hasher: Hasher::new(Algorithm::Sha256),
            limits,
            buffer: vec![0; BUFFER],
            start: 0,
            end: 0,
            decoded: 0,
        }
    }

    /// Where the next byte stands in the plain tar.
    pub fn position(&self) -> u64 {
        self.decoded - (self.end - self.start) as u64
    }

    /// The next bytes, some of them; empty at the end. They stay until [`Self::consume`].
    pub fn peek(&mut self) -> Result<&[u8], LayerError> {
        if self.start == self.end {
            self.refill()?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    /// Goes past `count` of the bytes that [`Self::peek`] showed.
    pub fn consume(&mut self, count: usize) {
        self.start += count.min(self.end - self.start);
    }

    /// Reads a block; `None` if the tar ends here, exactly.
    pub fn block(&mut self) -> Result<Option<[u8; BLOCK]>, LayerError> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            let next = self.peek()?;
            if next.is_empty() {
                return match filled {
                    0 => Ok(None),
                    _ => Err(LayerError::Cut { subject: "a header".to_owned() }),
                };
            }
            let count = next.len().min(BLOCK - filled);
            block[filled..filled + count].copy_from_slice(&next[..count]);
            self.consume(count);
            filled += count;
        }
        Ok(Some(block))
    }

    /// Shows the next `count` bytes to `take`, in pieces. `Ok(false)` if the tar ends before.
    pub fn each(
        &mut self,
        count: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), LayerError>,
    ) -> Result<bool, LayerError> {
        let mut left = count;
        while left > 0 {
            let next = self.peek()?;
            if next.is_empty() {
                return Ok(false);
            }
            let piece = usize::try_from(left).map_or(next.len(), |left| left.min(next.len()));
            take(&next[..piece])?;
            self.consume(piece);
            left -= piece as u64;
        }
        Ok(true)
    }

    /// What all the bytes hash to, how many they were, and where reading can begin among them. To be called at the end.
    pub fn finish(self) -> (DiffId, u64, Checkpoints) {
        let checkpoints = self.decoder.finish();
        (DiffId(self.hasher.finish()), self.decoded, checkpoints)
    }

    fn refill(&mut self) -> Result<(), LayerError> {
        let read = self.decoder.read(&mut self.buffer)?;
        self.hasher.update(&self.buffer[..read]);
        (self.start, self.end) = (0, read);
        self.decoded += read as u64;
        if self.decoded > self.limits.max_tar_bytes {
            return Err(LayerError::Limit {
                what: "the size of the plain tar",
                limit: self.limits.max_tar_bytes,
                found: self.decoded,
            });
        }
        let packed = self.decoder.consumed().max(1);
        let ratio = self.decoded / packed;
        if self.decoded > self.limits.ratio_from_bytes && ratio > self.limits.max_ratio {
            return Err(LayerError::Limit {
                what: "the ratio of plain to compressed bytes",
                limit: self.limits.max_ratio,
                found: ratio,
            });
        }
        Ok(())
    }
}
