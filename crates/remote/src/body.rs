//! Reading small bodies whole, never more than allowed.

use std::time::Duration;

use reqwest::Response;
use tokio::time::{Instant, timeout, timeout_at};

use crate::watcher::Watched;
use crate::words::MAX_WORDS_BYTES;
use crate::{RemoteError, origin};

/// How many times the longest quiet a whole document may take.
const QUIETS_A_DOCUMENT: u32 = 4;
/// How much of an error answer is read. Its words are cut further.
const MAX_COMPLAINT_BYTES: usize = 4 * MAX_WORDS_BYTES;
/// How long an error answer is waited for: it is a courtesy, the status says enough.
const COMPLAINT_WAIT: Duration = Duration::from_secs(5);

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read(
    mut response: Response,
    limit: u64,
    idle_timeout: Duration,
) -> Result<Vec<u8>, RemoteError> {
    let mut body = Vec::new();
    let read = read_into(&mut body, &mut response, limit, idle_timeout).await;
    tell(&response, &body);
    read.map(|()| body)
}

/// Tells who watches how much of a body came, whole or not.
fn tell(response: &Response, body: &[u8]) {
    if let Some(watched) = response.extensions().get::<Watched>() {
        watched.received(body.len() as u64);
    }
}

async fn read_into(
    body: &mut Vec<u8>,
    response: &mut Response,
    limit: u64,
    idle_timeout: Duration,
) -> Result<(), RemoteError> {
    let url = response.url().clone();
    let too_large = || RemoteError::TooLarge { url: origin::shown(&url), limit_bytes: limit };
    if response.content_length().is_some_and(|announced| announced > limit) {
        return Err(too_large());
    }
    let end = Instant::now() + idle_timeout * QUIETS_A_DOCUMENT;
    loop {
        let chunk = timeout_at(end.min(Instant::now() + idle_timeout), response.chunk()).await;
        let received = body.len() as u64;
        let (host, url) = (origin::host_and_port(&url), origin::shown(&url));
        match chunk {
            Ok(Ok(Some(chunk))) if received + chunk.len() as u64 > limit => {
                return Err(too_large());
            }
            Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
            Ok(Ok(None)) => return Ok(()),
            Ok(Err(source)) => {
                let source = Some(source.without_url());
                return Err(RemoteError::Interrupted { host, url, received, source });
            }
            Err(_) => {
                return Err(RemoteError::Stalled { host, url, received, quiet: idle_timeout });
            }
        }
    }
}

/// Reads the beginning of an error answer, as far as it comes.
pub(crate) async fn read_complaint(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let read = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = MAX_COMPLAINT_BYTES - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if body.len() == MAX_COMPLAINT_BYTES {
                break;
            }
        }
    };
    // What came before the time was over is used.
    let _ = timeout(COMPLAINT_WAIT, read).await;
    tell(&response, &body);
    body
}
