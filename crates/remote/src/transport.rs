//! One request, one answer: the HTTP clients and what their failures mean.

use std::error::Error as StdError;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use reqwest::{Certificate, Request, Response, Url, redirect, retry};

use crate::{ClientOptions, RemoteError, origin};

/// A file of certificates larger than this is not one.
const MAX_CERTIFICATES_BYTES: u64 = 4 * 1024 * 1024;
/// A connection that was not used for this long may be dead on the way without telling.
const POOL_IDLE: Duration = Duration::from_secs(20);

/// The HTTP clients below everything.
#[derive(Debug)]
pub(crate) struct Transport {
    /// For this machine itself: what happens here is no proxy's business.
    loopback: reqwest::Client,
    /// For all others.
    outward: reqwest::Client,
    idle_timeout: Duration,
}

impl Transport {
    pub fn new(options: &ClientOptions) -> Result<Self, RemoteError> {
        let mut certificates = Vec::new();
        for path in &options.extra_ca {
            certificates.extend(read_certificates(path)?);
        }
        let build = |proxy: bool| {
            let mut builder = reqwest::Client::builder()
                .user_agent(&options.user_agent)
                .redirect(redirect::Policy::none())
                .retry(retry::never())
                .referer(false)
                .connect_timeout(options.connect_timeout)
                .pool_idle_timeout(POOL_IDLE)
                .tls_certs_merge(certificates.iter().cloned());
            if !proxy {
                builder = builder.no_proxy();
            }
            builder.build().map_err(|source| RemoteError::Setup { source })
        };
        Ok(Self {
            loopback: build(false)?,
            outward: build(options.system_proxy)?,
            idle_timeout: options.idle_timeout,
        })
    }

    /// Sends a request and waits for the head of its answer.
    pub async fn send(&self, request: Request) -> Result<Response, RemoteError> {
        let url = request.url().clone();
        let method = request.method().clone();
        let client = if origin::is_loopback(&url) { &self.loopback } else { &self.outward };
        let answered = tokio::time::timeout(self.idle_timeout, client.execute(request)).await;
        let response = match answered {
            Ok(Ok(response)) => response,
            Ok(Err(source)) => return Err(classify(source.without_url(), &url)),
            Err(_) => {
                return Err(RemoteError::Stalled {
                    host: origin::host_and_port(&url),
                    url: origin::shown(&url),
                    received: 0,
                    quiet: self.idle_timeout,
                });
            }
        };
        tracing::debug!(%method, url = origin::shown(&url), status = response.status().as_u16());
        Ok(response)
    }
}

/// What a failure to get an answer means.
fn classify(source: reqwest::Error, url: &Url) -> RemoteError {
    let host = origin::host_and_port(url);
    if source.is_dns() {
        return RemoteError::HostUnknown { host, source };
    }
    if source.is_builder() {
        return RemoteError::Setup { source };
    }
    if !source.is_connect() {
        let url = origin::shown(url);
        return RemoteError::Interrupted { host, url, received: 0, source: Some(source) };
    }
    if let Some(reason) = tls_reason(&source) {
        return RemoteError::Tls { host, reason, source };
    }
    let reason = match io_cause(&source) {
        _ if source.is_timeout() => "no answer in time".to_owned(),
        Some(cause) => cause.to_string(),
        None => innermost(&source),
    };
    RemoteError::Unreachable { host, reason, source }
}

/// What went wrong in the TLS handshake, if it was that. The handshake's error travels as an I/O error within an I/O
/// error; those of the system carry its number instead.
fn tls_reason(error: &reqwest::Error) -> Option<String> {
    let outer = io_cause(error)?;
    if outer.raw_os_error().is_some() {
        return None;
    }
    let inner = outer.get_ref()?.downcast_ref::<io::Error>()?;
    inner.raw_os_error().is_none().then(|| inner.to_string())
}

fn io_cause(error: &reqwest::Error) -> Option<&io::Error> {
    chain(error).find_map(|cause| cause.downcast_ref::<io::Error>())
}

fn innermost(error: &reqwest::Error) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

fn read_certificates(path: &Path) -> Result<Vec<Certificate>, RemoteError> {
    let unread = |source| RemoteError::CertificateFile { path: path.to_owned(), source };
    let mut text = Vec::new();
    let file = File::open(path).map_err(unread)?;
    file.take(MAX_CERTIFICATES_BYTES).read_to_end(&mut text).map_err(unread)?;
    let invalid = |source| RemoteError::Certificate { path: path.to_owned(), source };
    let found = Certificate::from_pem_bundle(&text).map_err(invalid)?;
    if found.is_empty() {
        let source = io::Error::new(io::ErrorKind::InvalidData, "no certificate in PEM form");
        return Err(RemoteError::CertificateFile { path: path.to_owned(), source });
    }
    Ok(found)
}
