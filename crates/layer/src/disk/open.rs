//! Opening what lies below a folder, never through a link.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{self, Mode, OFlags, ResolveFlags, Stat};
use rustix::io::Errno;

/// The kernel takes paths that are a little longer.
const MOST_PATH_BYTES: usize = 4000;

/// A folder that names are looked up in.
pub(super) const FOLDER: OFlags =
    OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
/// Whatever is there, without opening it: a link is not followed.
pub(super) const THING: OFlags = OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
/// A file or folder to read; a device or pipe that took its place does not hold us up.
pub(super) const TO_READ: OFlags =
    OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

/// Opens a clean path below `root`; the root itself if it is empty.
pub(super) fn beneath(root: impl AsFd, path: &[u8], flags: OFlags) -> rustix::io::Result<OwnedFd> {
    if path.is_empty() {
        return fs::openat(root, ".", flags, Mode::empty());
    }
    if path.len() <= MOST_PATH_BYTES {
        return beneath_at_once(root.as_fd(), path, flags);
    }
    let cut = path[..MOST_PATH_BYTES].iter().rposition(|&byte| byte == b'/');
    let cut = cut.ok_or(Errno::NAMETOOLONG)?;
    let above = beneath_at_once(root.as_fd(), &path[..cut], FOLDER)?;
    beneath(above, &path[cut + 1..], flags)
}

fn beneath_at_once(root: impl AsFd, path: &[u8], flags: OFlags) -> rustix::io::Result<OwnedFd> {
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    match fs::openat2(&root, path, flags, Mode::empty(), resolve) {
        // Some containers know no such call: name by name then.
        Err(Errno::NOSYS | Errno::PERM) => {}
        opened => return opened,
    }
    let mut names = path.split(|&byte| byte == b'/');
    let last = names.next_back().unwrap_or_default();
    let mut at = fs::openat(root, ".", FOLDER, Mode::empty())?;
    for name in names {
        at = fs::openat(&at, name, FOLDER, Mode::empty())?;
    }
    fs::openat(&at, last, flags, Mode::empty())
}

/// Whether this is the overlay's mark of a deletion.
pub(super) fn is_whiteout(stat: &Stat) -> bool {
    fs::FileType::from_raw_mode(stat.st_mode).is_char_device() && stat.st_rdev == 0
}

/// Whether nothing is there: neither it nor a folder on its way.
pub(super) fn is_missing(error: Errno) -> bool {
    matches!(error, Errno::NOENT | Errno::NOTDIR | Errno::LOOP)
}

/// `folder/name`, where the folder may be the root.
pub(super) fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let slash: &[u8] = if folder.is_empty() { b"" } else { b"/" };
    [folder, slash, name].concat()
}

/// The folder and the name of a clean path.
pub(super) fn split(path: &[u8]) -> (&[u8], &[u8]) {
    let at = path.iter().rposition(|&byte| byte == b'/');
    at.map_or((&path[..0], path), |at| (&path[..at], &path[at + 1..]))
}

/// Where a symbolic link points, of any length.
pub(super) fn target(folder: impl AsFd, name: &[u8]) -> io::Result<Vec<u8>> {
    Ok(fs::readlinkat(folder, name, Vec::new())?.into_bytes())
}
