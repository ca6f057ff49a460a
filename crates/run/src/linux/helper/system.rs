//! `/proc`, `/dev` and `/sys` of a run.

use std::ffi::CStr;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{
    AtFlags, CWD, FileType, Mode as FileMode, OFlags, chmodat, makedev, mkdirat, mknodat, openat,
    statat, symlinkat,
};
use rustix::mount::MountAttrFlags;

use super::inside::{Inside, Place};
use super::lent::Desk;
use super::mount::{INERT, again, attach, make, restrict};
use super::{Done, failed};
use crate::{Mode, Network, RunSpec, Weakness};

/// Devices that every program may expect, with their numbers.
const DEVICES: [(&CStr, u32, u32); 6] = [
    (c"null", 1, 3),
    (c"zero", 1, 5),
    (c"full", 1, 7),
    (c"random", 1, 8),
    (c"urandom", 1, 9),
    (c"tty", 5, 0),
];
const DEVICE: MountAttrFlags = MountAttrFlags::MOUNT_ATTR_NOSUID
    .union(MountAttrFlags::MOUNT_ATTR_NOEXEC)
    .union(MountAttrFlags::MOUNT_ATTR_RDONLY);
const DEV_LINKS: [(&CStr, &CStr); 5] = [
    (c"/proc/self/fd", c"fd"),
    (c"/proc/self/fd/0", c"stdin"),
    (c"/proc/self/fd/1", c"stdout"),
    (c"/proc/self/fd/2", c"stderr"),
    (c"pts/ptmx", c"ptmx"),
];
/// What root without any capability could still write to, or trigger.
const PROC_READ_ONLY: [&CStr; 5] = [c"bus", c"fs", c"irq", c"sys", c"sysrq-trigger"];
/// What tells of the machine, or reads its memory.
const PROC_HIDDEN: [&CStr; 10] = [
    c"acpi",
    c"asound",
    c"interrupts",
    c"kcore",
    c"keys",
    c"latency_stats",
    c"sched_debug",
    c"scsi",
    c"timer_list",
    c"timer_stats",
];
const SYS_HIDDEN: [&CStr; 2] = [c"firmware", c"devices/virtual/powercap"];

/// Mounts them all.
pub fn mount(mode: Mode, spec: &RunSpec, desk: &Desk, inside: &mut Inside) -> Done<Vec<Weakness>> {
    let mut weaknesses = Vec::new();
    dev(mode, spec, desk, inside)?;
    if !proc(desk, inside)? {
        weaknesses.push(Weakness::OuterProc);
    }
    sys(mode, spec.network, desk, inside)?;
    Ok(weaknesses)
}

/// Says whether it is a fresh one.
fn proc(desk: &Desk, inside: &mut Inside) -> Done<bool> {
    let no = || failed("mount", "/proc");
    let target = inside.place("/proc".as_ref(), Place::Folder)?;
    // A container around us that hides parts of its own allows no fresh one.
    let (proc, is_fresh) = match make(c"proc", &[], INERT) {
        Ok(proc) => (proc, true),
        Err(_) => (again(CWD, c"/proc").map_err(no())?, false),
    };
    attach(&proc, &target, "/proc".as_ref())?;
    for name in PROC_READ_ONLY {
        let Ok(part) = again(proc.as_fd(), name) else { continue };
        restrict(&part, INERT | MountAttrFlags::MOUNT_ATTR_RDONLY).map_err(no())?;
        attach_on(&part, &proc, name)?;
    }
    for name in PROC_HIDDEN {
        hide(&proc, name, desk)?;
    }
    Ok(is_fresh)
}

/// A fresh one belongs to the network namespace; in a namespace of users that has none of its own, the outer one is
/// shown, which that root cannot write to.
fn sys(mode: Mode, network: Network, desk: &Desk, inside: &mut Inside) -> Done<()> {
    let no = || failed("mount", "/sys");
    let target = inside.place("/sys".as_ref(), Place::Folder)?;
    let read_only = INERT | MountAttrFlags::MOUNT_ATTR_RDONLY;
    let fresh = if mode == Mode::Root || network != Network::Host {
        make(c"sysfs", &[], read_only).ok()
    } else {
        None
    };
    let sys = match fresh {
        Some(sys) => sys,
        None => {
            let outer = again(CWD, c"/sys").map_err(no())?;
            restrict(&outer, read_only).map_err(no())?;
            outer
        }
    };
    attach(&sys, &target, "/sys".as_ref())?;
    SYS_HIDDEN.iter().try_for_each(|name| hide(&sys, name, desk))
}

/// Lays nothing over something.
fn hide(below: &OwnedFd, name: &CStr, desk: &Desk) -> Done<()> {
    let Ok(found) = statat(below, name, AtFlags::SYMLINK_NOFOLLOW) else { return Ok(()) };
    let nothing = match FileType::from_raw_mode(found.st_mode) {
        FileType::Directory => desk.empty_folder()?,
        FileType::RegularFile => desk.empty_file()?,
        _ => return Ok(()),
    };
    attach_on(&nothing, below, name)
}

fn attach_on(mount: &OwnedFd, below: &OwnedFd, name: &CStr) -> Done<()> {
    let shown = Path::new(name.to_str().unwrap_or_default());
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let target = openat(below, name, flags, FileMode::empty()).map_err(failed("hide", shown))?;
    attach(mount, &target, shown)
}

fn dev(mode: Mode, spec: &RunSpec, desk: &Desk, inside: &mut Inside) -> Done<()> {
    let no = || failed("mount", "/dev");
    let target = inside.place("/dev".as_ref(), Place::Folder)?;
    let options = [(c"mode", "755".to_owned()), (c"size", "65536k".to_owned())];
    // Devices stand here as mounts of their own: one that root makes itself is dead.
    let dev = make(c"tmpfs", &options, INERT).map_err(no())?;
    attach(&dev, &target, "/dev".as_ref())?;
    for (name, major, minor) in DEVICES {
        device(mode, desk, &dev, name, (major, minor))?;
    }
    for (to, name) in DEV_LINKS {
        symlinkat(to, &dev, name).map_err(no())?;
    }
    for name in [c"pts", c"shm", c"mqueue"] {
        mkdirat(&dev, name, FileMode::from_raw_mode(0o755)).map_err(no())?;
    }
    let shm = [(c"mode", "1777".to_owned()), (c"size", spec.shm_bytes.to_string())];
    attach_on(&make(c"tmpfs", &shm, INERT).map_err(no())?, &dev, c"shm")?;
    attach_on(&terminals(mode)?, &dev, c"pts")?;
    if let Ok(queue) = make(c"mqueue", &[], INERT) {
        attach_on(&queue, &dev, c"mqueue")?;
    }
    Ok(())
}

/// As root a device of the run's own, otherwise the machine's.
fn device(
    mode: Mode,
    desk: &Desk,
    dev: &OwnedFd,
    name: &CStr,
    (major, minor): (u32, u32),
) -> Done<()> {
    let no = || failed("make the device", name.to_str().unwrap_or_default());
    let flags = OFlags::CREATE | OFlags::WRONLY | OFlags::CLOEXEC;
    openat(dev, name, flags, FileMode::from_raw_mode(0o666)).map_err(no())?;
    let own = || {
        let rights = FileMode::from_raw_mode(0o666);
        mknodat(desk.folder(), name, FileType::CharacterDevice, rights, makedev(major, minor))?;
        chmodat(desk.folder(), name, rights, AtFlags::empty())?;
        again(desk.folder().as_fd(), name)
    };
    let node = if mode == Mode::Root { own().ok() } else { None };
    let node = match node {
        Some(node) => node,
        None => {
            let outer = openat(CWD, c"/dev", OFlags::PATH | OFlags::CLOEXEC, FileMode::empty());
            again(outer.map_err(no())?.as_fd(), name).map_err(no())?
        }
    };
    // Writing to a device goes on; changing its owner and permissions does not.
    restrict(&node, DEVICE).map_err(no())?;
    attach_on(&node, dev, name)
}

fn terminals(mode: Mode) -> Done<OwnedFd> {
    let mut options = vec![(c"ptmxmode", "0666".to_owned()), (c"mode", "0620".to_owned())];
    // The group of terminals; a single id has no other group.
    if mode != Mode::SingleId {
        options.push((c"gid", "5".to_owned()));
    }
    let rights = MountAttrFlags::MOUNT_ATTR_NOSUID | MountAttrFlags::MOUNT_ATTR_NOEXEC;
    make(c"devpts", &options, rights).map_err(failed("mount", "/dev/pts"))
}
