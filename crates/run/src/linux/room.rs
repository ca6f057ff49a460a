//! The folders of one run.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::snapshots::FILES;

/// Says that a run's folders are wanted after the process that made them.
pub(crate) const KEPT: &str = "kept";
const WORK: &str = "work";

/// An upper and a work folder, held by a lock. Dropping it leaves the folders to [`Snapshots::sweep`], which removes
/// them unless they are kept for later.
///
/// [`Snapshots::sweep`]: super::Snapshots::sweep
#[derive(Debug)]
pub struct Room {
    folder: PathBuf,
    lock: File,
}

impl Room {
    pub(crate) fn make(folder: PathBuf) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.mode(0o700);
        builder.create(&folder)?;
        let lock = File::open(&folder)?;
        lock.lock()?;
        for name in [FILES, WORK] {
            builder.create(folder.join(name))?;
        }
        Ok(Self { folder, lock })
    }

    /// Opens the folders of a run that were kept for later.
    ///
    /// # Errors
    ///
    /// [`io::Error`] if they are not there, or in use.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let lock = File::open(folder)?;
        lock.try_lock()?;
        Ok(Self { folder: folder.to_owned(), lock })
    }

    /// Where it is; what [`Room::open`] wants.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where what a run writes lands.
    #[must_use]
    pub fn upper(&self) -> PathBuf {
        self.folder.join(FILES)
    }

    /// For the overlay's own use.
    #[must_use]
    pub fn work(&self) -> PathBuf {
        self.folder.join(WORK)
    }

    /// Leaves the folders for later, as after a failure that somebody wants to look into.
    ///
    /// # Errors
    ///
    /// [`io::Error`] if the mark cannot be made.
    pub fn keep_for_later(self) -> io::Result<PathBuf> {
        fs::write(self.folder.join(KEPT), "")?;
        Ok(self.folder)
    }

    /// The folder with what a run wrote and nothing beside it, and its lock.
    pub(crate) fn into_parts(self) -> io::Result<(PathBuf, File)> {
        // A run that was killed outright may have left something in it; that does no harm.
        let _ = fs::remove_dir(self.work());
        match fs::remove_file(self.folder.join(KEPT)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok((self.folder, self.lock)),
        }
    }
}
