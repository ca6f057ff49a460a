//! A part of a file as a body, read piece by piece on threads for blocking work.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use tokio::task::spawn_blocking;

/// How much is read at once.
const PIECE_BYTES: u64 = 128 * 1024;

/// The `length` bytes of `file` from `first` on. A thread is held only while it reads: one who takes the bytes slowly
/// holds none.
pub(crate) fn file_body(file: File, first: u64, length: u64) -> Body {
    let pieces = stream::try_unfold((file, first, length), |(file, at, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let read = spawn_blocking(move || read(file, at, left.min(PIECE_BYTES))).await;
        let (file, piece) = read.map_err(io::Error::other)??;
        let length = piece.len() as u64;
        Ok::<_, io::Error>(Some((piece, (file, at + length, left - length))))
    });
    Body::from_stream(pieces)
}

fn read(mut file: File, at: u64, length: u64) -> io::Result<(File, Bytes)> {
    let mut piece = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut piece)?;
    Ok((file, Bytes::from(piece)))
}
