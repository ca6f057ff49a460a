//! Where copied files go, and what else a layer must hold for them.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

use strata_layer::{EntryKind, NewEntry, Timestamp};

use super::select::{Top, TopSet};
use super::{Owner, SourceEntry, StackFiles, components, join, shown};
use crate::BuildError;
use crate::plan::Chmod;

/// How many symbolic links are followed on one way, as Linux has it.
const MAX_LINKS: usize = 40;

/// One entry of a layer that is going to be written.
pub(crate) struct Planned {
    pub entry: NewEntry,
    pub content: Content,
}

/// Where the content of a file is.
#[derive(Clone)]
pub(crate) enum Content {
    /// It is no file, or an empty one.
    None,
    /// An entry of a set.
    Of(TopSet, Box<SourceEntry>),
    /// A piece of a file of this machine that nobody else knows.
    Piece { file: Arc<File>, offset: u64 },
}

/// What a layer is going to hold.
pub(crate) struct Layout<'a> {
    /// The files so far; none if the layer is to stand for itself.
    pub stack: Option<&'a StackFiles>,
    /// Whom everything belongs to; none leaves owners as they are.
    pub owner: Option<Owner>,
    pub chmod: Option<&'a Chmod>,
    /// The time of folders that are made.
    pub now: Timestamp,
    /// No time is later than this.
    pub epoch: Option<i64>,
    pub line: usize,
    pub planned: BTreeMap<Vec<u8>, Planned>,
}

/// What is at a path: its kind, and where it points if it is a link.
type There = Option<(EntryKind, Vec<u8>)>;

impl Layout<'_> {
    /// Puts a file, or what is in a folder, where it goes.
    pub fn put(&mut self, top: &Top, destination: &str) -> Result<(), BuildError> {
        let at = self.resolve(destination.as_bytes())?;
        if top.entry.is_folder() {
            self.make_folder(&at)?;
            let skip = if top.entry.path.is_empty() { 0 } else { top.entry.path.len() + 1 };
            for entry in &top.below {
                let target = join(&at, &entry.path[skip..]);
                self.copy(entry, target, &top.set)?;
            }
            return Ok(());
        }
        let is_folder = destination.ends_with('/')
            || matches!(self.there(&at), Some((EntryKind::Directory, _)));
        let target = if is_folder {
            self.make_folder(&at)?;
            join(&at, &top.name)
        } else {
            at
        };
        let (folder, _) = split(&target);
        self.make_folder(folder)?;
        self.copy(&top.entry, target, &top.set)
    }

    fn copy(
        &mut self,
        from: &SourceEntry,
        target: Vec<u8>,
        set: &TopSet,
    ) -> Result<(), BuildError> {
        let mut entry = NewEntry {
            path: target,
            kind: from.kind,
            mode: from.mode,
            uid: from.uid,
            gid: from.gid,
            size: from.size,
            modified: from.modified,
            link: if from.kind == EntryKind::Symlink { from.link.clone() } else { Vec::new() },
            device: from.device,
            xattrs: from.xattrs.clone(),
        };
        if let Some(owner) = self.owner {
            (entry.uid, entry.gid) = (owner.uid.into(), owner.gid.into());
        }
        if let Some(chmod) = self.chmod.filter(|_| entry.kind != EntryKind::Symlink) {
            entry.mode = chmod.of(entry.mode, entry.kind == EntryKind::Directory);
        }
        let content = match from.kind {
            EntryKind::File => Content::Of(set.clone(), Box::new(from.clone())),
            _ => Content::None,
        };
        self.add(entry, content)
    }

    /// Adds an entry to the layer, in place of what is there.
    pub fn add(&mut self, mut entry: NewEntry, content: Content) -> Result<(), BuildError> {
        let there = self.there(&entry.path).map(|(kind, _)| kind);
        match (there, entry.kind) {
            (Some(EntryKind::Directory), EntryKind::Directory) | (None, _) => {}
            (Some(EntryKind::Directory), _) => {
                return Err(self.refused(&entry.path, "there is a folder in the place of the file"));
            }
            (Some(_), EntryKind::Directory) => {
                return Err(self.refused(&entry.path, "it is not a folder"));
            }
            _ => {}
        }
        let is_mark = |name: &[u8]| name.starts_with(b".wh.");
        if components(&entry.path).any(is_mark) {
            let reason = "in a layer, a name that begins with `.wh.` deletes another";
            return Err(self.refused(&entry.path, reason));
        }
        self.clamp(&mut entry);
        self.planned.insert(entry.path.clone(), Planned { entry, content });
        Ok(())
    }

    fn clamp(&self, entry: &mut NewEntry) {
        if let Some(epoch) = self.epoch.filter(|epoch| entry.modified.seconds >= *epoch) {
            entry.modified = Timestamp { seconds: epoch, nanos: 0 };
        }
    }

    fn refused(&self, path: &[u8], reason: &'static str) -> BuildError {
        BuildError::Destination { line: self.line, path: format!("/{}", shown(path)), reason }
    }

    /// What is at a path: what this layer puts there, else what the layers below have.
    pub fn there(&self, path: &[u8]) -> There {
        if path.is_empty() {
            return Some((EntryKind::Directory, Vec::new()));
        }
        if let Some(planned) = self.planned.get(path) {
            return Some((planned.entry.kind, planned.entry.link.clone()));
        }
        // Below something that this layer puts there in place of a folder there is nothing.
        let mut above = split(path).0;
        while !above.is_empty() {
            let planned = self.planned.get(above);
            if planned.is_some_and(|planned| planned.entry.kind != EntryKind::Directory) {
                return None;
            }
            above = split(above).0;
        }
        let found = self.stack?.find(path)?;
        Some((found.kind, found.link))
    }

    /// Where a path leads when links are followed; what is not there is taken as it stands.
    pub fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, BuildError> {
        let mut at: Vec<u8> = Vec::new();
        let mut rest: Vec<Vec<u8>> = components(path).rev().map(<[u8]>::to_vec).collect();
        let mut links = 0;
        while let Some(name) = rest.pop() {
            if name == b".." {
                at.truncate(split(&at).0.len());
                continue;
            }
            let next = join(&at, &name);
            let Some((EntryKind::Symlink, link)) = self.there(&next) else {
                at = next;
                continue;
            };
            links += 1;
            if links > MAX_LINKS {
                return Err(self.refused(path, "links lead in a circle"));
            }
            if link.starts_with(b"/") {
                at.clear();
            }
            rest.extend(components(&link).rev().map(<[u8]>::to_vec));
        }
        Ok(at)
    }

    /// Makes a folder, and those above it, where they are not there. The path leads through no link.
    pub fn make_folder(&mut self, path: &[u8]) -> Result<(), BuildError> {
        let mut at = Vec::new();
        for name in components(path) {
            at = join(&at, name);
            match self.there(&at) {
                Some((EntryKind::Directory, _)) => {}
                Some(_) => return Err(self.refused(&at, "it is not a folder")),
                None => {
                    let mut entry = NewEntry::directory(at.clone());
                    let owner = self.owner.unwrap_or_default();
                    (entry.uid, entry.gid) = (owner.uid.into(), owner.gid.into());
                    entry.modified = self.now;
                    self.add(entry, Content::None)?;
                }
            }
        }
        Ok(())
    }

    /// All entries of the layer: with the folders above them as the layers below have them, for tools that unpack each
    /// layer for itself take what is missing from nowhere.
    pub fn finish(mut self) -> Vec<Planned> {
        let mut above: Vec<Vec<u8>> = Vec::new();
        for path in self.planned.keys() {
            let mut folder = split(path).0;
            while !folder.is_empty() && !self.planned.contains_key(folder) {
                above.push(folder.to_vec());
                folder = split(folder).0;
            }
        }
        above.sort();
        above.dedup();
        for path in above {
            let known = self.stack.and_then(|stack| stack.find(&path));
            let mut entry = NewEntry::directory(path.clone());
            if let Some(known) = known {
                (entry.mode, entry.uid, entry.gid) = (known.mode, known.uid, known.gid);
                entry.modified = known.modified;
                entry.xattrs = known.xattrs;
            }
            self.planned.insert(path, Planned { entry, content: Content::None });
        }
        self.planned.into_values().collect()
    }
}

/// The folder and the name of a path.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    let at = path.iter().rposition(|&byte| byte == b'/');
    at.map_or((&path[..0], path), |at| (&path[..at], &path[at + 1..]))
}
