//! The registry server: the OCI distribution specification 1.1 over a store.
//!
//! It is the practice registry of the window, and the other end of every test that needs one: for those it can be
//! told to fail in a scripted way ([`Faults`]). Reading is open to whoever reaches the address; writing needs a token
//! that only the starting program knows. Blobs pass through as streams in both directions, never whole in memory.
//!
//! What this crate is not: it knows no file layout (that is `store`'s), deletes nothing, and speaks no TLS.
//!
//! ```no_run
//! use strata_registry::{Server, ServerOptions, WriteToken};
//! use strata_store::Store;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let store = Store::open("practice".as_ref())?;
//! let write_token = Some(WriteToken::new("secret".to_owned()));
//! let server = Server::start(store, ServerOptions { write_token, ..ServerOptions::default() }).await?;
//! println!("docker pull {}/hello", server.address());
//! server.stop().await;
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod answer;
mod blobs;
mod error;
mod faults;
mod file_body;
mod host;
mod lists;
mod log;
mod login;
mod manifests;
mod options;
mod range;
mod receive;
mod refusal;
mod reply;
mod route;
mod sending;
mod server;
mod shared;
mod upload_requests;
mod uploads;

pub use error::RegistryError;
pub use faults::{Fault, Faults};
pub use log::Seen;
pub use options::{ServerOptions, WriteToken};
pub use server::Server;
