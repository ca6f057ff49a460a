//! Zstandard: one frame after another. Each begins anew, so that where one begins reading can begin.

use std::io::{self, BufRead};

use zstd::stream::raw::{DParameter, Decoder, Operation};

use super::Compression;
use super::source::Source;
use crate::LayerError;
use crate::checkpoint::Recorder;

/// The largest zstd window that is decoded, as a power of two: 128 MiB, what `zstd` itself accepts without asking.
const WINDOW_LOG: u32 = 27;

/// The plain bytes of zstd frames.
pub(super) struct Frames {
    decoder: Decoder<'static>,
    is_inside: bool,
}

impl Frames {
    pub fn new() -> Result<Self, LayerError> {
        let mut decoder = Decoder::new().map_err(damaged)?;
        decoder.set_parameter(DParameter::WindowLogMax(WINDOW_LOG)).map_err(damaged)?;
        Ok(Self { decoder, is_inside: false })
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
            let position = source.position();
            let chunk = source.chunk()?;
            let is_last = chunk.is_empty();
            if !self.is_inside {
                if is_last {
                    return Ok(0);
                }
                recorder.start(plain, position);
                self.decoder.reinit().map_err(damaged)?;
            }
            let status = self.decoder.run_on_buffers(chunk, buffer).map_err(damaged)?;
            source.consume(status.bytes_read);
            self.is_inside = status.remaining != 0;
            if status.bytes_written > 0 {
                return Ok(status.bytes_written);
            }
            if status.bytes_read == 0 {
                let (kind, what) = match is_last {
                    true => (io::ErrorKind::UnexpectedEof, "the last frame is not complete"),
                    false => (io::ErrorKind::InvalidData, "the frame does not go on"),
                };
                return Err(Compression::Zstd.damaged(kind, what));
            }
        }
    }
}

fn damaged(source: io::Error) -> LayerError {
    LayerError::Damaged { compression: Compression::Zstd.as_str(), source }
}
