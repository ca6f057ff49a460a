//! Giving blobs, whole or in part.

use std::sync::Arc;

use axum::http::header::{ACCEPT_RANGES, CONTENT_RANGE, RANGE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use strata_spec::Digest;

use crate::file_body::file_body;
use crate::range::{Wanted, wanted};
use crate::refusal::{Code, Refusal};
use crate::reply::{DIGEST, Reply};
use crate::shared::Shared;

/// Any blob: what it holds is not looked at.
const KIND: &str = "application/octet-stream";

/// GET and HEAD of a blob.
pub(crate) async fn read(
    shared: &Arc<Shared>,
    name: &str,
    digest: &str,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    shared.repository(name)?;
    let digest = parse_digest(digest)?;
    let wanted_digest = digest.clone();
    let (file, size) = shared
        .ask(move |store| {
            let Some(size) = store.blob_size(&wanted_digest)? else { return Ok(None) };
            Ok(Some((store.open_blob(&wanted_digest)?, size)))
        })
        .await?
        .ok_or_else(|| Refusal::new(Code::BlobUnknown, "the registry has no such blob"))?;
    let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
    match wanted(range, size) {
        Wanted::Whole => Ok(Reply::new(StatusCode::OK)
            .with(ACCEPT_RANGES, "bytes")
            .with(DIGEST, digest)
            .body(KIND, size, file_body(file, 0, size))),
        Wanted::Part(first, last) => {
            let length = last - first + 1;
            Ok(Reply::new(StatusCode::PARTIAL_CONTENT)
                .with(CONTENT_RANGE, format!("bytes {first}-{last}/{size}"))
                .with(ACCEPT_RANGES, "bytes")
                .with(DIGEST, digest)
                .body(KIND, length, file_body(file, first, length)))
        }
        Wanted::Nothing => Err(Refusal::new(Code::RangeInvalid, "the blob has no such part")
            .with(CONTENT_RANGE, format!("bytes */{size}"))),
    }
}

/// A digest as it stands in a path, where some write `%3A` for the colon.
pub(crate) fn parse_digest(text: &str) -> Result<Digest, Refusal> {
    let text = text.replacen("%3A", ":", 1).replacen("%3a", ":", 1);
    Digest::parse(&text).map_err(|_| Refusal::new(Code::DigestInvalid, "this is not a digest"))
}
