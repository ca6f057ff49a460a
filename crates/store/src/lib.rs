//! Images on disk: an OCI image layout that other tools read, and a database beside it that answers fast.
//!
//! Bytes come in through an [`Ingest`], which survives the process; only [`Store::commit`] and its smaller kin make
//! them visible, all files of an image behind one barrier. What is listed is what `index.json` names: the layout is the
//! truth, the database an index over it that can be made anew.
//!
//! What this crate is not: it fetches nothing, unpacks nothing, and trusts its callers with nothing but digests that
//! they have compared.
//!
//! ```
//! use strata_spec::{Descriptor, Digest, MediaType, Reference};
//! use strata_store::Store;
//!
//! let folder = std::env::temp_dir().join(format!("strata-doc-{}", std::process::id()));
//! let store = Store::open(&folder)?;
//! let document = br#"{"schemaVersion":2,"manifests":[]}"#;
//! let digest = Digest::sha256_of(document);
//! let target = Descriptor::new(MediaType::OciIndex, digest.clone(), document.len() as u64);
//! let reference = Reference::parse("localhost/practice/empty:1").map_err(Box::new)?;
//! store.put_target(&reference, &target, document)?;
//! assert_eq!(store.read_document(&digest, 1024)?, document);
//! # std::fs::remove_dir_all(&folder).ok();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod blob;
mod build_cache;
mod builds;
mod checkpoint_file;
mod commit;
mod context_file;
mod database;
mod disk;
mod error;
mod findings_file;
mod image_record;
mod index_file;
mod ingest;
mod kept_file;
mod kept_layer;
mod lock;
mod mapped;
mod names;
mod ready;
mod rebuild;
mod record;
mod store;
mod totals;
mod tree_file;
mod unix;
mod unnamed;

pub use build_cache::{BuildLayer, BuildLine, BuildResult};
pub use commit::{ImageCommit, LayerRecord};
pub use error::StoreError;
pub use image_record::ImageRecord;
pub use ingest::Ingest;
pub use mapped::Mapped;
pub use ready::Ready;
pub use store::Store;
pub use totals::Totals;
pub use tree_file::TreeFile;
pub use unnamed::UnnamedIngest;
