//! The walk over a layer's tar.

use std::io::{BufRead, BufReader, Read};

use strata_spec::DiffId;

use crate::checkpoint::Recorder;
use crate::compression::{Decoder, Patience};
use crate::error::shown;
use crate::extension::{Extensions, check_global};
use crate::header::{BLOCK, Numbers, Parsed, Role, is_zero, number, parse};
use crate::path::clean;
use crate::plain::Plain;

use crate::{
    Checkpoints, Compression, Entry, EntryKind, EntrySink, Fingerprint, FingerprintKey, LayerError,
    Limits, Timestamp,
};

/// Compressed bytes read at once, where the source has no buffer of its own.
const SOURCE_BUFFER: usize = 64 * 1024;

/// What a scan found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// How the layer is packed.
    pub compression: Compression,
    /// The digest of the plain tar.
    pub diff_id: DiffId,
    /// The bytes of the plain tar.
    pub tar_bytes: u64,
    /// How many entries were handed on.
    pub entries: u64,
    /// Bytes from the first that is not zero after the end mark: content that no tool unpacks. Usually 0.
    pub bytes_after_end: u64,
    /// Where reading can begin later.
    pub checkpoints: Checkpoints,
}

/// Reads a layer once, from start to end, hashing its plain tar and handing each entry to `sink`.
///
/// `source` is read to its end. Memory stays below half a megabyte plus the decoder's window and the checkpoints
/// (some 12 KiB for every 16 MiB, at most 4 MiB), whatever is claimed. The
/// windows of all layers that a process reads share 32 MiB; one that is larger, up to 128 MiB, is decoded alone: that may
/// have to be waited for.
///
/// # Errors
/// Any of [`LayerError`]; [`LayerError::Source`] holds the source's own error unchanged.
pub fn scan<R: Read>(
    source: R,
    limits: &Limits,
    sink: &mut dyn EntrySink,
) -> Result<Scanned, LayerError> {
    scan_buffered(BufReader::with_capacity(SOURCE_BUFFER, source), limits, sink)
}

/// As [`scan`], for a source that has its bytes in memory already: they are decoded where they are.
///
/// # Errors
/// As [`scan`].
pub fn scan_buffered<R: BufRead>(
    source: R,
    limits: &Limits,
    sink: &mut dyn EntrySink,
) -> Result<Scanned, LayerError> {
    scan_with(source, limits, sink, Patience::Waits)
}

/// As [`scan_buffered`], for a source that others than this machine feed: where the memory that decoding takes is in use,
/// it gives up rather than wait, and what was handed to `sink` so far is to be dropped.
///
/// # Errors
/// As [`scan`], and [`LayerError::Crowded`].
pub fn scan_arriving<R: BufRead>(
    source: R,
    limits: &Limits,
    sink: &mut dyn EntrySink,
) -> Result<Scanned, LayerError> {
    scan_with(source, limits, sink, Patience::GivesUp)
}

fn scan_with<R: BufRead>(
    source: R,
    limits: &Limits,
    sink: &mut dyn EntrySink,
    patience: Patience,
) -> Result<Scanned, LayerError> {
    let recorder = Recorder::after(Checkpoints::default());
    let decoder = Decoder::open(source, recorder, patience)?;
    let compression = decoder.compression();
    let key = sink.fingerprint_key();
    let mut walk = Walk { plain: Plain::new(decoder, limits), limits, sink, key, entries: 0 };
    walk.entries()?;
    let bytes_after_end = walk.drain()?;
    let entries = walk.entries;
    let (diff_id, tar_bytes, checkpoints) = walk.plain.finish();
    Ok(Scanned { compression, diff_id, tar_bytes, entries, bytes_after_end, checkpoints })
}

struct Walk<'a, R: BufRead> {
    plain: Plain<'a, R>,
    limits: &'a Limits,
    sink: &'a mut dyn EntrySink,
    key: FingerprintKey,
    entries: u64,
}

impl<R: BufRead> Walk<'_, R> {
    /// All entries up to the end mark. A tar that ends after a whole entry, without a mark, is whole too.
    fn entries(&mut self) -> Result<(), LayerError> {
        let mut extensions = Extensions::default();
        loop {
            let offset = self.plain.position();
            let Some(block) = self.plain.block()? else { return Ok(()) };
            if is_zero(&block) {
                return self.end_mark();
            }
            let parsed = parse(&block, offset)?;
            match parsed.role {
                Role::Pax => {
                    let data = self.extension(&parsed, &extensions, offset)?;
                    extensions.add_pax(&data, offset)?;
                }
                Role::PaxGlobal => {
                    check_global(&self.extension(&parsed, &extensions, offset)?, offset)?;
                }
                Role::LongName | Role::LongLink => {
                    let data = self.extension(&parsed, &extensions, offset)?;
                    extensions.add_long(&data, parsed.role == Role::LongLink);
                }
                Role::Entry(kind) => self.entry(&parsed, kind, std::mem::take(&mut extensions))?,
                Role::GnuSparse => {
                    let mut extensions = std::mem::take(&mut extensions);
                    self.gnu_sparse(&block, &mut extensions, offset)?;
                    self.entry(&parsed, EntryKind::File, extensions)?;
                }
            }
        }
    }

    /// The second zero block of the end. One alone at the very end does as well.
    fn end_mark(&mut self) -> Result<(), LayerError> {
        let offset = self.plain.position();
        match self.plain.block()? {
            Some(block) if !is_zero(&block) => {
                Err(LayerError::Header { offset, reason: "it follows half an end mark" })
            }
            _ => Ok(()),
        }
    }

    /// The content of an extension header. All that belong to one entry count together: many small ones fill memory
    /// as a large one does.
    fn extension(
        &mut self,
        parsed: &Parsed,
        before: &Extensions,
        offset: u64,
    ) -> Result<Vec<u8>, LayerError> {
        let size = parsed.numbers.size;
        let limit = self.limits.max_extension_bytes;
        let found = size.saturating_add(before.bytes);
        if found > limit {
            return Err(LayerError::Limit { what: "the size of an extension", limit, found });
        }
        let mut data = Vec::new();
        let whole = self.plain.each(size, |piece| {
            data.extend_from_slice(piece);
            Ok(())
        })?;
        let whole = whole && self.plain.each(padding(size), |_| Ok(()))?;
        if whole {
            return Ok(data);
        }
        Err(LayerError::Cut { subject: format!("an extension at byte {offset}") })
    }

    /// The old GNU form of sparse files: more of its map may follow in blocks of their own.
    fn gnu_sparse(
        &mut self,
        block: &[u8; BLOCK],
        extensions: &mut Extensions,
        offset: u64,
    ) -> Result<(), LayerError> {
        const IN_HEADER: std::ops::Range<usize> = 386..482;
        const REAL_SIZE: std::ops::Range<usize> = 483..495;
        const MORE_IN_HEADER: usize = 482;
        const MORE_IN_BLOCK: usize = 504;
        let wrong = |reason| LayerError::Header { offset, reason };
        let real = number(&block[REAL_SIZE]).map_err(wrong)?;
        extensions.sparse = true;
        extensions.sparse_size =
            Some(u64::try_from(real).map_err(|_| wrong("its real size is out of range"))?);
        self.sparse_numbers(&block[IN_HEADER], extensions, offset)?;
        let mut more = block[MORE_IN_HEADER] != 0;
        while more {
            let cut = || LayerError::Cut { subject: "a sparse file's map".to_owned() };
            let next = self.plain.block()?.ok_or_else(cut)?;
            self.sparse_numbers(&next[..MORE_IN_BLOCK], extensions, offset)?;
            more = next[MORE_IN_BLOCK] != 0;
        }
        Ok(())
    }

    /// Places and lengths in an old GNU header, or a block after it: twelve bytes each, and zeros where there are no more.
    fn sparse_numbers(
        &self,
        fields: &[u8],
        extensions: &mut Extensions,
        offset: u64,
    ) -> Result<(), LayerError> {
        let wrong = |reason| LayerError::Header { offset, reason };
        let limit = self.limits.max_extension_bytes;
        for pair in fields.chunks_exact(24).filter(|pair| pair[0] != 0) {
            for field in pair.chunks_exact(12) {
                let number = number(field).map_err(wrong)?;
                let number = u64::try_from(number).map_err(|_| wrong("its map is out of range"))?;
                extensions.sparse_numbers.push(number);
            }
            extensions.bytes += 24;
            if extensions.bytes > limit {
                let found = extensions.bytes;
                return Err(LayerError::Limit { what: "the size of an extension", limit, found });
            }
        }
        Ok(())
    }

    /// One entry: its meaning from header and extensions, its content hashed, the whole handed on.
    fn entry(
        &mut self,
        parsed: &Parsed,
        kind: EntryKind,
        extensions: Extensions,
    ) -> Result<(), LayerError> {
        self.entries += 1;
        let limit = self.limits.max_entries;
        if self.entries > limit {
            let found = self.entries;
            return Err(LayerError::Limit { what: "the number of entries", limit, found });
        }
        let stored = match kind {
            EntryKind::File => extensions.size.unwrap_or(parsed.numbers.size),
            _ => 0,
        };
        let pairs =
            extensions.sparse_numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        let mut entry = self.meaning(parsed, kind, extensions, stored)?;
        // What the header claims is compared before a byte of it is waited for.
        let limit = self.limits.max_tar_bytes;
        if entry.size.max(stored) > limit {
            let found = entry.size.max(stored);
            return Err(LayerError::Limit { what: "the size of a file", limit, found });
        }
        if kind == EntryKind::File {
            if entry.sparse {
                self.sink.sparse(pairs);
            }
            let is_wanted = self.sink.begin(&entry)?;
            entry.fingerprint = self.content(stored, &entry.path, is_wanted)?;
        }
        self.sink.entry(entry)
    }

    fn meaning(
        &self,
        parsed: &Parsed,
        kind: EntryKind,
        extensions: Extensions,
        stored: u64,
    ) -> Result<Entry, LayerError> {
        let Numbers { mode, uid, gid, seconds, device, .. } = parsed.numbers;
        let limit = self.limits.max_path_bytes;
        let named = extensions.sparse_name.or(extensions.long_name).or(extensions.path);
        let path = match &named {
            Some(path) => clean(path, limit)?,
            None => clean(&parsed.header.path_bytes(), limit)?,
        };
        if is_senseless_deletion(&path) {
            let reason = "it would delete nothing, its own folder, or the one above";
            return Err(LayerError::Path { path: shown(&path), reason });
        }
        let linked = extensions
            .long_link
            .or(extensions.link)
            .unwrap_or_else(|| parsed.header.link_name_bytes().unwrap_or_default().into_owned());
        let link = target(kind, linked, limit)?;
        let is_device = matches!(kind, EntryKind::CharDevice | EntryKind::BlockDevice);
        let size = match kind {
            EntryKind::File => extensions.sparse_size.unwrap_or(stored),
            _ => 0,
        };
        Ok(Entry {
            path,
            kind,
            mode,
            uid: extensions.uid.unwrap_or(uid),
            gid: extensions.gid.unwrap_or(gid),
            size,
            modified: extensions.modified.unwrap_or(Timestamp { seconds, nanos: 0 }),
            link,
            device: if is_device { device } else { (0, 0) },
            xattrs: extensions.xattrs,
            offset: self.plain.position(),
            sparse: extensions.sparse && kind == EntryKind::File,
            fingerprint: Fingerprint::default(),
        })
    }

    fn content(
        &mut self,
        size: u64,
        path: &[u8],
        is_wanted: bool,
    ) -> Result<Fingerprint, LayerError> {
        let mut fingerprint = self.key.begin();
        let whole = self.plain.each(size, |piece| {
            fingerprint.update(piece);
            if is_wanted { self.sink.content(piece) } else { Ok(()) }
        })?;
        // The padding of a last file may be missing where a tar has no end mark.
        let padded =
            whole && (self.plain.each(padding(size), |_| Ok(()))? || self.plain.peek()?.is_empty());
        if !padded {
            return Err(LayerError::Cut { subject: format!("`{}`", shown(path)) });
        }
        Ok(fingerprint.finish())
    }

    /// Reads what follows the end, so that all bytes are hashed.
    fn drain(&mut self) -> Result<u64, LayerError> {
        let mut after = 0_u64;
        loop {
            let next = self.plain.peek()?;
            if next.is_empty() {
                return Ok(after);
            }
            let length = next.len();
            let zeros = match after {
                0 => next.iter().take_while(|&&byte| byte == 0).count(),
                _ => 0,
            };
            after += (length - zeros) as u64;
            self.plain.consume(length);
        }
    }
}

/// Unpackers refuse deletions of nothing, of `.` and of `..`; a list that passes over them would say that all is well.
pub(crate) fn is_senseless_deletion(path: &[u8]) -> bool {
    let begin = path.iter().rposition(|&byte| byte == b'/').map_or(0, |at| at + 1);
    matches!(&path[begin..], b".wh." | b".wh.." | b".wh...")
}

/// Where a link leads. A symbolic one is kept exactly, and never followed here; a hard one is a path of the image.
pub(crate) fn target(kind: EntryKind, linked: Vec<u8>, limit: u64) -> Result<Vec<u8>, LayerError> {
    let found = linked.len() as u64;
    match kind {
        EntryKind::Hardlink => clean(&linked, limit),
        EntryKind::Symlink if found > limit => {
            Err(LayerError::Limit { what: "the length of a link's target", limit, found })
        }
        EntryKind::Symlink => Ok(linked),
        _ => Ok(Vec::new()),
    }
}

/// Zeros that fill the last block of `size` bytes.
fn padding(size: u64) -> u64 {
    size.next_multiple_of(BLOCK as u64) - size
}
