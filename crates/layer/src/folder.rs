//! Writing what an image holds below one folder of this machine, and nowhere else.
//!
//! The folder is opened once. Every name of a path is opened from the folder above it, never through a link, and what
//! is written must not be there yet: neither a link in the image nor somebody who changes folders meanwhile can lead a
//! write out of it.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{
    self, AtFlags, CWD, Gid, Mode, OFlags, Timespec, Timestamps, UTIME_OMIT, Uid, XattrFlags,
};
use rustix::process::geteuid;

use crate::Timestamp;

/// A folder that is ours while it is written: others may not look into it.
const OURS: Mode = Mode::RWXU;
/// Permission bits that anybody keeps: those that give somebody's rights away need the owner that they were meant for.
const KEPT_MODE: u32 = 0o777;

/// What gives a program powers of root.
const CAPABILITY: &[u8] = b"security.capability";

/// What a file or folder has beside its content.
#[derive(Debug, Clone, Copy)]
pub struct Finish<'a> {
    /// Permission bits with setuid, setgid and sticky.
    pub mode: u32,
    /// Owner.
    pub uid: u64,
    /// Group.
    pub gid: u64,
    /// When its content was changed.
    pub modified: Timestamp,
    /// Extended attributes, names and values. Those of users and capabilities are set, others are left out.
    pub xattrs: &'a [(&'a [u8], &'a [u8])],
}

/// A folder to write into.
#[derive(Debug)]
pub struct Folder {
    root: OwnedFd,
}

impl Folder {
    /// Opens a folder that is there, or makes it; its own path may lead through links, as any that a person names.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] if there is something in it, or what kept it from being made or opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = fs::open(path, flags, Mode::empty())?;
        if std::fs::read_dir(path)?.next().is_some() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        Ok(Self { root })
    }

    /// Makes a folder; those above it must have been made here.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::AlreadyExists`] if there is something of that name.
    pub fn make_folder(&self, path: &[u8]) -> io::Result<()> {
        let (parent, name) = self.parent(path)?;
        Ok(fs::mkdirat(&parent, name, OURS)?)
    }

    /// Makes a file, readable and writable by us alone.
    ///
    /// # Errors
    /// As [`Self::make_folder`].
    pub fn make_file(&self, path: &[u8]) -> io::Result<File> {
        let (parent, name) = self.parent(path)?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        Ok(File::from(fs::openat(&parent, name, flags | OFlags::CLOEXEC, Mode::RUSR | Mode::WUSR)?))
    }

    /// Makes a symbolic link: a text, which is not followed here, wherever it leads.
    ///
    /// # Errors
    /// As [`Self::make_folder`].
    pub fn make_link(&self, path: &[u8], target: &[u8]) -> io::Result<()> {
        let (parent, name) = self.parent(path)?;
        Ok(fs::symlinkat(OsStr::from_bytes(target), &parent, name)?)
    }

    /// Gives a file that was made here another name.
    ///
    /// # Errors
    /// As [`Self::make_folder`].
    pub fn name_again(&self, made: &[u8], path: &[u8]) -> io::Result<()> {
        let (from, old) = self.parent(made)?;
        let (to, new) = self.parent(path)?;
        Ok(fs::linkat(&from, old, &to, new, AtFlags::empty())?)
    }

    /// As [`finish_file`], for a file or folder by its path. Not for links.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(&self, path: &[u8], finish: &Finish<'_>) -> io::Result<()> {
        let (parent, name) = self.parent(path)?;
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let made = fs::openat(&parent, name, flags, Mode::empty())?;
        finish_file(&File::from(made), finish)
    }

    /// Owner and time of a symbolic link that was made here, as far as the system takes them; what it leads to is not
    /// touched.
    ///
    /// # Errors
    /// As [`Self::make_folder`].
    pub fn finish_link(&self, path: &[u8], finish: &Finish<'_>) -> io::Result<()> {
        let (parent, name) = self.parent(path)?;
        if let Some((uid, gid)) = owner(finish) {
            fs::chownat(&parent, name, Some(uid), Some(gid), AtFlags::SYMLINK_NOFOLLOW).ok();
        }
        fs::utimensat(&parent, name, &times(finish.modified), AtFlags::SYMLINK_NOFOLLOW).ok();
        Ok(())
    }

    /// The folder that holds a path, opened name by name, and the last name.
    fn parent<'a>(&self, path: &'a [u8]) -> io::Result<(OwnedFd, &'a OsStr)> {
        let mut names = path.split(|&byte| byte == b'/').filter(|name| !name.is_empty());
        let refused =
            || io::Error::new(io::ErrorKind::InvalidInput, "the path is not one below the folder");
        let last = names.next_back().filter(|name| is_name(name)).ok_or_else(refused)?;
        let mut at = self.root.as_fd().try_clone_to_owned()?;
        for name in names {
            if !is_name(name) {
                return Err(refused());
            }
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            at = fs::openat(&at, OsStr::from_bytes(name), flags, Mode::empty())?;
        }
        Ok((at, OsStr::from_bytes(last)))
    }
}

/// Whether a name is one of something in a folder.
fn is_name(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..") && !name.contains(&0) && !name.contains(&b'/')
}

/// Sets whose a file or folder is that was made here, what others may do with it, and when it was changed.
///
/// Only root can give files away. Who is not root keeps them, and then no bit is set that would give their rights to
/// others.
///
/// # Errors
/// What the system says of the mode. An owner, attribute or time that it does not take is no reason to lose a file.
pub fn finish_file(made: &File, finish: &Finish<'_>) -> io::Result<()> {
    let given =
        owner(finish).is_some_and(|(uid, gid)| fs::fchown(made, Some(uid), Some(gid)).is_ok());
    for (name, value) in finish.xattrs {
        let is_kept = name.starts_with(b"user.") || given && *name == CAPABILITY;
        if is_kept && !name.contains(&0) {
            fs::fsetxattr(made, *name, value, XattrFlags::empty()).ok();
        }
    }
    fs::futimens(made, &times(finish.modified)).ok();
    let kept = if given { 0o7777 } else { KEPT_MODE };
    Ok(fs::fchmod(made, Mode::from_raw_mode(finish.mode & kept))?)
}

/// The owner as the system takes it, if it is ours to give. The last number means nobody there.
fn owner(finish: &Finish<'_>) -> Option<(Uid, Gid)> {
    if !geteuid().is_root() {
        return None;
    }
    let number = |id: u64| u32::try_from(id).ok().filter(|id| *id != u32::MAX);
    Some((Uid::from_raw(number(finish.uid)?), Gid::from_raw(number(finish.gid)?)))
}

/// The time as the system takes it.
fn times(modified: Timestamp) -> Timestamps {
    let nanos = i64::from(modified.nanos.min(999_999_999));
    Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
        last_modification: Timespec { tv_sec: modified.seconds, tv_nsec: nanos },
    }
}

/// Makes a file at a path that a person names; its bytes are an image's, its name is not.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if there is something of that name, or what kept it from being made.
pub fn make_file_at(path: &Path) -> io::Result<File> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(File::from(fs::openat(CWD, path, flags, Mode::RUSR | Mode::WUSR)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    fn site() -> (tempfile::TempDir, Folder) {
        let site = tempfile::tempdir().unwrap();
        std::fs::create_dir(site.path().join("outside")).unwrap();
        std::fs::write(site.path().join("outside/canary"), "alive").unwrap();
        let folder = Folder::open(&site.path().join("out")).unwrap();
        (site, folder)
    }

    fn finish(mode: u32, uid: u64) -> Finish<'static> {
        let modified = Timestamp { seconds: 86_400, nanos: 5 };
        Finish { mode, uid, gid: 42, modified, xattrs: &[] }
    }

    fn is_untouched(site: &tempfile::TempDir) {
        let outside = site.path().join("outside");
        let names: Vec<_> =
            std::fs::read_dir(&outside).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["canary"]);
        assert_eq!(std::fs::read(outside.join("canary")).unwrap(), b"alive");
        assert_eq!(std::fs::metadata(outside.join("canary")).unwrap().nlink(), 1);
    }

    #[test]
    fn no_name_leads_out() {
        let (site, folder) = site();
        for path in ["../x", "/../x", "a/../../x", "..", ".", "", "a/./b", "./a", "a\0b"] {
            assert!(folder.make_folder(path.as_bytes()).is_err(), "{path:?}");
            assert!(folder.make_file(path.as_bytes()).is_err(), "{path:?}");
            assert!(folder.make_link(path.as_bytes(), b"t").is_err(), "{path:?}");
        }
        // What looks absolute is below the folder.
        folder.make_folder(b"/etc").unwrap();
        assert!(site.path().join("out/etc").is_dir());
        is_untouched(&site);
    }

    #[test]
    fn no_link_is_written_through() {
        let (site, folder) = site();
        folder.make_link(b"door", b"../outside").unwrap();
        folder.make_link(b"leaf", b"../outside/canary").unwrap();
        assert!(folder.make_file(b"door/new").is_err());
        assert!(folder.make_folder(b"door/new").is_err());
        assert!(folder.make_file(b"leaf").is_err());
        assert!(folder.finish(b"leaf", &finish(0o777, 0)).is_err());
        assert!(folder.name_again(b"door/canary", b"mine").is_err());
        assert!(folder.finish(b"door", &finish(0o777, 0)).is_err());
        // A link's own owner and time are set, not those of what it leads to.
        let before = std::fs::metadata(site.path().join("outside/canary")).unwrap();
        folder.finish_link(b"leaf", &finish(0o777, 4321)).unwrap();
        let link = site.path().join("out/leaf").symlink_metadata().unwrap();
        let after = std::fs::metadata(site.path().join("outside/canary")).unwrap();
        assert_eq!(link.mtime(), 86_400);
        assert_eq!((before.uid(), before.mtime()), (after.uid(), after.mtime()));
        is_untouched(&site);
    }

    #[test]
    fn nothing_is_overwritten() {
        let (site, folder) = site();
        folder.make_file(b"file").unwrap().write_all(b"first").unwrap();
        assert!(folder.make_file(b"file").is_err() && folder.make_folder(b"file").is_err());
        assert!(Folder::open(&site.path().join("out")).is_err(), "it is not empty any more");
    }

    #[test]
    fn root_keeps_owners_and_all_bits_and_nobody_else_keeps_bits_that_give_rights() {
        let (site, folder) = site();
        folder.make_file(b"file").unwrap().write_all(b"first").unwrap();
        folder.finish(b"file", &finish(0o6755, 4321)).unwrap();
        let data = std::fs::metadata(site.path().join("out/file")).unwrap();
        let bits = data.permissions().mode() & 0o7777;
        assert_eq!(data.mtime(), 86_400);
        match geteuid().is_root() {
            true => assert_eq!((bits, data.uid(), data.gid()), (0o6755, 4321, 42)),
            false => assert_eq!((bits, data.uid()), (0o755, geteuid().as_raw())),
        }
    }

    #[test]
    fn a_folder_that_is_swapped_for_a_link_meanwhile_leads_nowhere() {
        let (site, folder) = site();
        let swap = site.path().join("out/swap");
        let stop = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    std::fs::create_dir(&swap).ok();
                    std::fs::remove_dir_all(&swap).ok();
                    symlink("../outside", &swap).ok();
                    std::fs::remove_file(&swap).ok();
                }
            });
            for round in 0..2_000 {
                let path = format!("swap/{round}");
                folder.make_file(path.as_bytes()).ok();
                folder.make_folder(format!("swap/d{round}").as_bytes()).ok();
            }
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        is_untouched(&site);
    }
}
