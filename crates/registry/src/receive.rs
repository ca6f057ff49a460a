//! Taking in the bodies of requests.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use bytes::Bytes;
use futures_util::StreamExt;
use strata_store::{StoreError, UnnamedIngest};
use tokio::sync::{OwnedMutexGuard, mpsc};
use tokio::task::spawn_blocking;

use crate::refusal::{Code, Refusal};
use crate::uploads::Upload;

/// The longest blob. A disk is full long before it, on the machines of today.
const MAX_BLOB_BYTES: u64 = 256 << 30;
/// Chunks that may wait for the disk. A full channel slows the socket down.
const CHUNKS_IN_FLIGHT: usize = 4;

/// A small document, whole.
pub(crate) async fn document(
    body: Body,
    headers: &HeaderMap,
    limit: u64,
) -> Result<Vec<u8>, Refusal> {
    let too_large = || Refusal::new(Code::SizeInvalid, "the document is too large");
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > limit) {
        return Err(too_large());
    }
    let mut chunks = body.into_data_stream();
    let mut document = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| broken())?;
        if (document.len() + chunk.len()) as u64 > limit {
            return Err(too_large());
        }
        document.extend_from_slice(&chunk);
    }
    Ok(document)
}

/// The guard of an upload that is being written.
pub(crate) type Writing = OwnedMutexGuard<Option<UnnamedIngest>>;

/// Appends a body to an upload. The guard is held until the last byte is written, also where the client goes away in
/// the middle: what came until then is kept, and the next request goes on from there.
pub(crate) async fn blob(
    body: Body,
    upload: &Arc<Upload>,
    writing: Writing,
) -> Result<Writing, Refusal> {
    let (chunks, mut arriving) = mpsc::channel::<Bytes>(CHUNKS_IN_FLIGHT);
    let written = Arc::clone(upload);
    let writer = spawn_blocking(move || {
        let mut writing = writing;
        while let Some(chunk) = arriving.blocking_recv() {
            let Some(ingest) = writing.as_mut() else { break };
            let appended = ingest.append(&chunk);
            written.offset.store(ingest.offset(), Ordering::Relaxed);
            if let Err(error) = appended {
                *writing = None; // half a chunk may be there: nothing can go on from it
                return Err(error);
            }
        }
        written.touch();
        Ok::<_, StoreError>(writing)
    });
    let mut left = MAX_BLOB_BYTES.saturating_sub(upload.offset.load(Ordering::Relaxed));
    let mut incoming = body.into_data_stream();
    let mut failure = None;
    while let Some(chunk) = incoming.next().await {
        let Ok(chunk) = chunk else {
            failure = Some(broken());
            break;
        };
        let Some(rest) = left.checked_sub(chunk.len() as u64) else {
            failure = Some(Refusal::new(Code::SizeInvalid, "the blob is too large"));
            break;
        };
        left = rest;
        if chunks.send(chunk).await.is_err() {
            break; // the writer failed: its error is found below
        }
    }
    drop(chunks);
    let lost = || Refusal::new(Code::Unknown, "the writing ended without a result");
    let writing = writer.await.map_err(|_| lost())??;
    failure.map_or(Ok(writing), Err)
}

fn broken() -> Refusal {
    Refusal::new(Code::UploadInvalid, "the request ended before its body did")
}
