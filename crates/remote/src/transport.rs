//! One request, one answer: the HTTP clients and what their failures mean.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::{Certificate, Request, Response, Url, redirect, retry};

use crate::host_certificates::{HostCertificates, authorities};
use crate::{ClientOptions, ProxyChoice, RemoteError, origin};

/// How many hosts' own clients are remembered.
const MAX_OWN: usize = 64;
/// A connection that was not used for this long may be dead on the way without telling.
const POOL_IDLE: Duration = Duration::from_secs(20);

/// A host, and the registry that it works for where that is another.
type OwnKey = (String, Option<String>);

/// The HTTP clients below everything.
#[derive(Debug)]
pub(crate) struct Transport {
    /// For this machine itself without TLS: what happens here is no proxy's business, and no authority's.
    plain: reqwest::Client,
    /// For this machine itself with TLS. Made when it is asked for, as the next: to read all the authorities that the
    /// system trusts takes longer than many a command.
    loopback: OnceLock<reqwest::Client>,
    /// For all others.
    outward: OnceLock<reqwest::Client>,
    /// For hosts with certificates of their own, each by its host and by whose authorities are trusted for it.
    own: Mutex<HashMap<OwnKey, Option<reqwest::Client>>>,
    settings: Settings,
}

/// What every client is made of.
#[derive(Debug, Clone)]
struct Settings {
    user_agent: String,
    connect_timeout: Duration,
    idle_timeout: Duration,
    proxy: ProxyChoice,
    certificates: Vec<Certificate>,
    certs_dirs: Vec<PathBuf>,
}

impl Transport {
    pub fn new(options: &ClientOptions) -> Result<Self, RemoteError> {
        let mut certificates = Vec::new();
        for path in &options.extra_ca {
            certificates.extend(authorities(path)?);
        }
        let settings = Settings {
            user_agent: options.user_agent.clone(),
            connect_timeout: options.connect_timeout,
            idle_timeout: options.idle_timeout,
            proxy: options.proxy.clone(),
            certificates,
            certs_dirs: options.certs_dirs.clone(),
        };
        // Whether it can be used is said now, not at the first request.
        drop(settings.proxy.apply(settings.builder())?);
        Ok(Self {
            plain: settings.plain_client()?,
            loopback: OnceLock::new(),
            outward: OnceLock::new(),
            own: Mutex::default(),
            settings,
        })
    }

    /// Sends a request and waits for the head of its answer. `registry` is the host of the registry that the request is
    /// for, where it goes to another: what is trusted for the registry is trusted for its token service too.
    pub async fn send(
        &self,
        request: Request,
        registry: Option<&str>,
    ) -> Result<Response, RemoteError> {
        let url = request.url().clone();
        let method = request.method().clone();
        let client = self.client(&url, registry)?;
        let idle = self.settings.idle_timeout;
        let answered = tokio::time::timeout(idle, client.execute(request)).await;
        let response = match answered {
            Ok(Ok(response)) => response,
            Ok(Err(source)) => return Err(classify(source.without_url(), &url)),
            Err(_) => {
                return Err(RemoteError::Stalled {
                    host: origin::host_and_port(&url),
                    url: origin::shown(&url),
                    received: 0,
                    quiet: idle,
                });
            }
        };
        tracing::debug!(%method, url = origin::shown(&url), status = response.status().as_u16());
        Ok(response)
    }

    /// The client for a URL: one of its own where there are certificates for its host.
    fn client(&self, url: &Url, registry: Option<&str>) -> Result<reqwest::Client, RemoteError> {
        let is_loopback = origin::is_loopback(url);
        if url.scheme() != "https" && is_loopback {
            return Ok(self.plain.clone());
        }
        if url.scheme() != "https" || self.settings.certs_dirs.is_empty() {
            return self.shared(is_loopback);
        }
        let host = origin::host_and_port(url);
        let registry = registry.filter(|registry| *registry != host).map(str::to_owned);
        let key = (host, registry);
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = own.get(&key) {
            return known.clone().map_or_else(|| self.shared(is_loopback), Ok);
        }
        let mut found = HostCertificates::read(&self.settings.certs_dirs, &key.0)?;
        if let Some(registry) = &key.1 {
            // Its authorities alone: who we are to the registry is nobody else's business.
            let of_registry = HostCertificates::read(&self.settings.certs_dirs, registry)?;
            found.authorities.extend(of_registry.authorities);
        }
        let made = match found.is_empty() {
            true => None,
            false => {
                let proxy = if is_loopback { &ProxyChoice::None } else { &self.settings.proxy };
                Some(self.settings.client(proxy, found)?)
            }
        };
        if own.len() >= MAX_OWN {
            own.clear();
        }
        own.insert(key, made.clone());
        drop(own);
        made.map_or_else(|| self.shared(is_loopback), Ok)
    }

    /// The client for all hosts without certificates of their own.
    fn shared(&self, is_loopback: bool) -> Result<reqwest::Client, RemoteError> {
        let none = ProxyChoice::None;
        let (place, proxy) = if is_loopback {
            (&self.loopback, &none)
        } else {
            (&self.outward, &self.settings.proxy)
        };
        if let Some(made) = place.get() {
            return Ok(made.clone());
        }
        let made = self.settings.client(proxy, HostCertificates::default())?;
        // Another may have been quicker: then its connections are the ones to share.
        Ok(place.get_or_init(|| made).clone())
    }
}

impl Settings {
    fn client(
        &self,
        proxy: &ProxyChoice,
        host: HostCertificates,
    ) -> Result<reqwest::Client, RemoteError> {
        let trusted = self.certificates.iter().cloned().chain(host.authorities);
        let mut builder = self.builder().tls_certs_merge(trusted);
        if let Some(identity) = host.identity {
            builder = builder.identity(identity);
        }
        proxy.apply(builder)?.build().map_err(|source| RemoteError::Setup { source })
    }

    /// A client that trusts nobody, for connections without TLS.
    fn plain_client(&self) -> Result<reqwest::Client, RemoteError> {
        let builder = self.builder().tls_certs_only([]);
        ProxyChoice::None.apply(builder)?.build().map_err(|source| RemoteError::Setup { source })
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(POOL_IDLE)
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
