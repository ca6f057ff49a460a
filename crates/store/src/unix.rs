//! What only Unix systems have: modes, owners, files that are not links, free space, locks.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{FlockOperation, OFlags};

/// Options for a private file that is never reached through a link.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    // The bits of a flag are the same whatever the sign of the number that carries them.
    options.mode(0o600).custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    options
}

/// Makes a folder, and those above it, that nobody else can look into.
pub(crate) fn make_private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Takes the rights of all others away.
pub(crate) fn close_to_others(path: &Path, data: &Metadata) -> io::Result<()> {
    if data.mode() & 0o077 == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
}

/// Whether the person who runs this owns it.
pub(crate) fn is_mine(data: &Metadata) -> bool {
    data.uid() == rustix::process::geteuid().as_raw()
}

/// Whether both are the same file.
pub(crate) fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Bytes that a person may still write to the file system of `path`.
pub(crate) fn free_bytes(path: &Path) -> io::Result<u64> {
    let found = rustix::fs::statvfs(path)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Takes the exclusive lock of a file; waits for it, or says at once that another has it.
pub(crate) fn lock(file: &File, wait: bool) -> io::Result<bool> {
    let operation =
        if wait { FlockOperation::LockExclusive } else { FlockOperation::NonBlockingLockExclusive };
    loop {
        match rustix::fs::flock(file, operation) {
            Ok(()) => return Ok(true),
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Writes all that waits to be written to the file system of `file`. False where the system cannot do so and tell
/// whether it failed, as Linux does since 5.8 (syncfs(2)).
#[cfg(target_os = "linux")]
pub(crate) fn sync_file_system(file: &File) -> io::Result<bool> {
    rustix::fs::syncfs(file)?;
    Ok(true)
}

/// As on Linux, where there is such a call.
#[cfg(not(target_os = "linux"))]
pub(crate) fn sync_file_system(_file: &File) -> io::Result<bool> {
    Ok(false)
}

/// The number by which the file system knows a file.
pub(crate) fn file_number(data: &Metadata) -> u64 {
    data.ino()
}
