//! Hard links of a layer.

use std::fs::File;
use std::io;

use rustix::fs::{self, AtFlags, FileType, OFlags, Stat};
use rustix::io::Errno;

use super::attributes::{At, Attributes, mode, xattrs};
use super::ground::{Folder, failed};
use super::lowers::Found;
use super::open::{TO_READ, is_whiteout, join, target};
use super::sink::Sink;
use super::unpack_error::UnpackError;
use crate::error::shown;
use crate::{Entry, EntryKind};

impl Sink<'_> {
    /// Gives what `entry.link` names, in this layer or one below, another name.
    pub(super) fn link(
        &mut self,
        entry: &Entry,
        folder: &Folder,
        name: &[u8],
    ) -> Result<(), UnpackError> {
        if entry.link.is_empty() {
            return Err(refused(entry, "which is the root"));
        }
        let (from, old) = self.ground.parent(&entry.link)?;
        let here = self.target(entry, &from, old)?;
        if from.path == folder.path && old == name {
            return Ok(());
        }
        let same =
            |one: &Stat, other: &Stat| (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino);
        let there = stat(folder, name).map_err(failed("look at", &entry.path))?;
        if there.zip(here).is_some_and(|(there, here)| same(&there, &here)) {
            return Ok(());
        }
        self.made(folder, name, "make the link", || {
            fs::linkat(&from.fd, old, &folder.fd, name, AtFlags::empty())
        })
    }

    /// What a hard link shares, once this layer has it.
    fn target(
        &mut self,
        entry: &Entry,
        from: &Folder,
        name: &[u8],
    ) -> Result<Option<Stat>, UnpackError> {
        let path = join(&from.path, name);
        let here = stat(from, name).map_err(failed("look at", &path))?;
        match here {
            Some(stat) if is_whiteout(&stat) => Err(refused(entry, "which is deleted")),
            Some(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => {
                Err(refused(entry, "which is a folder"))
            }
            Some(stat) => Ok(Some(stat)),
            None => {
                let found = self.ground.lowers.find(&from.among, &path);
                let found = found.map_err(failed("look at", &path))?;
                let found = found.ok_or_else(|| refused(entry, "which is not there"))?;
                if found.kind() == FileType::Directory {
                    return Err(refused(entry, "which is a folder"));
                }
                self.bring_up(&found, from, name, &path)?;
                Ok(None)
            }
        }
    }

    /// Copies what a lower layer has, as an overlay does before it is changed.
    fn bring_up(
        &mut self,
        found: &Found,
        to: &Folder,
        name: &[u8],
        path: &[u8],
    ) -> Result<(), UnpackError> {
        let kind = found.kind();
        if kind == FileType::RegularFile {
            let copied = self.copy(found, to, name, path).map_err(failed("copy", path))?;
            let attributes = xattrs(&At::Open(&copied.0)).map_err(failed("copy", path))?;
            let attributes = Attributes::of(&found.stat, attributes);
            return self.give(path, &copied.1, &attributes, true);
        }
        let mut entry = Entry {
            path: path.to_vec(),
            kind: EntryKind::Symlink,
            mode: found.stat.st_mode & 0o7777,
            uid: u64::from(found.stat.st_uid),
            gid: u64::from(found.stat.st_gid),
            size: 0,
            modified: super::attributes::modified(&found.stat),
            link: Vec::new(),
            device: (fs::major(found.stat.st_rdev), fs::minor(found.stat.st_rdev)),
            xattrs: Vec::new(),
            offset: 0,
            sparse: false,
            fingerprint: [0; 16],
        };
        match kind {
            FileType::Symlink => {
                entry.link = target(&found.thing, b"").map_err(failed("copy", path))?;
            }
            FileType::CharacterDevice => entry.kind = EntryKind::CharDevice,
            FileType::BlockDevice => entry.kind = EntryKind::BlockDevice,
            FileType::Fifo => entry.kind = EntryKind::Fifo,
            _ => return Err(failed("copy", path)(io::ErrorKind::Unsupported.into())),
        }
        self.make_other(&entry, to, name)
    }

    /// The lower file and its copy, both open.
    fn copy(
        &self,
        found: &Found,
        to: &Folder,
        name: &[u8],
        path: &[u8],
    ) -> io::Result<(File, File)> {
        let mut from = File::from(self.ground.lowers.read(found.lower, path, TO_READ)?);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let bits = mode(found.stat.st_mode & 0o700);
        let mut copy = File::from(fs::openat(&to.fd, name, flags | OFlags::CLOEXEC, bits)?);
        // The kernel copies by itself where it can.
        io::copy(&mut from, &mut copy)?;
        Ok((from, copy))
    }
}

fn refused(entry: &Entry, reason: &'static str) -> UnpackError {
    UnpackError::Link { path: shown(&entry.path), target: shown(&entry.link), reason }
}

fn stat(folder: &Folder, name: &[u8]) -> io::Result<Option<Stat>> {
    match fs::statat(&folder.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
