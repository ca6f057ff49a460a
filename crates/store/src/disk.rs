//! Files written so that a power cut leaves the old or the new, and errors that say what was being done to what.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::{StoreError, unix};

/// How the names of files begin that are to replace another.
pub(crate) const BESIDE: &str = "new";

/// Up to how many files are synced one by one: what else waits to be written is none of theirs.
const FEW_FILES: usize = 8;

/// Wraps a failure with what was being done to which file.
pub(crate) fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::File { doing, path, source }
}

/// Makes what happened in a folder (names that came or went) survive a power cut.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(failed("sync the folder", path))
}

/// Makes a private folder whose name survives a power cut, unless it is there.
pub(crate) fn make_folder(path: &Path) -> Result<(), StoreError> {
    match fs::symlink_metadata(path) {
        Ok(data) if data.is_dir() => Ok(()),
        Ok(_) => {
            let reason = "it is a link or a file where a folder should be";
            Err(StoreError::NotAStore { path: path.to_owned(), reason })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            unix::make_private_folder(path).map_err(failed("make the folder", path))?;
            let above = path.parent().filter(|above| !above.as_os_str().is_empty());
            sync_folder(above.unwrap_or(Path::new(".")))
        }
        Err(error) => Err(failed("read", path)(error)),
    }
}

/// Writes a new private file and syncs it; its name is not yet safe.
pub(crate) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let file = write_new(path, bytes)?;
    file.sync_all().map_err(|error| {
        fs::remove_file(path).ok();
        failed("write", path)(error)
    })
}

/// Writes a new private file; neither its content nor its name is safe yet.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<File, StoreError> {
    let opened = unix::private().write(true).create_new(true).open(path);
    let written = opened.and_then(|mut file| file.write_all(bytes).map(|()| file));
    written.map_err(|error| {
        // Half a file is of no use to anyone.
        fs::remove_file(path).ok();
        failed("write", path)(error)
    })
}

/// Makes the content of files survive a power cut. Each by itself costs a turn of the disk; where there are many, all
/// that waits to be written to their file system is written at once.
///
/// All must lie on one file system.
pub(crate) fn sync_files<'a>(
    files: impl ExactSizeIterator<Item = (&'a Path, &'a File)>,
) -> Result<(), StoreError> {
    let count = files.len();
    for (path, file) in files {
        let is_all =
            count > FEW_FILES && unix::sync_file_system(file).map_err(failed("sync", path))?;
        if is_all {
            return Ok(());
        }
        file.sync_all().map_err(failed("sync", path))?;
    }
    Ok(())
}

/// Replaces a file by another content: written beside, synced, renamed, the folder synced.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let beside = unique(folder, BESIDE);
    write_synced(&beside, bytes)?;
    rename(&beside, path)?;
    sync_folder(folder)
}

/// Gives a file its name.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(failed("rename to", to))
}

/// A path that no other file of this or another process has.
pub(crate) fn unique(folder: &Path, kind: &str) -> PathBuf {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    folder.join(format!("{kind}-{}-{now:x}-{number}", std::process::id()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        replace(&path, b"one").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn many_files_are_synced_as_well_as_few() {
        let folder = tempfile::tempdir().unwrap();
        for count in [0, 1, FEW_FILES, FEW_FILES + 1, 50] {
            let paths: Vec<PathBuf> =
                (0..count).map(|at| folder.path().join(format!("{count}-{at}"))).collect();
            let files: Vec<File> =
                paths.iter().map(|path| write_new(path, b"x").unwrap()).collect();
            sync_files(paths.iter().map(PathBuf::as_path).zip(&files)).unwrap();
            assert!(paths.iter().all(|path| fs::read(path).unwrap() == b"x"));
        }
    }

    #[test]
    fn no_two_paths_are_the_same() {
        let one = unique(Path::new("x"), "upload");
        assert_ne!(one, unique(Path::new("x"), "upload"));
    }
}
