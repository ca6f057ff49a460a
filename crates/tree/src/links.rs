//! Where a symbolic link leads within the merged layers: never out of them.

use strata_layer::EntryKind;

use crate::merge::Merged;
use crate::spots::Version;
use crate::{NodeId, Tree};

/// How many links may lead to each other, as Linux has it.
const MAX_LINKS: usize = 40;

/// The folder that the symbolic link at `link` leads to, if there is one. `steps` bounds the work of many such calls.
pub(crate) fn resolve<B: AsRef<[u8]>>(
    merged: &Merged<'_, B>,
    link: u32,
    steps: &mut usize,
) -> Option<u32> {
    let mut at = start(merged, link);
    // What is still to go, the innermost link's rest last.
    let mut rests = vec![merged.link(link)];
    let mut links = 1;
    while let Some(rest) = rests.pop() {
        *steps = steps.checked_sub(1)?;
        let rest = without_slashes(rest);
        let end = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if !after.is_empty() {
            rests.push(after);
        }
        match name {
            b"" | b"." => continue,
            b".." => {
                at = merged.spots().parent(at);
                continue;
            }
            _ => {}
        }
        let child = merged.spots().child(at, name)?;
        match merged.kind(child)? {
            EntryKind::Directory => at = child,
            EntryKind::Symlink if links < MAX_LINKS => {
                links += 1;
                at = start(merged, child);
                rests.push(merged.link(child));
            }
            _ => return None,
        }
    }
    Some(at)
}

/// Where the way of a link begins: at the root, or in the folder that the link is in.
fn start<B: AsRef<[u8]>>(merged: &Merged<'_, B>, link: u32) -> u32 {
    if merged.link(link).starts_with(b"/") {
        return Merged::<B>::ROOT;
    }
    merged.spots().parent(link)
}

fn without_slashes(path: &[u8]) -> &[u8] {
    let begin = path.iter().position(|&byte| byte != b'/').unwrap_or(path.len());
    &path[begin..]
}

/// Follows hard links from a node of one tree to the file with the bytes. `steps` bounds the work of many such calls.
pub(crate) fn content_of<B: AsRef<[u8]>>(
    tree: &Tree<B>,
    id: NodeId,
    steps: &mut usize,
) -> Option<NodeId> {
    let mut at = id;
    for _ in 0..8 {
        let node = tree.node(at);
        match node.kind() {
            EntryKind::File if !node.is_deleted() => return Some(at),
            EntryKind::Hardlink => {}
            _ => return None,
        }
        at = Tree::<B>::ROOT;
        for component in node.link().split(|&byte| byte == b'/').filter(|name| !name.is_empty()) {
            *steps = steps.checked_sub(1)?;
            at = tree.child(at, component)?;
        }
    }
    None
}

/// Whether two files have the same bytes, as far as their fingerprints tell. Where a hard link's file is not found, only
/// the same link counts as the same. `steps` bounds the work of many such calls.
pub(crate) fn same_bytes<B: AsRef<[u8]>>(
    trees: &[Tree<B>],
    one: Version,
    other: Version,
    steps: &mut usize,
) -> bool {
    let mut content = |version: Version| {
        let tree = &trees[version.layer as usize];
        let node = tree.node(content_of(tree, version.node, steps)?);
        Some((node.size(), node.fingerprint()))
    };
    if let (Some(one), Some(other)) = (content(one), content(other)) {
        return one == other;
    }
    let node = |version: Version| trees[version.layer as usize].node(version.node);
    let (one, other) = (node(one), node(other));
    one.kind() == other.kind() && one.link() == other.link()
}
