//! A layer's tar, written entry by entry.

use std::io::{Read, Write};

use crate::error::shown;
use crate::header::BLOCK;
use crate::path::clean;
use crate::scan::is_senseless_deletion;
use crate::{EntryKind, Limits, NewEntry, Timestamp, WriteError, pax};

/// How much of a content is copied at once.
const BUFFER: usize = 128 * 1024;
/// What a header's fields for numbers can hold: octal digits and an end.
const MAX_ID: u64 = 0o7_777_777;
const MAX_SIZE: u64 = 0o77_777_777_777;
const MAX_DEVICE: u32 = 0o7_777_777;
/// Bytes of a header's fields for names.
const NAME_BYTES: usize = 100;
const PREFIX_BYTES: usize = 155;

/// Writes a tar whose bytes depend on the entries and their order alone: POSIX headers, with extended ones (PAX) only
/// where a value does not fit; no names of users; extended attributes as `SCHILY.xattr.*`, sorted.
///
/// [`crate::scan`] reads back what is written; what it would refuse is refused here.
#[derive(Debug)]
pub struct TarWriter<W: Write> {
    out: W,
    buffer: Vec<u8>,
    limits: Limits,
    bytes: u64,
    entries: u64,
    is_broken: bool,
}

impl<W: Write> TarWriter<W> {
    /// A tar with nothing in it.
    pub fn new(out: W) -> Self {
        let limits = Limits::default();
        Self { out, buffer: Vec::new(), limits, bytes: 0, entries: 0, is_broken: false }
    }

    /// How many entries were written.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// How many bytes were written.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Adds an entry, a file's with its content, which must have the promised size. Nothing is read for any other.
    ///
    /// # Errors
    /// [`WriteError::Entry`] before anything of it is written; any other leaves a tar that is none: then no further
    /// entry is taken.
    pub fn append(&mut self, entry: &NewEntry, content: &mut dyn Read) -> Result<(), WriteError> {
        if self.is_broken {
            return Err(WriteError::Broken);
        }
        let size = if entry.kind == EntryKind::File { entry.size } else { 0 };
        let header = self.checked(entry, size)?;
        self.is_broken = true;
        self.write(&header)?;
        self.copy(entry, size, content)?;
        self.entries += 1;
        self.is_broken = false;
        Ok(())
    }

    /// Adds an entry that has no content.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn append_empty(&mut self, entry: &NewEntry) -> Result<(), WriteError> {
        self.append(entry, &mut std::io::empty())
    }

    /// Writes the end mark. The output is not flushed.
    ///
    /// # Errors
    /// [`WriteError::Output`], or [`WriteError::Broken`] if an entry failed.
    pub fn finish(mut self) -> Result<W, WriteError> {
        if self.is_broken {
            return Err(WriteError::Broken);
        }
        self.write(&[0; 2 * BLOCK])?;
        Ok(self.out)
    }

    /// The headers of an entry, if a layer can have it.
    fn checked(&self, entry: &NewEntry, size: u64) -> Result<Vec<u8>, WriteError> {
        let refused = |reason| Err(WriteError::Entry { path: shown(&entry.path), reason });
        if let Err(reason) = check(entry, &self.limits) {
            return refused(reason);
        }
        if self.bytes.saturating_add(size) > self.limits.max_tar_bytes {
            return refused("it is larger than a layer may be");
        }
        if self.entries >= self.limits.max_entries {
            return refused("there are more entries than a layer may have");
        }
        match headers(entry, size, &self.limits) {
            Ok(headers) => Ok(headers),
            Err(reason) => refused(reason),
        }
    }

    fn copy(
        &mut self,
        entry: &NewEntry,
        size: u64,
        content: &mut dyn Read,
    ) -> Result<(), WriteError> {
        if size == 0 && entry.kind != EntryKind::File {
            return Ok(());
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.resize(BUFFER, 0);
        let copied = self.copy_with(&mut buffer, entry, size, content);
        self.buffer = buffer;
        copied?;
        let padding = usize::try_from(size.next_multiple_of(BLOCK as u64) - size).unwrap_or(0);
        self.write(&[0; BLOCK][..padding])
    }

    fn copy_with(
        &mut self,
        buffer: &mut [u8],
        entry: &NewEntry,
        size: u64,
        content: &mut dyn Read,
    ) -> Result<(), WriteError> {
        let changed = || Err(WriteError::Changed { path: shown(&entry.path), promised: size });
        let mut left = size;
        loop {
            // One more than is left: a content that goes on is not the one that was promised.
            let most = usize::try_from(left).unwrap_or(usize::MAX).saturating_add(1);
            let most = most.min(buffer.len());
            let read = match content.read(&mut buffer[..most]) {
                Ok(0) if left == 0 => return Ok(()),
                Ok(0) => return changed(),
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(source) => {
                    return Err(WriteError::Content { path: shown(&entry.path), source });
                }
            };
            if read as u64 > left {
                return changed();
            }
            self.write(&buffer[..read])?;
            left -= read as u64;
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.out.write_all(bytes).map_err(|source| WriteError::Output { source })?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }
}

/// Whether an entry is one that a layer can have.
fn check(entry: &NewEntry, limits: &Limits) -> Result<(), &'static str> {
    let is_clean = |path: &[u8]| clean(path, limits.max_path_bytes).is_ok_and(|same| same == path);
    if !is_clean(&entry.path) {
        return Err("its path is too long or not clean");
    }
    if entry.path.is_empty() && entry.kind != EntryKind::Directory {
        return Err("the root is a folder");
    }
    if is_senseless_deletion(&entry.path) {
        return Err("it would delete nothing, its own folder, or the one above");
    }
    let link = &entry.link;
    match entry.kind {
        EntryKind::Hardlink if link.is_empty() || !is_clean(link) => {
            return Err("what it is another name of is too long or not clean");
        }
        EntryKind::Symlink if link.contains(&0) || link.len() as u64 > limits.max_path_bytes => {
            return Err("where it points is no path");
        }
        _ => {}
    }
    let is_name = |name: &[u8]| !name.is_empty() && !name.contains(&b'=') && !name.contains(&0);
    if entry.xattrs.iter().any(|(name, _)| !is_name(name)) {
        return Err("an extended attribute has a name that archives cannot hold");
    }
    Ok(())
}

/// The header of an entry, and before it the extended one if something does not fit.
fn headers(entry: &NewEntry, size: u64, limits: &Limits) -> Result<Vec<u8>, &'static str> {
    let mut path = entry.path.clone();
    match entry.kind {
        EntryKind::Directory if path.is_empty() => path.extend_from_slice(b"./"),
        EntryKind::Directory => path.push(b'/'),
        _ => {}
    }
    let link: &[u8] = match entry.kind {
        EntryKind::Hardlink | EntryKind::Symlink => &entry.link,
        _ => b"",
    };
    let place = Place::of(&path);
    let records = records(entry, size, (place.is_none()).then_some(&path), link);
    if records.len() as u64 > limits.max_extension_bytes {
        return Err("its extended attributes are larger than a layer may have them");
    }
    let mut headers = match records.is_empty() {
        true => Vec::new(),
        false => extended(&entry.path, &records),
    };
    // What is too large stands in the records; readers that know none get the next best.
    let header = Header {
        place: place.unwrap_or_else(|| Place { prefix: b"", name: cut(&path) }),
        mode: entry.mode & 0o7777,
        ids: (fitting(entry.uid, MAX_ID), fitting(entry.gid, MAX_ID)),
        size: fitting(size, MAX_SIZE),
        seconds: fitting(u64::try_from(entry.modified.seconds).unwrap_or(0), MAX_SIZE),
        flag: flag(entry.kind),
        link: cut(link),
        device: match entry.kind {
            EntryKind::CharDevice | EntryKind::BlockDevice => entry.device,
            _ => (0, 0),
        },
    };
    headers.extend_from_slice(&header.block());
    Ok(headers)
}

/// A header for records, and the records.
fn extended(path: &[u8], records: &[u8]) -> Vec<u8> {
    let name = pax_name(path);
    let header = Header {
        place: Place { prefix: b"", name: &name },
        mode: 0o644,
        ids: (0, 0),
        size: records.len() as u64,
        seconds: 0,
        flag: b'x',
        link: b"",
        device: (0, 0),
    };
    let mut written = [&header.block()[..], records].concat();
    written.resize(written.len().next_multiple_of(BLOCK), 0);
    written
}

/// The records of an entry, sorted by their keys; none if all fits into its header.
fn records(entry: &NewEntry, size: u64, long_path: Option<&Vec<u8>>, link: &[u8]) -> Vec<u8> {
    let mut attributes: Vec<(Vec<u8>, &[u8])> = Vec::new();
    for (name, value) in entry.xattrs.iter().rev() {
        attributes.push(([b"SCHILY.xattr.", &name[..]].concat(), value));
    }
    // The last of those with the same name comes first here, and stays.
    attributes.sort_by(|one, other| one.0.cmp(&other.0));
    attributes.dedup_by(|other, one| other.0 == one.0);
    let mut records = Vec::new();
    for (key, value) in attributes {
        pax::add(&mut records, &key, value);
    }
    if entry.gid > MAX_ID {
        pax::add(&mut records, b"gid", entry.gid.to_string().as_bytes());
    }
    if link.len() > NAME_BYTES || !link.is_ascii() {
        pax::add(&mut records, b"linkpath", link);
    }
    let Timestamp { seconds, nanos } = entry.modified;
    if nanos > 0 || u64::try_from(seconds).map_or(true, |seconds| seconds > MAX_SIZE) {
        pax::add(&mut records, b"mtime", pax::time(entry.modified).as_bytes());
    }
    if let Some(path) = long_path {
        pax::add(&mut records, b"path", path);
    }
    if size > MAX_SIZE {
        pax::add(&mut records, b"size", size.to_string().as_bytes());
    }
    if entry.uid > MAX_ID {
        pax::add(&mut records, b"uid", entry.uid.to_string().as_bytes());
    }
    records
}

fn fitting(value: u64, most: u64) -> u64 {
    if value > most { 0 } else { value }
}

fn cut(name: &[u8]) -> &[u8] {
    &name[..name.len().min(NAME_BYTES)]
}

/// The name of an extended header, for tools that take it for a file.
fn pax_name(path: &[u8]) -> Vec<u8> {
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let mut name = [b"PaxHeaders.0/", name].concat();
    name.truncate(NAME_BYTES);
    name
}

fn flag(kind: EntryKind) -> u8 {
    match kind {
        EntryKind::File => b'0',
        EntryKind::Hardlink => b'1',
        EntryKind::Symlink => b'2',
        EntryKind::CharDevice => b'3',
        EntryKind::BlockDevice => b'4',
        EntryKind::Directory => b'5',
        EntryKind::Fifo => b'6',
    }
}

/// A path in the two fields that a header has for it.
#[derive(Clone, Copy)]
struct Place<'a> {
    prefix: &'a [u8],
    name: &'a [u8],
}

impl<'a> Place<'a> {
    /// None if it does not fit, or if readers would have to guess what its letters are.
    fn of(path: &'a [u8]) -> Option<Self> {
        if !path.is_ascii() {
            return None;
        }
        if path.len() <= NAME_BYTES {
            return Some(Self { prefix: b"", name: path });
        }
        // The slash between the two is not written. The one at a folder's end belongs to its name.
        let least = path.len().checked_sub(NAME_BYTES + 1)?;
        let most = path.len().saturating_sub(2).min(PREFIX_BYTES);
        let at = (least.max(1)..=most).rev().find(|&at| path[at] == b'/')?;
        Some(Self { prefix: &path[..at], name: &path[at + 1..] })
    }
}

/// A header's fields (POSIX.1-2017, pax, "ustar Interchange Format").
struct Header<'a> {
    place: Place<'a>,
    mode: u32,
    ids: (u64, u64),
    size: u64,
    seconds: u64,
    flag: u8,
    link: &'a [u8],
    device: (u32, u32),
}

impl Header<'_> {
    fn block(&self) -> [u8; BLOCK] {
        let mut block = [0; BLOCK];
        let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, self.place.name);
        put(100, format!("{:07o}", self.mode).as_bytes());
        put(108, format!("{:07o}", self.ids.0).as_bytes());
        put(116, format!("{:07o}", self.ids.1).as_bytes());
        put(124, format!("{:011o}", self.size).as_bytes());
        put(136, format!("{:011o}", self.seconds).as_bytes());
        put(148, b"        ");
        put(156, &[self.flag]);
        put(157, self.link);
        put(257, b"ustar\x0000");
        put(329, &number(self.device.0));
        put(337, &number(self.device.1));
        put(345, self.place.prefix);
        let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }
}

/// A device's number: octal, or base 256 where that does not do. There are no records for it.
fn number(value: u32) -> [u8; 8] {
    let mut field = [0; 8];
    if value <= MAX_DEVICE {
        field[..7].copy_from_slice(format!("{value:07o}").as_bytes());
    } else {
        field[0] = 0x80;
        field[4..].copy_from_slice(&value.to_be_bytes());
    }
    field
}

#[cfg(test)]
mod tests;
