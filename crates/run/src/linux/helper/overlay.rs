//! The overlay of a run's layers.
//!
//! Folders are named `/proc/self/fd/N`: short, whatever the store's path is, without characters that mean something to
//! the overlay, and telling whoever looks from inside nothing.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode as FileMode, OFlags, open};
use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, MountFlags, fsconfig_create, fsconfig_set_flag,
    fsconfig_set_string, fsmount, fsopen,
};

use super::mount::{again, open_folder};
use super::{Done, failed_for};
use crate::{Failure, Mode, Reason, RunSpec};

/// The kernel's own limit.
const LOWERS: usize = 500;

/// The folders of an overlay, open.
struct Folders {
    lowers: Vec<OwnedFd>,
    writable: Option<(OwnedFd, OwnedFd)>,
    in_user_namespace: bool,
}

/// The root of a run: not attached yet. Devices in it are dead, as root could otherwise make one of the machine's disk.
pub fn of_run(mode: Mode, spec: &RunSpec) -> Done<OwnedFd> {
    overlay(mode, &spec.lowers, Some((&spec.upper, &spec.work)))
}

/// An overlay of these folders, topmost first; without upper and work folder it cannot be written to.
pub fn overlay(mode: Mode, lowers: &[PathBuf], writable: Option<(&Path, &Path)>) -> Done<OwnedFd> {
    let subject = lowers.first().cloned().unwrap_or_default();
    if lowers.len() > LOWERS {
        return Err(Failure::new("lay over", subject, libc::EINVAL, Reason::TooManyLayers));
    }
    raise_open_files();
    let folders = Folders {
        lowers: lowers.iter().map(|path| open_folder(path)).collect::<Done<_>>()?,
        writable: writable
            .map(|(upper, work)| Ok((open_folder(upper)?, open_folder(work)?)))
            .transpose()?,
        in_user_namespace: mode != Mode::Root,
    };
    // One folder alone is no overlay.
    if let ([only], None) = (folders.lowers.as_slice(), &folders.writable) {
        return read_only(only).map_err(failed_for(Reason::NoOverlay, "lay over", subject));
    }
    folders
        .by_new_calls()
        .or_else(|error| match error.raw_os_error() {
            // The keys of kernels before 6.5 differ.
            Some(libc::EINVAL | libc::ENOSYS) => folders.by_old_call(writable.map(|both| both.0)),
            _ => Err(error),
        })
        .map_err(failed_for(Reason::NoOverlay, "lay over", subject))
}

fn read_only(folder: &OwnedFd) -> io::Result<OwnedFd> {
    let mount = again(folder.as_fd(), c"")?;
    super::mount::restrict(
        &mount,
        MountAttrFlags::MOUNT_ATTR_RDONLY | MountAttrFlags::MOUNT_ATTR_NODEV,
    )?;
    Ok(mount)
}

impl Folders {
    fn by_new_calls(&self) -> io::Result<OwnedFd> {
        let context = fsopen(c"overlay", FsOpenFlags::FSOPEN_CLOEXEC)?;
        let context = context.as_fd();
        fsconfig_set_string(context, "source", "overlay")?;
        for lower in &self.lowers {
            fsconfig_set_string(context, "lowerdir+", name(lower))?;
        }
        for (key, value) in self.settings() {
            match value {
                Some(value) => fsconfig_set_string(context, key, value)?,
                None => fsconfig_set_flag(context, key)?,
            }
        }
        fsconfig_create(context)?;
        Ok(fsmount(context, FsMountFlags::FSMOUNT_CLOEXEC, MountAttrFlags::MOUNT_ATTR_NODEV)?)
    }

    /// All in one string of a page at most: names relative to `/proc/self/fd` are short enough for every allowed layer.
    fn by_old_call(&self, target: Option<&Path>) -> io::Result<OwnedFd> {
        // What cannot be written to needs a place to be mounted on, too; a fresh one nobody else uses.
        let Some(target) = target else { return Err(io::Error::from_raw_os_error(libc::EINVAL)) };
        let before = std::env::current_dir()?;
        std::env::set_current_dir("/proc/self/fd")?;
        let lowers: Vec<String> =
            self.lowers.iter().map(|lower| lower.as_raw_fd().to_string()).collect();
        let mut options = format!("lowerdir={}", lowers.join(":"));
        for (key, value) in self.settings() {
            options.push(',');
            options.push_str(key);
            if let Some(value) = value {
                options.push('=');
                options.push_str(&value);
            }
        }
        let options = CString::new(options)?;
        let done =
            rustix::mount::mount(c"overlay", target, c"overlay", MountFlags::NODEV, &*options);
        std::env::set_current_dir(before)?;
        done?;
        let made = open(target, OFlags::PATH | OFlags::CLOEXEC, FileMode::empty())?;
        Ok(again(made.as_fd(), c"")?)
    }

    /// Everything but the lowers. Renamed folders are copied, as Docker's are: a layer must stand alone.
    fn settings(&self) -> Vec<(&'static str, Option<String>)> {
        let mut settings = Vec::new();
        if let Some((upper, work)) = &self.writable {
            settings.push(("upperdir", Some(name(upper))));
            settings.push(("workdir", Some(name(work))));
            settings.push(("index", Some("off".to_owned())));
            // No flush at the end: an upper folder that a power cut hits is thrown away.
            settings.push(("volatile", None));
        }
        settings.push(("metacopy", Some("off".to_owned())));
        settings.push(("xino", Some("off".to_owned())));
        if self.in_user_namespace {
            settings.push(("userxattr", None));
        } else {
            settings.push(("redirect_dir", Some("off".to_owned())));
        }
        settings
    }
}

fn name(folder: &OwnedFd) -> String {
    format!("/proc/self/fd/{}", folder.as_raw_fd())
}

/// Five hundred layers are more open files than the usual soft limit leaves room for.
fn raise_open_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    let _ = setrlimit(Resource::Nofile, limit);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use rustix::mount::{MountPropagationFlags, mount_change};
    use rustix::thread::UnshareFlags;

    use super::*;
    use crate::linux::helper::mount::attach_at;
    use crate::linux::kernel;

    /// As on kernels before 6.5, with as many layers as the kernel takes.
    #[test]
    fn the_old_call_makes_the_same_overlay() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(&path).unwrap();
            path
        };
        let lowers: Vec<PathBuf> =
            (0..LOWERS).map(|number| at(&format!("lower,{number}"))).collect();
        fs::write(lowers[0].join("top"), "top").unwrap();
        fs::write(lowers[LOWERS - 1].join("bottom"), "bottom").unwrap();
        let (upper, work) = (at("upper"), at("work"));
        let path = upper.clone();
        let thread = std::thread::spawn(move || {
            // A thread may have mounts of its own; this one has, until it ends.
            if let Err(error) = kernel::unshare(UnshareFlags::NEWNS) {
                eprintln!("skipped: {error}");
                return false;
            }
            mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC).unwrap();
            raise_open_files();
            let folders = Folders {
                lowers: lowers.iter().map(|path| open_folder(path).unwrap()).collect(),
                writable: Some((open_folder(&upper).unwrap(), open_folder(&work).unwrap())),
                in_user_namespace: false,
            };
            let root = folders.by_old_call(Some(&upper)).unwrap();
            attach_at(&root, &work).unwrap();
            assert_eq!(fs::read_to_string(work.join("top")).unwrap(), "top");
            assert_eq!(fs::read_to_string(work.join("bottom")).unwrap(), "bottom");
            fs::write(work.join("new"), "new").unwrap();
            true
        });
        if thread.join().unwrap() {
            assert_eq!(fs::read_to_string(path.join("new")).unwrap(), "new");
        }
    }
}
