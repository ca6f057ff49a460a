//! Why a registry could not be started.

use std::io;
use std::net::SocketAddr;

use thiserror::Error;

/// A registry could not be started.
#[derive(Debug, Error)]
pub enum RegistryError {
    /// None of the addresses is free.
    #[error("cannot serve at `{address}`: {source}")]
    Bind {
        /// The last address that was tried.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// There is no address to serve at.
    #[error("cannot serve a registry: there is no address to serve it at")]
    NoAddress,
    /// The name under which references are kept cannot be one of a registry.
    #[error("cannot serve a registry: `{registry}` is not the name of one")]
    Name {
        /// The name.
        registry: String,
    },
}
