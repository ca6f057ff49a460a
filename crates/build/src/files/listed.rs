//! A set of files whose paths are all known, in the order of a walk.

use std::cmp::Ordering;

use strata_layer::EntryKind;

use super::{SourceEntry, components, join};

/// How many symbolic links are followed on one way, as Linux has it.
const MAX_LINKS: usize = 40;

/// The order of a walk: folders before what is in them, siblings by the bytes of their names.
pub(crate) fn walk_order(one: &[u8], other: &[u8]) -> Ordering {
    // A name has no zero byte, so that a slash can stand before all others.
    let rank = |byte: u8| if byte == b'/' { 0 } else { byte };
    match one.iter().zip(other).find(|(one, other)| one != other) {
        Some((&one, &other)) => rank(one).cmp(&rank(other)),
        None => one.len().cmp(&other.len()),
    }
}

/// Entries in the order of a walk.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub entries: Vec<SourceEntry>,
}

impl Listed {
    /// The entry of exactly this path.
    pub fn find(&self, path: &[u8]) -> Option<&SourceEntry> {
        let at = self.entries.binary_search_by(|entry| walk_order(&entry.path, path)).ok()?;
        self.entries.get(at)
    }

    /// What a path leads to when links are followed.
    pub fn follow(&self, path: &[u8]) -> Option<SourceEntry> {
        follow(path, &|path| self.find(path).cloned())
    }

    /// All that lies below a folder.
    pub fn below(&self, folder: &[u8]) -> &[SourceEntry] {
        if folder.is_empty() {
            return without_root(&self.entries);
        }
        let start = self
            .entries
            .partition_point(|entry| walk_order(&entry.path, folder) != Ordering::Greater);
        let rest = &self.entries[start..];
        let end = rest.partition_point(|entry| {
            entry.path.starts_with(folder) && entry.path.get(folder.len()) == Some(&b'/')
        });
        &rest[..end]
    }
}

/// A list without the root, where it is named.
fn without_root(entries: &[SourceEntry]) -> &[SourceEntry] {
    match entries.first() {
        Some(first) if first.path.is_empty() => &entries[1..],
        _ => entries,
    }
}

/// Follows a path within some files, the last component too. The root is always there.
pub(crate) fn follow(
    path: &[u8],
    find: &dyn Fn(&[u8]) -> Option<SourceEntry>,
) -> Option<SourceEntry> {
    let mut at: Vec<u8> = Vec::new();
    let mut rest: Vec<Vec<u8>> = components(path).rev().map(<[u8]>::to_vec).collect();
    let mut found = find(b"").unwrap_or_else(SourceEntry::root);
    let mut links = 0;
    while let Some(name) = rest.pop() {
        if name == b".." {
            let end = at.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
            at.truncate(end);
            found = if at.is_empty() {
                find(b"").unwrap_or_else(SourceEntry::root)
            } else {
                find(&at)?
            };
            continue;
        }
        if !found.is_folder() {
            return None;
        }
        let path = join(&at, &name);
        let entry = find(&path)?;
        if entry.kind != EntryKind::Symlink {
            at = path;
            found = entry;
            continue;
        }
        links += 1;
        if links > MAX_LINKS {
            return None;
        }
        if entry.link.starts_with(b"/") {
            at.clear();
            found = find(b"").unwrap_or_else(SourceEntry::root);
        }
        rest.extend(components(&entry.link).rev().map(<[u8]>::to_vec));
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn listed(entries: &[(&str, &str)]) -> Listed {
        let mut entries: Vec<SourceEntry> = entries
            .iter()
            .map(|&(path, link)| SourceEntry {
                path: path.as_bytes().to_vec(),
                kind: match link {
                    "" if path.ends_with("_d") => EntryKind::Directory,
                    "" => EntryKind::File,
                    _ => EntryKind::Symlink,
                },
                link: link.as_bytes().to_vec(),
                ..SourceEntry::root()
            })
            .collect();
        entries.sort_by(|one, other| walk_order(&one.path, &other.path));
        Listed { entries }
    }

    #[test]
    fn links_lead_to_files_of_the_set_alone() {
        let files = listed(&[
            ("a_d", ""),
            ("a_d/x", ""),
            ("a_d.y", ""),
            ("up", "../../../../a_d"),
            ("absolute", "/a_d/x"),
            ("away", "/etc/passwd"),
            ("loop", "loop"),
        ]);
        let follow = |path: &str| files.follow(path.as_bytes()).map(|found| found.path);
        assert_eq!(follow("up/x"), Some(b"a_d/x".to_vec()));
        assert_eq!(follow("absolute"), Some(b"a_d/x".to_vec()));
        assert_eq!(follow("a_d/../absolute"), Some(b"a_d/x".to_vec()));
        assert_eq!(follow("../../a_d"), Some(b"a_d".to_vec()));
        for path in ["away", "loop", "a_d/x/y", "nowhere"] {
            assert_eq!(follow(path), None, "{path}");
        }
        let below: Vec<&[u8]> = files.below(b"a_d").iter().map(|entry| &entry.path[..]).collect();
        assert_eq!(below, [b"a_d/x"]);
        assert_eq!(files.below(b"").len(), 7);
    }
}
