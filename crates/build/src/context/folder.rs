//! A context that is a folder.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rustix::fs::{Mode, OFlags};
use strata_layer::{EntryKind, Fingerprint, FingerprintKey};
use strata_spec::Digest;
use strata_store::Store;

use super::ignore::IgnoreRules;
use super::stat_index::{FORM, StatIndex, StatKey, now};
use super::sweep::{Swept, open_root, sweep};
use crate::files::{FileSet, Listed, SourceEntry, Take, shown, totals};
use crate::{BuildError, Stop};

/// Bytes read at once.
const BUFFER: usize = 128 * 1024;

/// The files of a folder.
pub(crate) struct FolderFiles {
    store: Store,
    folder: PathBuf,
    root: OwnedFd,
    key: FingerprintKey,
    listed: Listed,
    stats: Vec<StatKey>,
    /// What was found out in this build, by place; and whether it may be kept.
    fresh: Mutex<HashMap<usize, (Fingerprint, bool)>>,
    /// It is worth remembering what the files hold.
    is_kept: bool,
}

impl FolderFiles {
    /// Looks at all names of a folder. What files hold is known of those that are as they were.
    pub fn open(
        store: &Store,
        folder: &Path,
        rules: &IgnoreRules,
        stop: &Stop,
    ) -> Result<Self, BuildError> {
        let key = FingerprintKey(store.fingerprint_key()?);
        let root = open_root(folder)?;
        let Swept { mut entries, stats } = sweep(folder, root.as_fd(), rules, stop)?;
        let about = about(folder);
        let mut known = StatIndex::of(store.known_context(&about, FORM).unwrap_or_default());
        for (at, (entry, stat)) in entries.iter_mut().zip(&stats).enumerate() {
            entry.at = at;
            if entry.kind == EntryKind::File {
                entry.fingerprint = known.find(stat);
            }
        }
        Ok(Self {
            store: store.clone(),
            folder: folder.to_owned(),
            root,
            key,
            listed: Listed { entries },
            stats,
            fresh: Mutex::new(HashMap::new()),
            is_kept: true,
        })
    }

    /// The same, of which nothing is remembered.
    pub fn unkept(self) -> Self {
        Self { is_kept: false, ..self }
    }

    /// Opens a file of the context, if it is still the one that was seen.
    fn open_file(&self, entry: &SourceEntry) -> Result<File, BuildError> {
        let opened = open_beneath(&self.root, &entry.path);
        let file = opened.map_err(|source| self.failed(&entry.path, source))?;
        self.check(entry, &file)?;
        Ok(file)
    }

    fn check(&self, entry: &SourceEntry, file: &File) -> Result<(), BuildError> {
        let stat = rustix::fs::fstat(file);
        let stat = stat.map_err(|source| self.failed(&entry.path, source.into()))?;
        if self.stats.get(entry.at) == Some(&StatKey::of(&stat)) {
            return Ok(());
        }
        Err(BuildError::Changed { path: shown(&entry.path) })
    }

    fn failed(&self, path: &[u8], source: io::Error) -> BuildError {
        let path = self.folder.join(OsStr::from_bytes(path));
        BuildError::File { doing: "read", path, source }
    }

    /// Reads a file for what it holds.
    fn fingerprint(
        &self,
        entry: &SourceEntry,
        buffer: &mut [u8],
    ) -> Result<Fingerprint, BuildError> {
        let began = now();
        let mut file = self.open_file(entry)?;
        let mut made = self.key.begin();
        loop {
            match file.read(buffer) {
                Ok(0) => break,
                Ok(read) => made.update(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => return Err(self.failed(&entry.path, source)),
            }
        }
        self.check(entry, &file)?;
        let made = made.finish();
        let may_be_kept = self.stats.get(entry.at).is_some_and(|stat| !stat.is_racy(began));
        let mut fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        fresh.insert(entry.at, (made, may_be_kept));
        Ok(made)
    }

    /// Reads what of some files is not known, on all cores.
    fn find_out(&self, missing: &[&SourceEntry], stop: &Stop) -> Result<(), BuildError> {
        let next = AtomicUsize::new(0);
        let work = || -> Result<(), BuildError> {
            let mut buffer = vec![0; BUFFER];
            while let Some(entry) = missing.get(next.fetch_add(1, Ordering::Relaxed)) {
                stop.check()?;
                self.fingerprint(entry, &mut buffer)?;
            }
            Ok(())
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        if missing.len() < 32 || threads == 1 {
            return work();
        }
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let join = |thread: std::thread::ScopedJoinHandle<'_, Result<(), BuildError>>| {
                thread.join().unwrap_or(Err(BuildError::Worker))
            };
            threads.into_iter().try_for_each(join)
        })
    }

    /// Keeps what is known now, if that is more than before.
    fn keep(&self) {
        let fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_kept || !fresh.values().any(|(_, may_be_kept)| *may_be_kept) {
            return;
        }
        let mut bytes = Vec::new();
        for (entry, stat) in self.listed.entries.iter().zip(&self.stats) {
            let found = fresh.get(&entry.at).filter(|(_, may_be_kept)| *may_be_kept);
            if let Some(fingerprint) = entry.fingerprint.or(found.map(|(found, _)| *found)) {
                StatIndex::write(&mut bytes, stat, &fingerprint);
            }
        }
        if let Err(error) = self.store.keep_context(&about(&self.folder), FORM, &bytes) {
            tracing::debug!(%error, "what the files of a context hold is not kept");
        }
    }
}

/// What a folder is known by in the store.
fn about(folder: &Path) -> Digest {
    let whole = std::fs::canonicalize(folder);
    let whole = whole.as_deref().unwrap_or(folder);
    Digest::sha256_of(whole.as_os_str().as_bytes())
}

/// Opens a file below a folder without following any link. A pipe is not waited for.
fn open_beneath(root: &OwnedFd, path: &[u8]) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::ResolveFlags;
        let within = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        match rustix::fs::openat2(root, OsStr::from_bytes(path), flags, Mode::empty(), within) {
            Ok(file) => return Ok(File::from(file)),
            // A system that is older, or that does not let us.
            Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut at = root.try_clone()?;
    let mut names = path.split(|&byte| byte == b'/').peekable();
    while let Some(name) = names.next() {
        let is_last = names.peek().is_none();
        let flags = if is_last { flags } else { flags | OFlags::DIRECTORY };
        at = rustix::fs::openat(&at, OsStr::from_bytes(name), flags, Mode::empty())?;
    }
    Ok(File::from(at))
}

impl FileSet for FolderFiles {
    fn follow(&self, path: &[u8]) -> Option<SourceEntry> {
        self.listed.follow(path)
    }

    fn below(&self, folder: &[u8]) -> Vec<SourceEntry> {
        self.listed.below(folder).to_vec()
    }

    fn fingerprints(&self, entries: &mut [SourceEntry], stop: &Stop) -> Result<(), BuildError> {
        let missing: Vec<&SourceEntry> = {
            let fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
            let is_missing = |entry: &&SourceEntry| {
                entry.kind == EntryKind::File
                    && entry.fingerprint.is_none()
                    && !fresh.contains_key(&entry.at)
            };
            entries.iter().filter(is_missing).collect()
        };
        self.find_out(&missing, stop)?;
        let fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in entries.iter_mut().filter(|entry| entry.fingerprint.is_none()) {
            entry.fingerprint = fresh.get(&entry.at).map(|(found, _)| *found);
        }
        Ok(())
    }

    fn read(
        &self,
        entries: &[&SourceEntry],
        take: Take<'_>,
        stop: &Stop,
    ) -> Result<(), BuildError> {
        for (number, entry) in entries.iter().enumerate() {
            stop.check()?;
            let mut file = self.open_file(entry)?;
            take(number, &mut file)?;
            self.check(entry, &file)?;
        }
        Ok(())
    }

    fn totals(&self) -> (u64, u64) {
        totals(&self.listed.entries)
    }

    fn close(&self) {
        self.keep();
    }
}
