mod ar;
mod list;
mod tar;
pub(crate) mod zip;

pub use list::{ArchiveEntry, ArchiveListing, EntryKind, list};
pub(crate) use tar::is_tar_header;
