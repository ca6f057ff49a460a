//! Files out of a packed stream, handed out one by one.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use strata_layer::LayerError;

use super::Take;
use crate::{BuildError, Stop};

/// A file of at most so many bytes is held in memory.
const HELD_BYTES: u64 = 8 << 20;

/// Where a file stands in a plain tar.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    /// What is told to whoever takes it.
    pub number: usize,
    pub offset: u64,
    pub size: u64,
}

/// Reads ranges: their order ascends, they do not overlap, and none is empty.
pub(crate) type ReadRanges<'a> = &'a mut dyn FnMut(
    &[(u64, u64)],
    &mut dyn FnMut(usize, &[u8]) -> io::Result<()>,
) -> Result<(), LayerError>;

/// Hands files out in the order in which they stand. Two may stand at one place, as two names of one file do.
pub(crate) fn hand_out(
    mut ranges: Vec<Range>,
    (read, scratch): (ReadRanges<'_>, &dyn Fn() -> io::Result<File>),
    take: Take<'_>,
    stop: &Stop,
) -> Result<(), BuildError> {
    ranges.sort_by_key(|range| (range.offset, range.number));
    for range in ranges.iter().filter(|range| range.size == 0) {
        take(range.number, &mut io::empty())?;
    }
    ranges.retain(|range| range.size > 0);
    let mut distinct: Vec<(u64, u64)> =
        ranges.iter().map(|range| (range.offset, range.size)).collect();
    distinct.dedup();
    let mut given = 0;
    let mut held = Held::new(scratch);
    let mut failure = None;
    let done = read(&distinct, &mut |at, bytes| {
        if stop.is_stopped() {
            return Err(io::Error::other("stopped"));
        }
        let (offset, size) = distinct[at];
        held.write(bytes, size)?;
        if held.bytes < size {
            return Ok(());
        }
        while let Some(range) = ranges.get(given).filter(|range| range.offset == offset) {
            given += 1;
            held.rewind()?;
            if let Err(error) = take(range.number, &mut held.reader()) {
                failure = Some(error);
                return Err(io::Error::other("what is read is not wanted any more"));
            }
        }
        held.clear();
        Ok(())
    });
    stop.check()?;
    match failure {
        Some(error) => Err(error),
        None => Ok(done?),
    }
}

/// The bytes of one file.
struct Held<'a> {
    memory: Vec<u8>,
    file: Option<File>,
    bytes: u64,
    scratch: &'a dyn Fn() -> io::Result<File>,
}

impl<'a> Held<'a> {
    fn new(scratch: &'a dyn Fn() -> io::Result<File>) -> Self {
        Self { memory: Vec::new(), file: None, bytes: 0, scratch }
    }

    fn write(&mut self, bytes: &[u8], size: u64) -> io::Result<()> {
        self.bytes += bytes.len() as u64;
        if size <= HELD_BYTES {
            self.memory.extend_from_slice(bytes);
            return Ok(());
        }
        if self.file.is_none() {
            self.file = Some((self.scratch)()?);
        }
        self.file.as_mut().map_or(Ok(()), |file| file.write_all(bytes))
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.seek(SeekFrom::Start(0)).map(|_| ()))
    }

    fn reader(&mut self) -> Box<dyn Read + '_> {
        match &mut self.file {
            Some(file) => Box::new(file),
            None => Box::new(Cursor::new(&self.memory)),
        }
    }

    fn clear(&mut self) {
        self.memory.clear();
        self.file = None;
        self.bytes = 0;
    }
}
