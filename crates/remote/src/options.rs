//! What a client is told when it is made.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::{Anonymous, Bandwidth, Credentials, Mirror, ProxyChoice, RegistriesConf};

/// A host that may be asked for tokens with the password of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedRealm {
    /// The registry, as references name it.
    pub registry: String,
    /// The token service's host, without scheme; with its port where that is not 443.
    pub host: String,
}

/// How a [`crate::Client`] behaves.
#[derive(Clone)]
pub struct ClientOptions {
    /// Where logins come from.
    pub credentials: Arc<dyn Credentials>,
    /// Registries (`host` or `host:port`) that are spoken to without TLS, besides those on loopback.
    pub plain_http: Vec<String>,
    /// Registries (`host` or `host:port`) that are spoken to with TLS although they are on loopback.
    pub tls: Vec<String>,
    /// Token services on hosts of their own that the user has allowed to see a registry's password.
    pub trusted_realms: Vec<TrustedRealm>,
    /// Files of PEM certificates that are trusted besides the system's.
    pub extra_ca: Vec<PathBuf>,
    /// Docker Hub's web API, for its search and for the dates of tags: scheme and host.
    pub hub_api: String,
    /// What we call ourselves.
    pub user_agent: String,
    /// Folders with certificates for single hosts, as `HOST[:PORT]/*.crt`.
    pub certs_dirs: Vec<PathBuf>,
    /// What registries.conf says: other places, mirrors, what is blocked.
    pub registries: RegistriesConf,
    /// Mirrors that are asked before those of registries.conf.
    pub mirrors: Vec<Mirror>,
    /// Which proxy requests go through (none for loopback).
    pub proxy: ProxyChoice,
    /// How fast blobs may come, all together. Shared by clients that are made with the same value, and can be changed
    /// while they work.
    pub bandwidth: Bandwidth,
    /// How many layers come from one host at the same time.
    pub blobs_per_host: usize,
    /// The longest wait for a connection.
    pub connect_timeout: Duration,
    /// The longest time without a byte. After a third of it a quiet blob is asked for again.
    pub idle_timeout: Duration,
    /// The least rate of a blob, in bytes a second, while all others are as slow. A slower one is asked for again after
    /// half of the `idle_timeout`, and given up after another half. 0 for any rate: slow goes on.
    pub least_rate: u64,
    /// How often something is tried that fails in passing, without any progress between.
    pub attempts: u32,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            credentials: Arc::new(Anonymous),
            plain_http: Vec::new(),
            tls: Vec::new(),
            trusted_realms: Vec::new(),
            extra_ca: Vec::new(),
            hub_api: "https://hub.docker.com".to_owned(),
            user_agent: concat!("strata/", env!("CARGO_PKG_VERSION")).to_owned(),
            certs_dirs: Vec::new(),
            registries: RegistriesConf::default(),
            mirrors: Vec::new(),
            proxy: ProxyChoice::System,
            bandwidth: Bandwidth::default(),
            blobs_per_host: 6,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(30),
            least_rate: 0,
            attempts: 5,
        }
    }
}
