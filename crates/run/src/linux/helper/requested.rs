//! The mounts that a step asks for.

use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{FileType, Mode as FileMode, OFlags, fstat, open};
use rustix::mount::MountAttrFlags;

use super::inside::{Inside, Place, resolve};
use super::lent::Desk;
use super::mount::{INERT, again, attach, make, restrict};
use super::overlay::overlay;
use super::{Done, failed_for};
use crate::{Mode, MountKind, MountSpec, Reason, RunSpec};

const NO_DEVICES: MountAttrFlags =
    MountAttrFlags::MOUNT_ATTR_NODEV.union(MountAttrFlags::MOUNT_ATTR_NOSUID);

/// Mounts them in their order.
pub fn mount(mode: Mode, spec: &RunSpec, desk: &Desk, inside: &mut Inside) -> Done<()> {
    for wanted in &spec.mounts {
        let (mount, place) = make_mount(mode, wanted, desk)?;
        let target = inside.place(&wanted.target, place)?;
        attach(&mount, &target, &wanted.target)?;
    }
    Ok(())
}

fn make_mount(mode: Mode, wanted: &MountSpec, desk: &Desk) -> Done<(OwnedFd, Place)> {
    let no = || failed_for(Reason::BadMount, "mount", &wanted.target);
    match &wanted.kind {
        MountKind::Bind { source, inside, read_only } => {
            let found = open_source(source)?;
            part_of(&found, inside, *read_only, source)
        }
        MountKind::Layers { lowers, inside, scratch } => {
            let writable = scratch.as_ref().map(|(upper, work)| (upper.as_path(), work.as_path()));
            let layers = overlay(mode, lowers, writable)?;
            // A mount can be taken from one that is attached; the desk is out of the run's sight.
            attach(&layers, &desk.new_folder()?, &wanted.target)?;
            part_of(&layers, inside, scratch.is_none(), &wanted.target)
        }
        MountKind::Tmpfs { size_bytes } => {
            let mut options = vec![(c"mode", "1777".to_owned())];
            options.extend(size_bytes.map(|bytes| (c"size", bytes.to_string())));
            Ok((make(c"tmpfs", &options, NO_DEVICES).map_err(no())?, Place::Folder))
        }
        MountKind::File { bytes, mode, uid, gid } => {
            let owner = Some((*uid, *gid));
            Ok((desk.file(bytes, *mode & 0o777, owner)?, Place::File))
        }
        MountKind::Socket { path } => {
            let found = open_source(path)?;
            let mount = again(found.as_fd(), c"").map_err(no())?;
            restrict(&mount, INERT).map_err(no())?;
            Ok((mount, Place::File))
        }
    }
}

fn open_source(path: &Path) -> Done<OwnedFd> {
    open(path, OFlags::PATH | OFlags::CLOEXEC, FileMode::empty()).map_err(failed_for(
        Reason::BadMount,
        "open",
        path,
    ))
}

/// A mount of what is at `inside` below a folder, whose links lead nowhere else.
fn part_of(
    folder: &OwnedFd,
    inside: &Path,
    read_only: bool,
    shown: &Path,
) -> Done<(OwnedFd, Place)> {
    let no = || failed_for(Reason::BadMount, "mount from", shown.join(inside));
    let part = if inside.as_os_str().is_empty() {
        again(folder.as_fd(), c"")
    } else {
        resolve(folder.as_fd(), inside).and_then(|part| again(part.as_fd(), c""))
    };
    let part = part.map_err(no())?;
    let mut rights = NO_DEVICES;
    if read_only {
        rights |= MountAttrFlags::MOUNT_ATTR_RDONLY;
    }
    restrict(&part, rights).map_err(no())?;
    let kind = fstat(&part).map_err(no())?.st_mode;
    let place = match FileType::from_raw_mode(kind) {
        FileType::Directory => Place::Folder,
        FileType::RegularFile => Place::File,
        _ => return Err(no()(rustix::io::Errno::INVAL)),
    };
    Ok((part, place))
}
