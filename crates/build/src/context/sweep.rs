//! All names of a folder, on all cores: one `stat` for each, and no file is read.
//!
//! Every folder is opened from the one above it and never through a link, so that nothing outside is looked at, whoever
//! changes folders meanwhile.

use std::collections::HashMap;
use std::ffi::{CStr, OsStr};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use strata_dockerfile::Standing;
use strata_layer::{EntryKind, Timestamp};

use super::ignore::IgnoreRules;
use super::stat_index::StatKey;
use crate::files::SourceEntry;
use crate::{BuildError, Stop};

/// Threads, at most.
const THREADS: usize = 8;
/// Folders within folders, as trees of layers have them.
const MAX_DEPTH: usize = 500;

/// What a sweep finds: paths in the order of a walk, folders before what is in them, names by their bytes.
#[derive(Debug, Default)]
pub(super) struct Swept {
    pub entries: Vec<SourceEntry>,
    /// Of each entry, what tells whether it has been changed.
    pub stats: Vec<StatKey>,
}

/// A folder that is still to be looked into.
struct Task {
    above: Option<Arc<OwnedFd>>,
    path: Vec<u8>,
    standing: Standing,
    depth: usize,
}

/// One name of a folder.
struct Found {
    name: Vec<u8>,
    stat: Stat,
    link: Vec<u8>,
    kind: EntryKind,
    /// It is there only if something in it is.
    is_out: bool,
}

struct Shared<'a> {
    root: BorrowedFd<'a>,
    rules: &'a IgnoreRules,
    stop: &'a Stop,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<Task>,
    at_work: usize,
    found: HashMap<Vec<u8>, Vec<Found>>,
    failure: Option<(Vec<u8>, io::Error)>,
}

/// Opens a folder that a person names.
pub(super) fn open_root(folder: &Path) -> Result<OwnedFd, BuildError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    rustix::fs::open(folder, flags, Mode::empty()).map_err(|error| BuildError::File {
        doing: "open",
        path: folder.to_owned(),
        source: error.into(),
    })
}

/// Looks at all of a folder that the rules let in.
pub(super) fn sweep(
    folder: &Path,
    root: BorrowedFd<'_>,
    rules: &IgnoreRules,
    stop: &Stop,
) -> Result<Swept, BuildError> {
    let top = Task { above: None, path: Vec::new(), standing: Standing::default(), depth: 0 };
    let state = State { waiting: vec![top], ..State::default() };
    let shared = Shared { root, rules, stop, state: Mutex::new(state), changed: Condvar::new() };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| shared.work());
        }
        shared.work();
    });
    stop.check()?;
    let state = shared.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some((path, source)) = state.failure {
        let path = folder.join(OsStr::from_bytes(&path));
        return Err(BuildError::File { doing: "read", path, source });
    }
    let mut swept = Swept::default();
    let mut found = state.found;
    assemble(&mut found, &mut Vec::new(), &mut swept);
    Ok(swept)
}

impl Shared<'_> {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes folders until none is left.
    fn work(&self) {
        while let Some(task) = self.next() {
            let path = task.path.clone();
            let done = self.folder(task);
            let mut state = self.lock();
            state.at_work -= 1;
            match done {
                Ok((found, tasks)) => {
                    state.waiting.extend(tasks);
                    state.found.insert(path, found);
                }
                Err(error) => {
                    state.failure.get_or_insert((path, error));
                }
            }
            drop(state);
            self.changed.notify_all();
        }
    }

    fn next(&self) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if state.failure.is_some() || self.stop.is_stopped() {
                return None;
            }
            if let Some(task) = state.waiting.pop() {
                state.at_work += 1;
                return Some(task);
            }
            if state.at_work == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn folder(&self, task: Task) -> io::Result<(Vec<Found>, Vec<Task>)> {
        let Task { above, path, standing, depth } = task;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let at = above.as_ref().map_or(self.root, |above| above.as_fd());
        let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        let name: &[u8] = if name.is_empty() { b"." } else { name };
        let opened = match rustix::fs::openat(at, OsStr::from_bytes(name), flags, Mode::empty()) {
            // It is gone or was changed for something else meanwhile: as if it had never been there.
            Err(rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR | rustix::io::Errno::LOOP) => {
                return Ok((Vec::new(), Vec::new()));
            }
            opened => Arc::new(opened?),
        };
        drop(above);
        let (mut found, mut tasks) = (Vec::new(), Vec::new());
        for entry in Dir::read_from(&opened)? {
            let entry = entry?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let mut below = path.clone();
            if !below.is_empty() {
                below.push(b'/');
            }
            below.extend_from_slice(name.to_bytes());
            let text = String::from_utf8_lossy(&below);
            let is_out = self.rules.rules.keeps_out_within(&standing, &text);
            if is_out && !self.rules.rules.lets_in() {
                continue;
            }
            let Some(one) = look(&opened, name, is_out)? else { continue };
            if one.kind == EntryKind::Directory {
                if depth >= MAX_DEPTH {
                    return Err(io::Error::other("it lies too deep"));
                }
                let standing = self.rules.rules.enter(&standing, &text);
                let above = Some(Arc::clone(&opened));
                tasks.push(Task { above, path: below, standing, depth: depth + 1 });
            } else if is_out {
                continue;
            }
            found.push(one);
        }
        found.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok((found, tasks))
    }
}

/// What a name is; none if it is gone, or nothing that an image can have.
fn look(folder: &OwnedFd, name: &CStr, is_out: bool) -> io::Result<Option<Found>> {
    let stat = match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Err(rustix::io::Errno::NOENT) => return Ok(None),
        stat => stat?,
    };
    let kind = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => EntryKind::File,
        FileType::Directory => EntryKind::Directory,
        FileType::Symlink => EntryKind::Symlink,
        FileType::Fifo => EntryKind::Fifo,
        _ => return Ok(None),
    };
    let link = match kind {
        EntryKind::Symlink => rustix::fs::readlinkat(folder, name, Vec::new())?.into_bytes(),
        _ => Vec::new(),
    };
    Ok(Some(Found { name: name.to_bytes().to_vec(), stat, link, kind, is_out }))
}

/// Puts what was found below a path in order. Says whether anything was.
fn assemble(found: &mut HashMap<Vec<u8>, Vec<Found>>, path: &mut Vec<u8>, to: &mut Swept) -> bool {
    let before = to.entries.len();
    for one in found.remove(path.as_slice()).unwrap_or_default() {
        let length = path.len();
        if length > 0 {
            path.push(b'/');
        }
        path.extend_from_slice(&one.name);
        let place = to.entries.len();
        let is_folder = one.kind == EntryKind::Directory;
        let is_out = one.is_out;
        to.stats.push(StatKey::of(&one.stat));
        to.entries.push(entry(path.clone(), one));
        if is_folder && !assemble(found, path, to) && is_out {
            to.entries.truncate(place);
            to.stats.truncate(place);
        }
        path.truncate(length);
    }
    to.entries.len() > before
}

/// An entry of the context: owned by root, as contexts are.
#[allow(
    clippy::unnecessary_cast,
    clippy::cast_possible_truncation,
    reason = "the numbers have other widths on other systems; nanoseconds fit 32 bits"
)]
fn entry(path: Vec<u8>, found: Found) -> SourceEntry {
    let is_file = found.kind == EntryKind::File;
    SourceEntry {
        path,
        kind: found.kind,
        mode: if found.kind == EntryKind::Symlink {
            0o777
        } else {
            found.stat.st_mode as u32 & 0o7777
        },
        uid: 0,
        gid: 0,
        size: if is_file { u64::try_from(found.stat.st_size).unwrap_or(0) } else { 0 },
        modified: Timestamp {
            seconds: found.stat.st_mtime as i64,
            nanos: found.stat.st_mtime_nsec as u32,
        },
        link: found.link,
        device: (0, 0),
        xattrs: Vec::new(),
        fingerprint: None,
        at: 0,
    }
}
