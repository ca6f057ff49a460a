//! A file read in place.

use std::fs::File;
use std::io;

use memmap2::Mmap;

/// A read-only file in memory, loaded as it is looked at.
#[derive(Debug)]
pub struct Mapped {
    map: Mmap,
}

impl Mapped {
    /// Maps a tree file.
    #[allow(unsafe_code)]
    pub(crate) fn of_tree(file: &File) -> io::Result<Self> {
        // SAFETY: a mapping is unsound if the file is cut or written while it is read. Tree files get their name by a
        // rename after they are complete; nothing of ours writes to one or cuts it afterwards (a damaged one is replaced
        // by another file), and the store's folder is open to its owner alone.
        let map = unsafe { Mmap::map(file)? };
        Ok(Self { map })
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.map
    }
}
