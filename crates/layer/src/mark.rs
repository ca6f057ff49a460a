//! Deletions, as layers write them (OCI image specification, layer.md, "Whiteouts").

/// What stands before a deleted name.
const PREFIX: &[u8] = b".wh.";
/// Names that only the union file system of old needed.
const META_PREFIX: &[u8] = b".wh..wh.";
/// Everything below this folder is hidden.
const OPAQUE: &[u8] = b".wh..wh..opq";

/// What an entry says of the layers below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// This path is deleted.
    Whiteout {
        /// The deleted path.
        path: Vec<u8>,
    },
    /// This folder hides all that lower layers have in it.
    Opaque {
        /// The folder; empty for the root.
        path: Vec<u8>,
    },
    /// Book-keeping of a union file system that is no part of the image.
    Metadata,
}

/// Whether `path` (cleaned) is a mark and not a file.
#[must_use]
pub fn mark(path: &[u8]) -> Option<Mark> {
    let split = path.iter().rposition(|&byte| byte == b'/');
    let (folder, name) = split.map_or((&path[..0], path), |at| (&path[..at], &path[at + 1..]));
    if name == OPAQUE {
        return Some(Mark::Opaque { path: folder.to_vec() });
    }
    // A folder of such a name hides what is in it too.
    if path.split(|&byte| byte == b'/').any(|part| part.starts_with(META_PREFIX)) {
        return Some(Mark::Metadata);
    }
    let deleted = name.strip_prefix(PREFIX)?;
    if deleted.is_empty() || deleted == b"." || deleted == b".." {
        return Some(Mark::Metadata);
    }
    let mut path = folder.to_vec();
    if !path.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(deleted);
    Some(Mark::Whiteout { path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_from_files() {
        assert_eq!(mark(b"a/.wh.b"), Some(Mark::Whiteout { path: b"a/b".to_vec() }));
        assert_eq!(mark(b".wh.b"), Some(Mark::Whiteout { path: b"b".to_vec() }));
        assert_eq!(mark(b"a/.wh..wh..opq"), Some(Mark::Opaque { path: b"a".to_vec() }));
        assert_eq!(mark(b".wh..wh..opq"), Some(Mark::Opaque { path: Vec::new() }));
        assert_eq!(mark(b".wh..wh.plnk/1.2"), Some(Mark::Metadata));
        assert_eq!(mark(b"a/.wh.hidden/x"), None);
        assert_eq!(mark(b"a/b.wh.c"), None);
    }

    #[test]
    fn a_whiteout_of_nothing_or_of_a_parent_deletes_nothing() {
        // A scan refuses them; whoever asks without one gets nothing that could be deleted.
        assert_eq!(mark(b"a/.wh."), Some(Mark::Metadata));
        assert_eq!(mark(b"a/.wh.."), Some(Mark::Metadata));
        assert_eq!(mark(b"a/.wh..."), Some(Mark::Metadata));
    }
}
