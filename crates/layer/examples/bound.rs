//! What a pull cannot do without: decompressing each layer and hashing it twice, packed and plain. No socket, no disk,
//! no list of files. `cargo xtask bench pull` holds a pull's time against this.
//!
//! Prints the seconds of processor time that the layers named on the command line took, together.

use std::error::Error;
use std::fs;
use std::io::Read;

use flate2::bufread::MultiGzDecoder;
use strata_spec::{Algorithm, Hasher};

/// Plain bytes held at once, as in a scan.
const BUFFER: usize = 256 * 1024;
/// Packed bytes hashed at once.
const CHUNK: usize = 128 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let mut nanoseconds = 0;
    for path in std::env::args_os().skip(1) {
        let packed = fs::read(path)?;
        let before = spent()?;
        inflate(&packed)?;
        nanoseconds += spent()?.saturating_sub(before);
    }
    let milliseconds = nanoseconds / 1_000_000;
    println!("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
    Ok(())
}

/// Decompresses a layer and forms both digests.
fn inflate(packed: &[u8]) -> Result<(), Box<dyn Error>> {
    let mut digest = Hasher::new(Algorithm::Sha256);
    packed.chunks(CHUNK).for_each(|chunk| digest.update(chunk));
    let mut decoder: Box<dyn Read> = match packed {
        [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(packed)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Box::new(zstd::stream::read::Decoder::with_buffer(packed)?),
        _ => Box::new(packed),
    };
    let mut diff_id = Hasher::new(Algorithm::Sha256);
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = decoder.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        diff_id.update(&buffer[..read]);
    }
    std::hint::black_box((digest.finish(), diff_id.finish()));
    Ok(())
}

/// Nanoseconds that this thread has had the processor (Linux, "Scheduler statistics").
fn spent() -> Result<u64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(text.split(' ').next().unwrap_or_default().parse()?)
}
