//! What is not on this machine, as sets of files.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use strata_layer::{EntryKind, Fingerprint, FingerprintKey};
use strata_spec::{Digest, Hasher};

use super::session::Session;
use crate::context::{FolderFiles, IgnoreRules};
use crate::files::{Fetches, FileSet, SourceEntry, Take};
use crate::{BuildError, Fetched, GitSource, Stop};

/// The name of a fetched file in its set.
const NAME: &[u8] = b"file";

/// Gets what an instruction names.
pub(super) struct Remote<'s, 'a> {
    pub session: &'s Session<'a>,
    pub line: usize,
    pub checksum: Option<&'s str>,
}

impl Fetches for Remote<'_, '_> {
    fn url(&self, url: &str) -> Result<(Arc<dyn FileSet>, Fetched), BuildError> {
        let session = self.session;
        let key = FingerprintKey(session.store.fingerprint_key()?);
        let failed = |source| BuildError::File {
            doing: "write",
            path: session.store.folder().to_owned(),
            source,
        };
        let mut file = session.store.scratch().map_err(failed)?;
        let algorithm = self.checksum.and_then(|text| Digest::parse(text).ok());
        let algorithm =
            algorithm.map_or(strata_spec::Algorithm::Sha256, |digest| digest.algorithm());
        let mut sink =
            Sink { file: &mut file, bytes: 0, hasher: Hasher::new(algorithm), made: key.begin() };
        let fetched =
            session.host.outside().fetch(url, &mut sink, &session.stop).map_err(|source| {
                if source.is_stopped || session.stop.is_stopped() {
                    return BuildError::Stopped;
                }
                BuildError::Fetch { line: self.line, url: shown_url(url), source }
            })?;
        let (size, fingerprint) = (sink.bytes, sink.made.finish());
        let found = sink.hasher.finish().to_string();
        if let Some(expected) = self.checksum.filter(|expected| **expected != found) {
            let (url, expected) = (shown_url(url), expected.to_owned());
            return Err(BuildError::Checksum { line: self.line, url, expected, found });
        }
        Ok((Arc::new(FetchedFile { file, size, fingerprint }), fetched))
    }

    fn git(&self, source: &GitSource) -> Result<Arc<dyn FileSet>, BuildError> {
        let session = self.session;
        let asked = GitSource {
            checksum: self.checksum.map(str::to_owned).or_else(|| source.checksum.clone()),
            ..source.clone()
        };
        let tree = session.host.outside().git(&asked, &session.stop).map_err(|error| {
            if error.is_stopped || session.stop.is_stopped() {
                return BuildError::Stopped;
            }
            BuildError::Fetch { line: self.line, url: shown_url(&source.url), source: error }
        })?;
        if let Some(expected) =
            asked.checksum.filter(|expected| !tree.commit.starts_with(expected.as_str()))
        {
            let (url, found) = (shown_url(&source.url), tree.commit);
            return Err(BuildError::Checksum { line: self.line, url, expected, found });
        }
        let rules = IgnoreRules::default();
        // It is checked out anew for each build: what is known of its files is not worth keeping.
        let files = FolderFiles::open(session.store, &tree.folder, &rules, &session.stop)?;
        Ok(Arc::new(Checkout { files: files.unkept(), keeps_git: source.keeps_git_folder }))
    }
}

/// A URL without what may be secret in it.
fn shown_url(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let host = rest[..end].rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{}", &rest[end..])
        }
        None => url.to_owned(),
    }
}

struct Sink<'a> {
    file: &'a mut File,
    bytes: u64,
    hasher: Hasher,
    made: strata_layer::Fingerprinting,
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.made.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// One file that was fetched.
struct FetchedFile {
    file: File,
    size: u64,
    fingerprint: Fingerprint,
}

impl FileSet for FetchedFile {
    fn follow(&self, path: &[u8]) -> Option<SourceEntry> {
        (path == NAME).then(|| SourceEntry {
            path: NAME.to_vec(),
            kind: EntryKind::File,
            size: self.size,
            fingerprint: Some(self.fingerprint),
            ..SourceEntry::root()
        })
    }

    fn below(&self, _folder: &[u8]) -> Vec<SourceEntry> {
        Vec::new()
    }

    fn read(
        &self,
        entries: &[&SourceEntry],
        take: Take<'_>,
        _stop: &Stop,
    ) -> Result<(), BuildError> {
        for number in 0..entries.len() {
            take(number, &mut At { file: &self.file, offset: 0 })?;
        }
        Ok(())
    }
}

/// A file from its beginning, whoever else reads it.
struct At<'a> {
    file: &'a File,
    offset: u64,
}

impl Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read_at(buffer, self.offset)?;
        self.offset += read as u64;
        Ok(read)
    }
}

/// The files of a repository.
struct Checkout {
    files: FolderFiles,
    keeps_git: bool,
}

impl Checkout {
    fn is_in(&self, entry: &SourceEntry) -> bool {
        self.keeps_git || !(entry.path == b".git" || entry.path.starts_with(b".git/"))
    }
}

impl FileSet for Checkout {
    fn follow(&self, path: &[u8]) -> Option<SourceEntry> {
        self.files.follow(path).filter(|entry| self.is_in(entry))
    }

    fn below(&self, folder: &[u8]) -> Vec<SourceEntry> {
        let mut found = self.files.below(folder);
        found.retain(|entry| self.is_in(entry));
        found
    }

    fn fingerprints(&self, entries: &mut [SourceEntry], stop: &Stop) -> Result<(), BuildError> {
        self.files.fingerprints(entries, stop)
    }

    fn read(
        &self,
        entries: &[&SourceEntry],
        take: Take<'_>,
        stop: &Stop,
    ) -> Result<(), BuildError> {
        self.files.read(entries, take, stop)
    }
}

/// A content as a file that can be read from anywhere.
pub(super) fn spooled(
    content: &mut dyn Read,
    scratch: &dyn Fn() -> std::io::Result<File>,
) -> std::io::Result<File> {
    let mut file = scratch()?;
    std::io::copy(content, &mut file)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}
