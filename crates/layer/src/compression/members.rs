//! Gzip: one member after another, each a header, a deflate stream and its checksum (RFC 1952).

use std::io::{self, BufRead};

use zlib_rs::{Inflate, InflateError, InflateFlush, Status};

use super::source::Source;
use super::{Compression, GZIP_MAGIC};
use crate::LayerError;
use crate::checkpoint::{AHEAD_BYTES, Boundary, Checkpoint, Recorder, begin_at};

/// The largest window of deflate, as a power of two; 16 more ask for header and checksum of gzip.
const GZIP_WINDOW: u8 = 16 + 15;
/// What follows a deflate stream in a member: its CRC and its length, four bytes each.
const TRAILER_BYTES: usize = 8;

/// The plain bytes of gzip members.
pub(super) struct Members {
    stage: Stage,
    /// The last byte that was taken.
    last: u8,
}

enum Stage {
    /// In a member that is read from its start: the decoder compares its checksum.
    Whole(Box<Inflate>),
    /// In a member that is read from a checkpoint: its checksum is of bytes that were not seen.
    Rest(Box<Inflate>),
    /// After that one's deflate stream, with so many bytes of its end still to come.
    Trailer(usize),
    /// After a member.
    Between,
    /// After the last.
    End,
}

/// What one call of the decoder did.
struct Step {
    taken: usize,
    made: usize,
    is_end: bool,
}

impl Members {
    pub fn new() -> Self {
        Self { stage: Stage::Whole(gzip()), last: 0 }
    }

    /// Goes on at a checkpoint; the next byte of `source` is the one at [`Checkpoint::seek`].
    pub fn resume<R: BufRead>(
        source: &mut Source<R>,
        checkpoint: &Checkpoint,
    ) -> Result<Self, LayerError> {
        let Some(inside) = &checkpoint.inside else { return Ok(Self::new()) };
        let broken = || damaged(io::ErrorKind::InvalidData, "a checkpoint of it is broken");
        let mut last = 0;
        if inside.bits > 0 {
            last = *source.chunk()?.first().ok_or_else(broken)?;
            source.consume(1);
        }
        let window = inside.window().ok_or_else(broken)?;
        let mut inflate = Box::new(Inflate::new(false, 15));
        begin_at(&mut inflate, &window, inside.bits, last).ok_or_else(broken)?;
        Ok(Self { stage: Stage::Rest(inflate), last })
    }

    /// Reads some bytes; 0 at the end. The first stands at `plain` in the tar.
    pub fn read<R: BufRead>(
        &mut self,
        source: &mut Source<R>,
        buffer: &mut [u8],
        plain: u64,
        recorder: &mut Recorder,
    ) -> Result<usize, LayerError> {
        loop {
            match &mut self.stage {
                Stage::End => return Ok(0),
                Stage::Between => self.next_member(source, plain, recorder)?,
                Stage::Trailer(left) => {
                    let count = source.chunk()?.len().min(*left);
                    if count == 0 {
                        return Err(cut());
                    }
                    source.consume(count);
                    *left -= count;
                    if *left == 0 {
                        self.stage = Stage::Between;
                    }
                }
                Stage::Whole(_) | Stage::Rest(_) => {
                    let made = if recorder.is_due(plain) {
                        self.read_to_checkpoint(source, buffer, plain, recorder)?
                    } else {
                        self.step(source, buffer, InflateFlush::NoFlush)?.made
                    };
                    recorder.remember(plain, &buffer[..made]);
                    if made > 0 {
                        return Ok(made);
                    }
                }
            }
        }
    }

    /// Takes what the source shows next.
    fn step<R: BufRead>(
        &mut self,
        source: &mut Source<R>,
        buffer: &mut [u8],
        flush: InflateFlush,
    ) -> Result<Step, LayerError> {
        let chunk = source.chunk()?;
        if chunk.is_empty() {
            return Err(cut());
        }
        let step = self.inflate(chunk, buffer, flush)?;
        source.consume(step.taken);
        Ok(step)
    }

    fn inflate(
        &mut self,
        chunk: &[u8],
        buffer: &mut [u8],
        flush: InflateFlush,
    ) -> Result<Step, LayerError> {
        let (inflate, after) = match &mut self.stage {
            Stage::Whole(inflate) => (inflate, Stage::Between),
            Stage::Rest(inflate) => (inflate, Stage::Trailer(TRAILER_BYTES)),
            _ => return Ok(Step { taken: 0, made: 0, is_end: true }),
        };
        let before = (inflate.total_in(), inflate.total_out());
        let status =
            inflate.decompress(chunk, buffer, flush).map_err(|error| wrong(inflate, error))?;
        let count = |after: u64, before: u64| usize::try_from(after - before).unwrap_or(usize::MAX);
        let taken = count(inflate.total_in(), before.0);
        let made = count(inflate.total_out(), before.1);
        let is_end = status == Status::StreamEnd;
        if taken > 0 {
            self.last = chunk[taken - 1];
        } else if made == 0 && !is_end && !buffer.is_empty() && flush == InflateFlush::NoFlush {
            return Err(damaged(io::ErrorKind::InvalidData, "it does not go on"));
        }
        if is_end {
            self.stage = after;
        }
        Ok(Step { taken, made, is_end })
    }

    /// As [`Self::step`] until the buffer is full, looking for a place where reading can begin.
    fn read_to_checkpoint<R: BufRead>(
        &mut self,
        source: &mut Source<R>,
        buffer: &mut [u8],
        plain: u64,
        recorder: &mut Recorder,
    ) -> Result<usize, LayerError> {
        let mut made = 0;
        while made < buffer.len() {
            let shown = source.chunk()?.len();
            if shown == 0 && made > 0 {
                break;
            }
            let step = self.step(source, &mut buffer[made..], InflateFlush::Block)?;
            made += step.made;
            if step.is_end {
                break;
            }
            // It stops before it must only between two blocks. Enough of the next one has to be here.
            let at = source.position();
            let ahead = source.chunk()?;
            let ahead = &ahead[..ahead.len().min(AHEAD_BYTES)];
            if step.taken == shown
                || made + AHEAD_BYTES > buffer.len()
                || ahead.len() < AHEAD_BYTES / 4
            {
                continue;
            }
            let (before, room) = buffer.split_at_mut(made);
            let last = self.last;
            let next = self.inflate(ahead, &mut room[..AHEAD_BYTES], InflateFlush::NoFlush)?;
            // After the last block none begins.
            if !next.is_end {
                let after = &room[..next.made];
                recorder.boundary(plain, &Boundary { at, last, before, ahead, after });
            }
            source.consume(next.taken);
            made += next.made;
            break;
        }
        Ok(made)
    }

    /// Goes on with the next member. Zeros may follow the last one, as tapes pad; nothing else may.
    fn next_member<R: BufRead>(
        &mut self,
        source: &mut Source<R>,
        plain: u64,
        recorder: &mut Recorder,
    ) -> Result<(), LayerError> {
        loop {
            let position = source.position();
            let next = source.chunk()?;
            match next.first() {
                None => {
                    self.stage = Stage::End;
                    return Ok(());
                }
                Some(0) => {
                    let zeros = next.iter().take_while(|&&byte| byte == 0).count();
                    source.consume(zeros);
                }
                Some(&first) if first == GZIP_MAGIC[0] => {
                    recorder.start(plain, position);
                    self.stage = Stage::Whole(gzip());
                    return Ok(());
                }
                Some(_) => {
                    let compression = Compression::Gzip.as_str();
                    return Err(LayerError::Trailing { compression });
                }
            }
        }
    }
}

fn gzip() -> Box<Inflate> {
    Box::new(Inflate::new(true, GZIP_WINDOW))
}

fn wrong(inflate: &Inflate, error: InflateError) -> LayerError {
    let what = inflate.error_message().unwrap_or_else(|| error.as_str());
    damaged(io::ErrorKind::InvalidData, what)
}

fn cut() -> LayerError {
    damaged(io::ErrorKind::UnexpectedEof, "it ends too early")
}

fn damaged(kind: io::ErrorKind, what: &'static str) -> LayerError {
    Compression::Gzip.damaged(kind, what)
}
