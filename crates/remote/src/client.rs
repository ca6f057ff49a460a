//! The client itself: options, connections and tokens, shared by all its copies.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::authorization::Grants;
use crate::transport::Transport;
use crate::{ClientOptions, RemoteError};

/// A client of all registries. Copies share connections and tokens.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    options: ClientOptions,
    transport: Transport,
    grants: Grants,
    received: Arc<AtomicU64>,
}

impl Client {
    /// Makes a client. Reads the files of certificates that the options name; asks nobody anything yet.
    ///
    /// # Errors
    /// [`RemoteError::CertificateFile`], [`RemoteError::Certificate`] or [`RemoteError::Setup`].
    pub fn new(options: ClientOptions) -> Result<Self, RemoteError> {
        let transport = Transport::new(&options)?;
        let inner =
            Inner { options, transport, grants: Grants::default(), received: Arc::default() };
        Ok(Self { inner: Arc::new(inner) })
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
