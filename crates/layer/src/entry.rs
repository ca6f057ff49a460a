//! What a tar says of one path.

use crate::{Fingerprint, FingerprintKey, LayerError};

/// A time as archives keep it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Whole seconds since 1970, rounded down; negative before.
    pub seconds: i64,
    /// Nanoseconds after `seconds`, below 1,000,000,000.
    pub nanos: u32,
}

/// What a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// A file with content of its own.
    File,
    /// A folder.
    Directory,
    /// A link to a path.
    Symlink,
    /// Another name of a file.
    Hardlink,
    /// A character device.
    CharDevice,
    /// A block device.
    BlockDevice,
    /// A named pipe.
    Fifo,
}

/// One entry of a layer's tar, with all extensions applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Components joined by `/`, without `.`, `..`, leading and trailing `/`; empty for the root itself. Any byte but 0
    /// may occur in a component.
    pub path: Vec<u8>,
    /// What it is.
    pub kind: EntryKind,
    /// Permission bits, at most `0o7777`.
    pub mode: u32,
    /// Owner.
    pub uid: u64,
    /// Group.
    pub gid: u64,
    /// Bytes of content; 0 for all but files.
    pub size: u64,
    /// When the content was changed.
    pub modified: Timestamp,
    /// Where a symbolic link points, exactly; which path a hard link shares, cleaned like `path`. Else empty.
    pub link: Vec<u8>,
    /// Major and minor number of a device.
    pub device: (u32, u32),
    /// Extended attributes, sorted by name.
    pub xattrs: Vec<(Vec<u8>, Vec<u8>)>,
    /// Where the content begins in the plain tar.
    pub offset: u64,
    /// The content is stored without its holes: it cannot be read as one run of bytes.
    pub sparse: bool,
    /// Of the content; zeros for all but files.
    pub fingerprint: Fingerprint,
}

/// Takes entries in the order of the archive.
pub trait EntrySink {
    /// Takes one entry.
    ///
    /// # Errors
    /// Whatever should end the scan.
    fn entry(&mut self, entry: Entry) -> Result<(), LayerError>;

    /// Hears of a file before its content passes, and says whether it wants that.
    ///
    /// # Errors
    /// Whatever should end the scan.
    fn begin(&mut self, _entry: &Entry) -> Result<bool, LayerError> {
        Ok(false)
    }

    /// Hears, before [`Self::begin`] of a file that is stored without its holes, what its headers say of where its parts
    /// stand: places in the file and lengths. None in the form that says so before the content.
    fn sparse(&mut self, _pairs: Vec<(u64, u64)>) {}

    /// Takes some bytes of the content of the file that it wanted, in their order; [`Self::entry`] is its end.
    ///
    /// # Errors
    /// Whatever should end the scan.
    fn content(&mut self, _bytes: &[u8]) -> Result<(), LayerError> {
        Ok(())
    }

    /// What the fingerprints of the entries are to be made with.
    fn fingerprint_key(&self) -> FingerprintKey {
        FingerprintKey::default()
    }
}
