//! Names and documents of container images: what a person types, what a registry serves, what a store keeps.
//!
//! Everything here is pure: text and bytes in, values out. Parsed documents stand **beside** their exact bytes
//! ([`Manifest::raw`]), so that a digest is never computed from JSON that was written again.
//!
//! What this crate is not: it opens no file and no socket, and has no opinion on where an image lives.
//!
//! ```
//! use strata_spec::Reference;
//!
//! let reference = Reference::parse("nginx:1.27")?;
//! assert_eq!(reference.to_string(), "docker.io/library/nginx:1.27");
//! assert_eq!(reference.familiar(), "nginx:1.27");
//! # Ok::<(), strata_spec::ReferenceError>(())
//! ```

mod config;
mod descriptor;
mod digest;
mod document;
mod error;
mod identity;
mod json;
mod media_type;
mod platform;
mod reference;

pub use config::{HistoryEntry, ImageConfig, Settings};
pub use descriptor::Descriptor;
pub use digest::{Algorithm, Digest, Hasher};
pub use document::{Document, Index, Manifest};
pub use error::{DigestError, DocumentError, PlatformError, ReferenceError};
pub use identity::{ChainId, DiffId, ImageId};
pub use media_type::MediaType;
pub use platform::Platform;
pub use reference::Reference;

/// The largest manifest or index that is read, in bytes (the specification asks registries to take at least this).
pub const MAX_MANIFEST_BYTES: u64 = 4 * 1024 * 1024;
/// The largest image config that is read, in bytes.
pub const MAX_CONFIG_BYTES: u64 = 8 * 1024 * 1024;
/// The largest answer of a token service that is read, in bytes.
pub const MAX_TOKEN_BYTES: u64 = 1024 * 1024;
