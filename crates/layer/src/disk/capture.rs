//! What a command changed, captured from the upper folder of an overlay into a layer.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat};
use thiserror::Error;

use super::attributes::{At, Xattrs, is_of_overlay, modified, xattrs};
use super::lowers::{Among, Lowers, is_opaque};
use super::open::{TO_READ, is_whiteout, join, target};
use super::skipped::{Skipped, SkippedPart};
use crate::error::shown;
use crate::{EntryKind, NewEntry, TarWriter, Timestamp, WriteError};

/// Folders within folders, as the list of a layer's files has it.
const MAX_DEPTH: usize = 512;
/// What Linux keeps of its own in a file: labels of this machine, no part of an image.
const LABEL: &[u8] = b"security.selinux";
const CAPABILITY: &[u8] = b"security.capability";

/// A change could not be captured. Paths are shown with what cannot be printed escaped, and cut.
#[derive(Debug, Error)]
pub enum CaptureError {
    /// The upper folder, or one of the layers below, is not one.
    #[error("cannot read the folder `{}`: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something in it could not be read.
    #[error("cannot {doing} `{path}`: {source}")]
    Read {
        /// What was being done.
        doing: &'static str,
        /// The path in the image.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// The overlay was mounted so that what it holds is told by more than what lies there.
    #[error("`{path}` cannot be captured: {reason}")]
    Overlay {
        /// The path in the image.
        path: String,
        /// Why.
        reason: &'static str,
    },
    /// The layer could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// How a change is captured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CaptureOptions {
    /// Later times become this one (`SOURCE_DATE_EPOCH`): seconds since 1970.
    pub epoch: Option<i64>,
    /// Fractions of seconds are dropped.
    pub whole_seconds: bool,
}

/// What was captured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captured {
    /// Entries that were written.
    pub entries: u64,
    /// Bytes of the content of files.
    pub content_bytes: u64,
    /// What was left out.
    pub skipped: Skipped,
}

/// Writes what lies in the upper folder of an overlay as a layer, in the order of the names. The end mark is left to the
/// caller.
///
/// An overlay says of every new folder that it hides what is below. The layer says so only where something is below:
/// `lowers`, the unpacked layers, the topmost first. The root itself is not written.
///
/// # Errors
/// Any of [`CaptureError`]; what was written until then is of no use.
pub fn capture<W: Write>(
    upper: &Path,
    lowers: &[PathBuf],
    out: &mut TarWriter<W>,
    options: &CaptureOptions,
) -> Result<Captured, CaptureError> {
    let refused = |path: &Path, source| CaptureError::Folder { path: path.to_owned(), source };
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let root = fs::openat(CWD, upper, flags, Mode::empty());
    let root = root.map_err(|error| refused(upper, error.into()))?;
    let lowers = Lowers::open(lowers).map_err(|(path, source)| refused(path, source))?;
    let among = lowers.all();
    let before = out.entries();
    let mut walk =
        Walk { out, lowers, options, names: HashMap::new(), captured: Captured::default() };
    walk.folder(&root, b"", &among, 0)?;
    walk.captured.entries = walk.out.entries() - before;
    Ok(walk.captured)
}

struct Walk<'a, W: Write> {
    out: &'a mut TarWriter<W>,
    lowers: Lowers,
    options: &'a CaptureOptions,
    /// The first name of each file that has several.
    names: HashMap<(u64, u64), Vec<u8>>,
    captured: Captured,
}

impl<W: Write> Walk<'_, W> {
    /// All that is in a folder.
    fn folder(
        &mut self,
        folder: &OwnedFd,
        path: &[u8],
        among: &Among,
        depth: usize,
    ) -> Result<(), CaptureError> {
        if depth >= MAX_DEPTH {
            return Err(not_captured(path, "it lies too deep"));
        }
        let mut names = Vec::new();
        for entry in Dir::read_from(folder).map_err(|error| failed("read", path)(error.into()))? {
            let entry = entry.map_err(|error| failed("read", path)(error.into()))?;
            let name = entry.file_name().to_bytes();
            if !matches!(name, b"." | b"..") {
                names.push(name.to_vec());
            }
        }
        names.sort_unstable();
        for name in names {
            let inner = join(path, &name);
            let stat = fs::statat(folder, &name[..], AtFlags::SYMLINK_NOFOLLOW);
            let stat = stat.map_err(|error| failed("look at", &inner)(error.into()))?;
            if is_whiteout(&stat) {
                self.out.append_empty(&NewEntry::whiteout(&inner))?;
            } else if name.starts_with(b".wh.") {
                self.captured.skipped.add(&inner, SkippedPart::Name);
            } else if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
                self.inner_folder(folder, &name, &inner, among, depth)?;
            } else {
                self.file(folder, &name, &inner, &stat)?;
            }
        }
        Ok(())
    }

    fn inner_folder(
        &mut self,
        folder: &OwnedFd,
        name: &[u8],
        path: &[u8],
        among: &Among,
        depth: usize,
    ) -> Result<(), CaptureError> {
        let opened = fs::openat(folder, name, TO_READ | OFlags::DIRECTORY, Mode::empty());
        let opened = opened.map_err(|error| failed("open", path)(error.into()))?;
        let stat = fs::fstat(&opened).map_err(|error| failed("look at", path)(error.into()))?;
        let mut entry = self.entry(path, EntryKind::Directory, &stat);
        entry.xattrs = self.xattrs(&At::Open(&opened), path)?;
        self.out.append_empty(&entry)?;
        let below = match among.is_empty() {
            true => Among::default(),
            false => self.lowers.folders(among, path).map_err(failed("look at", path))?,
        };
        let hides = is_opaque(&opened).map_err(failed("read an attribute of", path))?;
        if hides && !below.is_empty() {
            self.out.append_empty(&NewEntry::opaque(path))?;
        }
        let below = if hides { Among::default() } else { below };
        self.folder(&opened, path, &below, depth + 1)
    }

    fn file(
        &mut self,
        folder: &OwnedFd,
        name: &[u8],
        path: &[u8],
        stat: &Stat,
    ) -> Result<(), CaptureError> {
        if stat.st_nlink > 1 {
            let known = self.names.get(&(stat.st_dev, stat.st_ino));
            if let Some(first) = known {
                let entry =
                    NewEntry { link: first.clone(), ..self.entry(path, EntryKind::Hardlink, stat) };
                return Ok(self.out.append_empty(&entry)?);
            }
        }
        let kind = FileType::from_raw_mode(stat.st_mode);
        match kind {
            FileType::RegularFile => self.regular(folder, name, path)?,
            FileType::Socket => {
                self.captured.skipped.add(path, SkippedPart::Socket);
                return Ok(());
            }
            _ => self.other(folder, name, path, stat, kind)?,
        }
        if stat.st_nlink > 1 {
            self.names.insert((stat.st_dev, stat.st_ino), path.to_vec());
        }
        Ok(())
    }

    fn regular(&mut self, folder: &OwnedFd, name: &[u8], path: &[u8]) -> Result<(), CaptureError> {
        let opened = fs::openat(folder, name, TO_READ, Mode::empty());
        let opened = opened.map_err(|error| failed("open", path)(error.into()))?;
        // Of what is open: what had the name before is of no interest.
        let stat = fs::fstat(&opened).map_err(|error| failed("look at", path)(error.into()))?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(not_captured(path, "it was changed while it was captured"));
        }
        let mut entry = self.entry(path, EntryKind::File, &stat);
        entry.size = u64::try_from(stat.st_size).unwrap_or_default();
        entry.xattrs = self.xattrs(&At::Open(&opened), path)?;
        self.captured.content_bytes += entry.size;
        Ok(self.out.append(&entry, &mut File::from(opened))?)
    }

    /// A link, device or pipe.
    fn other(
        &mut self,
        folder: &OwnedFd,
        name: &[u8],
        path: &[u8],
        stat: &Stat,
        kind: FileType,
    ) -> Result<(), CaptureError> {
        let mut entry = match kind {
            FileType::Symlink => self.entry(path, EntryKind::Symlink, stat),
            FileType::CharacterDevice => self.entry(path, EntryKind::CharDevice, stat),
            FileType::BlockDevice => self.entry(path, EntryKind::BlockDevice, stat),
            FileType::Fifo => self.entry(path, EntryKind::Fifo, stat),
            _ => return Err(not_captured(path, "it is of an unknown kind")),
        };
        match kind {
            FileType::Symlink => {
                entry.link = target(folder, name).map_err(failed("read the link", path))?;
            }
            FileType::Fifo => {}
            _ => entry.device = (fs::major(stat.st_rdev), fs::minor(stat.st_rdev)),
        }
        entry.xattrs = self.xattrs(&At::In(folder, name), path)?;
        Ok(self.out.append_empty(&entry)?)
    }

    /// What the system says of something.
    fn entry(&self, path: &[u8], kind: EntryKind, stat: &Stat) -> NewEntry {
        NewEntry {
            mode: stat.st_mode & 0o7777,
            uid: u64::from(stat.st_uid),
            gid: u64::from(stat.st_gid),
            modified: self.options.time(modified(stat)),
            ..NewEntry::new(path, kind)
        }
    }

    /// The attributes that are part of the image.
    fn xattrs(&mut self, at: &At<'_, &OwnedFd>, path: &[u8]) -> Result<Xattrs, CaptureError> {
        let found = xattrs(at).map_err(failed("read the attributes of", path))?;
        let mut kept = Vec::with_capacity(found.len());
        for (name, value) in found {
            if is_of_overlay(&name) {
                let last = name.rsplit(|&byte| byte == b'.').next().unwrap_or_default();
                if matches!(last, b"redirect" | b"metacopy") {
                    let reason = "the overlay keeps of it no more than where it was before";
                    return Err(not_captured(path, reason));
                }
            } else if name.contains(&b'=') {
                self.captured.skipped.add(path, SkippedPart::Attribute { name });
            } else if name == CAPABILITY {
                kept.push((name, capability(value)));
            } else if name != LABEL {
                kept.push((name, value));
            }
        }
        Ok(kept)
    }
}

impl CaptureOptions {
    fn time(&self, time: Timestamp) -> Timestamp {
        let latest = self.epoch.map(|seconds| Timestamp { seconds, nanos: 0 });
        let time = latest.map_or(time, |latest| time.min(latest));
        if self.whole_seconds { Timestamp { nanos: 0, ..time } } else { time }
    }
}

/// The capabilities of a file that were given in a user namespace name its root (struct `vfs_ns_cap_data` in Linux,
/// `VFS_CAP_REVISION_3`): those of an image are for whatever root it is run by (`VFS_CAP_REVISION_2`).
fn capability(value: Vec<u8>) -> Vec<u8> {
    const REVISION: usize = 3;
    const BYTES: usize = 24;
    if value.len() != BYTES || value[REVISION] != 3 {
        return value;
    }
    let mut value = value;
    value[REVISION] = 2;
    value.truncate(BYTES - size_of::<u32>());
    value
}

fn failed(doing: &'static str, path: &[u8]) -> impl FnOnce(io::Error) -> CaptureError {
    let path = shown(path);
    move |source| CaptureError::Read { doing, path, source }
}

fn not_captured(path: &[u8], reason: &'static str) -> CaptureError {
    CaptureError::Overlay { path: shown(path), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_of_a_user_namespace_become_those_of_any() {
        let mut third = vec![1, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        third.extend_from_slice(&100_000_u32.to_le_bytes());
        let second = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(capability(third), second);
        assert_eq!(capability(second.to_vec()), second);
        assert!(capability(Vec::new()).is_empty());
    }

    #[test]
    fn only_times_after_the_epoch_are_changed() {
        let time = |seconds, nanos| Timestamp { seconds, nanos };
        let options = CaptureOptions { epoch: Some(100), whole_seconds: false };
        assert_eq!(options.time(time(99, 7)), time(99, 7));
        assert_eq!(options.time(time(100, 7)), time(100, 0));
        assert_eq!(options.time(time(101, 0)), time(100, 0));
        let options = CaptureOptions { epoch: None, whole_seconds: true };
        assert_eq!(options.time(time(99, 7)), time(99, 0));
    }
}
