//! What a layer is compressed with, found from its first bytes: media types are not believed.

mod frames;
mod members;
mod source;
mod windows;

use std::io::{self, BufRead, Seek};

use crate::checkpoint::{Checkpoint, Recorder};
use crate::{Checkpoints, LayerError};
use frames::Frames;
use members::Members;
use source::Source;

pub(crate) use windows::Patience;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// A zstd stream may begin with a skippable frame: `0x184D2A50` to `0x184D2A5F`, little endian (RFC 8878, 3.1.2).
const ZSTD_SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];

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

    /// The decoder has found something wrong.
    fn damaged(self, kind: io::ErrorKind, what: &'static str) -> LayerError {
        LayerError::Damaged { compression: self.as_str(), source: io::Error::new(kind, what) }
    }
}

/// The plain bytes of a layer.
pub(crate) struct Decoder<R> {
    source: Source<R>,
    decoding: Decoding,
    /// Where the next plain byte stands in the tar.
    plain: u64,
    recorder: Recorder,
    patience: Patience,
}

enum Decoding {
    Plain,
    Gzip(Members),
    Zstd(Frames),
}

impl<R: BufRead> Decoder<R> {
    /// Begins at the start of a layer. What `recorder` wants is noted on the way.
    pub fn open(reader: R, recorder: Recorder, patience: Patience) -> Result<Self, LayerError> {
        let mut source = Source::new(reader);
        let decoding = match Compression::detect(source.head()?) {
            Compression::Plain => Decoding::Plain,
            Compression::Gzip => Decoding::Gzip(Members::new()),
            Compression::Zstd => Decoding::Zstd(Frames::new(patience)),
        };
        Ok(Self { source, decoding, plain: 0, recorder, patience })
    }

    /// What the layer is compressed with.
    pub fn compression(&self) -> Compression {
        match self.decoding {
            Decoding::Plain => Compression::Plain,
            Decoding::Gzip(_) => Compression::Gzip,
            Decoding::Zstd(_) => Compression::Zstd,
        }
    }

    /// Compressed bytes taken so far.
    pub fn consumed(&self) -> u64 {
        self.source.position()
    }

    /// Where the next plain byte stands in the tar.
    pub fn position(&self) -> u64 {
        self.plain
    }

    /// Reads some plain bytes; 0 at the end.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize, LayerError> {
        let Self { source, decoding, plain, recorder, .. } = self;
        let read = match decoding {
            Decoding::Plain => {
                let chunk = source.chunk()?;
                let read = chunk.len().min(buffer.len());
                buffer[..read].copy_from_slice(&chunk[..read]);
                source.consume(read);
                read
            }
            Decoding::Gzip(members) => members.read(source, buffer, *plain, recorder)?,
            Decoding::Zstd(frames) => frames.read(source, buffer, *plain, recorder)?,
        };
        *plain += read as u64;
        Ok(read)
    }

    /// What is known of where reading can begin.
    pub fn checkpoints(&self) -> &Checkpoints {
        self.recorder.known()
    }

    /// Forgets where reading can begin.
    pub fn forget_checkpoints(&mut self) {
        self.recorder = Recorder::after(Checkpoints::default());
    }

    /// Where reading can begin, for later.
    pub fn finish(self) -> Checkpoints {
        self.recorder.finish()
    }
}

impl<R: BufRead + Seek> Decoder<R> {
    /// Goes on at a checkpoint of this layer; without one, at its start.
    pub fn go_to(&mut self, target: Option<&Checkpoint>) -> Result<(), LayerError> {
        self.source.seek(target.map_or(0, Checkpoint::seek))?;
        self.plain = target.map_or(0, |target| target.plain);
        self.decoding = match (&self.decoding, target) {
            (Decoding::Plain, _) => Decoding::Plain,
            (Decoding::Gzip(_), None) => Decoding::Gzip(Members::new()),
            (Decoding::Gzip(_), Some(target)) => {
                Decoding::Gzip(Members::resume(&mut self.source, target)?)
            }
            (Decoding::Zstd(_), _) => Decoding::Zstd(Frames::new(self.patience)),
        };
        Ok(())
    }
}
