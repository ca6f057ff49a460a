//! Files that a later layer hides, but whose bytes a hard link still shows.

use std::collections::HashSet;

use strata_layer::EntryKind;

use crate::links::content_of;
use crate::merge::MAX_STEPS;
use crate::spots::Version;
use crate::waste::Buried;
use crate::{NodeId, Tree};

/// How many layers a link may lead down through. It is a bound on links that name each other.
const MAX_LINKS: usize = 8;

/// Takes the bytes of such files off what is buried; a file by itself is buried no more.
pub(crate) fn spare_linked<B: AsRef<[u8]>>(trees: &[Tree<B>], buried: &mut Vec<Buried>) {
    // What is buried of each layer, in the order of its nodes: none is within another.
    let mut by_layer: Vec<Vec<usize>> = vec![Vec::new(); trees.len()];
    for (at, one) in buried.iter().enumerate() {
        by_layer[one.layer].push(at);
    }
    by_layer.iter_mut().for_each(|all| all.sort_by_key(|&at| buried[at].node));
    let holder = |version: Version| {
        let all = &by_layer[version.layer as usize];
        let after = all.partition_point(|&at| buried[at].node <= version.node);
        let at = *all.get(after.checked_sub(1)?)?;
        let node = trees[buried[at].layer].node(buried[at].node);
        (version.node < node.subtree_end() || version.node == buried[at].node).then_some(at)
    };
    let mut spared: HashSet<(u32, NodeId)> = HashSet::new();
    let mut savings: Vec<(usize, u64)> = Vec::new();
    let mut steps = MAX_STEPS;
    for link in links(trees) {
        let Some(file) = file_of(trees, link, &mut steps) else { continue };
        let Some(at) = holder(file).filter(|_| holder(link).is_none()) else { continue };
        if spared.insert((file.layer, file.node)) {
            savings.push((at, trees[file.layer as usize].node(file.node).size()));
        }
    }
    for (at, bytes) in savings {
        buried[at].bytes = buried[at].bytes.saturating_sub(bytes);
        buried[at].files = buried[at].files.saturating_sub(1);
    }
    if !spared.is_empty() {
        let is_spared = |one: &Buried| {
            u32::try_from(one.layer).is_ok_and(|at| spared.contains(&(at, one.node)))
        };
        buried.retain(|one| !is_spared(one));
    }
}

/// All hard links of all layers.
fn links<B: AsRef<[u8]>>(trees: &[Tree<B>]) -> impl Iterator<Item = Version> {
    (0..).zip(trees).flat_map(|(layer, tree)| {
        let nodes = (0..u32::try_from(tree.len()).unwrap_or(u32::MAX)).map(NodeId);
        let links = nodes.filter(move |&id| {
            let node = tree.node(id);
            node.kind() == EntryKind::Hardlink && !node.is_deleted()
        });
        links.map(move |node| Version { layer, node })
    })
}

/// The file that a hard link is another name of: in its own layer, or else in the newest one below that has the path.
fn file_of<B: AsRef<[u8]>>(trees: &[Tree<B>], link: Version, steps: &mut usize) -> Option<Version> {
    let mut at = link;
    for _ in 0..MAX_LINKS {
        let tree = &trees[at.layer as usize];
        if let Some(node) = content_of(tree, at.node, steps) {
            return Some(Version { node, ..at });
        }
        let target = tree.node(at.node).link();
        let below = (0..at.layer).rev().find_map(|layer| {
            *steps = steps.checked_sub(1)?;
            let tree = &trees[layer as usize];
            Some(Version { layer, node: tree.find(target)? })
        })?;
        at = below;
    }
    None
}
