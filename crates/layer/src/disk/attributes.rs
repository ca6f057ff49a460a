//! What a file or folder has beside its content.

use std::io;
use std::os::fd::{AsFd, AsRawFd};

use rustix::fs::{
    self, AtFlags, Gid, Mode, Stat, Timespec, Timestamps, UTIME_OMIT, Uid, XattrFlags,
};
use rustix::io::Errno;

use super::lowers::is_without_attributes;
use crate::{Entry, Timestamp};

/// Attributes that say how an overlay is laid: a layer's own must not.
const OVERLAY: [&[u8]; 2] = [b"trusted.overlay.", b"user.overlay."];

/// Extended attributes: names and values.
pub(super) type Xattrs = Vec<(Vec<u8>, Vec<u8>)>;

/// What a file or folder is to have.
#[derive(Debug, Clone)]
pub(super) struct Attributes {
    pub mode: u32,
    pub uid: u64,
    pub gid: u64,
    pub modified: Timestamp,
    pub xattrs: Xattrs,
}

impl Attributes {
    /// Of a folder that nobody names.
    pub const IMPLIED: Self = Self {
        mode: 0o755,
        uid: 0,
        gid: 0,
        modified: Timestamp { seconds: 0, nanos: 0 },
        xattrs: Vec::new(),
    };

    pub fn of_entry(entry: &Entry) -> Self {
        Self {
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            modified: entry.modified,
            xattrs: entry.xattrs.clone(),
        }
    }

    /// As those of something on the disk.
    pub fn of(stat: &Stat, xattrs: Xattrs) -> Self {
        Self {
            mode: stat.st_mode & 0o7777,
            uid: u64::from(stat.st_uid),
            gid: u64::from(stat.st_gid),
            modified: modified(stat),
            xattrs,
        }
    }
}

/// When something on the disk was changed.
pub(super) fn modified(stat: &Stat) -> Timestamp {
    Timestamp {
        seconds: stat.st_mtime,
        nanos: u32::try_from(stat.st_mtime_nsec).unwrap_or_default(),
    }
}

/// Whether an attribute is one that only the overlay itself may set.
pub(super) fn is_of_overlay(name: &[u8]) -> bool {
    OVERLAY.iter().any(|prefix| name.starts_with(prefix))
}

/// The time as the system takes it.
pub(super) fn times(modified: Timestamp) -> Timestamps {
    Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
        last_modification: Timespec {
            tv_sec: modified.seconds,
            tv_nsec: i64::from(modified.nanos.min(999_999_999)),
        },
    }
}

/// The owner as the system takes it. The last number means nobody there.
pub(super) fn owner(uid: u64, gid: u64) -> rustix::io::Result<(Uid, Gid)> {
    let number = |id: u64| u32::try_from(id).ok().filter(|id| *id != u32::MAX);
    match (number(uid), number(gid)) {
        (Some(uid), Some(gid)) => Ok((Uid::from_raw(uid), Gid::from_raw(gid))),
        _ => Err(Errno::INVAL),
    }
}

/// Where an open folder is found in the file system: for calls that take nothing but a path.
fn path_of(folder: impl AsFd, name: &[u8]) -> Vec<u8> {
    let fd = folder.as_fd().as_raw_fd();
    [format!("/proc/self/fd/{fd}/").as_bytes(), name].concat()
}

/// Sets an attribute of what is open, or, where it is not, of what is called `name` in a folder: never through a link.
pub(super) fn set_xattr(at: At<impl AsFd>, name: &[u8], value: &[u8]) -> rustix::io::Result<()> {
    match at {
        At::Open(file) => fs::fsetxattr(file, name, value, XattrFlags::empty()),
        At::In(folder, called) => {
            fs::lsetxattr(path_of(folder, called), name, value, XattrFlags::empty())
        }
    }
}

/// All attributes, sorted by name; none where the file system knows none.
pub(super) fn xattrs(at: &At<impl AsFd>) -> io::Result<Xattrs> {
    let path = match at {
        At::Open(_) => Vec::new(),
        At::In(folder, name) => path_of(folder, name),
    };
    let list = |buffer: &mut [u8]| match at {
        At::Open(file) => fs::flistxattr(file, buffer),
        At::In(..) => fs::llistxattr(&path[..], buffer),
    };
    let names = match grown(list) {
        Ok(names) => names,
        Err(error) if is_without_attributes(error) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for name in names.split(|&byte| byte == 0).filter(|name| !name.is_empty()) {
        let get = |buffer: &mut [u8]| match at {
            At::Open(file) => fs::fgetxattr(file, name, buffer),
            At::In(..) => fs::lgetxattr(&path[..], name, buffer),
        };
        match grown(get) {
            Ok(value) => found.push((name.to_vec(), value)),
            // It went meanwhile, or is not for us.
            Err(error) if is_without_attributes(error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    found.sort();
    Ok(found)
}

/// What has attributes.
pub(super) enum At<'a, F> {
    /// It is open.
    Open(F),
    /// It is in a folder, under a name.
    In(F, &'a [u8]),
}

/// Asks with an ever larger buffer.
fn grown(
    mut ask: impl FnMut(&mut [u8]) -> rustix::io::Result<usize>,
) -> rustix::io::Result<Vec<u8>> {
    let mut buffer = vec![0; 256];
    loop {
        match ask(&mut buffer) {
            Ok(length) => {
                buffer.truncate(length);
                return Ok(buffer);
            }
            Err(Errno::RANGE) if buffer.len() < 1 << 20 => {
                let larger = buffer.len() * 8;
                buffer.resize(larger, 0);
            }
            Err(error) => return Err(error),
        }
    }
}

/// Sets the owner of what is called `name` in a folder; a link is not followed.
pub(super) fn set_owner(
    folder: impl AsFd,
    name: &[u8],
    (uid, gid): (Uid, Gid),
) -> rustix::io::Result<()> {
    fs::chownat(folder, name, Some(uid), Some(gid), AtFlags::SYMLINK_NOFOLLOW)
}

/// A mode as the system takes it.
pub(super) fn mode(bits: u32) -> Mode {
    Mode::from_raw_mode(bits & 0o7777)
}
