//! Blobs as streams that outlive their connections.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::CONTENT_RANGE;
use reqwest::{Method, Response, StatusCode};
use strata_spec::{Descriptor, Digest, Reference};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep, timeout};

use crate::content_range::ContentRange;
use crate::endpoint::Endpoint;
use crate::exchange::{Ask, Subject};
use crate::pace::{Pace, Slow};
use crate::retry::Tries;
use crate::sources::FromMirror;
use crate::watcher::Watched;
use crate::{Client, RemoteError, origin};

/// Fewer bytes than this between two failures are no progress.
const PROGRESS_BYTES: u64 = 16 * 1024;
/// Whoever watches is told of a body each time that so many bytes more have come.
const TOLD_BYTES: u64 = 256 * 1024;
/// A connection is given up after this part of the longest quiet, to try another one in time.
const RECONNECT_PART: u32 = 3;

/// The bytes of a blob, from [`BlobStream::start`] to its end.
///
/// Connections that break or go quiet are replaced, from where they broke. Exactly the announced number of bytes is
/// given or there is an error. The digest is **not** checked here: whoever keeps the bytes hashes them.
pub struct BlobStream {
    client: Client,
    ask: Ask,
    size: u64,
    start: u64,
    at: u64,
    body: Option<Body>,
    /// The mirror that the last answer was from, if it was from one.
    mirror: Option<String>,
    tries: Tries,
    failed_at: u64,
    pace: Pace,
    /// It was just too slow: what came is no progress that counts.
    slow: bool,
    /// Its turn at its host; none for a document, which waits for nobody.
    turn: Option<OwnedSemaphorePermit>,
}

/// What is left of one answer.
struct Body {
    response: Response,
    /// Bytes at its beginning that were given already.
    skip: u64,
    /// Whether it announced its length, which was right.
    measured: bool,
    /// Bytes of it that came.
    came: u64,
    /// Bytes of it that whoever watches was told of.
    told: u64,
}

impl Body {
    async fn chunk(&mut self) -> reqwest::Result<Option<Bytes>> {
        let chunk = self.response.chunk().await?;
        self.came += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        if self.came - self.told >= TOLD_BYTES {
            self.tell();
        }
        Ok(chunk)
    }

    fn tell(&mut self) {
        if let Some(watched) = self.response.extensions().get::<Watched>() {
            watched.received(self.came);
        }
        self.told = self.came;
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.tell();
    }
}

impl Client {
    /// Opens a blob at `offset`. See [`BlobStream::start`] for where it really begins.
    ///
    /// # Errors
    /// [`RemoteError`]; [`RemoteError::BlobUnknown`] and [`RemoteError::ForeignLayer`] for what is not there.
    pub async fn fetch_blob(
        &self,
        reference: &Reference,
        descriptor: &Descriptor,
        offset: u64,
    ) -> Result<BlobStream, RemoteError> {
        let mut stream = self.blob_stream(reference, descriptor, offset)?;
        if offset >= descriptor.size && descriptor.size > 0 {
            return Ok(stream);
        }
        // By the registry's own host, also where a mirror answers: a pull is held to a few layers at once either way.
        stream.turn = self.turn(&origin::host_and_port(&stream.ask.endpoint.root)).await;
        self.begin(stream, descriptor).await
    }

    async fn begin(
        &self,
        mut stream: BlobStream,
        descriptor: &Descriptor,
    ) -> Result<BlobStream, RemoteError> {
        loop {
            match stream.connect().await {
                Ok(()) => return Ok(stream),
                Err(error) => {
                    let wait = error.passing().and_then(|asked| stream.tries.wait(asked));
                    let Some(wait) = wait else {
                        return Err(foreign(error, descriptor));
                    };
                    sleep(wait).await;
                }
            }
        }
    }

    /// Fetches a small blob whole, such as a config, and checks size and digest.
    ///
    /// # Errors
    /// [`RemoteError`]; [`RemoteError::TooLarge`] if the descriptor announces more than `max_bytes`, before anything
    /// is asked for.
    pub async fn fetch_document(
        &self,
        reference: &Reference,
        descriptor: &Descriptor,
        max_bytes: u64,
    ) -> Result<Bytes, RemoteError> {
        let url = || format!("{}@{}", reference.name(), descriptor.digest);
        if descriptor.size > max_bytes {
            return Err(RemoteError::TooLarge { url: url(), limit_bytes: max_bytes });
        }
        let stream = self.blob_stream(reference, descriptor, 0)?;
        let mut stream = self.begin(stream, descriptor).await?;
        let mut document = Vec::new();
        while let Some(chunk) = stream.next().await? {
            document.extend_from_slice(&chunk);
        }
        let found = Digest::of(descriptor.digest.algorithm(), &document);
        if found == descriptor.digest {
            return Ok(document.into());
        }
        let (expected, found) = (Box::new(descriptor.digest.clone()), Box::new(found));
        Err(RemoteError::DigestMismatch { url: url(), expected, found })
    }

    fn blob_stream(
        &self,
        reference: &Reference,
        descriptor: &Descriptor,
        offset: u64,
    ) -> Result<BlobStream, RemoteError> {
        let endpoint = Endpoint::of(reference.registry(), self.options())?;
        let repository = reference.repository().to_owned();
        let url = endpoint.url(&format!("/v2/{repository}/blobs/{}", descriptor.digest));
        let subject = Subject::Blob(descriptor.digest.clone());
        let (method, accept) = (Method::GET, "*/*");
        let options = self.options();
        let all = Arc::clone(self.received());
        let offset = offset.min(descriptor.size);
        Ok(BlobStream {
            client: self.clone(),
            ask: Ask { endpoint, repository, subject, method, url, accept, from: 0 },
            size: descriptor.size,
            start: offset,
            at: offset,
            body: None,
            mirror: None,
            tries: Tries::new(options.attempts),
            failed_at: offset,
            // Two slow windows end a blob, with another connection between them.
            pace: Pace::new(options.least_rate, options.idle_timeout / 2, all),
            slow: false,
            turn: None,
        })
    }
}

impl BlobStream {
    /// Where the stream begins: the offset that was asked for, or 0 if the registry gives only whole blobs.
    #[must_use]
    pub fn start(&self) -> u64 {
        self.start
    }

    /// The next bytes; `None` after the last.
    ///
    /// # Errors
    /// [`RemoteError::Interrupted`] and [`RemoteError::Stalled`] when no connection brings the rest;
    /// [`RemoteError::SizeMismatch`] when more or fewer bytes come than were announced; [`RemoteError::TooSlow`].
    pub async fn next(&mut self) -> Result<Option<Bytes>, RemoteError> {
        let mut alive = Instant::now();
        loop {
            if self.at == self.size {
                return self.finish().await;
            }
            let failure = match self.read(alive).await {
                Ok(Some(chunk)) => match self.keep(chunk)? {
                    Some(fresh) => {
                        // Held back on purpose: not the server's fault, and no part of any measure.
                        self.client.options().bandwidth.pay(fresh.len() as u64).await;
                        return Ok(Some(fresh));
                    }
                    None => {
                        alive = Instant::now();
                        continue;
                    }
                },
                Ok(None) => self.interrupted(None),
                Err(failure) => failure,
            };
            self.recover(failure, alive).await?;
        }
    }

    /// Reads from the connection that is open, or opens one first.
    async fn read(&mut self, alive: Instant) -> Result<Option<Bytes>, RemoteError> {
        let idle = self.client.options().idle_timeout;
        let patience = idle / RECONNECT_PART;
        if self.body.is_none() {
            let left = idle.saturating_sub(alive.elapsed()).max(patience);
            let connected = timeout(left, self.connect()).await;
            connected.unwrap_or_else(|_| Err(self.stalled(alive.elapsed())))?;
        }
        let asked = Instant::now();
        let read = match &mut self.body {
            Some(body) => timeout(patience, body.chunk()).await,
            None => Ok(Ok(None)),
        };
        let bytes = match &read {
            Ok(Ok(Some(chunk))) => chunk.len() as u64,
            _ => 0,
        };
        if let Some(Slow { rate, again }) = self.pace.record(asked.elapsed(), bytes)
            && bytes > 0
        {
            self.slow = !again;
            return Err(self.too_slow(rate));
        }
        match read {
            Ok(Ok(chunk)) => Ok(chunk),
            Ok(Err(source)) => Err(self.interrupted(Some(source.without_url()))),
            Err(_) => Err(self.stalled(alive.elapsed())),
        }
    }

    /// What of a chunk is new. Ends the stream when more comes than was announced.
    fn keep(&mut self, mut chunk: Bytes) -> Result<Option<Bytes>, RemoteError> {
        if let Some(body) = &mut self.body {
            let skipped = usize::try_from(body.skip).unwrap_or(usize::MAX).min(chunk.len());
            body.skip -= skipped as u64;
            chunk = chunk.split_off(skipped);
        }
        if chunk.is_empty() {
            return Ok(None);
        }
        let at = self.at.saturating_add(chunk.len() as u64);
        if at > self.size {
            return Err(self.size_mismatch(self.size.saturating_add(1)));
        }
        self.at = at;
        Ok(Some(chunk))
    }

    /// After the last byte: nothing may follow it.
    async fn finish(&mut self) -> Result<Option<Bytes>, RemoteError> {
        let patience = self.client.options().idle_timeout / RECONNECT_PART;
        if let Some(mut body) = self.body.take()
            && !body.measured
            && let Ok(Ok(Some(more))) = timeout(patience, body.chunk()).await
            && !more.is_empty()
        {
            return Err(self.size_mismatch(self.size.saturating_add(1)));
        }
        Ok(None)
    }

    /// Waits for another try after a failure, unless that was the last one.
    async fn recover(&mut self, failure: RemoteError, alive: Instant) -> Result<(), RemoteError> {
        self.body = None;
        if self.at - self.failed_at >= PROGRESS_BYTES {
            self.tries.reset();
        } else if let Some(mirror) = &self.mirror {
            // The rest may come from elsewhere.
            self.client.resting().note(mirror);
        }
        self.failed_at = self.at;
        if std::mem::take(&mut self.slow) {
            tracing::debug!(%failure, at = self.at, "asking again for the rest of a slow blob");
            return Ok(());
        }
        let quiet = alive.elapsed();
        if matches!(failure, RemoteError::Stalled { .. })
            && quiet >= self.client.options().idle_timeout
        {
            return Err(self.stalled(quiet));
        }
        let asked = failure.passing_in_transfer();
        match asked.and_then(|asked| self.tries.wait(asked)) {
            Some(wait) => {
                tracing::debug!(%failure, at = self.at, ?wait, "asking again for the rest of a blob");
                sleep(wait).await;
                Ok(())
            }
            None => Err(failure),
        }
    }

    /// Opens a connection that brings the bytes from where we are.
    async fn connect(&mut self) -> Result<(), RemoteError> {
        self.ask.from = self.at;
        if self.at > 0 {
            let response = self.client.attempt(&self.ask).await?;
            match response.status() {
                StatusCode::PARTIAL_CONTENT if self.is_rest(&response) => {
                    return self.take(response, self.at);
                }
                StatusCode::OK => return self.take_whole(response),
                // Parts are not given, or not the one we asked for: the whole is asked for.
                _ => {}
            }
            self.ask.from = 0;
        }
        let response = self.client.attempt(&self.ask).await?;
        if response.status() != StatusCode::OK {
            return Err(RemoteError::Unexpected {
                url: origin::shown(response.url()),
                status: response.status().as_u16(),
                words: crate::Words::default(),
            });
        }
        self.take_whole(response)
    }

    fn is_rest(&self, response: &Response) -> bool {
        response
            .headers()
            .get(CONTENT_RANGE)
            .and_then(|value| ContentRange::parse(value.to_str().ok()?))
            .is_some_and(|range| range.is_rest(self.at, self.size))
    }

    /// Takes an answer that begins at the blob's beginning. Before the first byte was given the stream begins there
    /// too; later, what was given is passed over.
    fn take_whole(&mut self, response: Response) -> Result<(), RemoteError> {
        if self.at == self.start {
            (self.start, self.at, self.failed_at) = (0, 0, 0);
        }
        self.take(response, 0)
    }

    fn take(&mut self, response: Response, from: u64) -> Result<(), RemoteError> {
        self.mirror = response.extensions().get::<FromMirror>().map(|mirror| mirror.0.clone());
        let length = response.content_length();
        if let Some(found) = length.map(|length| length.saturating_add(from))
            && found != self.size
        {
            if let Some(mirror) = self.mirror.take() {
                // Not the blob. Another place may have it.
                self.client.resting().note(&mirror);
                return Err(self.interrupted(None));
            }
            return Err(self.size_mismatch(found));
        }
        let measured = length.is_some();
        self.body = Some(Body { response, skip: self.at - from, measured, came: 0, told: 0 });
        Ok(())
    }

    fn host(&self) -> String {
        origin::host_and_port(&self.ask.url)
    }

    fn interrupted(&self, source: Option<reqwest::Error>) -> RemoteError {
        let (host, url) = (self.host(), origin::shown(&self.ask.url));
        RemoteError::Interrupted { host, url, received: self.at, source }
    }

    fn stalled(&self, quiet: Duration) -> RemoteError {
        let (host, url) = (self.host(), origin::shown(&self.ask.url));
        RemoteError::Stalled { host, url, received: self.at, quiet }
    }

    fn too_slow(&self, bytes_per_second: u64) -> RemoteError {
        let least = self.client.options().least_rate;
        let (host, url) = (self.host(), origin::shown(&self.ask.url));
        RemoteError::TooSlow { host, url, bytes_per_second, least }
    }

    fn size_mismatch(&self, found: u64) -> RemoteError {
        let url = origin::shown(&self.ask.url);
        RemoteError::SizeMismatch { url, expected: self.size, found }
    }
}

/// A layer that registries need not have is told apart from one that is lost.
fn foreign(error: RemoteError, descriptor: &Descriptor) -> RemoteError {
    match error {
        RemoteError::BlobUnknown { registry, repository, digest, .. }
            if descriptor.media_type.is_foreign_layer() =>
        {
            let urls = descriptor.urls.clone();
            RemoteError::ForeignLayer { registry, repository, digest, urls }
        }
        error => error,
    }
}
