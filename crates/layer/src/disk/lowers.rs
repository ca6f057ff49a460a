//! The unpacked layers below one: what they have together at a path.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustix::fs::{self, CWD, FileType, Mode, OFlags, Stat};

use super::open::{FOLDER, TO_READ, beneath, is_missing, is_whiteout};

/// The attributes that make a folder hide what is below, of root and of everybody.
pub(super) const OPAQUE: [&str; 2] = ["trusted.overlay.opaque", "user.overlay.opaque"];

/// Which of the lower layers have a folder in common, the topmost first.
pub(super) type Among = Rc<[usize]>;

/// The folders of the lower layers.
pub(super) struct Lowers {
    roots: Vec<OwnedFd>,
}

/// What the lower layers have at a path.
pub(super) struct Found {
    /// It, opened without being opened.
    pub thing: OwnedFd,
    pub stat: Stat,
    /// Whose it is.
    pub lower: usize,
}

impl Found {
    pub fn kind(&self) -> FileType {
        FileType::from_raw_mode(self.stat.st_mode)
    }
}

impl Lowers {
    /// Opens them, the topmost first. The path that cannot be opened is told.
    pub fn open(paths: &[PathBuf]) -> Result<Self, (&Path, io::Error)> {
        let open = |path: &PathBuf| fs::openat(CWD, path, FOLDER, Mode::empty());
        let roots = paths.iter().map(|path| open(path).map_err(|error| (&**path, error.into())));
        Ok(Self { roots: roots.collect::<Result<_, _>>()? })
    }

    /// All whose roots are seen. An overlay takes no account of a root that hides what is below.
    pub fn all(&self) -> Among {
        (0..self.roots.len()).collect()
    }

    /// What is seen at `path`, a clean path without links on its way.
    pub fn find(&self, among: &Among, path: &[u8]) -> io::Result<Option<Found>> {
        for &lower in among.iter() {
            if let Some(found) = self.at(lower, path)? {
                return Ok((!is_whiteout(&found.stat)).then_some(found));
            }
        }
        Ok(None)
    }

    /// Those whose folders at `path` are seen as one.
    pub fn folders(&self, among: &Among, path: &[u8]) -> io::Result<Among> {
        let mut merged = Vec::new();
        for &lower in among.iter() {
            let Some(found) = self.at(lower, path)? else { continue };
            if found.kind() != FileType::Directory {
                break;
            }
            merged.push(lower);
            if is_opaque(&fs::openat(&found.thing, ".", TO_READ, Mode::empty())?)? {
                break;
            }
        }
        Ok(merged.into())
    }

    /// A file of one of them, to read.
    pub fn read(&self, lower: usize, path: &[u8], flags: OFlags) -> io::Result<OwnedFd> {
        Ok(beneath(&self.roots[lower], path, flags)?)
    }

    fn at(&self, lower: usize, path: &[u8]) -> io::Result<Option<Found>> {
        let thing = match beneath(&self.roots[lower], path, super::open::THING) {
            Ok(thing) => thing,
            Err(error) if is_missing(error) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let stat = fs::fstat(&thing)?;
        Ok(Some(Found { thing, stat, lower }))
    }
}

/// Whether a folder hides what is below.
pub(super) fn is_opaque(folder: &OwnedFd) -> io::Result<bool> {
    for name in OPAQUE {
        let mut value = [0; 2];
        match fs::fgetxattr(folder, name, &mut value[..]) {
            Ok(1) if value[0] == b'y' => return Ok(true),
            // Most have none, some file systems know none, and some belong to root.
            Ok(_) | Err(rustix::io::Errno::RANGE) => {}
            Err(error) if is_without_attributes(error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(false)
}

/// There is no such attribute, or can be none.
pub(super) fn is_without_attributes(error: rustix::io::Errno) -> bool {
    use rustix::io::Errno;
    matches!(error, Errno::NODATA | Errno::NOTSUP | Errno::PERM)
}
