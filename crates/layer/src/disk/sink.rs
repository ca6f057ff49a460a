//! The entries of a layer, as they are made on the disk.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::rc::Rc;

use rustix::fs::{self, AtFlags, Dir, FileType, Gid, Mode, OFlags, Uid};
use rustix::io::Errno;

use super::attributes::{At, Attributes, is_of_overlay, mode, owner, set_owner, set_xattr, times};
use super::ground::{Folder, Ground, failed};
use super::open::{TO_READ, beneath, join};
use super::skipped::{Skipped, SkippedPart};
use super::unpack::{Owners, UnpackOptions};
use super::unpack_error::UnpackError;
use crate::error::shown;
use crate::{Entry, EntryKind, EntrySink, LayerError, Mark, Scanned, mark};

/// Makes what the entries say.
pub(super) struct Sink<'a> {
    pub ground: Ground,
    options: &'a UnpackOptions,
    /// The file whose content passes.
    open: Option<(File, Vec<u8>)>,
    /// Why it ended: what the scan says then is of no interest.
    failed: Option<UnpackError>,
    skipped: Skipped,
    /// The layer hides all that lower ones have at the root.
    hides_all: bool,
    /// Who we are: what needs not be given away.
    own: (Uid, Gid),
    /// Bits that new files do not get.
    umask: u32,
}

impl EntrySink for Sink<'_> {
    fn begin(&mut self, entry: &Entry) -> Result<bool, LayerError> {
        if mark(&entry.path).is_some() {
            return Ok(false);
        }
        let opened = self.create(entry);
        self.open = Some((self.noted(entry, opened)?, entry.path.clone()));
        Ok(true)
    }

    fn content(&mut self, bytes: &[u8]) -> Result<(), LayerError> {
        let Some((file, path)) = &mut self.open else { return Ok(()) };
        let written = file.write_all(bytes).map_err(failed("write", path));
        written.map_err(|error| {
            let ended = ended(path);
            self.failed = Some(error);
            ended
        })
    }

    fn entry(&mut self, entry: Entry) -> Result<(), LayerError> {
        let made = match mark(&entry.path) {
            Some(Mark::Metadata) => Ok(()),
            Some(Mark::Opaque { path }) => self.opaque(&path),
            Some(Mark::Whiteout { path }) => self.whiteout(&path),
            None => self.make(&entry),
        };
        self.noted(&entry, made)
    }
}

impl<'a> Sink<'a> {
    pub fn new(ground: Ground, options: &'a UnpackOptions) -> Result<Self, UnpackError> {
        Ok(Self {
            ground,
            options,
            open: None,
            failed: None,
            skipped: Skipped::default(),
            hides_all: false,
            own: (rustix::process::geteuid(), rustix::process::getegid()),
            umask: umask(),
        })
    }

    /// Keeps a failure for later and ends the scan with it.
    fn noted<T>(&mut self, entry: &Entry, made: Result<T, UnpackError>) -> Result<T, LayerError> {
        made.map_err(|error| {
            self.failed = Some(error);
            ended(&entry.path)
        })
    }

    /// Gives the folders what they are to have, once the scan has ended well.
    pub fn finish(
        mut self,
        scanned: Result<Scanned, LayerError>,
    ) -> Result<(Scanned, Skipped), UnpackError> {
        if let Some(failed) = self.failed.take() {
            return Err(failed);
        }
        let scanned = scanned?;
        if self.hides_all {
            self.hide_roots()?;
        }
        self.imply_root()?;
        let folders = std::mem::take(&mut self.ground.folders);
        // The innermost first: a mode may close a folder even to us.
        for (path, attributes) in folders.iter().rev() {
            let folder = beneath(&self.ground.root().fd, path, TO_READ | OFlags::DIRECTORY);
            let folder = folder.map_err(|error| failed("open", path)(error.into()))?;
            if self.ground.opaque.contains(path) {
                let marked =
                    set_xattr(At::Open(&folder), self.options.marks.opaque().as_bytes(), b"y");
                marked.map_err(|error| failed("mark", path)(error.into()))?;
            }
            self.give(path, &folder, attributes, true)?;
        }
        Ok((scanned, self.skipped))
    }

    /// The root has what lower layers say of it, if this one does not.
    fn imply_root(&mut self) -> Result<(), UnpackError> {
        if self.ground.folders.contains_key(&b""[..]) {
            return Ok(());
        }
        let all = self.ground.lowers.all();
        let found = self.ground.lowers.find(&all, b"").map_err(failed("read", b"/"))?;
        let attributes =
            found.map_or(Attributes::IMPLIED, |found| Attributes::of(&found.stat, Vec::new()));
        self.ground.folders.insert(Vec::new(), attributes);
        Ok(())
    }

    /// An overlay takes no account of a root that hides: all in it is hidden one by one.
    fn hide_roots(&mut self) -> Result<(), UnpackError> {
        let all = self.ground.lowers.all();
        for &lower in all.iter() {
            let root =
                self.ground.lowers.read(lower, b"", TO_READ).map_err(failed("read", b"/"))?;
            let names = Dir::read_from(root).map_err(|error| failed("read", b"/")(error.into()))?;
            for entry in names {
                let entry = entry.map_err(|error| failed("read", b"/")(error.into()))?;
                let name = entry.file_name().to_bytes();
                if matches!(name, b"." | b"..") {
                    continue;
                }
                let root = Rc::clone(self.ground.root());
                match self.ground.kind(&root, name).map_err(failed("look at", name))? {
                    None => self.mark_deleted(&root, name)?,
                    Some(FileType::Directory) => {
                        self.ground.opaque.insert(name.to_vec());
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(())
    }

    fn opaque(&mut self, path: &[u8]) -> Result<(), UnpackError> {
        if path.is_empty() {
            self.hides_all = true;
            return Ok(());
        }
        let folder = self.ground.folder(path, &mut 0)?;
        self.ground.hide(folder.path.clone());
        Ok(())
    }

    /// A mark is of lower layers only: what this one has at the path stays.
    fn whiteout(&mut self, path: &[u8]) -> Result<(), UnpackError> {
        let (folder, name) = self.ground.parent(path)?;
        match self.ground.kind(&folder, name).map_err(failed("look at", path))? {
            None => self.mark_deleted(&folder, name),
            Some(FileType::Directory) => {
                self.ground.hide(join(&folder.path, name));
                Ok(())
            }
            Some(_) => Ok(()),
        }
    }

    fn mark_deleted(&mut self, folder: &Folder, name: &[u8]) -> Result<(), UnpackError> {
        let made = fs::mknodat(&folder.fd, name, FileType::CharacterDevice, Mode::empty(), 0);
        made.map_err(|error| failed("mark as deleted", &join(&folder.path, name))(error.into()))
    }

    /// Opens a new file for an entry's content.
    fn create(&mut self, entry: &Entry) -> Result<File, UnpackError> {
        if entry.sparse {
            return Err(UnpackError::Sparse { path: shown(&entry.path) });
        }
        let (folder, name) = self.ground.parent(&entry.path)?;
        // Until it is whole it is nobody else's, and has no bit that gives rights.
        let mode = mode(entry.mode & 0o777);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let file = self.made(&folder, name, "make the file", || {
            fs::openat(&folder.fd, name, flags | OFlags::CLOEXEC, mode)
        })?;
        Ok(File::from(file))
    }

    /// Makes something new under a name; what this layer had there is replaced.
    pub fn made<T>(
        &mut self,
        folder: &Folder,
        name: &[u8],
        doing: &'static str,
        mut make: impl FnMut() -> rustix::io::Result<T>,
    ) -> Result<T, UnpackError> {
        let mut made = make();
        if matches!(made, Err(Errno::EXIST)) {
            self.ground.replace(folder, name)?;
            made = make();
        }
        made.map_err(|error| failed(doing, &join(&folder.path, name))(error.into()))
    }

    fn make(&mut self, entry: &Entry) -> Result<(), UnpackError> {
        let attributes = Attributes::of_entry(entry);
        if entry.kind == EntryKind::File {
            let Some((file, _)) = self.open.take() else { return Ok(()) };
            return self.give(&entry.path, &file, &attributes, false);
        }
        if entry.path.is_empty() {
            if entry.kind != EntryKind::Directory {
                let reason = "the root must be a folder";
                return Err(UnpackError::Path { path: shown(&entry.path), reason });
            }
            self.ground.folders.insert(Vec::new(), attributes);
            return Ok(());
        }
        let (folder, name) = self.ground.parent(&entry.path)?;
        match entry.kind {
            EntryKind::Directory => self.ground.name_folder(&folder, name, attributes),
            EntryKind::Hardlink => self.link(entry, &folder, name),
            _ => self.make_other(entry, &folder, name),
        }
    }

    /// A symbolic link, device or pipe.
    pub fn make_other(
        &mut self,
        entry: &Entry,
        folder: &Folder,
        name: &[u8],
    ) -> Result<(), UnpackError> {
        if entry.kind == EntryKind::Symlink {
            self.made(folder, name, "make the link", || {
                fs::symlinkat(&entry.link[..], &folder.fd, name)
            })?;
        } else if !self.make_node(entry, folder, name)? {
            return Ok(());
        }
        self.give_by_name(entry, folder, name, &Attributes::of_entry(entry))
    }

    /// A device or pipe; false if it is left out.
    fn make_node(
        &mut self,
        entry: &Entry,
        folder: &Folder,
        name: &[u8],
    ) -> Result<bool, UnpackError> {
        let kind = match entry.kind {
            EntryKind::CharDevice => FileType::CharacterDevice,
            EntryKind::BlockDevice => FileType::BlockDevice,
            _ => FileType::Fifo,
        };
        let device = fs::makedev(entry.device.0, entry.device.1);
        // An overlay takes this one for the mark of a deletion.
        let is_mark = kind == FileType::CharacterDevice && device == 0;
        let mut refused = is_mark;
        if !is_mark {
            self.made(folder, name, "make the device", || {
                match fs::mknodat(&folder.fd, name, kind, mode(entry.mode), device) {
                    Err(Errno::PERM) if kind != FileType::Fifo => {
                        refused = true;
                        Ok(())
                    }
                    made => made,
                }
            })?;
        }
        // Whoever runs the image gets a /dev of its own.
        if refused && (is_mark || !entry.path.starts_with(b"dev/")) {
            self.skipped.add(&entry.path, SkippedPart::Device);
        }
        Ok(!refused)
    }

    /// Gives a link, device or pipe what its entry says.
    fn give_by_name(
        &mut self,
        entry: &Entry,
        folder: &Folder,
        name: &[u8],
        attributes: &Attributes,
    ) -> Result<(), UnpackError> {
        let path = &entry.path;
        let given = owner(attributes.uid, attributes.gid).and_then(|owner| {
            if owner == self.own { Ok(()) } else { set_owner(&folder.fd, name, owner) }
        });
        self.owned(path, attributes, given)?;
        if entry.kind != EntryKind::Symlink {
            let set = fs::chmodat(&folder.fd, name, mode(attributes.mode), AtFlags::empty());
            set.map_err(|error| failed("set the mode of", path)(error.into()))?;
        }
        for (key, value) in &attributes.xattrs {
            let set = |name: &[u8]| set_xattr(At::In(&folder.fd, name), key, value);
            self.attribute(path, key, || set(name))?;
        }
        let times = times(attributes.modified);
        // A time that the file system cannot hold is no reason to lose the file.
        fs::utimensat(&folder.fd, name, &times, AtFlags::SYMLINK_NOFOLLOW).ok();
        Ok(())
    }

    /// Gives an open file or folder what it is to have. In this order: another owner takes bits and capabilities away.
    pub fn give(
        &mut self,
        path: &[u8],
        file: &impl AsFd,
        attributes: &Attributes,
        is_folder: bool,
    ) -> Result<(), UnpackError> {
        let mut is_moved = false;
        let given = owner(attributes.uid, attributes.gid).and_then(|owner| {
            if owner == self.own {
                return Ok(());
            }
            is_moved = true;
            fs::fchown(file, Some(owner.0), Some(owner.1))
        });
        self.owned(path, attributes, given)?;
        if is_folder || is_moved || attributes.mode & (0o7000 | self.umask) != 0 {
            let set = fs::fchmod(file, mode(attributes.mode));
            set.map_err(|error| failed("set the mode of", path)(error.into()))?;
        }
        for (name, value) in &attributes.xattrs {
            self.attribute(path, name, || set_xattr(At::Open(file), name, value))?;
        }
        fs::futimens(file, &times(attributes.modified)).ok();
        Ok(())
    }

    fn owned(
        &mut self,
        path: &[u8],
        attributes: &Attributes,
        given: rustix::io::Result<()>,
    ) -> Result<(), UnpackError> {
        let (uid, gid) = (attributes.uid, attributes.gid);
        match given {
            Ok(()) => Ok(()),
            Err(Errno::PERM | Errno::INVAL) if self.options.owners == Owners::IgnoreErrors => {
                self.skipped.add(path, SkippedPart::Owner { uid, gid });
                Ok(())
            }
            Err(error) => {
                Err(UnpackError::Owner { path: shown(path), uid, gid, source: error.into() })
            }
        }
    }

    /// Sets an attribute. One that this user or file system cannot have is told, and no reason to lose the file.
    fn attribute(
        &mut self,
        path: &[u8],
        name: &[u8],
        set: impl FnOnce() -> rustix::io::Result<()>,
    ) -> Result<(), UnpackError> {
        let set = if is_of_overlay(name) { Err(Errno::PERM) } else { set() };
        match set {
            Ok(()) => Ok(()),
            Err(error @ (Errno::NOSPC | Errno::DQUOT | Errno::IO | Errno::ROFS)) => {
                Err(failed("set an attribute of", path)(error.into()))
            }
            Err(_) => {
                self.skipped.add(path, SkippedPart::Attribute { name: name.to_vec() });
                Ok(())
            }
        }
    }
}

/// Ends the scan; the reason is kept elsewhere.
fn ended(path: &[u8]) -> LayerError {
    LayerError::Sink { path: shown(path), reason: "it cannot be unpacked" }
}

/// The bits that new files of this process do not get; all of them where the system does not tell.
fn umask() -> u32 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("Umask:"));
    line.and_then(|bits| u32::from_str_radix(bits.trim(), 8).ok()).unwrap_or(0o777)
}
