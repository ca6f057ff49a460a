//! Mounts as file descriptors: made, given attributes, and only then attached somewhere.

use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, open};
use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, MoveMountFlags, OpenTreeFlags, fsconfig_create,
    fsconfig_set_string, fsmount, fsopen, move_mount, open_tree,
};

use rustix::io::Errno;

use super::{Done, failed, failed_for};
use crate::Reason;
use crate::linux::kernel;

/// No devices, no programs that give rights, no programs.
pub const INERT: MountAttrFlags = MountAttrFlags::MOUNT_ATTR_NOSUID
    .union(MountAttrFlags::MOUNT_ATTR_NODEV)
    .union(MountAttrFlags::MOUNT_ATTR_NOEXEC);

/// A new file system of this kind, not attached yet.
pub fn make(
    kind: &'static CStr,
    options: &[(&CStr, String)],
    attributes: MountAttrFlags,
) -> Result<OwnedFd, rustix::io::Errno> {
    let context = fsopen(kind, FsOpenFlags::FSOPEN_CLOEXEC)?;
    // What `mount` and `df` show in the first column.
    fsconfig_set_string(context.as_fd(), c"source", kind)?;
    for (key, value) in options {
        fsconfig_set_string(context.as_fd(), *key, value.as_str())?;
    }
    fsconfig_create(context.as_fd())?;
    fsmount(context.as_fd(), FsMountFlags::FSMOUNT_CLOEXEC, attributes)
}

/// A second mount of what is at `path` below `at` (an empty path: of `at` itself), with all that is mounted below it.
pub fn again(at: BorrowedFd<'_>, path: &CStr) -> Result<OwnedFd, rustix::io::Errno> {
    let flags = OpenTreeFlags::OPEN_TREE_CLONE
        | OpenTreeFlags::OPEN_TREE_CLOEXEC
        | OpenTreeFlags::AT_RECURSIVE
        | OpenTreeFlags::AT_EMPTY_PATH
        | OpenTreeFlags::AT_SYMLINK_NOFOLLOW;
    open_tree(at, path, flags)
}

/// Adds attributes to a mount and those below it.
pub fn restrict(mount: &OwnedFd, attributes: MountAttrFlags) -> rustix::io::Result<()> {
    kernel::add_mount_attributes(mount.as_fd(), attributes.bits().into(), true)
        .map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
}

/// Attaches a mount on what is open as `target`.
pub fn attach(mount: &OwnedFd, target: &OwnedFd, name: &Path) -> Done<()> {
    let flags = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags::MOVE_MOUNT_T_EMPTY_PATH;
    move_mount(mount.as_fd(), c"", target.as_fd(), c"", flags).map_err(failed_for(
        Reason::BadMount,
        "mount",
        name,
    ))
}

/// Attaches a mount on a folder outside of the root, which the caller of the run vouches for.
pub fn attach_at(mount: &OwnedFd, folder: &Path) -> Done<()> {
    move_mount(mount.as_fd(), c"", CWD, folder, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)
        .map_err(failed("mount", folder))
}

/// Opens a folder that the caller of the run vouches for.
pub fn open_folder(path: &Path) -> Done<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    open(path, flags, Mode::empty()).map_err(failed("open the folder", path))
}
