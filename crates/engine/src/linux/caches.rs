//! The folders of cache mounts: one for each id and owner, kept from build to build.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use strata_build::{Sharing, Stop};
use strata_spec::Digest;

/// How often one looks whether a locked folder is free.
const LOOK: Duration = Duration::from_millis(50);
/// How many folders of a private cache there may be.
const MAX_PRIVATE: u32 = 64;
/// The folder that is mounted, beside its lock and its name.
const FILES: &str = "fs";

/// A cache mount's folder, in use as long as this lives.
#[derive(Debug)]
pub(super) struct Cache {
    pub files: PathBuf,
    /// It was made just now: its owner and mode are still to be set.
    pub is_new: bool,
    _lock: File,
}

/// The folder of a cache. An id is never a path: the folder's name is made of its digest.
pub(super) fn cache(
    caches: &Path,
    id: &str,
    owner: (u32, u32),
    sharing: Sharing,
    stop: &Stop,
) -> io::Result<Option<Cache>> {
    let name = format!("{id}\0{}\0{}", owner.0, owner.1);
    let name = Digest::sha256_of(name.as_bytes());
    for number in 0..MAX_PRIVATE {
        let folder = caches.join(format!("{}-{number}", &name.hex()[..32]));
        make(&folder)?;
        let lock = File::open(&folder)?;
        match (sharing, number) {
            (Sharing::Shared, _) => lock.lock_shared()?,
            (Sharing::Locked, _) => {
                if !wait(&lock, stop)? {
                    return Ok(None);
                }
            }
            (Sharing::Private, _) => match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => return Err(error),
            },
        }
        fs::write(folder.join("id"), id)?;
        let files = folder.join(FILES);
        let is_new = make(&files)?;
        return Ok(Some(Cache { files, is_new, _lock: lock }));
    }
    Err(io::Error::other("too many builds use this cache at the same time"))
}

/// Makes a folder for its owner alone; says whether it was not there.
fn make(folder: &Path) -> io::Result<bool> {
    match fs::DirBuilder::new().recursive(false).mode(0o700).create(folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parent = folder.parent().unwrap_or(folder);
            fs::DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
            fs::DirBuilder::new().mode(0o700).create(folder).map(|()| true)
        }
        Err(error) => Err(error),
    }
}

/// Waits until a folder is free; false if the build is stopped before that.
fn wait(lock: &File, stop: &Stop) -> io::Result<bool> {
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if stop.is_stopped() => return Ok(false),
            Err(TryLockError::WouldBlock) => thread::sleep(LOOK),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn sharing_decides_who_gets_which_folder() {
        let folder = tempfile::tempdir().unwrap();
        let caches = folder.path().join("a/b");
        let stop = Stop::new();
        let get = |id: &str, sharing| cache(&caches, id, (0, 0), sharing, &stop).unwrap();
        let one = get("x", Sharing::Shared).unwrap();
        let same = get("x", Sharing::Shared).unwrap();
        assert_eq!((one.is_new, same.is_new, &one.files), (true, false, &same.files));
        let alone = get("x", Sharing::Private).unwrap();
        assert_ne!(alone.files, one.files);
        assert_ne!(get("../../x", Sharing::Shared).unwrap().files, one.files);
        assert!(get("../../x", Sharing::Shared).unwrap().files.starts_with(&caches));
        drop((one, same, alone));
        let locked = get("x", Sharing::Locked).unwrap();
        stop.stop();
        assert!(get("x", Sharing::Locked).is_none());
        drop(locked);
        assert!(get("x", Sharing::Locked).is_some());
    }
}
