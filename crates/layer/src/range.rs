//! Some bytes out of the middle of a layer.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use crate::checkpoint::{Checkpoint, Recorder};
use crate::compression::{Decoder, Patience};
use crate::{Checkpoints, Compression, LayerError};

/// Plain bytes held at once.
const BUFFER: usize = 128 * 1024;
/// Packed bytes read at once.
const SOURCE_BUFFER: usize = 64 * 1024;
/// A checkpoint is taken if it saves at least so many plain bytes: beginning there costs as much as decoding some.
const WORTH_BYTES: u64 = 128 * 1024;

/// Copies `size` bytes that begin at `offset` of the plain tar to `out`. What lies before is decoded and dropped.
///
/// # Errors
/// [`LayerError::Cut`] if the layer ends before; [`LayerError::Source`] also if `out` fails.
pub fn read_range<R: Read, W: Write>(
    source: R,
    offset: u64,
    size: u64,
    out: &mut W,
) -> Result<(), LayerError> {
    read_ranges(source, &[(offset, size)], &mut |_, bytes| out.write_all(bytes))
}

/// As [`read_range`], beginning at the last checkpoint before `offset` (a bare tar needs none).
///
/// Where reading goes further than the checkpoints reach, new ones are added. What is read from the middle of a gzip
/// member is not compared with the member's checksum: who reads a whole file compares its [`crate::Fingerprint`]. If the
/// bytes cannot be decoded from a checkpoint, all checkpoints are given up, and reading goes on from the start.
///
/// # Errors
/// As [`read_range`].
pub fn read_range_from<R: Read + Seek, W: Write>(
    source: R,
    checkpoints: &mut Checkpoints,
    offset: u64,
    size: u64,
    out: &mut W,
) -> Result<(), LayerError> {
    let range = [(offset, size)];
    read_ranges_from(source, checkpoints, &range, &mut |_, bytes| out.write_all(bytes))
}

/// Takes the bytes of a range, by its number.
type Each<'a> = &'a mut dyn FnMut(usize, &[u8]) -> io::Result<()>;

/// Reads several ranges in one pass. They stand in ascending order and do not overlap: `(offset, size)` in the plain tar.
/// `each` is told which range the bytes are of, and gets those of one range in their order; of an empty one, none.
///
/// # Errors
/// [`LayerError::Cut`] if the layer ends before the last; [`LayerError::Source`] also if `each` fails.
pub fn read_ranges<R: Read>(
    source: R,
    ranges: &[(u64, u64)],
    each: Each<'_>,
) -> Result<(), LayerError> {
    let reader = BufReader::with_capacity(SOURCE_BUFFER, Forward(source));
    let decoder = Decoder::open(reader, Recorder::idle(), Patience::Waits)?;
    copy(&mut Window::new(decoder, false), ranges, each)
}

/// As [`read_ranges`], with checkpoints as in [`read_range_from`]: what lies between the ranges is passed over where a
/// checkpoint allows it.
///
/// # Errors
/// As [`read_ranges`].
pub fn read_ranges_from<R: Read + Seek>(
    source: R,
    checkpoints: &mut Checkpoints,
    ranges: &[(u64, u64)],
    each: Each<'_>,
) -> Result<(), LayerError> {
    let mut reader = BufReader::with_capacity(SOURCE_BUFFER, source);
    reader.rewind().map_err(|source| LayerError::Source { source })?;
    let recorder = Recorder::after(std::mem::take(checkpoints));
    let decoder = Decoder::open(reader, recorder, Patience::Waits)?;
    let mut window = Window::new(decoder, true);
    let read = copy(&mut window, ranges, each);
    *checkpoints = window.decoder.finish();
    read
}

fn copy<R: Read + Seek>(
    window: &mut Window<R>,
    ranges: &[(u64, u64)],
    each: Each<'_>,
) -> Result<(), LayerError> {
    for (number, &(offset, size)) in ranges.iter().enumerate() {
        let (mut at, end) = (offset, offset.saturating_add(size));
        while at < end {
            let bytes = window.bytes(at)?;
            let count = usize::try_from(end - at).map_or(bytes.len(), |left| left.min(bytes.len()));
            each(number, &bytes[..count]).map_err(|source| LayerError::Source { source })?;
            at += count as u64;
        }
    }
    Ok(())
}

/// The plain bytes that were decoded last.
struct Window<R> {
    decoder: Decoder<BufReader<R>>,
    can_jump: bool,
    /// A checkpoint was taken.
    has_jumped: bool,
    buffer: Vec<u8>,
    start: u64,
    filled: usize,
}

impl<R: Read + Seek> Window<R> {
    fn new(decoder: Decoder<BufReader<R>>, can_jump: bool) -> Self {
        let buffer = vec![0; BUFFER];
        Self { decoder, can_jump, has_jumped: false, buffer, start: 0, filled: 0 }
    }

    /// The bytes that begin at `at`, some of them.
    fn bytes(&mut self, at: u64) -> Result<&[u8], LayerError> {
        while at >= self.start + self.filled as u64 {
            match self.decode(at) {
                Ok(()) => {}
                Err(LayerError::Source { source }) => return Err(LayerError::Source { source }),
                Err(error) if !self.has_jumped => return Err(error),
                // Either a checkpoint is wrong or the layer is damaged: from the start it shows which.
                Err(_) => {
                    (self.start, self.filled, self.has_jumped) = (0, 0, false);
                    self.decoder.forget_checkpoints();
                    self.decoder.go_to(None)?;
                }
            }
        }
        let from = usize::try_from(at.saturating_sub(self.start)).unwrap_or(self.filled);
        Ok(&self.buffer[from..self.filled])
    }

    /// Decodes the next bytes, from a checkpoint before `at` if that saves some.
    fn decode(&mut self, at: u64) -> Result<(), LayerError> {
        if self.can_jump {
            self.jump(at)?;
        }
        self.start = self.decoder.position();
        self.filled = 0;
        self.filled = self.decoder.read(&mut self.buffer)?;
        match self.filled {
            0 => Err(LayerError::Cut { subject: "the content of a file".to_owned() }),
            _ => Ok(()),
        }
    }

    fn jump(&mut self, at: u64) -> Result<(), LayerError> {
        let is_plain = self.decoder.compression() == Compression::Plain;
        let target = match is_plain {
            true => Some(Checkpoint { plain: at, packed: at, inside: None }),
            false => self.decoder.checkpoints().before(at).cloned(),
        };
        let worth = self.decoder.position().saturating_add(WORTH_BYTES);
        if let Some(target) = target.filter(|target| target.plain >= worth) {
            self.has_jumped = !is_plain;
            self.decoder.go_to(Some(&target))?;
        }
        Ok(())
    }
}

/// A source that is only read forward.
struct Forward<R>(R);

impl<R: Read> Read for Forward<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R> Seek for Forward<R> {
    fn seek(&mut self, _to: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
