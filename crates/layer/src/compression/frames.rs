//! Zstandard: one frame after another. Each begins anew, so that where one begins reading can begin.

use std::io::{self, BufRead};

use zstd::stream::raw::{DParameter, Decoder, Operation};

use super::Compression;
use super::source::Source;
use super::windows::{Head, MAX_WINDOW_BYTES, Patience, Share};
use crate::LayerError;
use crate::checkpoint::Recorder;

/// The plain bytes of zstd frames.
pub(super) struct Frames {
    decoder: Option<Holding>,
    patience: Patience,
    is_inside: bool,
}

/// A decoder, with the memory that it may hold. The memory is given back after the decoder: fields go in their order.
struct Holding {
    decoder: Decoder<'static>,
    needed: u64,
    _share: Share,
}

impl Frames {
    pub fn new(patience: Patience) -> Self {
        Self { decoder: None, patience, is_inside: false }
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
            if !self.is_inside {
                if source.chunk()?.is_empty() {
                    return Ok(0);
                }
                recorder.start(plain, source.position());
                self.begin(source)?;
            }
            let Some(Holding { decoder, .. }) = &mut self.decoder else { return Ok(0) };
            let chunk = source.chunk()?;
            let is_last = chunk.is_empty();
            let status = decoder.run_on_buffers(chunk, buffer).map_err(damaged)?;
            source.consume(status.bytes_read);
            self.is_inside = status.remaining != 0;
            if status.bytes_written > 0 {
                return Ok(status.bytes_written);
            }
            if status.bytes_read == 0 {
                return Err(stuck(is_last));
            }
        }
    }

    /// Begins a frame: its header first, for that tells what decoding it takes.
    fn begin<R: BufRead>(&mut self, source: &mut Source<R>) -> Result<(), LayerError> {
        let mut head = Head::default();
        while head.bytes.len() < head.wanted() {
            let Some(&byte) = source.chunk()?.first() else { return Err(stuck(true)) };
            head.bytes.push(byte);
            source.consume(1);
        }
        let (window, needed) = head.window();
        if window > MAX_WINDOW_BYTES {
            let (what, limit) = ("the window of its zstd data", MAX_WINDOW_BYTES);
            return Err(LayerError::Limit { what, limit, found: window });
        }
        let decoder = self.decoder(needed)?;
        decoder.reinit().map_err(damaged)?;
        let status = decoder.run_on_buffers(&head.bytes, &mut []).map_err(damaged)?;
        if status.bytes_read < head.bytes.len() {
            return Err(stuck(false));
        }
        self.is_inside = true;
        Ok(())
    }

    /// A decoder that may hold so much: the one that there is, or one for more.
    fn decoder(&mut self, needed: u64) -> Result<&mut Decoder<'static>, LayerError> {
        let holding = match self.decoder.take().filter(|holding| holding.needed >= needed) {
            Some(holding) => holding,
            // What it held before is given back first: two that both hold some and wait for more would wait for ever.
            None => {
                let share = Share::take(needed, self.patience).ok_or(LayerError::Crowded)?;
                let mut decoder = Decoder::new().map_err(damaged)?;
                let log = MAX_WINDOW_BYTES.ilog2();
                decoder.set_parameter(DParameter::WindowLogMax(log)).map_err(damaged)?;
                Holding { decoder, needed, _share: share }
            }
        };
        Ok(&mut self.decoder.insert(holding).decoder)
    }
}

fn stuck(is_last: bool) -> LayerError {
    let (kind, what) = match is_last {
        true => (io::ErrorKind::UnexpectedEof, "the last frame is not complete"),
        false => (io::ErrorKind::InvalidData, "the frame does not go on"),
    };
    Compression::Zstd.damaged(kind, what)
}

fn damaged(source: io::Error) -> LayerError {
    LayerError::Damaged { compression: Compression::Zstd.as_str(), source }
}
