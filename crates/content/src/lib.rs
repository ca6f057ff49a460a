//! What a file is: text in any encoding, executables, archives.
//!
//! Everything here reads bytes that somebody else made and may have made to deceive: whatever they are, the answer comes
//! in bounded time and memory, or an error does.
//!
//! What this crate is not: it knows neither image nor store, opens no file, and changes nothing.
//!
//! ```
//! use strata_content::{Kind, decode, sniff};
//!
//! let found = sniff(b"etc/os-release", b"NAME=Debian\n");
//! assert_eq!((found.kind, found.media_type), (Kind::Text, "text/plain"));
//! assert_eq!(decode(&[0xb0, 0xa1, 0xb3, 0xaa], false).map(|text| text.text), Some("가나".to_owned()));
//! ```

mod archive;
mod elf;
mod error;
mod kind;
mod text;

pub use archive::{ArchiveEntry, ArchiveListing, list_archive};
pub use elf::{ElfSummary, Linking, elf_summary};
pub use error::InspectError;
pub use kind::{Kind, Sniffed, sniff};
pub use text::{Decoded, decode};
