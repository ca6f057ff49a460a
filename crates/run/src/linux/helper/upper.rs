//! The upper folder of a run, before it and after it.
//!
//! A command that changes nothing must leave nothing: what was made for mounts is taken away again, and the folders above
//! get their times back.

use std::fs::{self, File};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, Timespec, Timestamps, UTIME_OMIT, openat, statat,
    unlinkat,
};

use super::inside::{about, within};
use super::{Done, failed, files};
use crate::RunSpec;
use crate::linux::wire::{Stub, Time, TouchedFolder, UpperMarks};

/// An upper folder, held open so that nothing that is mounted or moved hides it.
pub struct Upper {
    folder: OwnedFd,
    work: OwnedFd,
}

impl Upper {
    /// Opens the folders and gives the root of the run the permissions and the time of the topmost layer's root.
    pub fn prepare(spec: &RunSpec) -> Done<Self> {
        let folder = open(&spec.upper)?;
        let work = open(&spec.work)?;
        let is_new = fs::read_dir(&spec.upper).is_ok_and(|mut entries| entries.next().is_none());
        let prepared = match spec.lowers.first() {
            Some(top) if is_new => like(&folder, top),
            None if is_new => folder.set_permissions(fs::Permissions::from_mode(0o755)),
            _ => Ok(()),
        };
        prepared.map_err(failed("prepare the folder", &spec.upper))?;
        Ok(Self { folder: folder.into(), work: work.into() })
    }

    /// Undoes what the mounts did, and empties the work folder. What cannot be undone stays: it is an empty file at most.
    pub fn tidy(&self, marks: &UpperMarks) {
        for stub in marks.stubs.iter().rev() {
            let _ = self.take_away(stub);
        }
        let mut folders: Vec<&TouchedFolder> = marks.folders.iter().collect();
        folders.sort_by_key(|folder| std::cmp::Reverse(folder.path.components().count()));
        for folder in folders {
            let _ = self.give_back(folder);
        }
        let _ = files::empty(self.work.as_fd());
    }

    /// Removes an empty file or folder, and keeps the time of the folder it stood in.
    fn take_away(&self, stub: &Stub) -> rustix::io::Result<()> {
        let (above, name) = split(&stub.path);
        let above = within(self.folder.as_fd(), above)?;
        let (_, time) = about(above.as_fd())?;
        if stub.is_folder {
            unlinkat(&above, name, AtFlags::REMOVEDIR)?;
        } else {
            let found = statat(&above, name, AtFlags::SYMLINK_NOFOLLOW)?;
            let is_file = FileType::from_raw_mode(found.st_mode) == FileType::RegularFile;
            if is_file && found.st_size == 0 {
                unlinkat(&above, name, AtFlags::empty())?;
            }
        }
        set_time(&above, time)
    }

    /// Removes a folder that is in the upper one for a stub alone, or gives it the time it had before the stub.
    fn give_back(&self, folder: &TouchedFolder) -> rustix::io::Result<()> {
        let found = within(self.folder.as_fd(), &folder.path)?;
        let (who, time) = about(found.as_fd())?;
        let is_as_mounted = time == folder.mounted;
        if !folder.was_in_upper && is_as_mounted && who == folder.who {
            let (above, name) = split(&folder.path);
            let above = within(self.folder.as_fd(), above)?;
            let (_, above_time) = about(above.as_fd())?;
            if unlinkat(&above, name, AtFlags::REMOVEDIR).is_ok() {
                return set_time(&above, above_time);
            }
        }
        if is_as_mounted { set_time(&found, folder.before) } else { Ok(()) }
    }
}

fn split(path: &Path) -> (&Path, &Path) {
    let name = path.file_name().unwrap_or_default();
    (path.parent().unwrap_or("".as_ref()), name.as_ref())
}

fn set_time(folder: &OwnedFd, (tv_sec, nanoseconds): Time) -> rustix::io::Result<()> {
    let times = Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
        last_modification: Timespec { tv_sec, tv_nsec: nanoseconds.into() },
    };
    // An `O_PATH` descriptor takes no times; the folder itself does.
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = openat(folder, c".", flags, Mode::empty())?;
    rustix::fs::futimens(&folder, &times)
}

fn open(path: &Path) -> Done<File> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = openat(CWD, path, flags, Mode::empty());
    folder.map(File::from).map_err(failed("open the folder", path))
}

fn like(folder: &File, top: &Path) -> std::io::Result<()> {
    let top = fs::metadata(top)?;
    // An owner who is not mapped here owns nothing here.
    let _ = fchown(folder, Some(top.uid()), Some(top.gid()));
    folder.set_permissions(fs::Permissions::from_mode(top.mode() & 0o7777))?;
    folder.set_modified(top.modified()?)
}
