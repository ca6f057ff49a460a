//! Files of an image into a folder of this machine that a person names.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use strata_layer::{EntryKind, Folder, Limits, make_file_at, read_ranges};
use strata_spec::Digest;
use strata_tree::NodeId;

use crate::api::{Scope, UserError};
use crate::app::{App, Inner, on_thread};
use crate::error::AppError;
use crate::escape::escape;
use crate::listings::Files;
use crate::stored_image::{StoredImage, documents};

/// How many of the skipped are named.
const MAX_SKIPPED: usize = 1000;

/// What to write, and where.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// The image, as [`App::image_find`] takes it.
    pub image: String,
    /// A file or folder of it, bytes, `/` between; empty or `/` for all.
    pub path: Vec<u8>,
    /// With this layer on top (1 is the oldest); none for the whole image.
    pub layer: Option<usize>,
    /// Where to: a folder that is new or empty; for a single file a path that is free.
    pub destination: PathBuf,
}

/// Why something was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SkipReason {
    /// A device, pipe or socket: only a system that runs has a use for it.
    Special,
    /// A file that is stored without its holes.
    Sparse,
    /// There is something of that name already, as where a file system knows no capitals.
    Taken,
    /// The file system takes no such name or target.
    NameRefused,
    /// A link to what is not there.
    LinkLost,
}

/// Something that was not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    /// Its path in the image, escaped.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// Files.
    pub files: u64,
    /// Folders.
    pub folders: u64,
    /// Links, symbolic and hard.
    pub links: u64,
    /// Bytes of the files.
    pub bytes: u64,
    /// How many were skipped.
    pub skipped_count: u64,
    /// The first of them.
    pub skipped: Vec<Skipped>,
}

impl App {
    /// Writes a file, or a folder with all below it, as the layers laid on each other show it.
    ///
    /// Everything is written below the destination and nowhere else; links are texts that are not followed; owners are
    /// not set, nor bits that give rights; devices are left out. A failure leaves what was written so far.
    ///
    /// # Errors
    /// If there is no such image, layer or path, the store is damaged, or the destination cannot be written.
    pub async fn export(&self, wanted: ExportRequest) -> Result<Exported, UserError> {
        let inner = self.inner.clone();
        on_thread("an export", move || inner.export(&wanted)).await
    }
}

/// A file to write: its row, and where its bytes are.
struct Planned {
    place: usize,
    layer: usize,
    offset: u64,
    size: u64,
}

/// An export at work.
struct Export<'a> {
    inner: &'a Inner,
    manifest: &'a Digest,
    files: Files,
    /// The destination, and how many bytes of each path lead to what is exported.
    folder: Folder,
    destination: &'a Path,
    cut: usize,
    done: Exported,
}

impl Inner {
    fn export(&self, wanted: &ExportRequest) -> Result<Exported, AppError> {
        let image = StoredImage::find(&self.store, &wanted.image, None)?;
        let count = image.layers().len();
        let unknown = || AppError::PathUnknown { path: escape(&wanted.path) };
        let layer = wanted.layer.unwrap_or(count);
        let top = layer.checked_sub(1).filter(|top| *top < count);
        let manifest = &image.record.manifest;
        let destination = wanted.destination.as_path();
        let cannot = |source| AppError::Export { path: destination.to_owned(), source };
        let Some(top) = top else {
            // An image without layers is an empty folder.
            if count == 0 && wanted.layer.is_none() && is_root(&wanted.path) {
                Folder::open(destination).map_err(cannot)?;
                return Ok(Exported::default());
            }
            return Err(AppError::LayerUnknown { layer, count });
        };
        let files = self.listings.list(&self.store, &(manifest.clone(), top, Scope::UpTo))?;
        let mut range = 0..files.total();
        let mut cut = 0;
        if !is_root(&wanted.path) {
            let id = files.find(&wanted.path).ok_or_else(unknown)?;
            let place = files.place(id).ok_or_else(unknown)?;
            let row = files.row(place).ok_or_else(unknown)?;
            if row.kind != EntryKind::Directory {
                return self.export_file(wanted, &image.record.manifest, destination);
            }
            cut = files.path(id).len() + 1;
            range = place + 1..below(&files, place, row.depth);
        }
        let folder = Folder::open(destination).map_err(cannot)?;
        let done = Exported::default();
        let mut export = Export { inner: self, manifest, files, folder, destination, cut, done };
        export.run(range)?;
        Ok(export.done)
    }

    fn export_file(
        &self,
        wanted: &ExportRequest,
        manifest: &Digest,
        destination: &Path,
    ) -> Result<Exported, AppError> {
        let cannot = |source| AppError::Export { path: destination.to_owned(), source };
        let mut file = make_file_at(destination).map_err(cannot)?;
        let image = manifest.to_string();
        if let Err(error) = self.write_file(&image, &wanted.path, wanted.layer, &mut file) {
            // Half a file would look like a whole one.
            std::fs::remove_file(destination).ok();
            return Err(error);
        }
        let bytes = file.metadata().map_err(cannot)?.len();
        Ok(Exported { files: 1, bytes, ..Exported::default() })
    }
}

impl Export<'_> {
    /// Folders first, then the files of each layer in one pass, then links, at last modes and times from the inside out.
    fn run(&mut self, range: std::ops::Range<usize>) -> Result<(), AppError> {
        let mut planned: Vec<Planned> = Vec::new();
        let (mut folders, mut links, mut hard) = (Vec::new(), Vec::new(), Vec::new());
        let mut written: HashMap<(usize, NodeId), usize> = HashMap::new();
        for place in range {
            let Some(row) = self.files.row(place) else { break };
            match row.kind {
                EntryKind::Directory => {
                    let path = self.path(place);
                    if self.made(place, self.folder.make_folder(&path))? {
                        folders.push(place);
                        self.done.folders += 1;
                    }
                }
                EntryKind::File => {
                    written.insert((row.layer, row.node), place);
                    self.plan(place, &mut planned);
                }
                EntryKind::Symlink => links.push(place),
                EntryKind::Hardlink => hard.push(place),
                EntryKind::CharDevice | EntryKind::BlockDevice | EntryKind::Fifo => {
                    self.skip(place, SkipReason::Special);
                }
            }
        }
        self.write_files(&mut planned)?;
        self.name_again(&hard, &written)?;
        for place in links {
            let (path, target) =
                (self.path(place), self.files.row(place).map(|row| row.link.to_vec()));
            let made = self.folder.make_link(&path, &target.unwrap_or_default());
            if self.made(place, made)? {
                self.done.links += 1;
            }
        }
        for place in folders.into_iter().rev() {
            self.finish(place)?;
        }
        Ok(())
    }

    fn plan(&mut self, place: usize, planned: &mut Vec<Planned>) {
        let Some(row) = self.files.row(place) else { return };
        let id = row.id;
        let path = self.files.path(id);
        let layer = row.layer;
        match self.inner.locate(self.manifest, layer, row.node, &path) {
            Ok(content) => planned.push(Planned {
                place,
                layer: content.layer,
                offset: content.offset,
                size: content.size,
            }),
            Err(AppError::Sparse { .. }) => self.skip(place, SkipReason::Sparse),
            Err(_) => self.skip(place, SkipReason::LinkLost),
        }
    }

    fn write_files(&mut self, planned: &mut [Planned]) -> Result<(), AppError> {
        planned.sort_by_key(|file| (file.layer, file.offset));
        let total: u64 = planned.iter().map(|file| file.size).sum();
        let limit = Limits::default().max_tar_bytes;
        if total > limit {
            let source = io::Error::other(format!("{total} bytes are more than {limit}"));
            return Err(self.failed(source));
        }
        for layer in planned.chunk_by(|one, other| one.layer == other.layer) {
            let (empty, full): (Vec<&Planned>, Vec<&Planned>) =
                layer.iter().partition(|file| file.size == 0);
            for file in empty {
                self.open(file.place)?;
                self.finish(file.place)?;
            }
            self.write_layer(&full)?;
        }
        Ok(())
    }

    /// Writes the files of one layer, reading it once.
    fn write_layer(&mut self, wanted: &[&Planned]) -> Result<(), AppError> {
        let Some(first) = wanted.first() else { return Ok(()) };
        let (parsed, config) = documents(&self.inner.store, self.manifest)?;
        let unknown =
            AppError::LayerUnknown { layer: first.layer + 1, count: parsed.layers().len() };
        let digest = parsed.layers().get(first.layer).ok_or(unknown)?.digest.clone();
        let source = self.inner.store.open_blob(&digest)?;
        let ranges: Vec<(u64, u64)> = wanted.iter().map(|file| (file.offset, file.size)).collect();
        let mut open: Option<(usize, Option<File>)> = None;
        let mut failure = None;
        let read = read_ranges(source, &ranges, &mut |at, bytes| {
            if open.as_ref().is_none_or(|(index, _)| *index != at) {
                if let Some((before, _)) = open.take() {
                    self.finish(wanted[before].place).map_err(|error| kept(error, &mut failure))?;
                }
                let file =
                    self.open(wanted[at].place).map_err(|error| kept(error, &mut failure))?;
                open = Some((at, file));
            }
            if let Some((_, Some(file))) = &mut open {
                file.write_all(bytes).map_err(|error| kept(self.failed(error), &mut failure))?;
                self.done.bytes += bytes.len() as u64;
            }
            Ok(())
        });
        match (read, failure) {
            (_, Some(failure)) => Err(failure),
            (Err(source), None) => {
                if let Some(diff_id) = config.diff_ids().get(first.layer) {
                    self.inner.store.doubt_layer(diff_id)?;
                }
                Err(AppError::Layer { digest, source })
            }
            (Ok(()), None) => match open {
                Some((last, _)) => self.finish(wanted[last].place),
                None => Ok(()),
            },
        }
    }

    /// A hard link becomes another name of the file, where that was written as it is meant, and else a copy.
    fn name_again(
        &mut self,
        hard: &[usize],
        written: &HashMap<(usize, NodeId), usize>,
    ) -> Result<(), AppError> {
        let mut copies = Vec::new();
        for &place in hard {
            let Some(row) = self.files.row(place) else { continue };
            let meant = self.files.find(row.link).and_then(|id| self.files.entry(id));
            match meant.and_then(|node| written.get(&node)) {
                Some(&file) => {
                    let (from, to) = (self.path(file), self.path(place));
                    if self.made(place, self.folder.name_again(&from, &to))? {
                        self.done.links += 1;
                    }
                }
                None => self.plan(place, &mut copies),
            }
        }
        // Several may be copies of one: each of them is a pass of its own.
        while !copies.is_empty() {
            copies.sort_by_key(|file: &Planned| (file.layer, file.offset));
            let mut again = Vec::new();
            let mut round: Vec<Planned> = Vec::new();
            for file in copies {
                let overlaps = round.last().is_some_and(|last| {
                    last.layer == file.layer && file.offset < last.offset + last.size
                });
                if overlaps { again.push(file) } else { round.push(file) }
            }
            self.write_files(&mut round)?;
            copies = again;
        }
        Ok(())
    }

    /// Makes a file; none where it is skipped.
    fn open(&mut self, place: usize) -> Result<Option<File>, AppError> {
        let path = self.path(place);
        match self.folder.make_file(&path) {
            Ok(file) => {
                self.done.files += 1;
                Ok(Some(file))
            }
            Err(error) => self.made(place, Err(error)).map(|_| None),
        }
    }

    fn finish(&mut self, place: usize) -> Result<(), AppError> {
        let Some(row) = self.files.row(place) else { return Ok(()) };
        let attributes = row.attributes;
        let path = self.path(place);
        match self.folder.finish(&path, attributes.mode, attributes.modified) {
            // It was skipped.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done.map_err(|error| self.failed(error)),
        }
    }

    /// Whether something was made; what the file system cannot take is skipped, all else ends the export.
    fn made(&mut self, place: usize, made: io::Result<()>) -> Result<bool, AppError> {
        let Err(error) = made else { return Ok(true) };
        let reason = match error.kind() {
            io::ErrorKind::AlreadyExists => SkipReason::Taken,
            io::ErrorKind::InvalidFilename | io::ErrorKind::InvalidInput => SkipReason::NameRefused,
            // What stands above it was skipped.
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => SkipReason::Taken,
            _ => return Err(self.failed(error)),
        };
        self.skip(place, reason);
        Ok(false)
    }

    fn skip(&mut self, place: usize, reason: SkipReason) {
        self.done.skipped_count += 1;
        if self.done.skipped.len() < MAX_SKIPPED {
            let path = escape(&self.path(place));
            self.done.skipped.push(Skipped { path, reason });
        }
    }

    /// A row's path below the destination.
    fn path(&self, place: usize) -> Vec<u8> {
        let id = self.files.row(place).map_or(u32::MAX, |row| row.id);
        let mut path = self.files.path(id);
        path.drain(..self.cut.min(path.len()));
        path
    }

    fn failed(&self, source: io::Error) -> AppError {
        AppError::Export { path: self.destination.to_owned(), source }
    }
}

/// Carries a failure of ours past the reader, which knows only its own.
fn kept(error: AppError, failure: &mut Option<AppError>) -> io::Error {
    *failure = Some(error);
    io::Error::other("the export failed")
}

fn is_root(path: &[u8]) -> bool {
    path.iter().all(|byte| *byte == b'/')
}

/// The first place after all that is below a row.
fn below(files: &Files, place: usize, depth: usize) -> usize {
    let mut end = place + 1;
    while files.row(end).is_some_and(|row| row.depth > depth) {
        end += 1;
    }
    end
}
