//! A layer, unpacked into a new folder.

use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{self, CWD, Mode, OFlags};
use strata_spec::DiffId;

use super::ground::Ground;
use super::lowers::Lowers;
use super::sink::Sink;
use super::skipped::Skipped;
use super::unpack_error::UnpackError;
use crate::{Limits, scan};

/// What is done where an owner cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owners {
    /// The layer is not unpacked.
    Keep,
    /// It is told as skipped. For a user who stands for a single one.
    IgnoreErrors,
}

/// Whose attributes say that a folder hides what is below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverlayMarks {
    /// `trusted.overlay.…`, which only the system's root may set.
    Trusted,
    /// `user.overlay.…`, for an overlay that is mounted in a user namespace with `userxattr`.
    User,
}

impl OverlayMarks {
    /// The attribute of a folder that hides what is below.
    #[must_use]
    pub fn opaque(self) -> &'static str {
        match self {
            Self::Trusted => "trusted.overlay.opaque",
            Self::User => "user.overlay.opaque",
        }
    }
}

/// How a layer is unpacked.
#[derive(Debug, Clone)]
pub struct UnpackOptions {
    /// The unpacked layers below, the topmost first. What is seen of them depends on all, and what is unpacked on that.
    pub lowers: Vec<PathBuf>,
    /// What is done where an owner cannot be given.
    pub owners: Owners,
    /// Whose attributes say that a folder hides what is below.
    pub marks: OverlayMarks,
    /// What the layer may ask of this machine.
    pub limits: Limits,
}

impl Default for UnpackOptions {
    /// As the system's root, with nothing below.
    fn default() -> Self {
        Self {
            lowers: Vec::new(),
            owners: Owners::Keep,
            marks: OverlayMarks::Trusted,
            limits: Limits::default(),
        }
    }
}

/// What became of a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// The digest of its plain tar.
    pub diff_id: DiffId,
    /// The bytes of its plain tar.
    pub tar_bytes: u64,
    /// How many entries it has.
    pub entries: u64,
    /// What of it was left out.
    pub skipped: Skipped,
}

/// Unpacks a layer, however it is packed, into `into`: a folder that is not there yet, or is empty.
///
/// Nothing is written outside of it, whatever the layer says. Nothing is synced: who keeps the folder compares the diff ID
/// first. Folders are ours alone until all is in them; the root, `into` itself, gets what the layer or the lower layers say
/// of it, 0755 where none does.
///
/// # Errors
/// Any of [`UnpackError`]; what was made until then is of no use.
pub fn unpack(
    layer: impl Read,
    into: &Path,
    options: &UnpackOptions,
) -> Result<Unpacked, UnpackError> {
    let refused = |path: &Path, source| UnpackError::Folder { path: path.to_owned(), source };
    let root = new_folder(into).map_err(|source| refused(into, source))?;
    let lowers = Lowers::open(&options.lowers).map_err(|(path, source)| refused(path, source))?;
    let mut sink = Sink::new(Ground::new(root, lowers), options)?;
    let scanned = scan(layer, &options.limits, &mut sink);
    let (scanned, skipped) = sink.finish(scanned)?;
    let crate::Scanned { diff_id, tar_bytes, entries, .. } = scanned;
    Ok(Unpacked { diff_id, tar_bytes, entries, skipped })
}

/// Opens a folder that is empty, making it if it is not there. It is never reached through a link of that name.
fn new_folder(path: &Path) -> io::Result<OwnedFd> {
    match fs::mkdirat(CWD, path, Mode::RWXU) {
        Ok(()) | Err(rustix::io::Errno::EXIST) => {}
        Err(error) => return Err(error.into()),
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = fs::openat(CWD, path, flags, Mode::empty())?;
    for entry in fs::Dir::read_from(&folder)? {
        if !matches!(entry?.file_name().to_bytes(), b"." | b"..") {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
    }
    // What a folder above hands down to new files is none of the layer's.
    fs::fchmod(&folder, Mode::RWXU)?;
    fs::fremovexattr(&folder, "system.posix_acl_default").ok();
    Ok(folder)
}
