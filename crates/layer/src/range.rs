//! Some bytes out of the middle of a layer.

use std::io::{BufReader, Read, Write};

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
