//! The folder that a layer is unpacked into, seen together with the layers below it.
//!
//! Every name is looked up from an open folder and never through a link of the kernel's following. Where a path leads
//! through a symbolic link, of this layer or of one below, it is followed here, name by name, and `..` and `/` of it end at
//! the root of the image: that is where a running container would be led, and where the list of the layer's files shows it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::ops::Bound;
use std::os::fd::OwnedFd;
use std::rc::Rc;

use rustix::fs::{self, AtFlags, FileType, Mode};
use rustix::io::Errno;

use super::attributes::{At, Attributes, xattrs};
use super::lowers::{Among, Found, Lowers};
use super::open::{FOLDER, TO_READ, join, split, target};
use super::remove::remove;
use super::unpack_error::UnpackError;
use crate::error::shown;

/// Folders within folders, as the list of a layer's files has it.
const MAX_DEPTH: usize = 512;
/// How many links may lead to each other, as Linux has it.
const MAX_LINKS: usize = 40;
/// How many names of links may be gone for one layer. Real ones need some thousands.
const MAX_STEPS: u64 = 20_000_000;
/// Folders that no entry names. Real layers have some thousands; one entry of a hostile one can ask for hundreds.
const MAX_IMPLIED: u64 = 1_000_000;
/// How many folders are kept open for the entries that follow.
const MOST_KNOWN: usize = 128;
/// A folder while it is filled: nobody else may look into it.
const OURS: Mode = Mode::RWXU;

/// A folder of the image that is there on the disk.
pub(super) struct Folder {
    pub fd: OwnedFd,
    /// Where it is: a clean path without links.
    pub path: Vec<u8>,
    /// The lower layers whose folders are seen through it.
    pub among: Among,
}

/// See the module.
pub(super) struct Ground {
    root: Rc<Folder>,
    pub lowers: Lowers,
    /// Folders by the paths that the layer has for them.
    known: HashMap<Vec<u8>, Rc<Folder>>,
    /// What each folder is to have once all is in it.
    pub folders: BTreeMap<Vec<u8>, Attributes>,
    /// The folders that hide what is below.
    pub opaque: BTreeSet<Vec<u8>>,
    implied: u64,
    steps: u64,
}

impl Ground {
    pub fn new(root: OwnedFd, lowers: Lowers) -> Self {
        let among = lowers.all();
        let root = Rc::new(Folder { fd: root, path: Vec::new(), among });
        Self {
            root,
            lowers,
            known: HashMap::new(),
            folders: BTreeMap::new(),
            opaque: BTreeSet::new(),
            implied: 0,
            steps: 0,
        }
    }

    pub fn root(&self) -> &Rc<Folder> {
        &self.root
    }

    /// The folder that holds a path, and the last name of it.
    pub fn parent<'a>(&mut self, path: &'a [u8]) -> Result<(Rc<Folder>, &'a [u8]), UnpackError> {
        let (folder, name) = split(path);
        Ok((self.folder(folder, &mut 0)?, name))
    }

    /// The folder at a clean path; it and the folders above it are made where they are missing.
    pub fn folder(&mut self, path: &[u8], links: &mut usize) -> Result<Rc<Folder>, UnpackError> {
        if path.is_empty() {
            return Ok(Rc::clone(&self.root));
        }
        if let Some(known) = self.known.get(path) {
            return Ok(Rc::clone(known));
        }
        if path.iter().filter(|&&byte| byte == b'/').count() + 1 >= MAX_DEPTH {
            return Err(unreachable_path(path, "it lies too deep"));
        }
        let (above, name) = split(path);
        let above = self.folder(above, links)?;
        let folder = self.enter(&above, name, links)?;
        if self.known.len() >= MOST_KNOWN {
            self.known.clear();
        }
        self.known.insert(path.to_vec(), Rc::clone(&folder));
        Ok(folder)
    }

    /// Goes into what is called `name`, or makes a folder of it.
    fn enter(
        &mut self,
        at: &Rc<Folder>,
        name: &[u8],
        links: &mut usize,
    ) -> Result<Rc<Folder>, UnpackError> {
        let path = join(&at.path, name);
        let kind = self.kind(at, name).map_err(failed("look at", &path))?;
        match kind {
            Some(FileType::Directory) => self.opened(at, name, path),
            Some(FileType::Symlink) => {
                let target = target(&at.fd, name).map_err(failed("read the link", &path))?;
                self.follow(at, &target, &path, links)
            }
            Some(_) => {
                self.replace(at, name)?;
                self.imply(at, name, path, Attributes::IMPLIED, true)
            }
            None => {
                let found = self.lowers.find(&at.among, &path);
                let found = found.map_err(failed("look at", &path))?;
                match found.as_ref().map(Found::kind) {
                    Some(FileType::Symlink) => {
                        let target = found.map(|found| target(&found.thing, b"")).transpose();
                        let target = target.map_err(failed("read the link", &path))?;
                        self.follow(at, &target.unwrap_or_default(), &path, links)
                    }
                    Some(FileType::Directory) => {
                        let attributes = found.map(|found| folder_attributes(&found)).transpose();
                        let attributes = attributes.map_err(failed("read", &path))?;
                        let attributes = attributes.unwrap_or(Attributes::IMPLIED);
                        self.imply(at, name, path, attributes, false)
                    }
                    _ => self.imply(at, name, path, Attributes::IMPLIED, false),
                }
            }
        }
    }

    /// Goes where a link in `at` leads, within the image.
    fn follow(
        &mut self,
        at: &Rc<Folder>,
        target: &[u8],
        path: &[u8],
        links: &mut usize,
    ) -> Result<Rc<Folder>, UnpackError> {
        *links += 1;
        if *links > MAX_LINKS {
            return Err(unreachable_path(path, "its links lead in a circle"));
        }
        let is_absolute = target.first() == Some(&b'/');
        let mut at = Rc::clone(if is_absolute { &self.root } else { at });
        for name in target.split(|&byte| byte == b'/') {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return Err(unreachable_path(path, "too many links are to be followed"));
            }
            at = match name {
                b"" | b"." => continue,
                b".." => self.folder(split(&at.path).0, links)?,
                name => self.enter(&at, name, links)?,
            };
        }
        Ok(at)
    }

    /// Opens a folder that is there.
    fn opened(
        &mut self,
        at: &Folder,
        name: &[u8],
        path: Vec<u8>,
    ) -> Result<Rc<Folder>, UnpackError> {
        if path.iter().filter(|&&byte| byte == b'/').count() + 1 >= MAX_DEPTH {
            return Err(unreachable_path(&path, "it lies too deep"));
        }
        let fd = fs::openat(&at.fd, name, FOLDER, Mode::empty());
        let fd = fd.map_err(|error| failed("open", &path)(error.into()))?;
        let among = if at.among.is_empty() || self.opaque.contains(&path) {
            Among::default()
        } else {
            self.lowers.folders(&at.among, &path).map_err(failed("look at", &path))?
        };
        Ok(Rc::new(Folder { fd, path, among }))
    }

    /// Makes a folder that no entry has named so far.
    fn imply(
        &mut self,
        at: &Folder,
        name: &[u8],
        path: Vec<u8>,
        attributes: Attributes,
        hides: bool,
    ) -> Result<Rc<Folder>, UnpackError> {
        self.implied += 1;
        if self.implied > MAX_IMPLIED {
            return Err(unreachable_path(&path, "too many folders are named by no entry"));
        }
        let made = fs::mkdirat(&at.fd, name, OURS);
        made.map_err(|error| failed("make the folder", &path)(error.into()))?;
        self.folders.insert(path.clone(), attributes);
        if hides {
            self.opaque.insert(path.clone());
        }
        self.opened(at, name, path)
    }

    /// Makes the folder that an entry names, or gives one that is there what the entry says.
    pub fn name_folder(
        &mut self,
        at: &Folder,
        name: &[u8],
        attributes: Attributes,
    ) -> Result<(), UnpackError> {
        let path = join(&at.path, name);
        match fs::mkdirat(&at.fd, name, OURS) {
            Ok(()) => {}
            Err(Errno::EXIST) => {
                let kind = self.kind(at, name).map_err(failed("look at", &path))?;
                if kind != Some(FileType::Directory) {
                    // What this layer had there has hidden what lower ones have.
                    self.replace(at, name)?;
                    let made = fs::mkdirat(&at.fd, name, OURS);
                    made.map_err(|error| failed("make the folder", &path)(error.into()))?;
                    self.opaque.insert(path.clone());
                }
            }
            Err(error) => return Err(failed("make the folder", &path)(error.into())),
        }
        self.folders.insert(path, attributes);
        Ok(())
    }

    /// What this layer has under a name.
    pub fn kind(&self, at: &Folder, name: &[u8]) -> io::Result<Option<FileType>> {
        match fs::statat(&at.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(FileType::from_raw_mode(stat.st_mode))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes what this layer has under a name, for something else to take its place.
    pub fn replace(&mut self, at: &Folder, name: &[u8]) -> Result<(), UnpackError> {
        let path = join(&at.path, name);
        remove(&at.fd, name).map_err(failed("replace", &path))?;
        self.known.clear();
        let (from, to) = ([&path[..], b"/"].concat(), [&path[..], b"0"].concat());
        let below = (Bound::Included(from), Bound::Excluded(to));
        let gone: Vec<Vec<u8>> = self.folders.range(below).map(|(path, _)| path.clone()).collect();
        for path in gone.iter().chain([&path]) {
            self.folders.remove(path);
            self.opaque.remove(path);
        }
        Ok(())
    }

    /// A folder hides from now on what is below.
    pub fn hide(&mut self, path: Vec<u8>) {
        self.opaque.insert(path);
        self.known.clear();
    }
}

/// What a folder of a lower layer has.
fn folder_attributes(found: &Found) -> io::Result<Attributes> {
    let folder = fs::openat(&found.thing, ".", TO_READ, Mode::empty())?;
    Ok(Attributes::of(&found.stat, xattrs(&At::Open(&folder))?))
}

/// Wraps a failure with what was being done to which path.
pub(super) fn failed(doing: &'static str, path: &[u8]) -> impl FnOnce(io::Error) -> UnpackError {
    let path = shown(path);
    move |source| UnpackError::Make { doing, path, source }
}

fn unreachable_path(path: &[u8], reason: &'static str) -> UnpackError {
    UnpackError::Path { path: shown(path), reason }
}
