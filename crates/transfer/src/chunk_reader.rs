//! Chunks that arrive one by one, as one stream of bytes.

use std::io::{self, BufRead, Read};

use bytes::{Buf, Bytes};

/// Reads what `next` gives, until that gives nothing more.
pub(crate) struct ChunkReader<Next> {
    next: Next,
    current: Bytes,
}

impl<Next: FnMut() -> io::Result<Option<Bytes>>> ChunkReader<Next> {
    pub fn new(next: Next) -> Self {
        Self { next, current: Bytes::new() }
    }
}

impl<Next: FnMut() -> io::Result<Option<Bytes>>> BufRead for ChunkReader<Next> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.current.is_empty() {
            match (self.next)()? {
                Some(chunk) => self.current = chunk,
                None => break,
            }
        }
        Ok(&self.current)
    }

    fn consume(&mut self, count: usize) {
        self.current.advance(count);
    }
}

impl<Next: FnMut() -> io::Result<Option<Bytes>>> Read for ChunkReader<Next> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let next = self.fill_buf()?;
        let length = buffer.len().min(next.len());
        buffer[..length].copy_from_slice(&next[..length]);
        self.consume(length);
        Ok(length)
    }
}
