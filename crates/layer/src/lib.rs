//! One layer read from start to end: what it is compressed with, what its plain tar's digest is, what it holds.
//!
//! [`scan`] is the only way in ([`scan_buffered`] for bytes that are in memory already): it reads a stream once, holds
//! no more than a few buffers whatever the layer claims, hands each entry to an [`EntrySink`] and answers with the diff
//! ID. Only [`Folder`] writes anything, below one folder that somebody named.
//!
//! Where readers of tar archives disagree, the rules are those of the container engines (which share one tar reader):
//! a GNU long name wins over a PAX path, links and folders have no content whatever their size says, an extension
//! applies to the next entry only. Where the disagreement could hide a file (a global header that renames), the layer
//! is refused.
//!
//! What this crate is not: it keeps nothing, and knows no other layer.
//!
//! ```
//! use strata_layer::{Compression, Entry, EntrySink, LayerError, Limits, scan};
//!
//! struct Paths(Vec<Vec<u8>>);
//!
//! impl EntrySink for Paths {
//!     fn entry(&mut self, entry: Entry) -> Result<(), LayerError> {
//!         self.0.push(entry.path);
//!         Ok(())
//!     }
//! }
//!
//! let tar = strata_testkit::Layer::new().dir("./etc/").file("./etc/motd", "hello").tar();
//! let mut paths = Paths(Vec::new());
//! let scanned = scan(&strata_testkit::gzip(&tar)[..], &Limits::default(), &mut paths)?;
//! assert_eq!(scanned.compression, Compression::Gzip);
//! assert_eq!(scanned.diff_id.0, strata_spec::Digest::sha256_of(&tar));
//! assert_eq!(paths.0, [&b"etc"[..], b"etc/motd"]);
//! # Ok::<(), LayerError>(())
//! ```

mod checkpoint;
mod compression;
#[cfg(target_os = "linux")]
mod disk;
mod entry;
mod error;
mod extension;
mod fingerprint;
#[cfg(unix)]
mod folder;
mod header;
mod limits;
mod mark;
mod new_entry;
mod packing;
mod path;
mod pax;
mod plain;
mod range;
mod scan;
mod sparse;
mod toc;
mod write_error;
mod writer;

pub use checkpoint::Checkpoints;
pub use compression::Compression;
#[cfg(target_os = "linux")]
pub use disk::{
    CaptureError, CaptureOptions, Captured, OverlayMarks, Owners, Skipped, SkippedPart,
    UnpackError, UnpackOptions, Unpacked, capture, unpack,
};
pub use entry::{Entry, EntryKind, EntrySink, Timestamp};
pub use error::LayerError;
pub use fingerprint::{Fingerprint, FingerprintKey, Fingerprinting};
#[cfg(unix)]
pub use folder::{Finish, Folder, finish_file, make_file_at};
pub use limits::Limits;
pub use mark::{Mark, mark};
pub use new_entry::NewEntry;
pub use packing::{Packed, Packer, Packing};
pub use range::{read_range, read_range_from, read_ranges, read_ranges_from};
pub use scan::{Scanned, scan, scan_arriving, scan_buffered};
pub use sparse::{SparseMap, SparsePart, sparse_map};
pub use toc::{
    ESTARGZ_FOOTER_BYTES, MAX_TOC_BYTES, estargz_toc, estargz_toc_offset, read_toc,
    zstd_chunked_toc,
};
pub use write_error::WriteError;
pub use writer::TarWriter;
