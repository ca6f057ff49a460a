//! What is in the files of an image: packages, secrets, kinds of content, and lists of packages for other tools.
//!
//! A caller that streams a layer asks a [`LayerInspector`] of each entry what it wants of it, hands that over, and keeps
//! the [`LayerFindings`] under the layer's diff ID:
//!
//! ```
//! use std::io::Cursor;
//! use strata_inspect::{LayerInspector, Want};
//!
//! let mut inspector = LayerInspector::new();
//! let entry: (&[u8], &[u8]) = (b"etc/os-release", b"ID=debian\nVERSION_ID=\"12\"\n");
//! if inspector.wants(entry.0, true, 0o644, entry.1.len() as u64) != Want::Nothing {
//!     inspector.take(entry.0, &mut Cursor::new(entry.1), entry.1.len() as u64);
//! }
//! let findings = inspector.finish();
//! assert_eq!(findings.os_release.unwrap().id, "debian");
//! ```
//!
//! What it is not: it runs nothing, asks no network, knows no list of vulnerabilities, and unpacks nothing to a disk. What
//! it says is what the files themselves say: a package without metadata is not found, and a forged one is believed.
//!
//! Everything here reads bytes of strangers. Each parser has a limit on what it reads and keeps, follows no offset that
//! it has not checked, and gives up instead of panicking; random bytes are thrown at all of them by tests. No file is
//! opened here, and there is no clock, no environment and no async runtime.

mod archive;
mod bounded;
mod elf;
mod entry_path;
mod error;
mod inspector;
/// What kind of content a file has.
pub mod kinds;
mod license;
mod os_release;
/// What package databases and metadata say.
pub mod packages;
mod purl;
/// Documents that list packages, in the forms of SPDX and CycloneDX.
pub mod sbom;
/// Keys, tokens and passwords.
pub mod secrets;

pub use entry_path::EntryPath;
pub use error::InspectError;
pub use inspector::{
    FORMAT, KindTotal, LayerFindings, LayerInspector, Want, Warning, WarningReason,
};
pub use license::spdx_expression;
pub use os_release::OsRelease;
pub use packages::{Ecosystem, Package, PackageSource, PlacedPackage, placed};
pub use purl::purl;
