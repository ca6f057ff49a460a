//! What is to be written of one path.

use crate::{Entry, EntryKind, Timestamp};

/// One path as it is to stand in a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Components joined by `/`, without `.`, `..`, leading and trailing `/`; empty for the root itself. Any byte but 0
    /// may occur in a component.
    pub path: Vec<u8>,
    /// What it is.
    pub kind: EntryKind,
    /// Permission bits, at most `0o7777`.
    pub mode: u32,
    /// Owner.
    pub uid: u64,
    /// Group.
    pub gid: u64,
    /// Bytes of content; 0 for all but files.
    pub size: u64,
    /// When the content was changed.
    pub modified: Timestamp,
    /// Where a symbolic link points, exactly; which path a hard link shares, clean like `path`. Else empty.
    pub link: Vec<u8>,
    /// Major and minor number of a device.
    pub device: (u32, u32),
    /// Extended attributes, in any order. Of those with the same name the last one counts.
    pub xattrs: Vec<(Vec<u8>, Vec<u8>)>,
}

impl NewEntry {
    /// A path with the usual mode of its kind, owned by root, changed at the beginning of 1970.
    #[must_use]
    pub fn new(path: impl Into<Vec<u8>>, kind: EntryKind) -> Self {
        let mode = match kind {
            EntryKind::Directory => 0o755,
            EntryKind::Symlink => 0o777,
            _ => 0o644,
        };
        Self {
            path: path.into(),
            kind,
            mode,
            uid: 0,
            gid: 0,
            size: 0,
            modified: Timestamp::default(),
            link: Vec::new(),
            device: (0, 0),
            xattrs: Vec::new(),
        }
    }

    /// A file whose content has `size` bytes.
    #[must_use]
    pub fn file(path: impl Into<Vec<u8>>, size: u64) -> Self {
        Self { size, ..Self::new(path, EntryKind::File) }
    }

    /// A folder.
    #[must_use]
    pub fn directory(path: impl Into<Vec<u8>>) -> Self {
        Self::new(path, EntryKind::Directory)
    }

    /// A symbolic link that points to `target`, exactly.
    #[must_use]
    pub fn symlink(path: impl Into<Vec<u8>>, target: impl Into<Vec<u8>>) -> Self {
        Self { link: target.into(), ..Self::new(path, EntryKind::Symlink) }
    }

    /// Another name of the file `original`, a clean path.
    #[must_use]
    pub fn hardlink(path: impl Into<Vec<u8>>, original: impl Into<Vec<u8>>) -> Self {
        Self { link: original.into(), ..Self::new(path, EntryKind::Hardlink) }
    }

    /// The deletion of a path that lower layers have.
    #[must_use]
    pub fn whiteout(path: &[u8]) -> Self {
        let (folder, name) = split(path);
        Self::file([folder, b".wh.", name].concat(), 0)
    }

    /// The mark that a folder hides all that lower layers have in it.
    #[must_use]
    pub fn opaque(folder: &[u8]) -> Self {
        let slash: &[u8] = if folder.is_empty() { b"" } else { b"/" };
        Self::file([folder, slash, b".wh..wh..opq"].concat(), 0)
    }
}

/// The folder of a path, with its slash, and the last name.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    path.split_at(path.iter().rposition(|&byte| byte == b'/').map_or(0, |at| at + 1))
}

impl From<Entry> for NewEntry {
    fn from(entry: Entry) -> Self {
        let Entry { path, kind, mode, uid, gid, size, modified, link, device, xattrs, .. } = entry;
        Self { path, kind, mode, uid, gid, size, modified, link, device, xattrs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mark, mark};

    #[test]
    fn marks_are_read_as_they_are_meant() {
        for path in [&b"a"[..], b"a/b", b"a/b/.c"] {
            let meant = Some(Mark::Whiteout { path: path.to_vec() });
            assert_eq!(mark(&NewEntry::whiteout(path).path), meant);
        }
        for path in [&b""[..], b"a", b"a/b"] {
            let meant = Some(Mark::Opaque { path: path.to_vec() });
            assert_eq!(mark(&NewEntry::opaque(path).path), meant);
        }
    }
}
