//! Paths inside a root that nobody vouches for.
//!
//! Each name is opened in the folder before it, and links are followed by this code: no link of an image, and no folder
//! that somebody moves meanwhile (a shared cache), leads out of the root.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, ResolveFlags, StatxFlags, fstatfs, mkdirat, openat, openat2,
    readlinkat, statx,
};
use rustix::io::Errno;

use super::{Done, failed, failed_for};
use crate::Reason;
use crate::linux::wire::{Stub, Time, TouchedFolder, UpperMarks};

const LINKS: usize = 40;
const STATX_MNT_ID: StatxFlags = StatxFlags::from_bits_retain(0x1000);
/// The magic numbers of `/proc` and `/sys`.
const KERNELS_OWN: [i64; 2] = [0x9fa0, 0x6265_6572];

/// What a mount needs to stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A folder.
    Folder,
    /// A file.
    File,
}

/// The root of a run while it is being furnished.
pub struct Inside {
    root: OwnedFd,
    root_mount: u64,
    /// The upper folder itself, below the overlay that is mounted on it.
    upper: OwnedFd,
    stubs: Vec<Stub>,
    folders: Vec<TouchedFolder>,
}

/// A folder on the way, and its path in the root if it is on the root's own mount.
struct Step {
    fd: OwnedFd,
    path: Option<PathBuf>,
}

impl Inside {
    /// Of a root that has just been attached on its upper folder.
    pub fn new(root: OwnedFd, upper: OwnedFd) -> Done<Self> {
        let root_mount = mount_of(root.as_fd()).map_err(failed("look at", "/"))?;
        Ok(Self { root, root_mount, upper, stubs: Vec::new(), folders: Vec::new() })
    }

    /// The root.
    pub fn root(&self) -> &OwnedFd {
        &self.root
    }

    /// Opens the place for a mount; what is missing on the way is made, and noted.
    pub fn place(&mut self, target: &Path, place: Place) -> Done<OwnedFd> {
        let no = failed_for(Reason::BadMount, "make a place for the mount", target);
        self.walk(target, place).map_err(no)
    }

    /// What was made, with the times of the folders above as they are now.
    pub fn marks(&self) -> Done<UpperMarks> {
        let mut marks = UpperMarks { stubs: self.stubs.clone(), folders: self.folders.clone() };
        for folder in &mut marks.folders {
            let at =
                within(self.root.as_fd(), &folder.path).map_err(failed("look at", &folder.path))?;
            folder.mounted = about(at.as_fd()).map_err(failed("look at", &folder.path))?.1;
        }
        Ok(marks)
    }

    fn walk(&mut self, target: &Path, place: Place) -> rustix::io::Result<OwnedFd> {
        let mut way =
            vec![self.step(self.root.try_clone().map_err(|_| Errno::MFILE)?, Some(PathBuf::new()))];
        let mut names = names(target);
        let mut links = 0;
        while let Some(name) = names.pop_front() {
            if name == ".." {
                if way.len() > 1 {
                    way.pop();
                }
                continue;
            }
            let here = way.last().ok_or(Errno::NOENT)?;
            let is_last = names.is_empty();
            let fd = match enter(here.fd.as_fd(), &name) {
                Err(Errno::NOENT) => {
                    let file = is_last && place == Place::File;
                    self.make(&way, &name, file)?;
                    enter(here.fd.as_fd(), &name)?
                }
                other => other?,
            };
            match kind(fd.as_fd())? {
                FileType::Symlink => {
                    links += 1;
                    let leads = follow(&fd, &mut names)?;
                    if links > LINKS {
                        return Err(Errno::LOOP);
                    }
                    if leads {
                        way.truncate(1);
                    }
                }
                FileType::Directory => {
                    let path = here.path.as_ref().map(|path| path.join(&name));
                    way.push(self.step(fd, path));
                }
                _ if is_last && place == Place::File => return Ok(fd),
                _ => return Err(Errno::NOTDIR),
            }
        }
        let last = way.pop().filter(|_| !way.is_empty()).ok_or(Errno::BUSY)?;
        if place == Place::File {
            return Err(Errno::ISDIR);
        }
        refuse_kernels_own(last.fd.as_fd())?;
        Ok(last.fd)
    }

    fn step(&self, fd: OwnedFd, path: Option<PathBuf>) -> Step {
        let is_ours = mount_of(fd.as_fd()).is_ok_and(|mount| mount == self.root_mount);
        Step { fd, path: path.filter(|_| is_ours) }
    }

    /// Makes what a mount is to stand on, or a folder above it.
    fn make(&mut self, way: &[Step], name: &OsStr, is_file: bool) -> rustix::io::Result<()> {
        let here = way.last().ok_or(Errno::NOENT)?;
        refuse_kernels_own(here.fd.as_fd())?;
        if here.path.is_some() {
            for path in way.iter().filter_map(|step| step.path.as_deref()) {
                self.note_folder(path)?;
            }
        }
        if is_file {
            let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC;
            openat(&here.fd, name, flags | OFlags::NOFOLLOW, Mode::from_raw_mode(0o644))?;
        } else {
            mkdirat(&here.fd, name, Mode::from_raw_mode(0o755))?;
        }
        // In a mount that is not the root's, what is made stays: it belongs to that mount.
        if let Some(path) = &here.path {
            self.stubs.push(Stub { path: path.join(name), is_folder: !is_file });
        }
        Ok(())
    }

    /// Keeps how a folder was before something is made in it.
    fn note_folder(&mut self, path: &Path) -> rustix::io::Result<()> {
        let is_known = self.folders.iter().any(|folder| folder.path == path)
            || self.stubs.iter().any(|stub| stub.path == path);
        if is_known {
            return Ok(());
        }
        let at = within(self.root.as_fd(), path)?;
        let (who, before) = about(at.as_fd())?;
        let was_in_upper = path.as_os_str().is_empty() || within(self.upper.as_fd(), path).is_ok();
        let path = path.to_owned();
        self.folders.push(TouchedFolder { path, was_in_upper, who, before, mounted: before });
        Ok(())
    }
}

/// Opens what is at `path` in a folder, following links inside that folder alone; for sources of mounts.
pub fn resolve(root: BorrowedFd<'_>, path: &Path) -> rustix::io::Result<OwnedFd> {
    let path = if path.as_os_str().is_empty() { ".".as_ref() } else { path };
    let how = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    openat2(root, path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty(), how)
}

/// Opens a path that this process has made or found, without following a link.
pub fn within(root: BorrowedFd<'_>, path: &Path) -> rustix::io::Result<OwnedFd> {
    let path = if path.as_os_str().is_empty() { ".".as_ref() } else { path };
    let how = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    openat2(root, path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty(), how)
}

/// Permissions, owner, group; and when it last changed.
pub fn about(fd: BorrowedFd<'_>) -> rustix::io::Result<((u32, u32, u32), Time)> {
    let found = statx(fd, c"", AtFlags::EMPTY_PATH, StatxFlags::BASIC_STATS)?;
    let time = (found.stx_mtime.tv_sec, found.stx_mtime.tv_nsec);
    Ok(((u32::from(found.stx_mode) & 0o7777, found.stx_uid, found.stx_gid), time))
}

fn names(path: &Path) -> VecDeque<OsString> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            _ => None,
        })
        .collect()
}

fn enter(folder: BorrowedFd<'_>, name: &OsStr) -> rustix::io::Result<OwnedFd> {
    openat(folder, name, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())
}

/// Puts where a link leads before the names that are left; says whether it begins at the root.
fn follow(link: &OwnedFd, names_left: &mut VecDeque<OsString>) -> rustix::io::Result<bool> {
    let target = PathBuf::from(OsString::from_vec(readlinkat(link, c"", Vec::new())?.into_bytes()));
    for name in names(&target).into_iter().rev() {
        names_left.push_front(name);
    }
    Ok(target.is_absolute())
}

fn kind(fd: BorrowedFd<'_>) -> rustix::io::Result<FileType> {
    let found = statx(fd, c"", AtFlags::EMPTY_PATH, StatxFlags::TYPE)?;
    Ok(FileType::from_raw_mode(found.stx_mode.into()))
}

fn mount_of(fd: BorrowedFd<'_>) -> rustix::io::Result<u64> {
    Ok(statx(fd, c"", AtFlags::EMPTY_PATH, STATX_MNT_ID)?.stx_mnt_id)
}

/// Nothing is made or mounted in `/proc` and `/sys`.
fn refuse_kernels_own(fd: BorrowedFd<'_>) -> rustix::io::Result<()> {
    let magic = fstatfs(fd)?.f_type;
    if KERNELS_OWN.contains(&magic) { Err(Errno::ACCESS) } else { Ok(()) }
}
