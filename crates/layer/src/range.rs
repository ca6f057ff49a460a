//! Some bytes out of the middle of a layer.

use std::io::{self, BufReader, Read, Write};

use crate::LayerError;
use crate::compression::Decoder;

const BUFFER: usize = 64 * 1024;

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
    let mut decoder = Decoder::open(BufReader::new(source))?;
    let mut buffer = vec![0; BUFFER];
    let (mut skip, mut left) = (offset, size);
    while left > 0 {
        let read = decoder.read(&mut buffer)?;
        if read == 0 {
            return Err(LayerError::Cut { subject: "the content of a file".to_owned() });
        }
        let before = usize::try_from(skip).map_or(read, |skip| skip.min(read));
        skip -= before as u64;
        let wanted = &buffer[before..read];
        let count = usize::try_from(left).map_or(wanted.len(), |left| left.min(wanted.len()));
        out.write_all(&wanted[..count]).map_err(|source| LayerError::Source { source })?;
        left -= count as u64;
    }
    Ok(())
}

/// Reads several ranges in one pass. They stand in ascending order and do not overlap: `(offset, size)` in the plain tar,
/// none of them empty. `each` is told which range the bytes are of, and gets those of one range in their order.
///
/// # Errors
/// [`LayerError::Cut`] if the layer ends before the last; [`LayerError::Source`] also if `each` fails.
pub fn read_ranges<R: Read>(
    source: R,
    ranges: &[(u64, u64)],
    each: &mut dyn FnMut(usize, &[u8]) -> io::Result<()>,
) -> Result<(), LayerError> {
    let mut decoder = Decoder::open(BufReader::new(source))?;
    let mut buffer = vec![0; BUFFER];
    let (mut at, mut next, mut given) = (0_u64, 0_usize, 0_u64);
    while next < ranges.len() {
        let read = decoder.read(&mut buffer)?;
        if read == 0 {
            return Err(LayerError::Cut { subject: "the content of a file".to_owned() });
        }
        let end = at + read as u64;
        while let Some(&(offset, size)) = ranges.get(next) {
            let from = offset + given;
            if from >= end {
                break;
            }
            let upto = (offset + size).min(end);
            let place = |byte: u64| usize::try_from(byte.saturating_sub(at)).unwrap_or(read);
            let piece = &buffer[place(from)..place(upto)];
            each(next, piece).map_err(|source| LayerError::Source { source })?;
            given += piece.len() as u64;
            if given < size {
                break;
            }
            (next, given) = (next + 1, 0);
        }
        at = end;
    }
    Ok(())
}
