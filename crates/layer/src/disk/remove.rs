//! Removing what a later entry of a layer replaces.

use std::io;
use std::os::fd::AsFd;

use rustix::fs::{self, AtFlags, Dir, Mode};
use rustix::io::Errno;

use super::open::TO_READ;

/// Removes what is called `name`, with all that is in it, never through a link. The depth is bounded by who made it.
pub(super) fn remove(folder: impl AsFd, name: &[u8]) -> io::Result<()> {
    match fs::unlinkat(&folder, name, AtFlags::empty()) {
        Ok(()) => return Ok(()),
        Err(Errno::ISDIR | Errno::PERM) => {}
        Err(error) => return Err(error.into()),
    }
    let opened = fs::openat(&folder, name, TO_READ | fs::OFlags::DIRECTORY, Mode::empty())?;
    for entry in Dir::read_from(&opened)? {
        let entry = entry?;
        let inner = entry.file_name().to_bytes();
        if !matches!(inner, b"." | b"..") {
            remove(&opened, inner)?;
        }
    }
    Ok(fs::unlinkat(&folder, name, AtFlags::REMOVEDIR)?)
}
