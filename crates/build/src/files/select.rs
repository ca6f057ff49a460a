//! Which files a `COPY` or `ADD` means.

use std::sync::Arc;

use strata_dockerfile::Ignore;
use strata_layer::EntryKind;

use super::glob::{Glob, has_signs};
use super::{FileSet, SourceEntry, components, join, shown};
use crate::plan::{CopyOp, CopySource, clean};
use crate::{BuildError, Fetched, GitSource, Stop};

/// A source, and what of it is taken.
pub(crate) struct Top {
    /// What it is called where a folder is the destination.
    pub name: Vec<u8>,
    /// The file or folder itself, links followed.
    pub entry: SourceEntry,
    /// What lies in a folder.
    pub below: Vec<SourceEntry>,
    /// Where the content is.
    pub set: TopSet,
    /// An archive is unpacked.
    pub unpacks: bool,
}

/// Where the content of a source is.
#[derive(Clone)]
pub(crate) enum TopSet {
    /// In the set that all paths of the instruction are of.
    Main,
    /// In another one: a repository, or a file that was fetched.
    Other(Arc<dyn FileSet>),
    /// In the Dockerfile.
    Body(Arc<[u8]>),
}

/// All that an instruction means, in its order.
pub(crate) struct Selected {
    pub tops: Vec<Top>,
}

/// Gets what is not on this machine.
pub(crate) trait Fetches {
    /// What stands behind a URL, as a set of one file, and what the server says of it.
    fn url(&self, url: &str) -> Result<(Arc<dyn FileSet>, Fetched), BuildError>;
    /// A repository.
    fn git(&self, source: &GitSource) -> Result<Arc<dyn FileSet>, BuildError>;
}

/// Finds out which files an instruction means; what they hold is known afterwards.
///
/// `ignored` tells which rule keeps a path of the context out.
pub(crate) fn select(
    op: &CopyOp,
    line: usize,
    files: Option<&dyn FileSet>,
    fetches: &dyn Fetches,
    ignored: &dyn Fn(&str) -> Option<(String, usize)>,
    stop: &Stop,
) -> Result<Selected, BuildError> {
    let select = Select { op, line, ignored, excludes: excludes(op, line)? };
    let mut tops = Vec::new();
    for source in &op.sources {
        match source {
            CopySource::Path(path) => {
                let found = files.map(|files| select.paths(files, path)).transpose()?;
                let found = found.unwrap_or_default();
                if found.is_empty() && (!has_signs(path.as_bytes()) || files.is_none()) {
                    return Err(select.not_found(path));
                }
                tops.extend(found);
            }
            CopySource::Body { name, bytes } => tops.push(body(name, bytes)),
            CopySource::Url(url) => tops.push(select.url(url, fetches)?),
            CopySource::Git(source) => {
                let set = fetches.git(source)?;
                let below = select.without_excluded(b"", set.below(b""));
                let (name, entry) = (Vec::new(), SourceEntry::root());
                tops.push(Top { name, entry, below, set: TopSet::Other(set), unpacks: false });
            }
        }
    }
    for top in &mut tops {
        let set: &dyn FileSet = match (&top.set, files) {
            (TopSet::Main, Some(files)) => files,
            (TopSet::Other(set), _) => &**set,
            _ => continue,
        };
        set.fingerprints(std::slice::from_mut(&mut top.entry), stop)?;
        set.fingerprints(&mut top.below, stop)?;
    }
    Ok(Selected { tops })
}

struct Select<'a> {
    op: &'a CopyOp,
    line: usize,
    ignored: &'a dyn Fn(&str) -> Option<(String, usize)>,
    excludes: Ignore,
}

fn excludes(op: &CopyOp, line: usize) -> Result<Ignore, BuildError> {
    Ignore::parse(&op.excludes.join("\n")).map_err(|error| BuildError::Dockerfile {
        line,
        message: format!("--exclude: {error}"),
        suggestion: None,
    })
}

/// The body of a here-document as a file.
fn body(name: &str, bytes: &[u8]) -> Top {
    let entry = SourceEntry {
        kind: EntryKind::File,
        mode: 0o644,
        size: bytes.len() as u64,
        path: name.as_bytes().to_vec(),
        ..SourceEntry::root()
    };
    let name = clean(name).rsplit('/').next().unwrap_or_default().as_bytes().to_vec();
    Top { name, entry, below: Vec::new(), set: TopSet::Body(bytes.into()), unpacks: false }
}

impl Select<'_> {
    fn url(&self, url: &str, fetches: &dyn Fetches) -> Result<Top, BuildError> {
        let (set, fetched) = fetches.url(url)?;
        let mut entry = set.follow(b"file").unwrap_or_else(SourceEntry::root);
        entry.mode = 0o600;
        entry.modified.seconds = fetched.modified.unwrap_or(0);
        entry.modified.nanos = 0;
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let path = path.split_once("://").map_or(path, |(_, rest)| rest);
        let name = path.split_once('/').and_then(|(_, path)| path.rsplit('/').next());
        let name = name.filter(|name| !matches!(*name, "" | "." | ".."));
        let name = name.unwrap_or("__unnamed__").as_bytes().to_vec();
        let unpacks = self.op.unpacks_fetched;
        Ok(Top { name, entry, below: Vec::new(), set: TopSet::Other(set), unpacks })
    }

    /// What a path or pattern means. One without signs that names nothing is left to the caller.
    fn paths(&self, files: &dyn FileSet, text: &str) -> Result<Vec<Top>, BuildError> {
        if self.op.with_parents {
            return self.with_parents(files, text);
        }
        let path = clean(text);
        let path = path.trim_start_matches('/').as_bytes();
        if !has_signs(path) {
            let path = unescaped(path);
            return Ok(self.top(files, &path).into_iter().collect());
        }
        let found = self.matching(files, path)?;
        Ok(found.iter().filter_map(|path| self.top(files, path)).collect())
    }

    fn top(&self, files: &dyn FileSet, path: &[u8]) -> Option<Top> {
        let entry = files.follow(path)?;
        let name = components(path).next_back().unwrap_or_default().to_vec();
        let below = if entry.is_folder() {
            self.without_excluded(&entry.path, files.below(&entry.path))
        } else {
            if self.excludes.keeps_out(&shown(&name)) {
                return None;
            }
            Vec::new()
        };
        let unpacks = self.op.unpacks && entry.kind == EntryKind::File;
        Some(Top { name, entry, below, set: TopSet::Main, unpacks })
    }

    /// The paths that a pattern matches, component by component, in the order of a walk.
    fn matching(&self, files: &dyn FileSet, pattern: &[u8]) -> Result<Vec<Vec<u8>>, BuildError> {
        let mut found: Vec<Vec<u8>> = vec![Vec::new()];
        for (depth, part) in components(pattern).enumerate() {
            if !has_signs(part) {
                let part = unescaped(part);
                found = found.iter().map(|folder| join(folder, &part)).collect();
                continue;
            }
            let glob = Glob::parse(part).ok_or_else(|| BuildError::Dockerfile {
                line: self.line,
                message: format!("`{}` is no pattern", shown(pattern)),
                suggestion: None,
            })?;
            let mut next = Vec::new();
            for folder in &found {
                let Some(entry) = files.follow(folder).filter(SourceEntry::is_folder) else {
                    continue;
                };
                // Only the way before the first sign may lead through links.
                if depth > 0 && entry.path != *folder && found.len() > 1 {
                    continue;
                }
                let skip = if entry.path.is_empty() { 0 } else { entry.path.len() + 1 };
                let below = files.below(&entry.path);
                let names = below.iter().filter_map(|child| child.path.get(skip..));
                let names = names.filter(|name| !name.contains(&b'/') && glob.matches(name));
                next.extend(names.map(|name| join(folder, name)));
            }
            found = next;
        }
        found.retain(|path| files.follow(path).is_some());
        Ok(found)
    }

    /// `--parents`: what matches, with the folders from the root or the pivot `./` on.
    fn with_parents(&self, files: &dyn FileSet, text: &str) -> Result<Vec<Top>, BuildError> {
        let (root, pattern) = text.split_once("/./").unwrap_or(("/", text));
        let root = clean(root);
        let Some(entry) = files.follow(root.trim_start_matches('/').as_bytes()) else {
            return Ok(Vec::new());
        };
        if !entry.is_folder() {
            return Ok(Vec::new());
        }
        let pattern = clean(pattern);
        let pattern = pattern.trim_start_matches('/');
        let included = Ignore::parse(pattern).map_err(|error| BuildError::Dockerfile {
            line: self.line,
            message: error.to_string(),
            suggestion: None,
        })?;
        let skip = if entry.path.is_empty() { 0 } else { entry.path.len() + 1 };
        let below = self.without_excluded(&entry.path, files.below(&entry.path));
        let is_in = |entry: &SourceEntry| {
            pattern.is_empty() || included.keeps_out(&shown(&entry.path[skip..]))
        };
        let below = with_folders_above(below, &is_in);
        if below.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![Top { name: Vec::new(), entry, below, set: TopSet::Main, unpacks: false }])
    }

    /// What `--exclude` leaves of the entries below a folder.
    fn without_excluded(&self, folder: &[u8], below: Vec<SourceEntry>) -> Vec<SourceEntry> {
        if self.excludes.rules.is_empty() {
            return below;
        }
        let skip = if folder.is_empty() { 0 } else { folder.len() + 1 };
        let is_in = |entry: &SourceEntry| !self.excludes.keeps_out(&shown(&entry.path[skip..]));
        with_folders_above(below, &is_in)
    }

    fn not_found(&self, path: &str) -> BuildError {
        let cleaned = clean(path);
        BuildError::NotFound {
            line: self.line,
            path: path.to_owned(),
            from: self.op.from_name.clone(),
            ignored_by: (self.ignored)(cleaned.trim_start_matches('/')),
        }
    }
}

/// The entries that are in, with the folders that lead to them.
fn with_folders_above(
    entries: Vec<SourceEntry>,
    is_in: &dyn Fn(&SourceEntry) -> bool,
) -> Vec<SourceEntry> {
    let mut kept: Vec<SourceEntry> = Vec::new();
    let mut above: Vec<SourceEntry> = Vec::new();
    for entry in entries {
        above.retain(|folder| {
            entry.path.starts_with(&folder.path) && entry.path.get(folder.path.len()) == Some(&b'/')
        });
        if is_in(&entry) {
            kept.append(&mut above);
            kept.push(entry);
        } else if entry.is_folder() {
            above.push(entry);
        }
    }
    kept
}

/// A path without the backslashes that take the meaning from signs.
fn unescaped(path: &[u8]) -> Vec<u8> {
    let mut bytes = path.iter();
    let mut out = Vec::with_capacity(path.len());
    while let Some(&byte) = bytes.next() {
        match byte {
            b'\\' => out.extend(bytes.next()),
            other => out.push(other),
        }
    }
    out
}
