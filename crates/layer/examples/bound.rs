//! What a pull cannot do without: reading each layer from a socket, hashing it, writing it to a file, decompressing it,
//! hashing that too, and walking over its tar with the name of each entry kept. One thread, no HTTP, no list of files.
//! `cargo xtask bench pull` holds a pull's time against this.
//!
//! `bound FOLDER LAYER…` prints the seconds of processor time that the layers took, together: of the reading side alone.
//! What it writes goes to `FOLDER`.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use strata_spec::{Algorithm, Hasher};

/// Plain bytes held at once, as in a scan.
const BUFFER: usize = 256 * 1024;
/// Packed bytes read at once.
const CHUNK: usize = 128 * 1024;
/// Blocks of a tar.
const BLOCK: usize = 512;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args_os().skip(1);
    let folder = PathBuf::from(words.next().ok_or("usage: bound FOLDER LAYER…")?);
    let mut nanoseconds = 0;
    for path in words {
        let packed = fs::read(path)?;
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let sender = std::thread::spawn(move || listener.accept()?.0.write_all(&packed));
        let before = spent()?;
        take(TcpStream::connect(address)?, &folder.join("layer"))?;
        nanoseconds += spent()?.saturating_sub(before);
        sender.join().map_err(|_| "the sender failed")??;
    }
    let milliseconds = nanoseconds / 1_000_000;
    println!("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
    Ok(())
}

/// Takes a layer from a socket, as a pull would, but for the tree.
fn take(socket: TcpStream, path: &Path) -> Result<(), Box<dyn Error>> {
    let digest = Hasher::new(Algorithm::Sha256);
    let mut packed =
        BufReader::with_capacity(CHUNK, Kept { socket, file: File::create(path)?, digest });
    let begin = packed.fill_buf()?.to_owned();
    let mut decoder: Box<dyn Read + '_> = match begin[..] {
        [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(&mut packed)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            Box::new(zstd::stream::read::Decoder::with_buffer(&mut packed)?)
        }
        _ => Box::new(&mut packed),
    };
    let mut diff_id = Hasher::new(Algorithm::Sha256);
    let mut names = Names::default();
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = decoder.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        diff_id.update(&buffer[..read]);
        names.walk(&buffer[..read]);
    }
    drop(decoder);
    let digest = packed.into_inner().digest;
    std::hint::black_box((digest.finish(), diff_id.finish(), names.kept));
    Ok(())
}

/// Bytes from a socket, written to a file and hashed on their way.
struct Kept {
    socket: TcpStream,
    file: File,
    digest: Hasher,
}

impl Read for Kept {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.socket.read(buffer)?;
        self.file.write_all(&buffer[..read])?;
        self.digest.update(&buffer[..read]);
        Ok(read)
    }
}

/// The names in the headers of a tar.
#[derive(Default)]
struct Names {
    kept: Vec<u8>,
    /// The part of a header that has come.
    header: Vec<u8>,
    /// Bytes of content that come before the next header.
    content: usize,
}

impl Names {
    fn walk(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let skipped = self.content.min(bytes.len());
            self.content -= skipped;
            bytes = &bytes[skipped..];
            let taken = (BLOCK - self.header.len()).min(bytes.len());
            if self.content > 0 || taken == 0 {
                continue;
            }
            self.header.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
            if self.header.len() == BLOCK {
                let digits = self.header[124..135].iter().filter(|byte| byte.is_ascii_digit());
                let size = digits.fold(0, |size, digit| size * 8 + usize::from(digit - b'0'));
                self.content = size.next_multiple_of(BLOCK);
                self.kept.extend_from_slice(&self.header[..100]);
                self.header.clear();
            }
        }
    }
}

/// Nanoseconds that this thread has had the processor (Linux, "Scheduler statistics").
fn spent() -> Result<u64, Box<dyn Error>> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(text.split(' ').next().unwrap_or_default().parse()?)
}
