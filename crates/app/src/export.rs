//! Files of an image into a folder of this machine that a person names.

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use strata_layer::{EntryKind, Finish, Folder, finish_file, make_file_at};
use strata_spec::{Digest, Platform};
use strata_tree::Attributes;

use crate::api::{Scope, UserError};
use crate::app::{App, Inner, on_thread};
use crate::error::AppError;
use crate::escape::escape;
use crate::listings::Files;
use crate::stored_image::StoredImage;
use crate::typed_path::is_root;

mod contents;

use contents::{Name, write_parts};

/// How many of the skipped are named.
const MAX_SKIPPED: usize = 1000;

/// What to write, and where.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// The image, as [`App::image_find`] takes it.
    pub image: String,
    /// The platform, where several are stored.
    pub platform: Option<String>,
    /// A file or folder of it, bytes, `/` between; empty or `/` for all. Links are followed, within the image.
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
    /// There is something of that name already, as where a file system knows no capitals.
    Taken,
    /// The file system takes no such name or target, or no more names of one file.
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
    /// Everything is written below the destination and nowhere else; links are texts that are not followed; devices are
    /// left out. Owners, and bits that give rights, are set if we are root. A failure leaves what was written so far.
    ///
    /// # Errors
    /// If there is no such image, layer or path, the store is damaged, or the destination cannot be written.
    pub async fn export(&self, wanted: ExportRequest) -> Result<Exported, UserError> {
        let inner = self.inner.clone();
        on_thread("an export", move || inner.export(&wanted)).await
    }
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
    pub(crate) fn export(&self, wanted: &ExportRequest) -> Result<Exported, AppError> {
        let platform = wanted.platform.as_deref().map(Platform::parse).transpose()?;
        let image = StoredImage::find(&self.store, &wanted.image, platform.as_ref())?;
        let count = image.layers().len();
        let unknown = || self.absent(&image, &wanted.image, &wanted.path, wanted.layer);
        let layer = wanted.layer.unwrap_or(count);
        let top = layer.checked_sub(1).filter(|top| *top < count);
        let manifest = &image.record.manifest;
        let destination = wanted.destination.as_path();
        let cannot = |source| unwritable(destination, source);
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
            let id = files.follow(&wanted.path).ok_or_else(unknown)?;
            let place = files.place(id).ok_or_else(unknown)?;
            let row = files.row(place).ok_or_else(unknown)?;
            if row.kind != EntryKind::Directory {
                return self.export_file(manifest, &files, wanted);
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

    /// A single file, or the one that a symbolic link leads to within the image.
    fn export_file(
        &self,
        manifest: &Digest,
        files: &Files,
        wanted: &ExportRequest,
    ) -> Result<Exported, AppError> {
        let unknown = || AppError::PathUnknown { path: escape(&wanted.path) };
        let id = files.follow(&wanted.path).ok_or_else(unknown)?;
        let (layer, node) = files.entry(id).ok_or_else(unknown)?;
        let row = files.place(id).and_then(|place| files.row(place)).ok_or_else(unknown)?;
        let content = self.locate(manifest, layer, node, &wanted.path)?;
        let destination = wanted.destination.as_path();
        let cannot = |source| unwritable(destination, source);
        let mut file = make_file_at(destination).map_err(cannot)?;
        let copied = match &content.sparse {
            Some(map) => write_parts(self, manifest, content.layer, map, &mut file),
            None => self.copy(manifest, &content, content.size, &mut file),
        };
        let written = copied.and_then(|()| {
            let xattrs = files.xattrs(id);
            finish_file(&file, &finish(row.attributes, &xattrs)).map_err(cannot)
        });
        if let Err(error) = written {
            // Half a file would look like a whole one.
            std::fs::remove_file(destination).ok();
            return Err(match error {
                AppError::Output { source } => cannot(source),
                other => other,
            });
        }
        Ok(Exported { files: 1, bytes: content.size, ..Exported::default() })
    }
}

impl Export<'_> {
    /// Folders first, then the files of each layer in one pass, then links, at last modes and times from the inside out.
    fn run(&mut self, range: std::ops::Range<usize>) -> Result<(), AppError> {
        let (mut folders, mut links) = (Vec::new(), Vec::new());
        let (mut files, mut hard) = (Vec::new(), Vec::new());
        // The folder that was skipped last: what is in it goes with it, and nowhere else.
        let mut skipped: Option<(usize, SkipReason)> = None;
        for place in range {
            let Some(row) = self.files.row(place) else { break };
            let (depth, kind) = (row.depth, row.kind);
            skipped = skipped.filter(|(above, _)| depth > *above);
            if let Some((_, reason)) = skipped {
                self.skip(place, reason);
                continue;
            }
            match kind {
                EntryKind::Directory => {
                    let made = self.folder.make_folder(&self.path(place));
                    match self.refusal(made)? {
                        None => {
                            folders.push(place);
                            self.done.folders += 1;
                        }
                        Some(reason) => {
                            self.skip(place, reason);
                            skipped = Some((depth, reason));
                        }
                    }
                }
                EntryKind::File => files.push(place),
                EntryKind::Symlink => links.push(place),
                EntryKind::Hardlink => hard.push(place),
                EntryKind::CharDevice | EntryKind::BlockDevice | EntryKind::Fifo => {
                    self.skip(place, SkipReason::Special);
                }
            }
        }
        // The lists that hard links are looked up in are one for each layer, and few are kept.
        hard.sort_by_key(|&place| self.files.row(place).map(|row| row.layer));
        let mut names: Vec<Name> = Vec::with_capacity(files.len() + hard.len());
        for place in files.into_iter().chain(hard) {
            names.extend(self.name(place)?);
        }
        self.write_contents(names)?;
        self.make_links(&links)?;
        self.finish_folders(&folders)
    }

    /// They are made when no file is written any more; even so no path is opened through one.
    fn make_links(&mut self, links: &[usize]) -> Result<(), AppError> {
        for &place in links {
            let target = self.files.row(place).map_or(&b""[..], |row| row.link);
            let made = self.folder.make_link(&self.path(place), target);
            if self.made(place, made)? {
                self.done.links += 1;
                let Some(row) = self.files.row(place) else { continue };
                let finished =
                    self.folder.finish_link(&self.path(place), &finish(row.attributes, &[]));
                finished.map_err(|error| self.failed(error))?;
            }
        }
        Ok(())
    }

    /// From the inside out: what is written into a folder changes its time, and its mode may forbid it.
    fn finish_folders(&mut self, folders: &[usize]) -> Result<(), AppError> {
        for &place in folders.iter().rev() {
            let Some(row) = self.files.row(place) else { continue };
            let xattrs = self.files.xattrs(row.id);
            let done = self.folder.finish(&self.path(place), &finish(row.attributes, &xattrs));
            done.map_err(|error| self.failed(error))?;
        }
        Ok(())
    }

    /// Whether something was made; what the file system cannot take is skipped, all else ends the export.
    fn made(&mut self, place: usize, made: io::Result<()>) -> Result<bool, AppError> {
        let refusal = self.refusal(made)?;
        if let Some(reason) = refusal {
            self.skip(place, reason);
        }
        Ok(refusal.is_none())
    }

    /// Why the file system did not take something, if that is no reason to end the export.
    fn refusal(&self, made: io::Result<()>) -> Result<Option<SkipReason>, AppError> {
        let Err(error) = made else { return Ok(None) };
        match error.kind() {
            io::ErrorKind::AlreadyExists => Ok(Some(SkipReason::Taken)),
            io::ErrorKind::InvalidFilename
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::TooManyLinks
            // A symbolic link to nothing at all.
            | io::ErrorKind::NotFound => Ok(Some(SkipReason::NameRefused)),
            _ => Err(self.failed(error)),
        }
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

/// What a file has beside its content, as it is set.
fn finish<'a>(attributes: Attributes, xattrs: &'a [(&'a [u8], &'a [u8])]) -> Finish<'a> {
    let Attributes { mode, uid, gid, modified } = attributes;
    Finish { mode, uid, gid, modified, xattrs }
}

/// Why a destination cannot be written.
fn unwritable(destination: &Path, source: io::Error) -> AppError {
    let path = destination.to_owned();
    match source.kind() {
        io::ErrorKind::AlreadyExists => AppError::DestinationTaken { path },
        _ => AppError::Export { path, source },
    }
}

/// The first place after all that is below a row.
fn below(files: &Files, place: usize, depth: usize) -> usize {
    let mut end = place + 1;
    while files.row(end).is_some_and(|row| row.depth > depth) {
        end += 1;
    }
    end
}
