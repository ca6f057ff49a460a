//! Results on their way to stdout, and words on their way to stderr.

use std::io::{self, BufWriter, StdoutLock, Write};

use serde::Serialize;

const BUFFER_BYTES: usize = 64 * 1024;

/// Stdout for results, in large pieces. Must be flushed at the end.
pub fn results() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock())
}

/// Words for a person, on stderr. One that is closed or full is nobody's business: the results count.
pub fn tell(words: &str) {
    io::stderr().write_all(words.as_bytes()).ok();
}

/// One JSON document, readable.
pub fn document(value: &impl Serialize) -> io::Result<()> {
    let mut out = results();
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// One JSON object on a line of its own.
pub fn line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}
