//! The files of an export: each layer is read once, each content is written once, and further names are given to it.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

use strata_layer::{Fingerprint, Fingerprinting, Limits, SparseMap, finish_file};
use strata_spec::Digest;
use strata_transfer::ByteRange;

use super::{Export, SkipReason, finish};
use crate::app::Inner;
use crate::content::Content;
use crate::error::AppError;
use crate::packed_layer::open_layer;

/// One name of a file: its row, and where its bytes are.
pub(super) struct Name {
    place: usize,
    /// The layer, from 0.
    layer: usize,
    offset: u64,
    size: u64,
    fingerprint: Fingerprint,
}

/// A file that is being written.
struct Open<'a> {
    file: File,
    place: usize,
    /// Its other names.
    others: &'a [Name],
}

/// How far the files of a layer are written.
struct Progress<'a> {
    /// The content that is being written; none before the first.
    at: Option<usize>,
    /// Its file; none if it is skipped.
    open: Option<Open<'a>>,
    /// How many bytes of it have come, and what they are.
    written: u64,
    made: Fingerprinting,
}

/// Why writing stopped.
enum Stop {
    Failed(AppError),
    /// The content that came last is not what it was.
    Changed,
}

impl From<AppError> for Stop {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

impl Export<'_> {
    /// Where the bytes of a file or hard link are; none if it is skipped.
    pub(super) fn name(&mut self, place: usize) -> Result<Option<Name>, AppError> {
        let Some(row) = self.files.row(place) else { return Ok(None) };
        let path = self.files.path(row.id);
        let reason = match self.inner.locate(self.manifest, row.layer, row.node, &path) {
            Ok(content) => {
                let Content { layer, offset, size, fingerprint, sparse } = content;
                if let Some(map) = sparse {
                    self.write_sparse(place, layer, &map)?;
                    return Ok(None);
                }
                return Ok(Some(Name { place, layer, offset, size, fingerprint }));
            }
            Err(AppError::PathUnknown { .. } | AppError::NotAFile { .. }) => SkipReason::LinkLost,
            Err(other) => return Err(other),
        };
        self.skip(place, reason);
        Ok(None)
    }

    /// Writes a file that the layer has without its holes; the new one has them too, where the file system can.
    fn write_sparse(
        &mut self,
        place: usize,
        layer: usize,
        map: &SparseMap,
    ) -> Result<(), AppError> {
        let mut file = match self.folder.make_file(&self.path(place)) {
            Ok(file) => file,
            Err(error) => return self.made(place, Err(error)).map(|_| ()),
        };
        write_parts(self.inner, self.manifest, layer, map, &mut file).map_err(
            |error| match error {
                AppError::Output { source } => self.failed(source),
                other => other,
            },
        )?;
        self.done.files += 1;
        self.done.bytes += map.size;
        self.close(Some(Open { file, place, others: &[] }))
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

    /// Writes the files of one layer, reading it once, and only what is needed of it. A file that comes out wrong from the
    /// middle of the layer is read again from the layer's start, with all that follow.
    fn write_layer(&mut self, layer: usize, contents: &[&[Name]]) -> Result<(), AppError> {
        let inner = self.inner;
        let mut layer = open_layer(&inner.store, self.manifest, layer)?;
        let ranges: Vec<(u64, u64)> =
            contents.iter().map(|names| (names[0].offset, names[0].size)).collect();
        let (at, open, begun) = (None, None, layer.begin());
        let mut progress = Progress { at, open, written: 0, made: begun.clone() };
        let mut first = 0;
        loop {
            let mut stop = None;
            let read = layer.read(&ranges[first..], &mut |content, bytes| {
                let written = self.write(contents, first + content, bytes, &mut progress, &begun);
                // The reader knows only failures of its own.
                written.map_err(|why| {
                    stop = Some(why);
                    io::Error::other("the export stopped")
                })
            });
            match (read, stop) {
                (_, Some(Stop::Failed(failure))) => return Err(failure),
                (_, Some(Stop::Changed)) if layer.distrust() => {
                    self.rewind(&mut progress)?;
                    progress.made = begun.clone();
                    first = progress.at.unwrap_or_default();
                }
                (_, Some(Stop::Changed)) => return Err(layer.changed().into()),
                (Err(source), None) => return Err(layer.damaged(source).into()),
                (Ok(()), None) => return self.close(progress.open),
            }
        }
    }

    /// Writes some bytes of a content; when it is another one than before, that one is complete.
    fn write<'a>(
        &mut self,
        contents: &[&'a [Name]],
        content: usize,
        bytes: &[u8],
        progress: &mut Progress<'a>,
        begun: &Fingerprinting,
    ) -> Result<(), Stop> {
        let names = contents[content];
        if progress.at != Some(content) {
            self.close(progress.open.take())?;
            let open = self.open(names)?;
            *progress = Progress { at: Some(content), open, written: 0, made: begun.clone() };
        }
        if let Some(open) = &mut progress.open {
            open.file.write_all(bytes).map_err(|error| self.failed(error))?;
            self.done.bytes += bytes.len() as u64;
        }
        progress.written += bytes.len() as u64;
        progress.made.update(bytes);
        let is_whole = progress.written == names[0].size;
        if is_whole && progress.made.clone().finish() != names[0].fingerprint {
            return Err(Stop::Changed);
        }
        Ok(())
    }

    /// Empties the file that is being written.
    fn rewind(&mut self, progress: &mut Progress<'_>) -> Result<(), AppError> {
        if let Some(open) = &mut progress.open {
            let emptied = open.file.set_len(0).and_then(|()| open.file.rewind());
            emptied.map_err(|error| self.failed(error))?;
            self.done.bytes -= progress.written;
        }
        progress.written = 0;
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
            let xattrs = self.files.xattrs(row.id);
            let finished = finish_file(&file, &finish(row.attributes, &xattrs));
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

/// Writes what is stored of a sparse file where it belongs, and nothing between.
pub(super) fn write_parts(
    inner: &Inner,
    manifest: &Digest,
    layer: usize,
    map: &SparseMap,
    file: &mut File,
) -> Result<(), AppError> {
    let limit = Limits::default().max_tar_bytes;
    let output = |source| AppError::Output { source };
    if map.size > limit {
        return Err(output(io::Error::other(format!("{} bytes are more than {limit}", map.size))));
    }
    let mut packed = open_layer(&inner.store, manifest, layer)?;
    file.set_len(map.size).map_err(output)?;
    for part in &map.parts {
        file.seek(SeekFrom::Start(part.at)).map_err(output)?;
        packed.copy(ByteRange { offset: part.stored, size: part.size, fingerprint: None }, file)?;
    }
    Ok(())
}

/// Whether two names are of one content.
fn is_same(one: &Name, other: &Name) -> bool {
    (one.layer, one.offset) == (other.layer, other.offset)
}
