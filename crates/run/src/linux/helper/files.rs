//! Files of a run, handled by whoever owns them all: the root of the namespace.

use std::fs::{self, File};
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use rustix::fs::{
    AtFlags, CWD, Dir, FileType, Gid, Mode, OFlags, Uid, fchmod, fchown, openat, statat, unlinkat,
};
use rustix::io::Errno;

use super::{Done, failed};
use crate::{Listed, ListedKind};

/// Removes what is at `path`, with all that is in it.
pub fn remove(path: &Path) -> Done<()> {
    let no = || failed("remove", path);
    match unlinkat(CWD, path, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => return Ok(()),
        Err(Errno::ISDIR | Errno::PERM | Errno::ACCESS) => {}
        Err(other) => return Err(no()(other)),
    }
    let folder = open_folder(CWD, path).map_err(no())?;
    empty_all(folder).map_err(no())?;
    unlinkat(CWD, path, AtFlags::REMOVEDIR).map_err(no())
}

/// Removes all that is in a folder.
pub fn empty(folder: BorrowedFd<'_>) -> rustix::io::Result<()> {
    empty_all(open_folder(folder, ".".as_ref())?)
}

/// A folder on the way down, and the name by which the one above knows it.
struct Level {
    fd: OwnedFd,
    left: Vec<std::ffi::CString>,
    name: std::ffi::CString,
}

/// Without recursion: a hostile layer may be as deep as it likes.
fn empty_all(folder: OwnedFd) -> rustix::io::Result<()> {
    let mut way = vec![level(folder, std::ffi::CString::default())?];
    while let Some(here) = way.last_mut() {
        let Some(name) = here.left.pop() else {
            let done = way.pop();
            if let (Some(done), Some(above)) = (done, way.last()) {
                unlinkat(&above.fd, &done.name, AtFlags::REMOVEDIR)?;
            }
            continue;
        };
        match unlinkat(&here.fd, &name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(Errno::ISDIR) => {
                let below = open_folder_at(&here.fd, &name)?;
                way.push(level(below, name)?);
            }
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

fn level(fd: OwnedFd, name: std::ffi::CString) -> rustix::io::Result<Level> {
    let mut left = Vec::new();
    for entry in Dir::read_from(&fd)? {
        let entry = entry?;
        if entry.file_name() != c"." && entry.file_name() != c".." {
            left.push(entry.file_name().to_owned());
        }
    }
    Ok(Level { fd, left, name })
}

fn open_folder(at: BorrowedFd<'_>, path: &Path) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(at, path, flags, Mode::empty())
}

/// Also one that its owner may not enter: the single id has no power over permissions until they are changed.
fn open_folder_at(above: &OwnedFd, name: &std::ffi::CStr) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match openat(above, name, flags, Mode::empty()) {
        Err(Errno::ACCESS) => {
            let found = statat(above, name, AtFlags::SYMLINK_NOFOLLOW)?;
            if FileType::from_raw_mode(found.st_mode) != FileType::Directory {
                return Err(Errno::NOTDIR);
            }
            rustix::fs::chmodat(above, name, Mode::RWXU, AtFlags::empty())?;
            openat(above, name, flags, Mode::empty())
        }
        Ok(folder) => {
            // What is in it can be removed only by who may write to it.
            let _ = fchmod(&folder, Mode::RWXU);
            Ok(folder)
        }
        other => other,
    }
}

/// What a folder holds, by name.
pub fn list(path: &Path) -> Done<Vec<Listed>> {
    let mut listed = read(path).map_err(failed("list", path))?;
    listed.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(listed)
}

fn read(path: &Path) -> io::Result<Vec<Listed>> {
    fs::read_dir(path)?
        .map(|entry| {
            let entry = entry?;
            let about = entry.metadata()?;
            Ok(Listed {
                name: entry.file_name().to_string_lossy().into_owned(),
                kind: kind(&about),
                mode: about.mode() & 0o7777,
                uid: about.uid(),
                gid: about.gid(),
                size: about.size(),
            })
        })
        .collect()
}

fn kind(about: &fs::Metadata) -> ListedKind {
    let kind = about.file_type();
    if kind.is_dir() {
        ListedKind::Folder
    } else if kind.is_file() {
        ListedKind::File
    } else if kind.is_symlink() {
        ListedKind::Link
    } else if kind.is_char_device() && about.rdev() == 0 {
        ListedKind::Whiteout
    } else {
        ListedKind::Special
    }
}

/// Sets who a folder belongs to and who may use it.
pub fn own(path: &Path, mode: u32, uid: u32, gid: u32) -> Done<()> {
    let no = || failed("set the owner of", path);
    let folder = open_folder(CWD, path).map_err(no())?;
    fchown(&folder, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid))).map_err(no())?;
    fchmod(&folder, Mode::from_raw_mode(mode & 0o7777)).map_err(no())
}

/// Opens a file; no link, no pipe that would make us wait.
pub fn open(path: &Path) -> Done<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    openat(CWD, path, flags, Mode::empty()).map(File::from).map_err(failed("open", path))
}
