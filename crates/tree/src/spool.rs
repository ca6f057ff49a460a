//! Bytes that grow: in memory while they are few, in a scratch file when they are many.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// A file that nobody else sees, for what does not fit into memory.
pub trait Scratch: Read + Write + Seek + Send {}

impl<T: Read + Write + Seek + Send> Scratch for T {}

/// Opens one more scratch file.
pub type OpenScratch = Box<dyn Fn() -> io::Result<Box<dyn Scratch>> + Send>;

/// How much of the scratch file is read at once. What is read next mostly stands beside.
const WINDOW_BYTES: usize = 4096;

/// A growing run of bytes, of which any part can be read and changed.
pub(crate) struct Spool {
    /// Bytes from `tail_at` on.
    tail: Vec<u8>,
    /// How many bytes stand in the scratch file, before the tail.
    tail_at: usize,
    /// How long the tail may become where there is a scratch file.
    limit: usize,
    scratch: Option<Box<dyn Scratch>>,
    /// Some bytes of the scratch file, and where they stand.
    window: Vec<u8>,
    window_at: usize,
}

impl fmt::Debug for Spool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Spool({} bytes, {} of them in a file)", self.len(), self.tail_at)
    }
}

impl Spool {
    /// An empty one that keeps `limit` bytes in memory where there is a file for more.
    pub fn new(limit: usize) -> Self {
        Self {
            tail: Vec::new(),
            tail_at: 0,
            limit,
            scratch: None,
            window: Vec::new(),
            window_at: 0,
        }
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.tail_at + self.tail.len()
    }

    /// All bytes, if they are in memory.
    pub fn in_memory(&self) -> Option<&[u8]> {
        self.scratch.is_none().then_some(&self.tail[..])
    }

    /// Adds bytes to the end, and tells where they stand.
    pub fn append(&mut self, bytes: &[u8], open: Option<&OpenScratch>) -> io::Result<usize> {
        let at = self.len();
        if self.tail.len() + bytes.len() > self.limit
            && let Some(open) = open
        {
            self.move_out(open)?;
        }
        self.tail.extend_from_slice(bytes);
        Ok(at)
    }

    fn move_out(&mut self, open: &OpenScratch) -> io::Result<()> {
        let scratch = match &mut self.scratch {
            Some(scratch) => scratch,
            none => none.insert(open()?),
        };
        scratch.seek(SeekFrom::Start(self.tail_at as u64))?;
        scratch.write_all(&self.tail)?;
        self.tail_at += self.tail.len();
        self.tail.clear();
        Ok(())
    }

    /// Replaces bytes that are there. They must have been added as one, as all that is read and replaced.
    pub fn replace(&mut self, at: usize, bytes: &[u8]) -> io::Result<()> {
        if let Some(at) = at.checked_sub(self.tail_at) {
            self.tail[at..at + bytes.len()].copy_from_slice(bytes);
            return Ok(());
        }
        self.window.clear();
        let scratch = self.scratch.as_mut().ok_or(io::ErrorKind::NotFound)?;
        scratch.seek(SeekFrom::Start(at as u64))?;
        scratch.write_all(bytes)
    }

    /// Bytes that were added as one.
    pub fn read(&mut self, at: usize, length: usize) -> io::Result<&[u8]> {
        if let Some(at) = at.checked_sub(self.tail_at) {
            return Ok(&self.tail[at..at + length]);
        }
        if at < self.window_at || at + length > self.window_at + self.window.len() {
            let scratch = self.scratch.as_mut().ok_or(io::ErrorKind::NotFound)?;
            // What is read next may stand on either side.
            let start = at - at % WINDOW_BYTES;
            let end = (at + length).next_multiple_of(WINDOW_BYTES).min(self.tail_at);
            self.window.resize(end - start, 0);
            self.window_at = start;
            scratch.seek(SeekFrom::Start(start as u64))?;
            if let Err(error) = scratch.read_exact(&mut self.window) {
                self.window.clear();
                return Err(error);
            }
        }
        let at = at - self.window_at;
        Ok(&self.window[at..at + length])
    }

    /// Hands all bytes on, in order.
    pub fn copy_to(&mut self, mut sink: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        const PIECE: usize = 64 * 1024;
        let mut at = 0;
        while at < self.tail_at {
            let length = PIECE.min(self.tail_at - at);
            sink(self.read(at, length)?)?;
            at += length;
        }
        sink(&self.tail)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Cursor;

    use super::*;

    fn in_a_file() -> OpenScratch {
        Box::new(|| Ok(Box::new(Cursor::new(Vec::new()))))
    }

    #[test]
    fn what_does_not_fit_into_memory_is_read_and_replaced_as_what_does() {
        let open = in_a_file();
        for file in [None, Some(&open)] {
            let mut spool = Spool::new(100);
            let ats: Vec<usize> = (0..3000_u32)
                .map(|number| spool.append(&number.to_le_bytes(), file).unwrap())
                .collect();
            assert_eq!(spool.in_memory().is_some(), file.is_none());
            assert_eq!(spool.len(), 12_000);
            for at in [0, 7, 2990, 2999] {
                spool.read(ats[at], 4).unwrap();
                spool
                    .replace(ats[at], &(u32::try_from(at).unwrap() + 10_000).to_le_bytes())
                    .unwrap();
            }
            let expected = |number: u32| {
                if matches!(number, 0 | 7 | 2990 | 2999) { number + 10_000 } else { number }
            };
            for number in (0..3000_u32).rev() {
                let read = spool.read(ats[number as usize], 4).unwrap();
                assert_eq!(read, expected(number).to_le_bytes());
            }
            let mut all = Vec::new();
            spool
                .copy_to(|bytes| {
                    all.extend_from_slice(bytes);
                    Ok(())
                })
                .unwrap();
            assert_eq!(all.len(), 12_000);
            assert_eq!(all[28..32], expected(7).to_le_bytes());
        }
    }

    #[test]
    fn a_scratch_file_that_cannot_be_had_is_an_error() {
        let open: OpenScratch = Box::new(|| Err(io::ErrorKind::StorageFull.into()));
        let mut spool = Spool::new(4);
        spool.append(b"1234", Some(&open)).unwrap();
        assert!(spool.append(b"5", Some(&open)).is_err());
        assert_eq!(spool.read(0, 4).unwrap(), b"1234");
    }
}
