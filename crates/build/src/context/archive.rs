//! A context that comes as a tar archive.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use strata_layer::{
    Checkpoints, Entry, EntryKind, EntrySink, FingerprintKey, LayerError, Limits, scan,
};

use super::ignore::{IgnoreRules, MAX_BYTES, NAME};
use crate::files::{FileSet, Listed, Range, SourceEntry, Take, hand_out, walk_order};
use crate::{BuildError, Stop};

/// The files of an archive.
pub(crate) struct ArchiveFiles {
    path: PathBuf,
    listed: Listed,
    /// Where the content of each entry stands, by [`SourceEntry::at`].
    offsets: Vec<u64>,
    reading: Mutex<(File, Checkpoints)>,
}

/// Collects entries; the last of a path counts.
struct Entries {
    key: FingerprintKey,
    found: Vec<Entry>,
}

impl EntrySink for Entries {
    fn entry(&mut self, entry: Entry) -> Result<(), LayerError> {
        self.found.push(entry);
        Ok(())
    }

    fn fingerprint_key(&self) -> FingerprintKey {
        self.key
    }
}

impl ArchiveFiles {
    /// Reads all of an archive once.
    pub fn open(
        path: &Path,
        dockerfile: Option<&Path>,
        key: FingerprintKey,
    ) -> Result<(IgnoreRules, Self), BuildError> {
        let refused = |source| BuildError::File { doing: "read", path: path.to_owned(), source };
        let damaged = |source| BuildError::Archive { path: path.display().to_string(), source };
        let file = File::open(path).map_err(refused)?;
        let mut sink = Entries { key, found: Vec::new() };
        let scanned = scan(&file, &Limits::default(), &mut sink).map_err(damaged)?;
        let (mut entries, offsets) = listed(sink.found);
        let reading = Mutex::new((file, scanned.checkpoints));
        let mut files = Self {
            path: path.to_owned(),
            listed: Listed { entries: std::mem::take(&mut entries) },
            offsets,
            reading,
        };
        let rules = match IgnoreRules::beside(dockerfile)? {
            Some(rules) => rules,
            None => files.rules()?,
        };
        files
            .listed
            .entries
            .retain(|entry| !rules.rules.keeps_out(&crate::files::shown(&entry.path)));
        Ok((rules, files))
    }

    /// The ignore rules in the archive itself.
    fn rules(&self) -> Result<IgnoreRules, BuildError> {
        let Some(entry) = self.listed.find(NAME.as_bytes()).cloned() else {
            return Ok(IgnoreRules::default());
        };
        if entry.kind != EntryKind::File || entry.size > MAX_BYTES {
            return Ok(IgnoreRules::default());
        }
        let mut text = Vec::new();
        self.read(
            &[&entry],
            &mut |_, content| {
                content.read_to_end(&mut text).map(|_| ()).map_err(|source| BuildError::File {
                    doing: "read",
                    path: self.path.clone(),
                    source,
                })
            },
            &Stop::new(),
        )?;
        IgnoreRules::parse(&String::from_utf8_lossy(&text), NAME.to_owned())
    }
}

/// The entries in the order of a walk, and where their contents stand. Another name of a file is a file.
fn listed(found: Vec<Entry>) -> (Vec<SourceEntry>, Vec<u64>) {
    let mut entries: Vec<SourceEntry> = Vec::new();
    let mut offsets = Vec::new();
    let mut places = std::collections::HashMap::new();
    for entry in found {
        let mut made = SourceEntry {
            path: entry.path,
            kind: entry.kind,
            mode: entry.mode,
            uid: 0,
            gid: 0,
            size: entry.size,
            modified: entry.modified,
            link: entry.link,
            device: (0, 0),
            xattrs: Vec::new(),
            fingerprint: (entry.kind == EntryKind::File).then_some(entry.fingerprint),
            at: offsets.len(),
        };
        let mut offset = entry.offset;
        match made.kind {
            EntryKind::Hardlink => {
                let Some(&original) = places.get(&made.link) else { continue };
                let original: &SourceEntry = &entries[original];
                offset = offsets[original.at];
                made = SourceEntry { path: made.path, at: made.at, ..original.clone() };
            }
            EntryKind::CharDevice | EntryKind::BlockDevice => continue,
            _ if entry.sparse => continue,
            _ => {}
        }
        places.insert(made.path.clone(), entries.len());
        offsets.push(offset);
        entries.push(made);
    }
    // Of the same path the last one stays.
    entries.reverse();
    entries.sort_by(|one, other| walk_order(&one.path, &other.path));
    entries.dedup_by(|other, one| other.path == one.path);
    (entries, offsets)
}

impl FileSet for ArchiveFiles {
    fn follow(&self, path: &[u8]) -> Option<SourceEntry> {
        self.listed.follow(path)
    }

    fn below(&self, folder: &[u8]) -> Vec<SourceEntry> {
        self.listed.below(folder).to_vec()
    }

    fn read(
        &self,
        entries: &[&SourceEntry],
        take: Take<'_>,
        stop: &Stop,
    ) -> Result<(), BuildError> {
        let ranges = entries.iter().enumerate().map(|(number, entry)| Range {
            number,
            offset: self.offsets.get(entry.at).copied().unwrap_or(0),
            size: entry.size,
        });
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, checkpoints) = &mut *reading;
        hand_out(
            ranges.collect(),
            (
                &mut |ranges, each| {
                    strata_layer::read_ranges_from(&*file, checkpoints, ranges, each)
                },
                &tempfile::tempfile,
            ),
            take,
            stop,
        )
    }
}
