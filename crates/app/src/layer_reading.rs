//! Reading a whole layer from its registry for the list of its files. Nothing is written anywhere.

use std::io::{self, Read};

use strata_layer::{LayerError, Limits, Scanned, scan};
use strata_remote::Client;
use strata_spec::{Digest, Hasher, Reference};
use strata_transfer::{PlannedLayer, TransferError};
use strata_tree::TreeBuilder;
use tokio::sync::mpsc::{self, Receiver};

/// Pieces that may wait between the socket and the scan.
const CHUNKS_IN_FLIGHT: usize = 4;

/// Reads a layer, and gives its tree if its digest and diff ID are right. `progress` is told how many of its bytes came.
///
/// # Errors
/// [`TransferError`]: what the registry says, or what is wrong with the bytes.
pub(crate) async fn read_whole(
    client: &Client,
    reference: &Reference,
    planned: &PlannedLayer,
    progress: impl Fn(u64),
) -> Result<Vec<u8>, TransferError> {
    let layer = &planned.descriptor.digest;
    let mut stream = client.fetch_blob(reference, &planned.descriptor, 0).await?;
    let (chunks, arriving) = mpsc::channel(CHUNKS_IN_FLIGHT);
    let hasher = Hasher::new(layer.algorithm());
    let scanning = tokio::task::spawn_blocking(move || scanned(Chunks::new(arriving, hasher)));
    let mut at = 0;
    while let Some(chunk) = stream.next().await? {
        at += chunk.len() as u64;
        if chunks.send(chunk.to_vec()).await.is_err() {
            break;
        }
        progress(at);
    }
    drop(chunks);
    let lost = |_| TransferError::Worker { what: "a layer".to_owned() };
    let (found, scanned) = scanning.await.map_err(lost)?;
    if found != *layer {
        return Err(TransferError::DigestMismatch { expected: layer.clone(), found });
    }
    let wrong = |source| TransferError::Layer { layer: layer.clone(), source };
    let (scanned, tree) = scanned.map_err(wrong)?;
    if scanned.diff_id != planned.diff_id {
        return Err(TransferError::DiffIdMismatch {
            layer: layer.clone(),
            expected: planned.diff_id.0.clone(),
            found: scanned.diff_id.0,
        });
    }
    let tree = tree.finish(&planned.diff_id);
    tree.map_err(|source| TransferError::Tree { layer: layer.clone(), source })
}

/// The digest of all bytes, and what they are as a layer.
fn scanned(mut chunks: Chunks) -> (Digest, Result<(Scanned, TreeBuilder), LayerError>) {
    let mut tree = TreeBuilder::new();
    let scanned = scan(&mut chunks, &Limits::default(), &mut tree);
    // What is no layer is read to its end all the same: then it is known whether the bytes were changed on the way.
    io::copy(&mut chunks, &mut io::sink()).ok();
    (chunks.hasher.finish(), scanned.map(|scanned| (scanned, tree)))
}

/// Pieces as one stream of bytes that are hashed on their way.
struct Chunks {
    arriving: Receiver<Vec<u8>>,
    current: io::Cursor<Vec<u8>>,
    hasher: Hasher,
}

impl Chunks {
    fn new(arriving: Receiver<Vec<u8>>, hasher: Hasher) -> Self {
        Self { arriving, current: io::Cursor::default(), hasher }
    }
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.current.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(chunk) = self.arriving.blocking_recv() else { return Ok(0) };
            self.hasher.update(&chunk);
            self.current = io::Cursor::new(chunk);
        }
    }
}
