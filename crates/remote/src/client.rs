//! The client itself: options, connections and tokens, shared by all its copies.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::{Request, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::authorization::Grants;
use crate::rate_limit::RateLimits;
use crate::resting::Resting;
use crate::transport::Transport;
use crate::warnings::Warnings;
use crate::watcher::{Label, Watched};
use crate::{ClientOptions, RemoteError, Watcher};

/// A client of all registries. Copies share connections and tokens.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    watcher: Option<Arc<dyn Watcher>>,
}

/// What registries have told beside their answers.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// How many requests each allows.
    pub limits: RateLimits,
    /// What each wants people to know.
    pub warnings: Warnings,
}

struct Inner {
    options: ClientOptions,
    transport: Transport,
    grants: Grants,
    received: Arc<AtomicU64>,
    notes: Notes,
    resting: Resting,
    /// How many layers may come from each host at the same time.
    turns: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Client {
    /// Makes a client. Reads the files of certificates that the options name; asks nobody anything yet.
    ///
    /// # Errors
    /// [`RemoteError::CertificateFile`], [`RemoteError::Certificate`] or [`RemoteError::Setup`].
    pub fn new(options: ClientOptions) -> Result<Self, RemoteError> {
        let transport = Transport::new(&options)?;
        let inner = Inner {
            options,
            transport,
            grants: Grants::default(),
            received: Arc::default(),
            notes: Notes::default(),
            resting: Resting::default(),
            turns: Mutex::default(),
        };
        Ok(Self { inner: Arc::new(inner), watcher: None })
    }

    /// A copy whose requests are told to `watcher`. It shares all else with this one.
    #[must_use]
    pub fn watched(&self, watcher: Arc<dyn Watcher>) -> Self {
        Self { inner: Arc::clone(&self.inner), watcher: Some(watcher) }
    }

    /// What a registry lately wanted people to know (`Warning` headers), the oldest first.
    #[must_use]
    pub fn warnings(&self, registry: &str) -> Vec<String> {
        self.inner.notes.warnings.of(registry)
    }

    /// Sends a request, and tells who watches.
    pub(crate) async fn send(
        &self,
        label: &Label,
        request: Request,
    ) -> Result<Response, RemoteError> {
        let registry = label.host.as_deref();
        let Some(watcher) = &self.watcher else {
            return self.transport().send(request, registry).await;
        };
        let watched = Watched::begin(watcher, label, &request);
        let mut answer = self.transport().send(request, registry).await;
        watched.end(&answer);
        if let Ok(response) = &mut answer {
            // Whoever reads the body tells how much came.
            response.extensions_mut().insert(watched);
        }
        answer
    }

    /// Waits for a turn to fetch a layer from a host: several pulls share its turns.
    pub(crate) async fn turn(&self, host: &str) -> Option<OwnedSemaphorePermit> {
        let turns = {
            let mut known = self.inner.turns.lock().unwrap_or_else(PoisonError::into_inner);
            let at_once = self.inner.options.blobs_per_host.max(1);
            let made = || Arc::new(Semaphore::new(at_once));
            Arc::clone(known.entry(host.to_owned()).or_insert_with(made))
        };
        // It is never closed.
        turns.acquire_owned().await.ok()
    }

    pub(crate) fn notes(&self) -> &Notes {
        &self.inner.notes
    }

    /// Mirrors that lately failed.
    pub(crate) fn resting(&self) -> &Resting {
        &self.inner.resting
    }

    pub(crate) fn options(&self) -> &ClientOptions {
        &self.inner.options
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.inner.transport
    }

    pub(crate) fn grants(&self) -> &Grants {
        &self.inner.grants
    }

    /// Counts the bytes of all blobs.
    pub(crate) fn received(&self) -> &Arc<AtomicU64> {
        &self.inner.received
    }
}
