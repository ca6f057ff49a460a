//! What a layer is compressed with, found from its first bytes: media types are not believed.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use flate2::bufread::GzDecoder;

use crate::LayerError;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// A zstd stream may begin with a skippable frame: `0x184D2A50` to `0x184D2A5F`, little endian (RFC 8878, 3.1.2).
const ZSTD_SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];
/// The largest zstd window that is decoded, as a power of two: 128 MiB, what `zstd` itself accepts without asking.
const ZSTD_WINDOW_LOG: u32 = 27;

/// How the bytes of a layer are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// A bare tar.
    Plain,
    /// Gzip, one member or several (RFC 1952).
    Gzip,
    /// Zstandard, one frame or several (RFC 8878).
    Zstd,
}

impl Compression {
    fn detect(head: &[u8]) -> Self {
        if head.starts_with(&GZIP_MAGIC) {
            return Self::Gzip;
        }
        let skippable = head.len() >= 4 && head[0] & 0xf0 == 0x50 && head[1..4] == ZSTD_SKIPPABLE;
        if head.starts_with(&ZSTD_MAGIC) || skippable {
            return Self::Zstd;
        }
        Self::Plain
    }

    /// Its name in errors.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "tar",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// The plain bytes of a layer.
pub(crate) struct Decoder<R: BufRead> {
    inner: Inner<Bytes<R>>,
    consumed: Rc<Cell<u64>>,
    pub compression: Compression,
}

/// The source with its first bytes put back.
type Bytes<R> = io::Chain<io::Cursor<Vec<u8>>, Tap<R>>;

enum Inner<B: BufRead> {
    Plain(B),
    /// Between two members the decoder is taken out; `None` only then and at the end.
    Gzip(Option<Box<GzDecoder<B>>>),
    Zstd(Box<zstd::stream::read::Decoder<'static, B>>),
}

impl<R: BufRead> Decoder<R> {
    pub fn open(source: R) -> Result<Self, LayerError> {
        let consumed = Rc::new(Cell::new(0));
        let mut tap = Tap { source, consumed: Rc::clone(&consumed) };
        let mut head = Vec::with_capacity(4);
        tap.by_ref()
            .take(4)
            .read_to_end(&mut head)
            .map_err(|error| classify(error, Compression::Plain))?;
        let compression = Compression::detect(&head);
        let reader = io::Cursor::new(head).chain(tap);
        let inner = match compression {
            Compression::Plain => Inner::Plain(reader),
            Compression::Gzip => Inner::Gzip(Some(Box::new(GzDecoder::new(reader)))),
            Compression::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(reader)
                    .map_err(|error| classify(error, compression))?;
                decoder
                    .window_log_max(ZSTD_WINDOW_LOG)
                    .map_err(|error| classify(error, compression))?;
                Inner::Zstd(Box::new(decoder))
            }
        };
        Ok(Self { inner, consumed, compression })
    }

    /// Compressed bytes taken so far.
    pub fn consumed(&self) -> u64 {
        self.consumed.get()
    }

    /// Reads some plain bytes; 0 at the end.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize, LayerError> {
        loop {
            let read = match &mut self.inner {
                Inner::Plain(reader) => reader.read(buffer),
                Inner::Zstd(decoder) => decoder.read(buffer),
                Inner::Gzip(None) => return Ok(0),
                Inner::Gzip(Some(decoder)) => decoder.read(buffer),
            };
            match read {
                Ok(0) if self.next_member()? => {}
                Ok(read) => return Ok(read),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(classify(error, self.compression)),
            }
        }
    }

    /// After a gzip member: goes on with the next. Zeros may follow the last one, as tapes pad; nothing else may.
    fn next_member(&mut self) -> Result<bool, LayerError> {
        let compression = self.compression;
        let Inner::Gzip(current) = &mut self.inner else { return Ok(false) };
        let Some(decoder) = current.take() else { return Ok(false) };
        let mut reader = decoder.into_inner();
        loop {
            let next = reader.fill_buf().map_err(|error| classify(error, compression))?;
            match next.first() {
                None => return Ok(false),
                Some(0) => {
                    let zeros = next.iter().take_while(|&&byte| byte == 0).count();
                    reader.consume(zeros);
                }
                Some(&first) if first == GZIP_MAGIC[0] => break,
                Some(_) => return Err(LayerError::Trailing { compression: compression.as_str() }),
            }
        }
        *current = Some(Box::new(GzDecoder::new(reader)));
        Ok(true)
    }
}

/// Tells an error of the source from one of the decoder.
fn classify(error: io::Error, compression: Compression) -> LayerError {
    let of_source = match error.get_ref() {
        Some(inner) => inner.is::<SourceFailed>(),
        None => false,
    };
    if !of_source {
        return LayerError::Damaged { compression: compression.as_str(), source: error };
    }
    let kind = error.kind();
    let inner = error.into_inner().and_then(|inner| inner.downcast::<SourceFailed>().ok());
    LayerError::Source { source: inner.map_or_else(|| kind.into(), |failed| failed.0) }
}

/// Wraps an error of the source on its way through the decoders.
#[derive(Debug)]
struct SourceFailed(io::Error);

impl fmt::Display for SourceFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for SourceFailed {}

/// Counts what is taken from the source, and marks its errors.
struct Tap<R> {
    source: R,
    consumed: Rc<Cell<u64>>,
}

impl<R> Tap<R> {
    fn take_note(&self, count: usize) {
        self.consumed.set(self.consumed.get() + count as u64);
    }
}

impl<R: BufRead> Read for Tap<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer).map_err(of_source)?;
        self.take_note(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Tap<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.source.fill_buf().map_err(of_source)
    }

    fn consume(&mut self, count: usize) {
        self.take_note(count);
        self.source.consume(count);
    }
}

/// Marks an error as one of the source.
fn of_source(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::Interrupted => error,
        kind => io::Error::new(kind, SourceFailed(error)),
    }
}
