//! What a server is told when it starts.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use strata_spec::Digest;

use crate::Faults;

/// How a [`crate::Server`] behaves.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// Where to serve. Tried in order; the first that is free is used. Port 0 is any free one.
    pub bind: Vec<SocketAddr>,
    /// The registry's name in the references that the store keeps.
    pub registry: String,
    /// What a writer must show, as bearer token or as password. Without it nothing can be written.
    pub write_token: Option<WriteToken>,
    /// Hosts, without port, that requests may name besides `localhost`, `127.0.0.1` and `[::1]`. A page in a browser
    /// that lets its own name point to this machine is thereby refused.
    pub hosts: Vec<String>,
    /// How to fail.
    pub faults: Faults,
}

impl Default for ServerOptions {
    /// Read-only, on any free port of 127.0.0.1, with the name `localhost`.
    fn default() -> Self {
        Self {
            bind: vec![SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)],
            registry: "localhost".to_owned(),
            write_token: None,
            hosts: Vec::new(),
            faults: Faults::default(),
        }
    }
}

/// The secret of those who may write. It is not shown.
#[derive(Clone)]
pub struct WriteToken(Digest);

impl WriteToken {
    /// Only the digest of `token` is kept, so that comparing takes as long for a near miss as for a far one.
    #[must_use]
    pub fn new(token: String) -> Self {
        Self(Digest::sha256_of(token.into_bytes().as_slice()))
    }

    /// Whether `shown` is it.
    pub(crate) fn is(&self, shown: &str) -> bool {
        self.0 == Digest::sha256_of(shown.as_bytes())
    }
}

impl fmt::Debug for WriteToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WriteToken(…)")
    }
}
