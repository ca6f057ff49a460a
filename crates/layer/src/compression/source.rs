//! The packed bytes of a layer, and where in them the reading stands.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use crate::LayerError;

/// Bytes that tell what a layer is compressed with.
const HEAD: usize = 4;

/// A source that is taken from chunk by chunk.
pub(crate) struct Source<R> {
    reader: R,
    /// The first bytes, looked at before anything was taken.
    head: Vec<u8>,
    /// Where the next byte stands in the packed layer.
    position: u64,
}

impl<R: BufRead> Source<R> {
    /// A reader that stands at the start of a layer.
    pub fn new(reader: R) -> Self {
        Self { reader, head: Vec::new(), position: 0 }
    }

    /// The first bytes, fewer only where there are fewer. To be called before anything is taken.
    pub fn head(&mut self) -> Result<&[u8], LayerError> {
        let read = (&mut self.reader).take(HEAD as u64).read_to_end(&mut self.head);
        read.map_err(|source| LayerError::Source { source })?;
        Ok(&self.head)
    }

    /// The next bytes, some of them; empty at the end.
    pub fn chunk(&mut self) -> Result<&[u8], LayerError> {
        if !self.head.is_empty() {
            return Ok(&self.head);
        }
        // Asked twice: what is returned would else be borrowed in the other turns of the loop too.
        loop {
            match self.reader.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => return Err(LayerError::Source { source }),
            }
        }
        self.reader.fill_buf().map_err(|source| LayerError::Source { source })
    }

    /// Goes past `count` of the bytes that [`Self::chunk`] showed.
    pub fn consume(&mut self, count: usize) {
        self.position += count as u64;
        if self.head.is_empty() {
            self.reader.consume(count);
        } else {
            self.head.drain(..count);
        }
    }

    /// Where the next byte stands.
    pub fn position(&self) -> u64 {
        self.position
    }
}

impl<R: BufRead + Seek> Source<R> {
    /// Goes on at a byte of the packed layer.
    pub fn seek(&mut self, position: u64) -> Result<(), LayerError> {
        let sought = self.reader.seek(SeekFrom::Start(position));
        self.position = sought.map_err(|source| LayerError::Source { source })?;
        self.head.clear();
        Ok(())
    }
}
