//! A layer that is made here, kept in one pass.
//!
//! ```text
//! write ──▶ plain tar ─┬▶ [scan: diff ID + tar walk + tree]
//!                      └▶ [pack: block by block, several side by side] ──▶ digest + ingest file
//! ```
//! What is in a pair of brackets has threads of its own. All waits for the slowest of them: at most some MiB are held,
//! whatever the layer's size. The same bytes in give the same digest, however many threads there are.

use std::io::{self, Write};
use std::num::NonZero;
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use bytes::Bytes;
use strata_layer::{LayerError, Limits, Packed, Packer, Packing, Scanned};
use strata_spec::{Descriptor, DiffId};
use strata_store::{LayerRecord, Store, StoreError, UnnamedIngest};
use strata_tree::TreeBuilder;
use tokio::sync::oneshot;

use crate::TransferError;
use crate::chunk_reader::ChunkReader;
use crate::pull::tree_builder;
use crate::quiet_thread::quiet_thread;

/// How much of the plain tar is handed on at once.
const CHUNK_BYTES: usize = 256 * 1024;
/// How many chunks may wait for the scan.
const CHUNKS_IN_FLIGHT: usize = 8;
/// More threads than this do not pack faster than one can write.
const MAX_THREADS: usize = 8;

/// A layer that was made here. The store has it and the index of its files.
#[derive(Debug, Clone, PartialEq)]
pub struct MadeLayer {
    /// As a manifest names it.
    pub descriptor: Descriptor,
    /// The digest of its plain tar.
    pub diff_id: DiffId,
    /// Bytes of its plain tar.
    pub tar_bytes: u64,
    /// Entries of its tar.
    pub entries: u64,
}

impl MadeLayer {
    /// As an image has it.
    #[must_use]
    pub fn record(&self) -> LayerRecord {
        LayerRecord {
            digest: self.descriptor.digest.clone(),
            diff_id: self.diff_id.clone(),
            size_bytes: self.descriptor.size,
            tar_bytes: self.tar_bytes,
        }
    }
}

/// Makes a layer of the plain tar that `write` writes, all of it, and keeps it in the store, though no image names it yet:
/// an image that does is committed with the layer's [`MadeLayer::record`] and nothing else of it. What `write` answers is
/// handed on.
///
/// A layer that fails, or a process that dies, leaves nothing that is visible.
///
/// # Errors
/// What `write` says, unless it failed because of what is worse: [`TransferError::Made`] if it does not write a layer,
/// [`TransferError::Store`], [`TransferError::Pack`].
pub fn make_layer<T, E: From<TransferError>>(
    store: &Store,
    packing: Packing,
    write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<(MadeLayer, T), E> {
    let mut making = Making::start(store, packing)?;
    let value = match write(&mut making) {
        Ok(value) => value,
        Err(failed) => return Err(making.refusal().map_or(failed, E::from)),
    };
    let made = making.finish().and_then(|whole| whole.keep(store, packing))?;
    Ok((made, value))
}

/// What the scan found.
type Scan = Result<(Scanned, TreeBuilder), LayerError>;

/// A layer while it is written.
struct Making {
    chunk: Vec<u8>,
    /// None once the scan has ended early, because what is written is no layer.
    chunks: Option<SyncSender<Bytes>>,
    scan: oneshot::Receiver<Scan>,
    packer: Packer<Keeper>,
    /// Why the packed bytes could not be made or kept.
    failed: Option<io::Error>,
}

impl Making {
    fn start(store: &Store, packing: Packing) -> Result<Self, TransferError> {
        let (chunks, arriving) = mpsc::sync_channel(CHUNKS_IN_FLIGHT);
        let mut tree = tree_builder(store)?;
        // The channel closes when all is written.
        let source = ChunkReader::new(move || Ok(arriving.recv().ok()));
        let scan = quiet_thread("scan", move || {
            let scanned = strata_layer::scan_buffered(source, &Limits::default(), &mut tree)?;
            Ok((scanned, tree))
        });
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let keeper = Keeper(store.ingest_unnamed()?);
        let packer = Packer::new(keeper, packing, threads.min(MAX_THREADS));
        let packer = packer.map_err(|source| TransferError::Pack { source })?;
        let chunk = Vec::with_capacity(CHUNK_BYTES);
        Ok(Self { chunk, chunks: Some(chunks), scan, packer, failed: None })
    }

    /// Hands a chunk to both sides.
    fn pass(&mut self) -> io::Result<()> {
        let chunk = std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK_BYTES));
        let chunk = Bytes::from(chunk);
        let sent = self.chunks.as_ref().is_some_and(|chunks| chunks.send(chunk.clone()).is_ok());
        if !sent {
            self.chunks = None;
            return Err(io::Error::other("what is written is not a layer"));
        }
        self.packer.write_all(&chunk).map_err(|error| {
            let told = io::Error::new(error.kind(), "the layer cannot be kept");
            self.failed = Some(error);
            told
        })
    }

    /// What made the writing fail, if it was one of the two sides.
    fn refusal(mut self) -> Option<TransferError> {
        if let Some(failed) = self.failed.take() {
            return Some(unkept(failed));
        }
        // Where the scan goes on, it is the writing itself that failed.
        self.chunks.is_none().then(|| scanned(self.scan).err()).flatten()
    }

    /// Waits for both sides.
    fn finish(mut self) -> Result<Whole, TransferError> {
        if let Err(source) = self.pass() {
            return Err(self.refusal().unwrap_or(TransferError::Pack { source }));
        }
        drop(self.chunks.take());
        let packed = self.packer.finish().map_err(unkept);
        let (scanned, tree) = scanned(self.scan)?;
        Ok(Whole { scanned, tree, packed: packed? })
    }
}

impl Write for Making {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(CHUNK_BYTES - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..count]);
        if self.chunk.len() == CHUNK_BYTES {
            self.pass()?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the scan answers, once no more chunks come.
fn scanned(scan: oneshot::Receiver<Scan>) -> Result<(Scanned, TreeBuilder), TransferError> {
    match scan.blocking_recv() {
        Ok(scan) => scan.map_err(|source| TransferError::Made { source }),
        Err(_) => Err(TransferError::Worker { what: "a layer".to_owned() }),
    }
}

/// A layer that is whole, and out of sight.
struct Whole {
    scanned: Scanned,
    tree: TreeBuilder,
    packed: Packed<Keeper>,
}

impl Whole {
    fn keep(self, store: &Store, packing: Packing) -> Result<MadeLayer, TransferError> {
        let Self { scanned, tree, packed } = self;
        let tree = store.take_tree(|out| {
            let written = tree.write(&scanned.diff_id, out);
            written.map_err(|source| TransferError::MadeTree { source })
        })?;
        let blob = packed.out.0.seal()?;
        let made = MadeLayer {
            descriptor: Descriptor::new(
                packing.media_type(),
                blob.digest().clone(),
                blob.size_bytes(),
            ),
            diff_id: scanned.diff_id,
            tar_bytes: scanned.tar_bytes,
            entries: scanned.entries,
        };
        store.keep_layer(blob, tree, &made.record())?;
        let (digest, checkpoints) = (&made.descriptor.digest, packed.checkpoints);
        if !checkpoints.is_empty()
            && let Err(error) = store.keep_checkpoints(digest, &checkpoints.encode())
        {
            // Without them it is read from its start: that is no reason to fail.
            tracing::warn!(layer = %digest, %error, "the checkpoints of a layer are not kept");
        }
        Ok(made)
    }
}

/// Where the packed bytes go.
struct Keeper(UnnamedIngest);

impl Write for Keeper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.append(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The store's own failure, if it was that.
fn unkept(error: io::Error) -> TransferError {
    match error.downcast::<StoreError>() {
        Ok(failed) => TransferError::Store(failed),
        Err(source) => TransferError::Pack { source },
    }
}
