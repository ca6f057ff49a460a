//! Unpacked layers, kept in the store's folder between builds.
//!
//! A snapshot is named by the chain ID of its layer: what is unpacked depends on the layers below (folders that a layer
//! does not name, hard links to their files). It is made beside its place and renamed when it is whole and its diff ID
//! right. Several processes may work here at once: whoever makes, uses or removes a snapshot holds a lock of its folder.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use strata_spec::{ChainId, DiffId};

use super::room::{KEPT, Room};
use super::session::Session;
use crate::RunError;

/// A file that names the start of the machine in which the snapshot was made, or says that its bytes are on the disk.
const MADE: &str = "made";
const SETTLED: &str = "settled";
/// Where the layer's files are; a run's changes have the same name, so that they can become a snapshot.
pub(crate) const FILES: &str = "fs";
const TRASH: &str = "trash";
/// How long one waits between two looks at whether another process is done.
const LOOK: std::time::Duration = std::time::Duration::from_millis(20);

/// The snapshots of one rung and one mapping of ids.
#[derive(Debug)]
pub struct Snapshots {
    folder: PathBuf,
}

/// One unpacked layer, which nobody removes as long as this lives.
#[derive(Debug)]
pub struct Snapshot {
    folder: PathBuf,
    _lock: File,
}

impl Snapshot {
    /// The folder that is laid over others.
    #[must_use]
    pub fn files(&self) -> PathBuf {
        self.folder.join(FILES)
    }
}

impl Snapshots {
    /// Opens the snapshots of a store for a session, making the folders that are missing, for their owner alone: they
    /// hold programs that give their owner's rights.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`] if a folder cannot be made.
    pub fn open(store: &Path, session: &Session) -> Result<Self, RunError> {
        let folder = store.join("snapshots").join(session.mapping());
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(folder.join(TRASH)).map_err(failed("make the folder of snapshots"))?;
        Ok(Self { folder })
    }

    /// The snapshot of a chain, if it is there.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`] if the folder cannot be read.
    pub fn get(&self, chain: &ChainId) -> Result<Option<Snapshot>, RunError> {
        let folder = self.folder.join(name(chain));
        let doing = "look for a snapshot";
        let Some(lock) = shared(&folder).map_err(failed(doing))? else {
            return Ok(None);
        };
        let said = fs::read_to_string(folder.join(MADE)).unwrap_or_default();
        // After a power cut, what was made shortly before may be anything.
        if said == SETTLED || said == this_boot() {
            return Ok(Some(Snapshot { folder, _lock: lock }));
        }
        drop(lock);
        self.throw_away(&folder).map_err(failed(doing))?;
        Ok(None)
    }

    /// The snapshot of a chain; made by `unpack` if it is not there. `unpack` gets a new folder to fill and says which
    /// diff ID the bytes had. If another process makes the same one, this waits for it, or until it is stopped.
    ///
    /// # Errors
    ///
    /// What `unpack` says; [`RunError::WrongLayer`] if the diff ID is another one than `expected`.
    pub fn get_or_make(
        &self,
        chain: &ChainId,
        expected: &DiffId,
        unpack: impl FnOnce(&Path) -> Result<DiffId, RunError>,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Snapshot, RunError> {
        let doing = "make a snapshot";
        let new = self.folder.join(format!("new-{}", name(chain)));
        let lock = loop {
            if let Some(found) = self.get(chain)? {
                return Ok(found);
            }
            make_folder(&new).map_err(failed(doing))?;
            match try_alone(&new).map_err(failed(doing))? {
                // Somebody died here.
                Some(lock) if new.join(FILES).exists() => {
                    self.throw_away_held(&new, lock).map_err(failed(doing))?;
                }
                Some(lock) => break lock,
                None if stopped() => return Err(RunError::Stopped),
                None => std::thread::sleep(LOOK),
            }
        };
        let made = match self.get(chain)? {
            // Another process was faster between two looks.
            Some(found) => Ok(Some(found)),
            None => fill(&new, expected, unpack).map(|()| None),
        };
        match made {
            Ok(None) => self.publish(&new, lock, chain),
            other => {
                self.throw_away_held(&new, lock).map_err(failed(doing))?;
                other.and_then(|found| found.ok_or(RunError::Stopped))
            }
        }
    }

    /// Gives a whole snapshot its name. If another one has it, that is as good.
    fn publish(&self, new: &Path, lock: File, chain: &ChainId) -> Result<Snapshot, RunError> {
        let doing = "keep a snapshot";
        fs::write(new.join(MADE), this_boot()).map_err(failed(doing))?;
        match fs::rename(new, self.folder.join(name(chain))) {
            Ok(()) => drop(lock),
            Err(error) if is_taken(&error) => {
                self.throw_away_held(new, lock).map_err(failed(doing))?;
            }
            Err(error) => return Err(failed(doing)(error)),
        }
        // If somebody who cleans up was faster than this, that is an error as any other.
        self.get(chain)?.ok_or_else(|| failed(doing)(io::ErrorKind::NotFound.into()))
    }

    /// A new place for a run.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`] if it cannot be made.
    pub fn room(&self) -> Result<Room, RunError> {
        let doing = "make a folder for a run";
        let folder = self.folder.join(format!("run-{}", random().map_err(failed(doing))?));
        Room::make(folder).map_err(failed(doing))
    }

    /// Keeps what a run wrote as the snapshot of the layer that was made of it. If there is one already, that is kept.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`] if it cannot be moved.
    pub fn keep(&self, room: Room, chain: &ChainId) -> Result<Snapshot, RunError> {
        let (folder, lock) = room.into_parts().map_err(failed("keep a run as a snapshot"))?;
        self.publish(&folder, lock, chain)
    }

    /// Throws away what a run wrote; [`Snapshots::sweep`] removes it.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`] if it cannot be moved.
    pub fn discard(&self, room: Room) -> Result<(), RunError> {
        let doing = "throw a run away";
        let (folder, lock) = room.into_parts().map_err(failed(doing))?;
        self.throw_away_held(&folder, lock).map_err(failed(doing))
    }

    /// Removes the snapshot of a chain unless somebody uses it; says whether it is gone.
    ///
    /// # Errors
    ///
    /// [`RunError`] if it cannot be removed.
    pub fn remove(&self, chain: &ChainId) -> Result<bool, RunError> {
        let folder = self.folder.join(name(chain));
        self.throw_away(&folder).map_err(failed("remove a snapshot"))
    }

    /// The chains whose snapshots are here, as their folders are named, with the time of their making.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`] if the folder cannot be read.
    pub fn list(&self) -> Result<Vec<(ChainId, std::time::SystemTime)>, RunError> {
        let doing = "list the snapshots";
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(failed(doing))? {
            let entry = entry.map_err(failed(doing))?;
            let Some(chain) = chain_of(&entry.file_name().to_string_lossy()) else { continue };
            let made = fs::metadata(entry.path().join(MADE)).and_then(|about| about.modified());
            found.extend(made.ok().map(|made| (chain, made)));
        }
        Ok(found)
    }

    /// Has everything reach the disk, so that the snapshots are good after a power cut, too. For the end of a build.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`] if the disk refuses.
    pub fn settle(&self) -> Result<(), RunError> {
        let doing = "write the snapshots out";
        let mut new = Vec::new();
        for (chain, _) in self.list()? {
            let made = self.folder.join(name(&chain)).join(MADE);
            if fs::read_to_string(&made).is_ok_and(|said| said == this_boot()) {
                new.push(made);
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        File::open(&self.folder)
            .and_then(|folder| Ok(rustix::fs::syncfs(folder)?))
            .map_err(failed(doing))?;
        for made in new {
            // One that was removed meanwhile needs no word.
            if made.exists() {
                fs::write(made, SETTLED).map_err(failed(doing))?;
            }
        }
        Ok(())
    }

    /// Removes what was thrown away, and what builds left that are no longer there.
    ///
    /// # Errors
    ///
    /// [`RunError`] for the first thing that would not go.
    pub fn sweep(&self, session: &Session) -> Result<(), RunError> {
        let doing = "clean up the snapshots";
        for entry in fs::read_dir(&self.folder).map_err(failed(doing))? {
            let entry = entry.map_err(failed(doing))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_kept = entry.path().join(KEPT).exists();
            if (name.starts_with("new-") || name.starts_with("run-")) && !is_kept {
                self.throw_away(&entry.path()).map_err(failed(doing))?;
            }
        }
        for entry in fs::read_dir(self.folder.join(TRASH)).map_err(failed(doing))? {
            session.remove(&entry.map_err(failed(doing))?.path())?;
        }
        Ok(())
    }

    /// Moves a folder to the trash unless somebody holds its lock; says whether it is gone.
    fn throw_away(&self, folder: &Path) -> io::Result<bool> {
        match try_alone(folder)? {
            Some(lock) => self.throw_away_held(folder, lock).map(|()| true),
            None => Ok(!folder.exists()),
        }
    }

    fn throw_away_held(&self, folder: &Path, lock: File) -> io::Result<()> {
        let gone = fs::rename(folder, self.folder.join(TRASH).join(random()?));
        drop(lock);
        match gone {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}

fn failed(doing: &'static str) -> impl FnOnce(io::Error) -> RunError {
    move |source| RunError::Io { doing, source }
}

fn name(chain: &ChainId) -> String {
    chain.to_string().replace(':', "-")
}

fn chain_of(name: &str) -> Option<ChainId> {
    let digest = strata_spec::Digest::parse(&name.replacen('-', ":", 1)).ok()?;
    Some(ChainId(digest))
}

fn make_folder(path: &Path) -> io::Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Fills a new folder and checks what it was filled with.
fn fill(
    new: &Path,
    expected: &DiffId,
    unpack: impl FnOnce(&Path) -> Result<DiffId, RunError>,
) -> Result<(), RunError> {
    let files = new.join(FILES);
    make_folder(&files).map_err(failed("make a snapshot"))?;
    let found = unpack(&files)?;
    if found == *expected {
        Ok(())
    } else {
        Err(RunError::WrongLayer { expected: expected.clone(), found })
    }
}

/// Opens a folder and waits until nobody has it for himself; `None` if there is none, or it was moved away meanwhile.
fn shared(folder: &Path) -> io::Result<Option<File>> {
    let lock = match File::open(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    lock.lock_shared()?;
    Ok(is_still(folder, &lock)?.then_some(lock))
}

/// Takes a folder for oneself; `None` if another has it, or it was moved away.
fn try_alone(folder: &Path) -> io::Result<Option<File>> {
    let lock = match File::open(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    match lock.try_lock() {
        Ok(()) => Ok(is_still(folder, &lock)?.then_some(lock)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

fn is_still(folder: &Path, lock: &File) -> io::Result<bool> {
    let ours = lock.metadata()?;
    Ok(fs::symlink_metadata(folder)
        .is_ok_and(|found| (found.dev(), found.ino()) == (ours.dev(), ours.ino())))
}

fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists)
}

fn random() -> io::Result<String> {
    let number = getrandom::u64().map_err(io::Error::other)?;
    Ok(format!("{number:016x}"))
}

/// What distinguishes this start of the machine from all others.
fn this_boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}
