//! A file from anywhere in the net, as `ADD` of a Dockerfile takes it. No login ever goes there.

use std::io;
use std::time::Duration;

use reqwest::header::{CONTENT_DISPOSITION, LAST_MODIFIED};
use reqwest::{Method, Request, Response, Url};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use tokio::time::timeout;

use crate::redirect::{MAX_REDIRECTS, target};
use crate::{Client, RemoteError, origin};

/// What came beside a file's bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Downloaded {
    /// `Last-Modified`, in seconds since 1970.
    pub modified: Option<i64>,
    /// The name that the server gives it: the last part of a path, never more.
    pub name: Option<String>,
    /// Its bytes.
    pub bytes: u64,
}

/// Why a file did not come, or could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// The server, or the way to it.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// Whoever took the bytes.
    #[error("cannot keep what arrives: {0}")]
    Write(#[from] io::Error),
}

impl Client {
    /// Fetches a file of at most `limit_bytes` over HTTP or HTTPS, following redirects as registries' are followed, and
    /// gives its bytes to `each` as they arrive, on the thread that drives this.
    ///
    /// # Errors
    /// [`DownloadError::Remote`] if the server does not give it, gives more than the limit, or is silent for too long;
    /// [`DownloadError::Write`] with what `each` says.
    pub async fn download(
        &self,
        url: &str,
        limit_bytes: u64,
        each: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<Downloaded, DownloadError> {
        let mut response = self.answer(url).await?;
        let from = response.url().clone();
        let shown = || origin::shown(&from);
        let idle = self.options().idle_timeout;
        let mut done = of_headers(&response);
        loop {
            let Some(chunk) = next(&mut response, idle, done.bytes).await? else { return Ok(done) };
            done.bytes += chunk.len() as u64;
            if done.bytes > limit_bytes {
                return Err(RemoteError::TooLarge { url: shown(), limit_bytes }.into());
            }
            each(&chunk)?;
        }
    }

    /// The answer at the end of all redirects.
    async fn answer(&self, url: &str) -> Result<Response, RemoteError> {
        let invalid = || RemoteError::RegistryName { registry: origin::shown_text(url) };
        let mut url = Url::parse(url).map_err(|_| invalid())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid());
        }
        for _ in 0..=MAX_REDIRECTS {
            let response = self.transport().send(Request::new(Method::GET, url), None).await?;
            match target(&response)? {
                Some(to) => url = to,
                None if response.status().is_success() => return Ok(response),
                None => {
                    return Err(RemoteError::Unexpected {
                        url: origin::shown(response.url()),
                        status: response.status().as_u16(),
                        words: crate::Words::default(),
                    });
                }
            }
        }
        Err(invalid())
    }
}

async fn next(
    response: &mut Response,
    idle: Duration,
    received: u64,
) -> Result<Option<bytes::Bytes>, RemoteError> {
    let (host, url) = (origin::host_and_port(response.url()), origin::shown(response.url()));
    match timeout(idle, response.chunk()).await {
        Ok(Ok(chunk)) => Ok(chunk),
        Ok(Err(source)) => {
            let source = Some(source.without_url());
            Err(RemoteError::Interrupted { host, url, received, source })
        }
        Err(_) => Err(RemoteError::Stalled { host, url, received, quiet: idle }),
    }
}

fn of_headers(response: &Response) -> Downloaded {
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    // HTTP dates are RFC 2822's with `GMT`.
    let modified = header(LAST_MODIFIED)
        .and_then(|date| OffsetDateTime::parse(&date.replace("GMT", "+0000"), &Rfc2822).ok())
        .map(OffsetDateTime::unix_timestamp);
    let name = header(CONTENT_DISPOSITION).and_then(|value| value.split_once("filename="));
    let name =
        name.map(|(_, rest)| rest.split(';').next().unwrap_or(rest).trim_matches(['"', ' ']));
    let name = name.and_then(|name| name.rsplit(['/', '\\']).next());
    let name = name.filter(|name| !matches!(*name, "" | "." | ".."));
    Downloaded { modified, name: name.map(str::to_owned), bytes: 0 }
}
