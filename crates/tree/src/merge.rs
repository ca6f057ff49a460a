//! Layers laid on top of each other, as an unpacker would.

use std::cell::Cell;
use std::collections::HashMap;

use strata_layer::EntryKind;

use crate::links::{content_of, resolve, same_bytes};
use crate::spots::{Seen, Spots, Version};
use crate::{Node, NodeId, Tree, TreeError};

/// Names looked at to follow the links of one stack. A bound on time: a second or so.
pub(crate) const MAX_STEPS: usize = 50_000_000;

/// How many hard links may lead to each other.
const MAX_HARD_LINKS: usize = 8;

/// Where the walk over a layer goes on below an entry.
enum Placed {
    /// At the entry's own spot.
    Here(u32),
    /// Where the symbolic link at this spot leads.
    Through(u32),
}

/// All layers up to one.
#[derive(Debug)]
pub(crate) struct Merged<'a, B> {
    trees: &'a [Tree<B>],
    spots: Spots<'a>,
    /// The hard links of the layer that is being laid on.
    links: Vec<NodeId>,
    /// The files that hard links name in layers below their own.
    files_below: HashMap<Version, Version>,
    /// How many more names may be looked at to find the files of hard links.
    steps: Cell<usize>,
}

impl<'a, B: AsRef<[u8]>> Merged<'a, B> {
    /// The spot of the root.
    pub const ROOT: u32 = Spots::ROOT;

    /// Lays all of `trees` on top of each other, the oldest first.
    pub fn new(trees: &'a [Tree<B>]) -> Result<Self, TreeError> {
        let expected = trees.iter().map(Tree::len).max().unwrap_or(0);
        let mut merged = Self {
            trees,
            spots: Spots::new(expected),
            links: Vec::new(),
            files_below: HashMap::new(),
            steps: Cell::new(MAX_STEPS),
        };
        for layer in 0..trees.len() {
            if layer + 1 == trees.len() {
                merged.spots.begin_last_layer();
            }
            merged.apply(layer)?;
        }
        Ok(merged)
    }

    fn apply(&mut self, layer: usize) -> Result<(), TreeError> {
        let trees = self.trees;
        let tree = &trees[layer];
        let layer =
            u32::try_from(layer).map_err(|_| TreeError::TooLarge { what: "so many layers" })?;
        let root = tree.node(Tree::<B>::ROOT);
        self.spots.touch(Self::ROOT);
        if root.hides_lower() {
            self.spots.hide(Self::ROOT);
        }
        if !root.is_implied() || self.spots.version(Self::ROOT).is_none() {
            self.spots.set(Self::ROOT, Some(Version { layer, node: Tree::<B>::ROOT }));
        }
        let mut grafts = Vec::new();
        self.walk(layer, 1..root.subtree_end().0, Self::ROOT, &mut grafts)?;
        // What lies below symbolic links comes last: they may lead to folders of this very layer.
        let mut steps = MAX_STEPS;
        while let Some((spot, id)) = grafts.pop() {
            let node = tree.node(id);
            let folder = resolve(self, spot, &mut steps);
            match folder {
                Some(folder) => self.spots.touch(folder),
                None if node.is_folder() => {
                    self.spots.hide(spot);
                    self.spots.set(spot, Some(Version { layer, node: id }));
                }
                None => {}
            }
            let below = id.0 + 1..node.subtree_end().0;
            self.walk(layer, below, folder.unwrap_or(spot), &mut grafts)?;
        }
        for node in std::mem::take(&mut self.links) {
            let link = Version { layer, node };
            if let Some(file) = self.named_file(link).filter(|file| file.layer != layer) {
                self.files_below.insert(link, file);
            }
        }
        Ok(())
    }

    /// The file that a hard link of the layer on top names.
    fn named_file(&self, link: Version) -> Option<Version> {
        let mut at = link;
        for _ in 0..MAX_HARD_LINKS {
            let node = self.node(at);
            match node.kind() {
                EntryKind::File => return Some(at),
                EntryKind::Hardlink if at.layer == link.layer => {}
                EntryKind::Hardlink => return self.file_of(at),
                _ => return None,
            }
            let mut spot = Self::ROOT;
            for name in node.link().split(|&byte| byte == b'/').filter(|name| !name.is_empty()) {
                spot = self.spots.child(spot, name)?;
            }
            at = self.spots.version(spot)?;
        }
        None
    }

    /// The file that a hard link is another name of.
    pub fn file_of(&self, link: Version) -> Option<Version> {
        if let Some(&file) = self.files_below.get(&link) {
            return Some(file);
        }
        let mut steps = self.steps.get();
        let node = content_of(&self.trees[link.layer as usize], link.node, &mut steps);
        self.steps.set(steps);
        node.map(|node| Version { node, ..link })
    }

    /// Places the nodes of a range of the layer's tree below a spot.
    fn walk(
        &mut self,
        layer: u32,
        range: std::ops::Range<u32>,
        below: u32,
        grafts: &mut Vec<(u32, NodeId)>,
    ) -> Result<(), TreeError> {
        let trees = self.trees;
        let tree = &trees[layer as usize];
        let mut open = vec![(range.end, below)];
        let mut at = range.start;
        while at < range.end {
            while open.len() > 1 && open.last().is_some_and(|&(end, _)| end <= at) {
                open.pop();
            }
            let parent = open.last().map_or(below, |&(_, spot)| spot);
            let id = NodeId(at);
            let node = tree.node(id);
            match self.place(Version { layer, node: id }, &node, parent)? {
                Placed::Here(spot) => {
                    open.push((node.subtree_end().0, spot));
                    at += 1;
                }
                Placed::Through(spot) => {
                    grafts.push((spot, id));
                    at = node.subtree_end().0;
                }
            }
        }
        Ok(())
    }

    fn place(
        &mut self,
        version: Version,
        node: &Node<'a>,
        parent: u32,
    ) -> Result<Placed, TreeError> {
        let spot = match self.spots.child(parent, node.name()) {
            Some(spot) => spot,
            None => self.spots.add(parent, node.name())?,
        };
        self.spots.touch(spot);
        if !node.is_implied() {
            self.spots.name(spot, version.node);
        }
        if version.layer > 0 && !node.is_deleted() && node.kind() == EntryKind::Hardlink {
            self.links.push(version.node);
        }
        if node.hides_lower() {
            self.spots.hide(spot);
        }
        if node.is_deleted() {
            self.spots.set(spot, None);
            return Ok(Placed::Here(spot));
        }
        let has_children = node.subtree_end().0 > version.node.0 + 1;
        match self.kind(spot) {
            // Unpackers make the parents of a path only where there are none.
            Some(EntryKind::Directory) if node.is_folder() && node.is_implied() => {}
            Some(EntryKind::Symlink) if node.is_implied() && has_children => {
                return Ok(Placed::Through(spot));
            }
            old => {
                if !(old == Some(EntryKind::Directory) && node.is_folder()) {
                    self.spots.hide(spot);
                }
                self.spots.set(spot, Some(version));
            }
        }
        // Entries of one layer may go through a link that came before them.
        let through = has_children && node.kind() == EntryKind::Symlink;
        Ok(if through { Placed::Through(spot) } else { Placed::Here(spot) })
    }

    /// The layers, the oldest first.
    pub fn trees(&self) -> &'a [Tree<B>] {
        self.trees
    }

    /// All paths.
    pub fn spots(&self) -> &Spots<'a> {
        &self.spots
    }

    /// What is at a spot now.
    pub fn kind(&self, spot: u32) -> Option<EntryKind> {
        self.spots.version(spot).map(|version| self.node(version).kind())
    }

    /// The target of the link at a spot.
    pub fn link(&self, spot: u32) -> &'a [u8] {
        self.spots.version(spot).map_or(&[], |version| self.node(version).link())
    }

    /// The entry of a version.
    pub fn node(&self, version: Version) -> Node<'a> {
        let trees = self.trees;
        trees[version.layer as usize].node(version.node)
    }

    /// Before and after the last layer.
    pub fn versions(&self, seen: Seen) -> (Option<Version>, Option<Version>) {
        let now = if seen.deleted { None } else { self.spots.version(seen.spot) };
        (self.spots.old_version(seen.spot), now)
    }

    /// Whether two files have the same bytes, as far as is known.
    pub fn same_bytes(&self, one: Version, other: Version) -> bool {
        let mut steps = self.steps.get();
        let same = same_bytes(self.trees, one, other, &mut steps);
        self.steps.set(steps);
        same
    }
}
