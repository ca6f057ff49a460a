//! `ADD` of an archive: what is in it goes to where it would have gone.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use strata_layer::{Entry, EntryKind, EntrySink, LayerError, Limits, NewEntry, read_range, scan};

use super::layout::{Content, Layout};
use super::{join, shown};
use crate::BuildError;

/// Collects the entries of an archive.
#[derive(Default)]
struct Entries(Vec<Entry>);

impl EntrySink for Entries {
    fn entry(&mut self, entry: Entry) -> Result<(), LayerError> {
        self.0.push(entry);
        Ok(())
    }
}

/// An archive that was taken apart.
pub(crate) struct Unpacked {
    entries: Vec<Entry>,
    /// Its plain tar.
    plain: Arc<File>,
}

/// What an xz stream begins with.
const XZ: &[u8] = b"\xfd7zXZ\0";
/// What an xz stream may need for its dictionary, in KiB: that of its highest level and some more.
const XZ_MEMORY_KB: u32 = 256 << 10;

/// The plain bytes of a file that is packed with what layers never are; none if it is not.
fn decoded(
    name: &str,
    packed: &File,
    scratch: &dyn Fn() -> std::io::Result<File>,
) -> Result<Option<File>, BuildError> {
    let failed = |source| {
        let path = name.to_owned();
        BuildError::Archive { path, source: LayerError::Source { source } }
    };
    let mut first = [0; 10];
    let mut from = packed;
    let length = from.read(&mut first).map_err(failed)?;
    from.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut stream: Box<dyn Read> = match &first[..length] {
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Box::new(bzip2::read::MultiBzDecoder::new(from)),
        start if start.starts_with(XZ) => {
            Box::new(lzma_rust2::XzReader::new_mem_limit(from, true, XZ_MEMORY_KB))
        }
        _ => return Ok(None),
    };
    let limits = Limits::default();
    let size = packed.metadata().map_err(failed)?.len();
    let limit = size.saturating_mul(limits.max_ratio).max(limits.ratio_from_bytes);
    let limit = limit.min(limits.max_tar_bytes);
    let mut plain = scratch().map_err(failed)?;
    let copied = std::io::copy(&mut (&mut stream).take(limit + 1), &mut plain);
    match copied {
        Ok(found) if found > limit => {
            let source = LayerError::Limit { what: "the size of an archive", limit, found };
            Err(BuildError::Archive { path: name.to_owned(), source })
        }
        Ok(_) => {
            plain.seek(SeekFrom::Start(0)).map_err(failed)?;
            Ok(Some(plain))
        }
        // What only looks like it is a file like any other.
        Err(_) if plain.metadata().map_err(failed)?.len() == 0 => Ok(None),
        Err(source) => Err(failed(source)),
    }
}

/// Reads a file as an archive; none if it is none. `scratch` gives a file without a name.
pub(crate) fn unpacked(
    name: &str,
    packed: &mut File,
    scratch: &dyn Fn() -> std::io::Result<File>,
) -> Result<Option<Unpacked>, BuildError> {
    let failed = |source| BuildError::Archive { path: name.to_owned(), source };
    let io = |source| failed(LayerError::Source { source });
    packed.seek(SeekFrom::Start(0)).map_err(io)?;
    let mut decoded = decoded(name, packed, scratch)?;
    let packed = decoded.as_mut().unwrap_or(packed);
    packed.seek(SeekFrom::Start(0)).map_err(io)?;
    let mut sink = Entries::default();
    let scanned = match scan(&*packed, &Limits::default(), &mut sink) {
        Ok(scanned) if !sink.0.is_empty() => scanned,
        Err(source) if !sink.0.is_empty() => return Err(failed(source)),
        _ => return Ok(None),
    };
    packed.seek(SeekFrom::Start(0)).map_err(io)?;
    let mut plain = scratch().map_err(io)?;
    read_range(&*packed, 0, scanned.tar_bytes, &mut plain).map_err(failed)?;
    Ok(Some(Unpacked { entries: sink.0, plain: Arc::new(plain) }))
}

impl Layout<'_> {
    /// Puts the entries of an archive below a folder. Links of the image and of the archive itself are followed within
    /// the image.
    pub fn unpack(&mut self, unpacked: Unpacked, destination: &str) -> Result<(), BuildError> {
        let root = self.resolve(destination.as_bytes())?;
        self.make_folder(&root)?;
        for entry in unpacked.entries {
            if entry.path.is_empty() || entry.sparse {
                continue;
            }
            let target = self.within(&root, &entry.path)?;
            let offset = entry.offset;
            let content = match entry.kind {
                EntryKind::File => Content::Piece { file: Arc::clone(&unpacked.plain), offset },
                _ => Content::None,
            };
            let mut new = NewEntry { path: target, ..NewEntry::from(entry) };
            let content = match new.kind {
                EntryKind::Hardlink => {
                    let original = self.within(&root, &new.link)?;
                    self.same_as(&mut new, &original)?
                }
                _ => content,
            };
            if let Some(owner) = self.owner {
                (new.uid, new.gid) = (owner.uid.into(), owner.gid.into());
            }
            self.replace(new, content)?;
        }
        Ok(())
    }

    /// A path below a folder: links on the way are followed, the last name is not.
    fn within(&mut self, root: &[u8], path: &[u8]) -> Result<Vec<u8>, BuildError> {
        let (folder, name) =
            path.split_at(path.iter().rposition(|&byte| byte == b'/').map_or(0, |at| at + 1));
        let folder = self.resolve(&join(root, folder))?;
        self.make_folder(&folder)?;
        Ok(join(&folder, name))
    }

    /// Another name of a file that the archive has put there: its content once more.
    fn same_as(&self, entry: &mut NewEntry, original: &[u8]) -> Result<Content, BuildError> {
        let Some(planned) = self.planned.get(original) else {
            let reason = "the archive has a hard link to what is not in it";
            let path = format!("/{}", shown(&entry.path));
            return Err(BuildError::Destination { line: self.line, path, reason });
        };
        let path = std::mem::take(&mut entry.path);
        *entry = NewEntry { path, ..planned.entry.clone() };
        Ok(planned.content.clone())
    }

    /// As unpacking does it: what is of another kind goes.
    fn replace(&mut self, entry: NewEntry, content: Content) -> Result<(), BuildError> {
        let there = self.there(&entry.path).map(|(kind, _)| kind);
        let is_other = there.is_some_and(|there| {
            (there == EntryKind::Directory) != (entry.kind == EntryKind::Directory)
        });
        if !is_other {
            return self.add(entry, content);
        }
        let below = [&entry.path[..], b"/"].concat();
        self.planned.retain(|path, _| *path != entry.path && !path.starts_with(&below));
        let stack = self.stack.take();
        let added = self.add(entry, content);
        self.stack = stack;
        added
    }
}

/// A piece of a file, for reading.
pub(crate) struct Piece {
    file: Arc<File>,
    offset: u64,
    left: u64,
}

impl Piece {
    pub fn new(file: Arc<File>, offset: u64, size: u64) -> Self {
        Self { file, offset, left: size }
    }
}

impl Read for Piece {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.offset))?;
        let read = file.read(&mut buffer[..most])?;
        self.offset += read as u64;
        self.left -= read as u64;
        Ok(read)
    }
}
