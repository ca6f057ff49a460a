//! The pipeline of one layer: two threads and two bounded channels, whatever the layer's size.
//!
//! ```text
//! socket ──▶ [keep: ingest file + digest] ──▶ [scan: inflate + diff ID + tar walk + tree]
//! ```
//! A chunk is written and hashed, then handed on; nothing is read twice and at most [`CHUNKS_IN_FLIGHT`] chunks wait
//! on each side. A full channel slows the socket down, never the memory up.

use std::io::{self, Read};

use bytes::{Buf, Bytes};
use strata_layer::{LayerError, Limits, Scanned};
use strata_spec::{Algorithm, Digest, Hasher};
use strata_store::Ingest;
use strata_tree::TreeBuilder;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::TransferError;

/// Chunks that may wait between two stages. With chunks of at most 256 KiB this is 2 MiB a layer and stage.
const CHUNKS_IN_FLIGHT: usize = 8;

/// How many kept bytes are read back at once.
const READ_BACK_BYTES: usize = 128 * 1024;

/// A layer on its way in.
pub(super) struct Intake {
    /// Where the chunks go. Dropping it ends the layer.
    pub chunks: Sender<Bytes>,
    keep: JoinHandle<Result<(Ingest, Digest), TransferError>>,
    scan: JoinHandle<Result<(Scanned, TreeBuilder), LayerError>>,
}

/// What came in.
pub(super) struct Taken {
    /// The file with the bytes.
    pub ingest: Ingest,
    /// The digest of the compressed bytes.
    pub digest: Digest,
    /// What the scan found, or why the bytes are not a layer.
    pub scanned: Result<(Scanned, TreeBuilder), LayerError>,
}

impl Intake {
    /// Starts the two threads. The bytes that `ingest` keeps from an earlier try pass through first.
    pub fn start(ingest: Ingest, layer: &Digest, limits: Limits) -> Self {
        let (chunks, arriving) = mpsc::channel(CHUNKS_IN_FLIGHT);
        let (onward, scanned) = mpsc::channel(CHUNKS_IN_FLIGHT);
        let (layer, algorithm) = (layer.clone(), layer.algorithm());
        let keep = spawn_blocking(move || keep(ingest, arriving, &onward, algorithm, &layer));
        let scan = spawn_blocking(move || scan(scanned, &limits));
        Self { chunks, keep, scan }
    }

    /// Waits until everything sent has passed.
    pub async fn finish(self) -> Result<Taken, TransferError> {
        drop(self.chunks);
        let worker = || TransferError::Worker { what: "a layer".to_owned() };
        let kept = self.keep.await.map_err(|_| worker())?;
        let scanned = self.scan.await.map_err(|_| worker())?;
        let (ingest, digest) = kept?;
        Ok(Taken { ingest, digest, scanned })
    }
}

/// Writes and hashes each chunk, then hands it on.
fn keep(
    mut ingest: Ingest,
    mut arriving: Receiver<Bytes>,
    onward: &Sender<Bytes>,
    algorithm: Algorithm,
    layer: &Digest,
) -> Result<(Ingest, Digest), TransferError> {
    let mut hasher = Hasher::new(algorithm);
    let mut scanning = true;
    let mut hand_on = |chunk: Bytes| {
        // The scan stops early when the bytes are no layer. The rest is still kept and hashed, so that the error
        // can say whether the bytes were changed on the way or were never a layer.
        scanning = scanning && onward.blocking_send(chunk).is_ok();
    };
    if ingest.offset() > 0 {
        let mut kept = ingest.read_back()?;
        loop {
            let mut buffer = vec![0; READ_BACK_BYTES];
            let read = kept
                .read(&mut buffer)
                .map_err(|source| TransferError::ReadBack { layer: layer.clone(), source })?;
            if read == 0 {
                break;
            }
            buffer.truncate(read);
            hasher.update(&buffer);
            hand_on(Bytes::from(buffer));
        }
    }
    while let Some(chunk) = arriving.blocking_recv() {
        ingest.append(&chunk)?;
        hasher.update(&chunk);
        hand_on(chunk);
    }
    Ok((ingest, hasher.finish()))
}

fn scan(chunks: Receiver<Bytes>, limits: &Limits) -> Result<(Scanned, TreeBuilder), LayerError> {
    let mut tree = TreeBuilder::new();
    let source = ChunkReader { chunks, current: Bytes::new() };
    let scanned = strata_layer::scan(source, limits, &mut tree)?;
    Ok((scanned, tree))
}

/// The chunks of a channel as one stream of bytes.
struct ChunkReader {
    chunks: Receiver<Bytes>,
    current: Bytes,
}

impl Read for ChunkReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.chunks.blocking_recv() {
                Some(chunk) => self.current = chunk,
                None => return Ok(0),
            }
        }
        let length = buffer.len().min(self.current.len());
        self.current.copy_to_slice(&mut buffer[..length]);
        Ok(length)
    }
}
