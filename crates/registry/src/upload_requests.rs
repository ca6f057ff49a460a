//! Pushing blobs: begun, continued, finished, in one request or several.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::extract::Query;
use axum::http::header::{CONTENT_RANGE, LOCATION, RANGE};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use strata_spec::Digest;
use strata_store::StoreError;

use crate::blobs::parse_digest;
use crate::receive::{self, Writing};
use crate::refusal::{Code, Refusal};
use crate::reply::{DIGEST, Reply, UPLOAD};
use crate::shared::Shared;
use crate::uploads::Upload;

/// POST: a blob that is here already (mount), a whole one, or one that will come in pieces.
pub(crate) async fn start(
    shared: &Arc<Shared>,
    name: &str,
    head: &Parts,
    body: Body,
) -> Result<Response, Refusal> {
    shared.repository(name)?;
    let query = query(&head.uri)?;
    if let Some(mount) = query.get("mount") {
        let digest = parse_digest(mount)?;
        let wanted = digest.clone();
        if shared.ask(move |store| store.blob_size(&wanted)).await?.is_some() {
            return Ok(created(name, &digest));
        }
    }
    let digest = query.get("digest").map(|digest| parse_digest(digest)).transpose()?;
    let ingest = shared.ask(strata_store::Store::ingest_unnamed).await?;
    let upload = shared.uploads.open(name, ingest)?;
    let Some(digest) = digest else {
        return Ok(state(&upload, StatusCode::ACCEPTED));
    };
    take_in(shared, &upload, upload.write()?, body, &digest).await
}

/// PATCH: the next piece.
pub(crate) async fn append(
    shared: &Arc<Shared>,
    name: &str,
    id: &str,
    head: &Parts,
    body: Body,
) -> Result<Response, Refusal> {
    let upload = shared.uploads.find(name, id)?;
    let writing = upload.write()?;
    check_place(&upload, head)?;
    receive::blob(body, &upload, writing).await?;
    Ok(state(&upload, StatusCode::ACCEPTED))
}

/// PUT: the last piece, which may be empty, and the digest of all.
pub(crate) async fn finish(
    shared: &Arc<Shared>,
    name: &str,
    id: &str,
    head: &Parts,
    body: Body,
) -> Result<Response, Refusal> {
    let upload = shared.uploads.find(name, id)?;
    let query = query(&head.uri)?;
    let missing = || Refusal::new(Code::DigestInvalid, "the digest is missing");
    let digest = parse_digest(query.get("digest").ok_or_else(missing)?)?;
    let writing = upload.write()?;
    check_place(&upload, head)?;
    take_in(shared, &upload, writing, body, &digest).await
}

/// GET: how far it is.
pub(crate) fn status(shared: &Arc<Shared>, name: &str, id: &str) -> Result<Response, Refusal> {
    let upload = shared.uploads.find(name, id)?;
    upload.touch();
    Ok(state(&upload, StatusCode::NO_CONTENT))
}

/// DELETE: it will not be finished.
pub(crate) fn cancel(shared: &Arc<Shared>, name: &str, id: &str) -> Result<Response, Refusal> {
    let upload = shared.uploads.find(name, id)?;
    upload.write()?;
    shared.uploads.close(&upload.id);
    Ok(Reply::new(StatusCode::NO_CONTENT).empty())
}

/// Writes the rest, compares the digest, and makes the blob visible.
async fn take_in(
    shared: &Arc<Shared>,
    upload: &Arc<Upload>,
    writing: Writing,
    body: Body,
    digest: &Digest,
) -> Result<Response, Refusal> {
    let mut writing = receive::blob(body, upload, writing).await?;
    let ingest = writing.take();
    shared.uploads.close(&upload.id);
    let expected = digest.clone();
    let finished = shared
        .ask(move |store| {
            let Some(ingest) = ingest else { return Ok(false) };
            match ingest.finish(&expected) {
                Ok(ready) => store.commit_blobs(vec![ready]).map(|()| true),
                Err(StoreError::Damaged { .. }) => Ok(false),
                Err(error) => Err(error),
            }
        })
        .await?;
    if !finished {
        return Err(Refusal::new(Code::DigestInvalid, "the blob has another digest"));
    }
    Ok(created(&upload.repository, digest))
}

/// A piece that says where it belongs must belong to the end of what is here.
fn check_place(upload: &Upload, head: &Parts) -> Result<(), Refusal> {
    let Some(place) = head.headers.get(CONTENT_RANGE) else { return Ok(()) };
    let offset = upload.offset.load(Ordering::Relaxed);
    let first = place.to_str().ok().and_then(|text| {
        text.trim_start_matches("bytes ").split('-').next()?.trim().parse::<u64>().ok()
    });
    if first == Some(offset) {
        return Ok(());
    }
    Err(Refusal::new(Code::RangeInvalid, "the piece does not follow what is here")
        .with(LOCATION, location(upload))
        .with(RANGE, written(upload)))
}

fn created(name: &str, digest: &Digest) -> Response {
    Reply::new(StatusCode::CREATED)
        .with(LOCATION, format!("/v2/{name}/blobs/{digest}"))
        .with(DIGEST, digest)
        .empty()
}

fn state(upload: &Upload, status: StatusCode) -> Response {
    Reply::new(status)
        .with(LOCATION, location(upload))
        .with(RANGE, written(upload))
        .with(UPLOAD, &upload.id)
        .empty()
}

fn location(upload: &Upload) -> String {
    format!("/v2/{}/blobs/uploads/{}", upload.repository, upload.id)
}

/// What is written, as first and last byte. Nothing is `0-0` too: the form has no other word for it.
fn written(upload: &Upload) -> String {
    format!("0-{}", upload.offset.load(Ordering::Relaxed).saturating_sub(1))
}

/// The parameters of a request.
pub(crate) fn query(uri: &Uri) -> Result<HashMap<String, String>, Refusal> {
    Query::try_from_uri(uri).map(|Query(fields)| fields).map_err(|_| {
        Refusal::new(Code::Unsupported, "the query is malformed").status(StatusCode::BAD_REQUEST)
    })
}
