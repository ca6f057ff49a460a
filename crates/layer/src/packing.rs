//! Packing a layer: in blocks, side by side, and always to the same bytes.

mod block;
mod crew;

use std::fmt;
use std::io::{self, Write};

use strata_spec::MediaType;

use crate::checkpoint::Recorder;
use crate::{Checkpoints, Compression};
use block::Codec;
use crew::Crew;

/// What a layer is packed with, and how much work is put into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Packing {
    format: Compression,
    level: i32,
}

impl Packing {
    /// A bare tar.
    pub const PLAIN: Self = Self { format: Compression::Plain, level: 0 };

    /// Gzip, from 1 (fast) to 12 (small).
    #[must_use]
    pub fn gzip(level: u8) -> Self {
        Self { format: Compression::Gzip, level: i32::from(level.clamp(1, 12)) }
    }

    /// Zstandard, from 1 (fast) to 19 (small).
    #[must_use]
    pub fn zstd(level: u8) -> Self {
        Self { format: Compression::Zstd, level: i32::from(level.clamp(1, 19)) }
    }

    /// What it is packed with.
    #[must_use]
    pub fn format(self) -> Compression {
        self.format
    }

    /// The media type of such a layer.
    #[must_use]
    pub fn media_type(self) -> MediaType {
        match self.format {
            Compression::Plain => MediaType::OciLayer,
            Compression::Gzip => MediaType::OciLayerGzip,
            Compression::Zstd => MediaType::OciLayerZstd,
        }
    }
}

impl Default for Packing {
    /// Gzip, which every tool reads, at the usual level.
    fn default() -> Self {
        Self::gzip(6)
    }
}

/// What came of a packing.
#[derive(Debug)]
pub struct Packed<W> {
    /// What was written to.
    pub out: W,
    /// Bytes that were taken.
    pub plain_bytes: u64,
    /// Bytes that were written.
    pub packed_bytes: u64,
    /// Where reading can begin.
    pub checkpoints: Checkpoints,
}

/// Takes plain bytes and writes packed ones: gzip members or zstd frames, each of a block of fixed size. Which bytes come
/// out depends on those that go in and on the [`Packing`], not on how many threads there are or how the bytes are cut.
///
/// All is written by the thread that calls; at most two blocks for each thread are held.
pub struct Packer<W: Write> {
    out: Counted<W>,
    packing: Packing,
    block: Vec<u8>,
    crew: Option<Crew>,
    plain: u64,
    recorder: Recorder,
}

impl<W: Write> Packer<W> {
    /// Begins a layer. Blocks are packed on `threads` threads of their own; with none, on the one that calls.
    ///
    /// # Errors
    /// What the system says if no thread can be started.
    pub fn new(out: W, packing: Packing, threads: usize) -> io::Result<Self> {
        let crew = match packing.format {
            Compression::Plain => None,
            _ => Some(Crew::new(packing, threads)?),
        };
        let recorder = Recorder::after(Checkpoints::default());
        let out = Counted { out, bytes: 0 };
        Ok(Self { out, packing, block: Vec::new(), crew, plain: 0, recorder })
    }

    /// Packs what is left.
    ///
    /// # Errors
    /// What the output says, or the codec.
    pub fn finish(mut self) -> io::Result<Packed<W>> {
        if self.crew.is_some() {
            // Nothing at all is packed as one empty block.
            if !self.block.is_empty() || self.plain == 0 {
                self.pack_block()?;
            }
            while self.take_packed()? {}
        }
        Ok(Packed {
            plain_bytes: self.plain,
            packed_bytes: self.out.bytes,
            checkpoints: self.recorder.finish(),
            out: self.out.out,
        })
    }

    /// Hands a block to the crew. While too many are at work, the first of them is waited for.
    fn pack_block(&mut self) -> io::Result<()> {
        let Some(crew) = &mut self.crew else { return Ok(()) };
        let empty = crew.spare();
        crew.pack(std::mem::replace(&mut self.block, empty))?;
        while self.crew.as_ref().is_some_and(Crew::is_full) {
            self.take_packed()?;
        }
        Ok(())
    }

    /// Writes the first block that is not written yet; false if there is none.
    fn take_packed(&mut self) -> io::Result<bool> {
        let Some(packed) = self.crew.as_mut().and_then(Crew::next) else { return Ok(false) };
        let packed = packed?;
        if packed.plain_at > 0 {
            self.recorder.start(packed.plain_at, self.out.bytes);
        }
        self.out.write_all(&packed.bytes)?;
        if let Some(crew) = &mut self.crew {
            crew.give_back(packed);
        }
        Ok(true)
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = match self.crew {
            None => self.out.write(bytes)?,
            Some(_) => {
                let whole = Codec::block_bytes(self.packing);
                let count = bytes.len().min(whole - self.block.len());
                self.block.extend_from_slice(&bytes[..count]);
                if self.block.len() == whole {
                    self.pack_block()?;
                }
                count
            }
        };
        self.plain += count as u64;
        Ok(count)
    }

    /// Flushes what is packed; a block that is not full waits for more.
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> fmt::Debug for Packer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Packer({:?}, {} bytes, {:?})", self.packing, self.plain, self.crew)
    }
}

/// Counts what is written.
#[derive(Debug)]
struct Counted<W> {
    out: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
