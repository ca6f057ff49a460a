//! The pipeline of one layer: two threads and two bounded channels, whatever the layer's size.
//!
//! ```text
//! socket ──▶ [keep: ingest file + digest] ──▶ [scan: inflate + diff ID + tar walk + tree]
//! ```
//! A chunk is written and hashed, then handed on; nothing is read twice and at most [`CHUNKS_IN_FLIGHT`] chunks wait
//! on each side. A full channel slows the socket down, never the memory up. What has piled up while a thread was busy
//! goes on together: waking the next thread costs more than handing over a chunk.
//!
//! A layer of a few blocks is not worth two threads: [`take_small`] does the same in one go.

use std::io::{self, BufRead, Read};

use bytes::Bytes;
use strata_layer::{Entry, EntrySink, FingerprintKey, LayerError, Limits, Scanned};
use strata_spec::{Digest, Hasher};
use strata_store::{Ingest, Store, StoreError};
use strata_tree::TreeBuilder;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::TransferError;
use crate::chunk_reader::ChunkReader;
use crate::quiet_thread::quiet_thread;

/// Chunks that may wait between two stages. The HTTP library gives at most some 400 KiB at once, so that this is less
/// than 2 MiB a layer and stage.
const CHUNKS_IN_FLIGHT: usize = 4;

/// From how many bytes on chunks that wait are handed on without waiting for more of them.
const BATCH_BYTES: usize = 512 * 1024;

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
    pub fn start(ingest: Ingest, layer: &Digest, limits: Limits, files: Files) -> Self {
        let (chunks, arriving) = mpsc::channel(CHUNKS_IN_FLIGHT);
        let (onward, scanned) = mpsc::channel(1);
        let stop = CancellationToken::new();
        let keeper = Keeper {
            ingest,
            hasher: Hasher::new(layer.algorithm()),
            onward: Some(onward),
            stop: stop.clone(),
        };
        let source = ChunkReader::new(chunks_of(scanned, stop.clone()));
        let layer = layer.clone();
        Self {
            chunks,
            keep: quiet_thread("keep", move || keeper.keep(arriving, &layer)),
            scan: quiet_thread("scan", move || scan_arriving(source, &limits, files)),
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
    onward: Option<Sender<Batch>>,
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
        while let Some(first) = arriving.blocking_recv() {
            let mut batch = Batch::with_capacity(CHUNKS_IN_FLIGHT);
            let (mut next, mut bytes) = (Some(first), 0);
            while let Some(chunk) = next {
                self.ingest.append(&chunk)?;
                self.hasher.update(&chunk);
                bytes += chunk.len();
                batch.push(chunk);
                next = if bytes < BATCH_BYTES { arriving.try_recv().ok() } else { None };
            }
            if !self.stop.is_cancelled() {
                self.pass(batch);
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
            self.hasher.update(&buffer);
            self.pass(vec![Bytes::from(buffer)]);
        }
        Ok(())
    }

    fn pass(&mut self, batch: Batch) {
        if self.onward.as_ref().is_some_and(|onward| onward.blocking_send(batch).is_err()) {
            self.onward = None;
        }
    }
}

/// Chunks that go on together, in their order.
type Batch = Vec<Bytes>;

/// Told once, when the first entry of a layer is known.
pub(super) type Noticed = Box<dyn FnOnce() + Send>;

/// The list of a layer's files as it grows; it tells of its first entry.
pub(super) struct Files {
    tree: TreeBuilder,
    noticed: Option<Noticed>,
}

impl Files {
    /// An empty list. What of a very long one does not fit into memory lies in files beside the layers on their way in.
    pub fn new(store: &Store, noticed: Noticed) -> Result<Self, StoreError> {
        Ok(Self { tree: tree_builder(store)?, noticed: Some(noticed) })
    }
}

/// A tree builder that needs little memory however many files a layer has.
pub(crate) fn tree_builder(store: &Store) -> Result<TreeBuilder, StoreError> {
    let key = FingerprintKey(store.fingerprint_key()?);
    let store = store.clone();
    Ok(TreeBuilder::spilling(Box::new(move || Ok(Box::new(store.scratch()?)))).keyed(key))
}

impl EntrySink for Files {
    fn entry(&mut self, entry: Entry) -> Result<(), LayerError> {
        self.tree.entry(entry)?;
        if let Some(noticed) = self.noticed.take() {
            noticed();
        }
        Ok(())
    }

    fn fingerprint_key(&self) -> FingerprintKey {
        self.tree.fingerprint_key()
    }
}

/// What the network brings: nobody waits for its memory while it arrives.
fn scan_arriving(
    source: impl BufRead,
    limits: &Limits,
    mut files: Files,
) -> Result<(Scanned, TreeBuilder), LayerError> {
    let scanned = strata_layer::scan_arriving(source, limits, &mut files)?;
    Ok((scanned, files.tree))
}

/// What is here whole.
fn scan(source: impl BufRead, mut files: Files) -> Result<(Scanned, TreeBuilder), LayerError> {
    let scanned = strata_layer::scan_buffered(source, &Limits::default(), &mut files)?;
    Ok((scanned, files.tree))
}

/// Whether a layer came whole, but has still to be looked at because others used the memory for that.
pub(super) fn is_postponed(taken: &Taken) -> bool {
    matches!(taken.scanned, Err(LayerError::Crowded))
}

/// Scans a layer that came whole from the file that it is kept in. Ends early when it is not wanted any more.
pub(super) fn scan_kept(
    mut taken: Taken,
    files: Files,
    stop: &CancellationToken,
) -> Result<Taken, TransferError> {
    let kept = Kept { file: taken.ingest.read_back()?, stop: stop.clone() };
    let scanned = scan(io::BufReader::with_capacity(READ_BACK_BYTES, kept), files);
    if stop.is_cancelled() {
        return Err(TransferError::Stopped);
    }
    Ok(Taken { scanned, ..taken })
}

/// The file of a layer that came. Its reading ends when nobody waits for it any more.
struct Kept<R> {
    file: R,
    stop: CancellationToken,
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.is_cancelled() {
            return Err(io::Error::other("the layer is not wanted any more"));
        }
        self.file.read(buffer)
    }
}

/// Keeps, hashes and scans a small layer of which all that is missing is here.
pub(super) fn take_small(
    mut ingest: Ingest,
    layer: &Digest,
    chunks: &[Bytes],
    files: Files,
) -> Result<Taken, TransferError> {
    let mut bytes = Vec::new();
    if ingest.offset() > 0 {
        let read = ingest.read_back()?.read_to_end(&mut bytes);
        read.map_err(|source| TransferError::ReadBack { layer: layer.clone(), source })?;
    }
    for chunk in chunks {
        ingest.append(chunk)?;
        bytes.extend_from_slice(chunk);
    }
    let mut hasher = Hasher::new(layer.algorithm());
    hasher.update(&bytes);
    let scanned = scan(&bytes[..], files);
    Ok(Taken { ingest, digest: hasher.finish(), scanned })
}

/// The chunks of a channel, one by one, until the layer is not wanted any more.
fn chunks_of(
    mut batches: Receiver<Batch>,
    stop: CancellationToken,
) -> impl FnMut() -> io::Result<Option<Bytes>> {
    let mut batch = Vec::new().into_iter();
    move || {
        loop {
            if stop.is_cancelled() {
                return Err(io::Error::other("the layer is not wanted any more"));
            }
            if let Some(chunk) = batch.next() {
                return Ok(Some(chunk));
            }
            match batches.blocking_recv() {
                Some(next) => batch = next.into_iter(),
                None => return Ok(None),
            }
        }
    }
}
