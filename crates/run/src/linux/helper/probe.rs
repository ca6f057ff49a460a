//! What a rung allows: each thing is tried in a child of its own.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use rustix::mount::{MountPropagationFlags, mount_change};
use rustix::process::WaitOptions;
use rustix::thread::UnshareFlags;

use super::mount::{INERT, attach_at, make};
use super::{files, network, overlay, seccomp};
use crate::linux::kernel;
use crate::{Fix, Mode, Probe, Probed};

/// Tries them all; the overlay in `folder`, where snapshots are kept.
pub fn probe(mode: Mode, folder: &Path) -> Vec<Probe> {
    let inner = UnshareFlags::NEWNS
        | UnshareFlags::NEWPID
        | UnshareFlags::NEWIPC
        | UnshareFlags::NEWUTS
        | UnshareFlags::NEWCGROUP;
    let detail = mode.argument().to_owned();
    let found = |what, errno: Option<i32>, fix| Probe {
        what,
        works: errno.is_none(),
        errno,
        detail: detail.clone(),
        fix: errno.and(fix),
    };
    let leave = Some(Fix::LeaveContainer);
    vec![
        found(Probed::Namespaces, attempt(|| kernel::unshare(inner)), leave),
        try_overlay(mode, folder),
        found(Probed::Proc, attempt(try_proc), leave),
        found(Probed::Seccomp, attempt(|| seccomp::install(mode == Mode::SingleId)), None),
        found(
            Probed::NetworkNamespace,
            attempt(|| kernel::unshare(UnshareFlags::NEWNET).and_then(|()| kernel::loopback_up())),
            leave,
        ),
        try_isolated(),
    ]
}

/// Tries something in a child; `None` if it worked, or the system's number for why not.
fn attempt(what: impl FnOnce() -> io::Result<()>) -> Option<i32> {
    match kernel::fork() {
        Ok(None) => {
            let errno = what().err().map_or(0, |error| error.raw_os_error().unwrap_or(libc::EIO));
            kernel::leave(errno & 0xff)
        }
        Ok(Some(child)) => {
            let status = rustix::process::waitpid(Some(child), WaitOptions::empty()).ok().flatten();
            match status.and_then(|(_, status)| status.exit_status()) {
                Some(0) => None,
                other => Some(other.unwrap_or(libc::EIO)),
            }
        }
        Err(error) => Some(error.raw_os_error().unwrap_or(libc::EIO)),
    }
}

fn keep_apart() -> io::Result<()> {
    Ok(mount_change(c"/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?)
}

/// Only the first process of a new namespace can have a `/proc` of it.
fn try_proc() -> io::Result<()> {
    kernel::unshare(UnshareFlags::NEWNS | UnshareFlags::NEWPID)?;
    match attempt(|| make(c"proc", &[], INERT).map(drop).map_err(io::Error::from)) {
        None => Ok(()),
        Some(errno) => Err(io::Error::from_raw_os_error(errno)),
    }
}

fn try_overlay(mode: Mode, folder: &Path) -> Probe {
    let place = folder.join(format!("probe-{}", rustix::process::getpid().as_raw_nonzero()));
    let [lower, upper, work] = ["lower", "upper", "work"].map(|name| place.join(name));
    let made = [&lower, &upper, &work].iter().try_for_each(fs::create_dir_all);
    let errno = match made {
        Ok(()) => attempt(|| {
            kernel::unshare(UnshareFlags::NEWNS)?;
            keep_apart()?;
            let errno = |failure: crate::Failure| io::Error::from_raw_os_error(failure.errno);
            let root = overlay::overlay(mode, std::slice::from_ref(&lower), Some((&upper, &work)));
            attach_at(&root.map_err(errno)?, &place).map_err(errno)?;
            File::create(place.join("file")).map(drop)
        }),
        Err(error) => Some(error.raw_os_error().unwrap_or(libc::EIO)),
    };
    let _ = files::remove(&place);
    Probe {
        what: Probed::Overlay,
        works: errno.is_none(),
        errno,
        detail: folder.display().to_string(),
        fix: errno.map(|_| Fix::MoveStore),
    }
}

fn try_isolated() -> Probe {
    let tool = network::tool();
    let errno = match &tool {
        None => Some(libc::ENOENT),
        Some(_) => attempt(|| File::options().read(true).write(true).open(network::TUN).map(drop)),
    };
    let fix = if tool.is_none() { Fix::InstallNetworkTool } else { Fix::OpenTun };
    let shown = tool.map_or_else(|| "pasta".to_owned(), |path| path.display().to_string());
    Probe {
        what: Probed::IsolatedNetwork,
        works: errno.is_none(),
        errno,
        detail: shown,
        fix: errno.map(|_| fix),
    }
}
