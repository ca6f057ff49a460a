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
use strata_spec::{Digest, Hasher};
use strata_store::Ingest;
use strata_tree::TreeBuilder;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::quiet_thread::quiet_thread;
use crate::TransferError;

/// Chunks that may wait between two stages. The HTTP library gives at most some 400 KiB at once, so that this is less
/// than 2 MiB a layer and stage.
const CHUNKS_IN_FLIGHT: usize = 4;

/// How many kept bytes are read back at once.
const READ_BACK_BYTES: usize = 128 * 1024;

/// A layer on its way in.
pub(super) struct Intake {
    /// Where the chunks go.
    pub chunks: Sender<Bytes>,
    keep: oneshot::Receiver<Result<(Ingest, Digest), TransferError>>,
    scan: oneshot::Receiver<Result<(Scanned, TreeBuilder), LayerError>>,
    /// Dropped with this value: the threads then end without a result, and what was handed to them is kept.
    abandoned: DropGuard,
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
        let stop = CancellationToken::new();
        let keeper = Keeper {
            ingest,
            hasher: Hasher::new(layer.algorithm()),
            onward: Some(onward),
            stop: stop.clone(),
        };
        let source = ChunkReader { chunks: scanned, current: Bytes::new(), stop: stop.clone() };
        let layer = layer.clone();
        Self {
            chunks,
            keep: quiet_thread("keep", move || keeper.keep(arriving, &layer)),
            scan: quiet_thread("scan", move || scan(source, &limits)),
            abandoned: stop.drop_guard(),
        }
    }

    /// Waits until everything sent has passed.
    pub async fn finish(self) -> Result<Taken, TransferError> {
        let Self { chunks, keep, scan, abandoned } = self;
        drop(chunks);
        let worker = || TransferError::Worker { what: "a layer".to_owned() };
        let kept = keep.await.map_err(|_| worker())?;
        let scanned = scan.await.map_err(|_| worker())?;
        drop(abandoned);
        let (ingest, digest) = kept?;
        Ok(Taken { ingest, digest, scanned })
    }

    /// Keeps what was sent, for the next try, and waits until it is kept.
    pub async fn abandon(self) {
        let Self { chunks, keep, scan, abandoned } = self;
        drop((chunks, abandoned));
        // There is no result, and no use for a failure: the layer has failed already.
        let _ = keep.await;
        let _ = scan.await;
    }
}

/// Writes and hashes each chunk, then hands it on.
struct Keeper {
    ingest: Ingest,
    hasher: Hasher,
    /// None once the scan has ended early because the bytes are no layer. The rest is still kept and hashed, so that
    /// the error can say whether the bytes were changed on the way or were never a layer.
    onward: Option<Sender<Bytes>>,
    stop: CancellationToken,
}

impl Keeper {
    fn keep(
        mut self,
        mut arriving: Receiver<Bytes>,
        layer: &Digest,
    ) -> Result<(Ingest, Digest), TransferError> {
        if self.ingest.offset() > 0 {
            self.read_back(layer)?;
        }
        while let Some(chunk) = arriving.blocking_recv() {
            self.ingest.append(&chunk)?;
            if !self.stop.is_cancelled() {
                self.pass(chunk);
            }
        }
        if self.stop.is_cancelled() {
            return Err(TransferError::Stopped);
        }
        Ok((self.ingest, self.hasher.finish()))
    }

    /// Lets the bytes that are kept from an earlier try pass.
    fn read_back(&mut self, layer: &Digest) -> Result<(), TransferError> {
        let mut kept = self.ingest.read_back()?;
        while !self.stop.is_cancelled() {
            let mut buffer = vec![0; READ_BACK_BYTES];
            let read = kept
                .read(&mut buffer)
                .map_err(|source| TransferError::ReadBack { layer: layer.clone(), source })?;
            if read == 0 {
                break;
            }
            buffer.truncate(read);
            self.pass(Bytes::from(buffer));
        }
        Ok(())
    }

    fn pass(&mut self, chunk: Bytes) {
        self.hasher.update(&chunk);
        if self.onward.as_ref().is_some_and(|onward| onward.blocking_send(chunk).is_err()) {
            self.onward = None;
        }
    }
}

fn scan(source: ChunkReader, limits: &Limits) -> Result<(Scanned, TreeBuilder), LayerError> {
    let mut tree = TreeBuilder::new();
    let scanned = strata_layer::scan(source, limits, &mut tree)?;
    Ok((scanned, tree))
}

/// The chunks of a channel as one stream of bytes.
struct ChunkReader {
    chunks: Receiver<Bytes>,
    current: Bytes,
    stop: CancellationToken,
}

impl Read for ChunkReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            if self.stop.is_cancelled() {
                return Err(io::Error::other("the layer is not wanted any more"));
            }
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
