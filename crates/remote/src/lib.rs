//! The registry client: names to digests, digests to checked bytes, with as little trust as can be had.
//!
//! A [`Client`] speaks the pulling half of the OCI distribution specification. Documents come back checked against
//! size and digest; blobs come as a [`BlobStream`] that reconnects by itself and never gives more bytes than were
//! announced. Logins are asked of a [`Credentials`] only when a registry wants one, and go to the registry that was
//! named and to nobody else.
//!
//! What this crate is not: it keeps nothing on disk, does not choose platforms, and does not hash blobs (whoever
//! writes them does, in the same pass).
//!
//! ```no_run
//! use strata_remote::{Client, ClientOptions};
//! use strata_spec::Reference;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new(ClientOptions::default())?;
//! let reference = Reference::parse("nginx:1.27")?;
//! let fetched = client.fetch_manifest(&reference).await?;
//! println!("{}", fetched.descriptor.digest);
//! # Ok(())
//! # }
//! ```

mod authorization;
mod bandwidth;
mod blob;
mod body;
mod catalog;
mod challenge;
mod client;
mod content_range;
mod docker_config;
mod download;
mod endpoint;
mod error;
mod exchange;
mod helper;
mod host_certificates;
mod hub;
mod hub_page;
mod links;
mod login;
mod manifest;
mod options;
mod origin;
mod pace;
mod ping;
#[cfg(test)]
mod properties;
mod proxy;
mod rate_limit;
mod realm;
mod redirect;
mod referrers;
mod refusal;
mod registries_conf;
mod resting;
mod retry;
mod shown_path;
mod sources;
mod tags;
mod token;
mod transport;
mod warnings;
mod watcher;
mod words;

pub use bandwidth::Bandwidth;
pub use blob::BlobStream;
pub use catalog::{CatalogPage, Repositories};
pub use client::Client;
pub use docker_config::{DockerConfig, KnownLogin};
pub use download::{DownloadError, Downloaded};
pub use error::RemoteError;
pub use helper::{helper_erase, helper_get, helper_list, helper_store};
pub use host_certificates::count_certificates;
pub use hub::{HubImage, HubRepository, HubTag, HubTags};
pub use login::{Anonymous, Credentials, Login, Secret};
pub use manifest::Fetched;
pub use options::{ClientOptions, TrustedRealm};
pub use ping::Pong;
pub use proxy::ProxyChoice;
pub use rate_limit::{RateLimit, RateLimitKind};
pub use referrers::cosign_tags;
pub use registries_conf::{Mirror, RegistriesConf};
pub use tags::{TagPage, Tags};
pub use watcher::{AnswerKind, Answered, Asked, Purpose, Signed, Watcher};
pub use words::Words;
