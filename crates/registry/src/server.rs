//! The server: starting, stopping, and where it is.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use strata_store::Store;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::answer::answer;
use crate::shared::Shared;
use crate::{Faults, RegistryError, Seen, ServerOptions};

/// How long a stop waits for connections to end.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How often abandoned uploads are looked for.
const SWEEP: Duration = Duration::from_secs(60);

/// A running registry. Dropping it stops it too.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts to serve the images of `store` whose references are of the registry that `options` names.
    ///
    /// # Errors
    /// [`RegistryError`] if there is no address to serve at, or the registry's name is none.
    pub async fn start(store: Store, options: ServerOptions) -> Result<Self, RegistryError> {
        let listener = listener(&options.bind).await?;
        let address = listener
            .local_addr()
            .map_err(|source| RegistryError::Bind { address: options.bind[0], source })?;
        let registry = options.registry.clone();
        let shared = Arc::new(Shared::new(store, options));
        if shared.repository("any").is_err() {
            return Err(RegistryError::Name { registry });
        }
        let task = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, task })
    }

    /// Where it serves.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What was asked and answered, the oldest first; for tests. Only the latest few thousand requests are known.
    #[must_use]
    pub fn log(&self) -> Vec<Seen> {
        self.shared.log.seen()
    }

    /// Replaces the script of failures.
    pub fn set_faults(&self, faults: Faults) {
        self.shared.set_faults(faults);
    }

    /// Stops, and waits a moment for the connections to end. What is being sent is broken off.
    pub async fn stop(mut self) {
        self.shared.stop.cancel();
        if tokio::time::timeout(LAST_WORDS, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop.cancel();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

async fn listener(addresses: &[SocketAddr]) -> Result<TcpListener, RegistryError> {
    let mut failure = RegistryError::NoAddress;
    for address in addresses {
        match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(source) => failure = RegistryError::Bind { address: *address, source },
        }
    }
    Err(failure)
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let stop = shared.stop.clone();
    let listener = listener.tap_io(|connection| {
        // Small answers must not wait for more; a system that cannot do that is only slower.
        let _ = connection.set_nodelay(true);
    });
    let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
    let mut serving = std::pin::pin!(IntoFuture::into_future(serving));
    let mut sweep = tokio::time::interval(SWEEP);
    loop {
        tokio::select! {
            ended = &mut serving => {
                if let Err(error) = ended {
                    tracing::warn!(%error, "a registry ended");
                }
                return;
            }
            _ = sweep.tick() => shared.uploads.drop_idle(),
        }
    }
}
