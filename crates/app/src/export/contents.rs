//! The files of an export: each layer is read once, each content is written once, and further names are given to it.

use std::fs::File;
use std::io::{self, Write};

use strata_layer::{Limits, finish_file, read_ranges};

use super::{Export, SkipReason};
use crate::error::AppError;
use crate::stored_image::documents;

/// One name of a file: its row, and where its bytes are.
pub(super) struct Name {
    place: usize,
    /// The layer, from 0.
    layer: usize,
    offset: u64,
    size: u64,
}

/// A file that is being written.
struct Open<'a> {
    file: File,
    place: usize,
    /// Its other names.
    others: &'a [Name],
}

impl Export<'_> {
    /// Where the bytes of a file or hard link are; none if it is skipped.
    pub(super) fn name(&mut self, place: usize) -> Result<Option<Name>, AppError> {
        let Some(row) = self.files.row(place) else { return Ok(None) };
        let path = self.files.path(row.id);
        let reason = match self.inner.locate(self.manifest, row.layer, row.node, &path) {
            Ok(content) => {
                let (layer, offset, size) = (content.layer, content.offset, content.size);
                return Ok(Some(Name { place, layer, offset, size }));
            }
            Err(AppError::Sparse { .. }) => SkipReason::Sparse,
            Err(AppError::PathUnknown { .. } | AppError::NotAFile { .. }) => SkipReason::LinkLost,
            Err(other) => return Err(other),
        };
        self.skip(place, reason);
        Ok(None)
    }

    /// Writes all of these. Of several names of one content the first is the one that is written: files before hard
    /// links.
    pub(super) fn write_contents(&mut self, mut names: Vec<Name>) -> Result<(), AppError> {
        names.sort_by_key(|name| (name.layer, name.offset));
        let limit = Limits::default().max_tar_bytes;
        let contents = names.chunk_by(is_same);
        let total = contents.fold(0_u64, |sum, names| sum.saturating_add(names[0].size));
        if total > limit {
            let source = io::Error::other(format!("{total} bytes are more than {limit}"));
            return Err(self.failed(source));
        }
        for layer in names.chunk_by(|one, other| one.layer == other.layer) {
            let (empty, full): (Vec<&[Name]>, Vec<&[Name]>) =
                layer.chunk_by(is_same).partition(|names| names[0].size == 0);
            for names in empty {
                let open = self.open(names)?;
                self.close(open)?;
            }
            if !full.is_empty() {
                self.write_layer(layer[0].layer, &full)?;
            }
        }
        Ok(())
    }

    /// Writes the files of one layer, reading it once.
    fn write_layer(&mut self, layer: usize, contents: &[&[Name]]) -> Result<(), AppError> {
        let (parsed, config) = documents(&self.inner.store, self.manifest)?;
        let count = parsed.layers().len();
        let unknown = AppError::LayerUnknown { layer: layer + 1, count };
        let digest = parsed.layers().get(layer).ok_or(unknown)?.digest.clone();
        let source = self.inner.store.open_blob(&digest)?;
        let ranges: Vec<(u64, u64)> =
            contents.iter().map(|names| (names[0].offset, names[0].size)).collect();
        let (mut at, mut open, mut failure) = (None, None, None);
        let read = read_ranges(source, &ranges, &mut |content, bytes| {
            let written = self.write(contents, content, bytes, &mut at, &mut open);
            // The reader knows only failures of its own.
            written.map_err(|error| {
                failure = Some(error);
                io::Error::other("the export failed")
            })
        });
        match (read, failure) {
            (_, Some(failure)) => Err(failure),
            (Err(source), None) => {
                // It was whole when it came: the next pull must not take it for what it was.
                if let Some(diff_id) = config.diff_ids().get(layer) {
                    self.inner.store.doubt_layer(diff_id)?;
                }
                Err(AppError::Layer { digest, source })
            }
            (Ok(()), None) => self.close(open),
        }
    }

    /// Writes some bytes of a content; when it is another one than `at`, the one before is complete.
    fn write<'a>(
        &mut self,
        contents: &[&'a [Name]],
        content: usize,
        bytes: &[u8],
        at: &mut Option<usize>,
        open: &mut Option<Open<'a>>,
    ) -> Result<(), AppError> {
        if *at != Some(content) {
            self.close(open.take())?;
            *open = self.open(contents[content])?;
            *at = Some(content);
        }
        if let Some(open) = open {
            open.file.write_all(bytes).map_err(|error| self.failed(error))?;
            self.done.bytes += bytes.len() as u64;
        }
        Ok(())
    }

    /// Makes the file of the first name that the file system takes; none where it takes none of them.
    fn open<'a>(&mut self, names: &'a [Name]) -> Result<Option<Open<'a>>, AppError> {
        for (number, name) in names.iter().enumerate() {
            let place = name.place;
            match self.folder.make_file(&self.path(place)) {
                Ok(file) => {
                    self.done.files += 1;
                    return Ok(Some(Open { file, place, others: &names[number + 1..] }));
                }
                Err(error) => {
                    self.made(place, Err(error))?;
                }
            }
        }
        Ok(None)
    }

    /// Sets mode and time of a file whose bytes are all there, and gives it its other names.
    fn close(&mut self, open: Option<Open<'_>>) -> Result<(), AppError> {
        let Some(Open { file, place, others }) = open else { return Ok(()) };
        if let Some(row) = self.files.row(place) {
            let finished = finish_file(&file, row.attributes.mode, row.attributes.modified);
            finished.map_err(|error| self.failed(error))?;
        }
        let path = self.path(place);
        for other in others {
            let made = self.folder.name_again(&path, &self.path(other.place));
            if self.made(other.place, made)? {
                self.done.links += 1;
            }
        }
        Ok(())
    }
}

/// Whether two names are of one content.
fn is_same(one: &Name, other: &Name) -> bool {
    (one.layer, one.offset) == (other.layer, other.offset)
}
