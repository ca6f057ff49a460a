//! Layers laid on top of each other, as an unpacker would, and what the last of them changed.
//!
//! Every path is a [`Spot`]. A spot's children are a family; when a whiteout, an opaque mark or another kind of thing
//! hides what is in a folder, the folder starts a new family and the old one stays as it was, to be shown as deleted.

use std::cell::Cell;
use std::collections::HashMap;

use strata_layer::EntryKind;

use crate::links::{content_of, resolve};
use crate::{Node, NodeId, Tree, TreeError};

/// No spot.
const NONE: u32 = u32::MAX;
/// Paths of all layers together. A bound on memory: 64 bytes each.
const MAX_SPOTS: usize = 20_000_000;
/// Names looked at to follow the links of one stack. A bound on time: a second or so.
const MAX_STEPS: usize = 50_000_000;

/// Which layer's entry is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    pub layer: u32,
    pub node: NodeId,
}

/// A path.
#[derive(Debug)]
struct Spot<'a> {
    name: &'a [u8],
    parent: u32,
    /// What is there; nothing if it was deleted.
    now: Option<Version>,
    family: Family,
    /// The next of the same family.
    next: u32,
}

/// The children of a folder, as long as nothing hides them.
#[derive(Debug, Clone, Copy)]
struct Family {
    key: u32,
    first: u32,
    last: u32,
}

/// How a path was before the last layer.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    /// The last layer has something at or below it.
    touched: bool,
    /// The last layer's entry or deletion of just this path.
    named: Option<NodeId>,
    was: Option<Version>,
    /// What was in the folder, if the last layer hid that.
    family: Option<Family>,
}

/// Where the walk over a layer goes on below an entry.
enum Placed {
    /// At the entry's own spot.
    Here(u32),
    /// Where the symbolic link at this spot leads.
    Through(u32),
}

/// A spot as a listing shows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub spot: u32,
    /// It, and all below it, is what the last layer removed.
    pub deleted: bool,
}

/// All layers up to one.
#[derive(Debug)]
pub(crate) struct Merged<'a, B> {
    trees: &'a [Tree<B>],
    spots: Vec<Spot<'a>>,
    before: Vec<Before>,
    index: HashMap<(u32, &'a [u8]), u32>,
    next_key: u32,
    is_last: bool,
    /// How many more names may be looked at to find the files of hard links.
    steps: Cell<usize>,
}

impl<'a, B: AsRef<[u8]>> Merged<'a, B> {
    /// The spot of the root.
    pub const ROOT: u32 = 0;

    /// Lays all of `trees` on top of each other, the oldest first.
    pub fn new(trees: &'a [Tree<B>]) -> Result<Self, TreeError> {
        let expected = trees.iter().map(Tree::len).max().unwrap_or(0);
        let root = Spot { name: &[], parent: 0, now: None, family: Family::new(0), next: NONE };
        let mut merged = Self {
            trees,
            spots: Vec::with_capacity(expected),
            before: Vec::new(),
            index: HashMap::with_capacity(expected),
            next_key: 1,
            is_last: false,
            steps: Cell::new(MAX_STEPS),
        };
        merged.spots.push(root);
        for layer in 0..trees.len() {
            if layer + 1 == trees.len() {
                merged.is_last = true;
                merged.before.resize(merged.spots.len(), Before::default());
            }
            merged.apply(layer)?;
        }
        Ok(merged)
    }

    fn apply(&mut self, layer: usize) -> Result<(), TreeError> {
        let trees = self.trees;
        let tree = &trees[layer];
        let number =
            u32::try_from(layer).map_err(|_| TreeError::TooLarge { what: "so many layers" })?;
        let root = tree.node(Tree::<B>::ROOT);
        self.touch(Self::ROOT);
        if root.hides_lower() {
            self.hide(Self::ROOT);
        }
        if !root.is_implied() || self.spots[0].now.is_none() {
            self.spots[0].now = Some(Version { layer: number, node: Tree::<B>::ROOT });
        }
        let mut grafts = Vec::new();
        self.walk(number, 1..root.subtree_end().0, Self::ROOT, &mut grafts)?;
        // What lies below symbolic links comes last: they may lead to folders of this very layer.
        let mut steps = MAX_STEPS;
        while let Some((spot, id)) = grafts.pop() {
            let node = tree.node(id);
            let below = id.0 + 1..node.subtree_end().0;
            let folder = resolve(self, spot, &mut steps);
            match folder {
                Some(folder) => self.touch(folder),
                None if node.is_folder() => {
                    self.hide(spot);
                    self.spots[spot as usize].now = Some(Version { layer: number, node: id });
                }
                None => {}
            }
            self.walk(number, below, folder.unwrap_or(spot), &mut grafts)?;
        }
        Ok(())
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
        let spot = match self.child(parent, node.name()) {
            Some(spot) => spot,
            None => self.add(parent, node.name())?,
        };
        self.touch(spot);
        if self.is_last && !node.is_implied() {
            self.before[spot as usize].named = Some(version.node);
        }
        if node.hides_lower() {
            self.hide(spot);
        }
        if node.is_deleted() {
            self.spots[spot as usize].now = None;
            return Ok(Placed::Here(spot));
        }
        let has_children = node.subtree_end().0 > version.node.0 + 1;
        match (self.kind(spot), node.kind()) {
            // Unpackers make the parents of a path only where there are none.
            (Some(EntryKind::Directory), EntryKind::Directory) if node.is_implied() => {}
            (Some(EntryKind::Directory), EntryKind::Directory) => self.set(spot, version),
            (Some(EntryKind::Symlink), EntryKind::Directory)
                if node.is_implied() && has_children =>
            {
                return Ok(Placed::Through(spot));
            }
            _ => {
                self.hide(spot);
                self.set(spot, version);
            }
        }
        // Entries of one layer may go through a link that came before them.
        let through = has_children && node.kind() == EntryKind::Symlink;
        Ok(if through { Placed::Through(spot) } else { Placed::Here(spot) })
    }

    fn set(&mut self, spot: u32, version: Version) {
        self.spots[spot as usize].now = Some(version);
    }

    fn add(&mut self, parent: u32, name: &'a [u8]) -> Result<u32, TreeError> {
        let spot = self.spots.len();
        if spot >= MAX_SPOTS {
            return Err(TreeError::TooLarge { what: "the paths of all layers" });
        }
        let spot = u32::try_from(spot).unwrap_or(NONE);
        let family = self.new_family();
        self.spots.push(Spot { name, parent, now: None, family, next: NONE });
        let siblings = &mut self.spots[parent as usize].family;
        let (key, last) = (siblings.key, siblings.last);
        siblings.last = spot;
        if last == NONE {
            siblings.first = spot;
        } else {
            self.spots[last as usize].next = spot;
        }
        self.index.insert((key, name), spot);
        if self.is_last {
            self.touch(parent);
            let before = self.hidden_child(parent, name);
            self.before.push(before);
        }
        Ok(spot)
    }

    /// How a new path was before its folder was hidden.
    fn hidden_child(&self, parent: u32, name: &[u8]) -> Before {
        let new = Before { touched: true, ..Before::default() };
        let Some(family) = self.before[parent as usize].family else { return new };
        let Some(&old) = self.index.get(&(family.key, name)) else { return new };
        match self.old_version(old) {
            Some(was) => Before { was: Some(was), family: Some(self.old_family(old)), ..new },
            None => new,
        }
    }

    /// Notes that the last layer has something at or below a spot.
    fn touch(&mut self, spot: u32) {
        if !self.is_last {
            return;
        }
        let mut at = spot;
        loop {
            let before = &mut self.before[at as usize];
            if before.touched {
                return;
            }
            before.touched = true;
            before.was = self.spots[at as usize].now;
            at = self.spots[at as usize].parent;
        }
    }

    /// Starts a new family in a folder.
    fn hide(&mut self, spot: u32) {
        let family = self.spots[spot as usize].family;
        if family.first == NONE {
            return;
        }
        if self.is_last {
            self.before[spot as usize].family.get_or_insert(family);
        }
        self.spots[spot as usize].family = self.new_family();
    }

    fn new_family(&mut self) -> Family {
        let family = Family::new(self.next_key);
        self.next_key = self.next_key.wrapping_add(1);
        family
    }

    /// The entry of a spot before the last layer.
    fn old_version(&self, spot: u32) -> Option<Version> {
        let before = self.before[spot as usize];
        if before.touched { before.was } else { self.spots[spot as usize].now }
    }

    fn old_family(&self, spot: u32) -> Family {
        self.before[spot as usize].family.unwrap_or(self.spots[spot as usize].family)
    }

    fn family(&self, family: Family) -> impl Iterator<Item = u32> + '_ {
        let first = (family.first != NONE).then_some(family.first);
        std::iter::successors(first, |&spot| {
            let next = self.spots[spot as usize].next;
            (next != NONE).then_some(next)
        })
    }

    /// The spot of a name in a folder, whether something is there or not.
    pub fn child(&self, folder: u32, name: &[u8]) -> Option<u32> {
        self.index.get(&(self.spots[folder as usize].family.key, name)).copied()
    }

    /// The folder that a spot is in.
    pub fn parent(&self, spot: u32) -> u32 {
        self.spots[spot as usize].parent
    }

    /// What is at a spot now.
    pub fn kind(&self, spot: u32) -> Option<EntryKind> {
        self.version(spot).map(|version| self.node(version).kind())
    }

    /// The target of the link at a spot.
    pub fn link(&self, spot: u32) -> &'a [u8] {
        self.version(spot).map_or(&[], |version| self.node(version).link())
    }

    /// The entry at a spot now.
    pub fn version(&self, spot: u32) -> Option<Version> {
        self.spots[spot as usize].now
    }

    pub fn node(&self, version: Version) -> Node<'a> {
        let trees = self.trees;
        trees[version.layer as usize].node(version.node)
    }

    /// Whether two files have the same bytes, as far as their fingerprints tell. Where a hard link's file is not found,
    /// only the same link counts as the same.
    pub fn same_bytes(&self, one: Version, other: Version) -> bool {
        let mut steps = self.steps.get();
        let mut content = |version: Version| {
            let tree = &self.trees[version.layer as usize];
            let id = content_of(tree, version.node, &mut steps)?;
            let node = tree.node(id);
            Some((node.size(), node.fingerprint()))
        };
        let (content_of_one, content_of_other) = (content(one), content(other));
        self.steps.set(steps);
        match (content_of_one, content_of_other) {
            (Some(one), Some(other)) => one == other,
            _ => {
                self.node(one).kind() == self.node(other).kind()
                    && self.node(one).link() == self.node(other).link()
            }
        }
    }

    /// Whether the last layer has something at or below a spot.
    fn is_touched(&self, spot: u32) -> bool {
        self.before[spot as usize].touched
    }

    /// The last layer's entry or deletion of just this path.
    pub fn named(&self, spot: u32) -> Option<NodeId> {
        self.before[spot as usize].named
    }

    /// What was at a spot before the last layer.
    pub fn below(&self, seen: Seen) -> Option<Version> {
        self.old_version(seen.spot)
    }

    /// Adds what is in the folder `seen` to `out`, sorted by name. With `changes` it is what the last layer has or
    /// had there, deleted things included; without it is what is there.
    pub fn children(&self, seen: Seen, changes: bool, out: &mut Vec<Seen>) {
        let start = out.len();
        if seen.deleted {
            self.old_children(seen.spot, |_| true, out);
        } else {
            let now = self.spots[seen.spot as usize].family;
            let shown = self.family(now).filter(|&spot| {
                let is_there = self.spots[spot as usize].now.is_some();
                if changes { self.is_touched(spot) } else { is_there }
            });
            out.extend(
                shown.map(|spot| Seen { spot, deleted: self.spots[spot as usize].now.is_none() }),
            );
            if changes && self.before[seen.spot as usize].family.is_some() {
                let is_gone = |spot: u32| {
                    !self.index.contains_key(&(now.key, self.spots[spot as usize].name))
                };
                self.old_children(seen.spot, is_gone, out);
            }
        }
        out[start..].sort_by_key(|seen| self.spots[seen.spot as usize].name);
    }

    fn old_children(&self, spot: u32, wanted: impl Fn(u32) -> bool, out: &mut Vec<Seen>) {
        let there = self
            .family(self.old_family(spot))
            .filter(|&spot| self.old_version(spot).is_some() && wanted(spot));
        out.extend(there.map(|spot| Seen { spot, deleted: true }));
    }
}

impl Family {
    fn new(key: u32) -> Self {
        Self { key, first: NONE, last: NONE }
    }
}
