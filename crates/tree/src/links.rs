//! Where a symbolic link leads within the merged layers: never out of them.

use strata_layer::EntryKind;

use crate::merge::Merged;
use crate::{NodeId, Tree};

/// How many links may lead to each other, as Linux has it.
const MAX_LINKS: usize = 40;

/// The folder that the symbolic link at `link` leads to, if there is one. `steps` bounds the work of many such calls.
pub(crate) fn resolve<B: AsRef<[u8]>>(
    merged: &Merged<'_, B>,
    link: u32,
    steps: &mut usize,
) -> Option<u32> {
    let mut at = merged.spots().parent(link);
    // What is still to go, the innermost link's rest last.
    let mut rests: Vec<&[u8]> = Vec::new();
    let mut links = 0;
    let mut follow = Some(link);
    loop {
        if let Some(link) = follow.take() {
            links += 1;
            if links > MAX_LINKS {
                return None;
            }
            let target = merged.link(link);
            at = if target.starts_with(b"/") {
                Merged::<B>::ROOT
            } else {
                merged.spots().parent(link)
            };
            rests.push(target);
        }
        let Some(rest) = rests.pop() else { return Some(at) };
        *steps = steps.checked_sub(1)?;
        let rest = without_slashes(rest);
        if rest.is_empty() {
            continue;
        }
        let end = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        rests.push(after);
        match name {
            b"." => {}
            b".." => at = merged.spots().parent(at),
            name => {
                let child = merged.spots().child(at, name)?;
                match merged.kind(child)? {
                    EntryKind::Directory => at = child,
                    EntryKind::Symlink => follow = Some(child),
                    _ => return None,
                }
            }
        }
    }
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
            at = tree.children(at).find(|&child| {
                *steps = steps.saturating_sub(1);
                *steps == 0 || tree.name(child) == component
            })?;
            if *steps == 0 {
                return None;
            }
        }
    }
    None
}
