//! Bytes that are downloaded and never seen, and who is at fault.
//!
//! One ordered walk over all layers at once. Where only one layer has a folder, which is nearly everywhere, its totals are
//! taken and nothing in it is looked at: the walk takes as long as what layers have in common, not as what they have.
//!
//! Paths are taken as the layers write them: a file that a layer puts below a symbolic link to a folder is not
//! recognised as the one that it overwrites.

use strata_layer::EntryKind;

use crate::spared::spare_linked;
use crate::{NodeId, Tree};

/// How a layer hides what a lower one brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Burial {
    /// By a version of its own.
    Overwritten,
    /// By deleting it, or a folder above it.
    Deleted,
}

/// A file, or a whole folder, that a later layer hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buried {
    /// The layer that carries it, from 0.
    pub layer: usize,
    /// Where it is in that layer's tree.
    pub node: NodeId,
    /// The first later layer that hides it.
    pub by: usize,
    /// How.
    pub how: Burial,
    /// Bytes of the file, or of all files in the folder, but for those that are seen under another name.
    pub bytes: u64,
    /// Files and links; 1 for a file.
    pub files: u64,
}

/// What the layers of an image waste.
#[derive(Debug, Clone, Default)]
pub struct Waste {
    /// What is hidden, in the order of paths.
    pub buried: Vec<Buried>,
    /// Bytes of the files of all layers, whether they are seen or not.
    pub carried_bytes: u64,
    /// The same by the definition of dive.
    pub dive: DiveWaste,
}

/// Waste as dive (0.13, `filetree/efficiency.go`) defines it.
///
/// Of each path, each layer that has it with nothing below counts its size; a deletion counts the size of all that was
/// below, where it deletes a folder, and else nothing. `minimum` adds up the smallest size of each path, `discovered`
/// all of them, and `wasted` all sizes of those paths that count twice or more, the last version among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DiveWaste {
    /// Bytes of the smallest version of each path.
    pub minimum_bytes: u64,
    /// Bytes of all versions.
    pub discovered_bytes: u64,
    /// Bytes of all versions of paths that have more than one.
    pub wasted_bytes: u64,
}

impl DiveWaste {
    /// The share of bytes that a single layer would need, from 0 to 1.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn efficiency(&self) -> f64 {
        if self.discovered_bytes == 0 {
            return 1.0;
        }
        self.minimum_bytes as f64 / self.discovered_bytes as f64
    }
}

impl Waste {
    /// Of all layers, the oldest first.
    #[must_use]
    pub fn of<B: AsRef<[u8]>>(trees: &[Tree<B>]) -> Self {
        let mut walk = Walk { trees, waste: Self::default(), counts: true };
        let roots: Vec<Version> =
            (0..trees.len()).map(|layer| Version { layer, node: Tree::<B>::ROOT }).collect();
        for root in &roots {
            let carried = &mut walk.waste.carried_bytes;
            *carried =
                carried.saturating_add(walk.trees[root.layer].node(root.node).subtree_bytes());
        }
        walk.visit(&roots, &[]);
        spare_linked(trees, &mut walk.waste.buried);
        walk.waste
    }

    /// Bytes that are hidden.
    #[must_use]
    pub fn buried_bytes(&self) -> u64 {
        self.buried.iter().fold(0, |sum, buried| sum.saturating_add(buried.bytes))
    }
}

/// A path as one layer has it.
#[derive(Debug, Clone, Copy)]
struct Version {
    layer: usize,
    node: NodeId,
}

/// A layer that hides what those below have here.
type Hider = (usize, Burial);

struct Walk<'a, B> {
    trees: &'a [Tree<B>],
    waste: Waste,
    /// Whether what dive counts is wanted.
    counts: bool,
}

/// What dive counts of one path.
#[derive(Default)]
struct Counted {
    smallest: Option<u64>,
    sum: u64,
    count: usize,
}

impl Counted {
    fn add(&mut self, bytes: u64) {
        self.smallest = Some(self.smallest.map_or(bytes, |smallest| smallest.min(bytes)));
        self.sum = self.sum.saturating_add(bytes);
        self.count += 1;
    }
}

impl<B: AsRef<[u8]>> Walk<'_, B> {
    /// One path in all layers that have it, the oldest first, with those layers that hide it for what is above it.
    fn visit(&mut self, versions: &[Version], above: &[Hider]) {
        if let [only] = versions {
            return self.take(*only, above);
        }
        let hiders = self.hiders(versions, above);
        if self.counts {
            self.count(versions, above);
        }
        for &version in versions {
            let node = self.trees[version.layer].node(version.node);
            if !node.is_deleted() && !node.is_folder() {
                self.bury(version, &hiders);
            }
        }
        let open: Vec<Version> =
            versions.iter().copied().filter(|version| self.has_children(*version)).collect();
        match open[..] {
            // All that is in it comes from one layer and is hidden by one.
            [only] if first_after(&hiders, only.layer).is_some() => self.take(only, &hiders),
            _ => self.each_child(&open, &hiders),
        }
    }

    /// What one layer alone has, as a whole.
    fn take(&mut self, version: Version, hiders: &[Hider]) {
        let node = self.trees[version.layer].node(version.node);
        let bytes = node.subtree_bytes();
        let dive = &mut self.waste.dive;
        dive.minimum_bytes = dive.minimum_bytes.saturating_add(bytes);
        dive.discovered_bytes = dive.discovered_bytes.saturating_add(bytes);
        if !node.is_deleted() {
            self.bury(version, hiders);
        }
    }

    /// The layers that hide this path for those below them, the oldest first.
    fn hiders(&self, versions: &[Version], above: &[Hider]) -> Vec<Hider> {
        let mut hiders = above.to_vec();
        let mut before: Option<EntryKind> = None;
        for version in versions {
            let node = self.trees[version.layer].node(version.node);
            let kind = (!node.is_deleted()).then(|| node.kind());
            let how = match (before, kind) {
                (_, None) => Some(Burial::Deleted),
                (Some(EntryKind::Directory), Some(EntryKind::Directory)) => {
                    node.hides_lower().then_some(Burial::Deleted)
                }
                // The way to something through a link, which stays.
                (Some(EntryKind::Symlink), Some(EntryKind::Directory)) if node.is_implied() => None,
                (None, Some(_)) => node.hides_lower().then_some(Burial::Deleted),
                _ => Some(Burial::Overwritten),
            };
            hiders.extend(how.map(|how| (version.layer, how)));
            before = kind;
        }
        hiders.sort_by_key(|&(layer, _)| layer);
        hiders
    }

    /// Notes a version, with all that is below it, if a layer hides it.
    fn bury(&mut self, Version { layer, node: id }: Version, hiders: &[Hider]) {
        let Some((by, how)) = first_after(hiders, layer) else { return };
        let node = self.trees[layer].node(id);
        let (bytes, files) = (node.subtree_bytes(), node.subtree_files());
        self.waste.buried.push(Buried { layer, node: id, by, how, bytes, files });
    }

    /// Visits each path that stands directly below any of these, in the order of names.
    fn each_child(&mut self, versions: &[Version], hiders: &[Hider]) {
        let trees = self.trees;
        let mut waiting: Vec<_> = versions
            .iter()
            .map(|version| {
                let children = trees[version.layer].children(version.node);
                (version.layer, children.peekable())
            })
            .collect();
        let mut same = Vec::new();
        loop {
            let mut least: Option<&[u8]> = None;
            same.clear();
            for (layer, children) in &mut waiting {
                let Some(&node) = children.peek() else { continue };
                let name = trees[*layer].name(node);
                if least.is_none_or(|least| name < least) {
                    same.clear();
                    least = Some(name);
                }
                if least == Some(name) {
                    same.push(Version { layer: *layer, node });
                }
            }
            if same.is_empty() {
                return;
            }
            for (layer, children) in &mut waiting {
                if same.iter().any(|version| version.layer == *layer) {
                    children.next();
                }
            }
            self.visit(&same, hiders);
        }
    }

    fn has_children(&self, version: Version) -> bool {
        self.trees[version.layer].node(version.node).subtree_end().0 > version.node.0 + 1
    }

    /// What dive counts of a path that several layers have.
    fn count(&mut self, versions: &[Version], above: &[Hider]) {
        let mut counted = Counted::default();
        for (at, &version) in versions.iter().enumerate() {
            let node = self.trees[version.layer].node(version.node);
            if node.has_mark() {
                let hidden = above.iter().rev().find(|&&(layer, _)| layer < version.layer);
                let from = hidden.map_or(0, |&(layer, _)| layer);
                let start = versions[..at].partition_point(|version| version.layer < from);
                // A deletion of what is not there counts nothing.
                if let Some(bytes) = self.visible_bytes(&versions[start..at]) {
                    counted.add(bytes);
                }
            }
            if !node.is_deleted() && !self.has_children(version) {
                counted.add(node.size());
            }
        }
        let dive = &mut self.waste.dive;
        dive.minimum_bytes =
            dive.minimum_bytes.saturating_add(counted.smallest.unwrap_or_default());
        dive.discovered_bytes = dive.discovered_bytes.saturating_add(counted.sum);
        if counted.count > 1 {
            dive.wasted_bytes = dive.wasted_bytes.saturating_add(counted.sum);
        }
    }

    /// Bytes of all that is seen below a folder with these versions of it, 0 for a file; none if nothing is seen there.
    fn visible_bytes(&self, versions: &[Version]) -> Option<u64> {
        let &last = versions.last()?;
        let node = self.trees[last.layer].node(last.node);
        if !node.is_folder() {
            return (!node.is_deleted()).then_some(0);
        }
        let carried = versions.iter().fold(0_u64, |sum, version| {
            sum.saturating_add(self.trees[version.layer].node(version.node).subtree_bytes())
        });
        let mut below = Walk { trees: self.trees, waste: Waste::default(), counts: false };
        below.visit(versions, &[]);
        Some(carried.saturating_sub(below.waste.buried_bytes()))
    }
}

/// The first layer after `layer` that hides.
fn first_after(hiders: &[Hider], layer: usize) -> Option<Hider> {
    hiders.iter().copied().find(|&(hider, _)| hider > layer)
}
