//! Every path of all layers, what is there, and how it was before the last layer.
//!
//! A path is a spot; spots in one folder are a family. When a whiteout, an opaque mark or another kind of thing hides
//! what is in a folder, the folder starts a new family, and the old one stays as it was, to be shown as deleted. So
//! hiding costs the same however much is hidden.

use std::collections::HashMap;

use crate::{NodeId, TreeError};

/// No spot.
const NONE: u32 = u32::MAX;
/// Paths of all layers together: a bound on memory, at about a hundred bytes each.
pub(crate) const MAX_SPOTS: usize = 20_000_000;

/// Which layer's entry is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Version {
    pub layer: u32,
    pub node: NodeId,
}

/// A spot as a listing shows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub spot: u32,
    /// It, and all below it, is what the last layer removed.
    pub deleted: bool,
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

/// What is in a folder, as long as nothing hides it.
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

/// All paths, the root first.
#[derive(Debug)]
pub(crate) struct Spots<'a> {
    all: Vec<Spot<'a>>,
    /// As many as `all`, from the last layer on.
    before: Vec<Before>,
    index: HashMap<(u32, &'a [u8]), u32>,
    next_key: u32,
    is_last: bool,
}

impl<'a> Spots<'a> {
    /// The spot of the root.
    pub const ROOT: u32 = 0;

    /// Nothing but the root, with room for `expected` paths.
    pub fn new(expected: usize) -> Self {
        let mut all = Vec::with_capacity(expected);
        all.push(Spot { name: &[], parent: 0, now: None, family: Family::new(0), next: NONE });
        let index = HashMap::with_capacity(expected);
        Self { all, before: Vec::new(), index, next_key: 1, is_last: false }
    }

    /// From here on, it is noted how things were.
    pub fn begin_last_layer(&mut self) {
        self.is_last = true;
        self.before.resize(self.all.len(), Before::default());
    }

    /// The spot of a name in a folder, whether something is there or not.
    pub fn child(&self, folder: u32, name: &[u8]) -> Option<u32> {
        self.index.get(&(self.all[folder as usize].family.key, name)).copied()
    }

    /// The folder that a spot is in; the root is in itself.
    pub fn parent(&self, spot: u32) -> u32 {
        self.all[spot as usize].parent
    }

    /// What is at a spot now.
    pub fn version(&self, spot: u32) -> Option<Version> {
        self.all[spot as usize].now
    }

    /// Puts something at a spot, or nothing.
    pub fn set(&mut self, spot: u32, now: Option<Version>) {
        self.all[spot as usize].now = now;
    }

    /// A new spot in a folder that has none of the name.
    pub fn add(&mut self, folder: u32, name: &'a [u8]) -> Result<u32, TreeError> {
        if self.all.len() >= MAX_SPOTS {
            return Err(TreeError::TooLarge { what: "the paths of all layers" });
        }
        let spot = u32::try_from(self.all.len()).unwrap_or(NONE);
        let family = self.new_family();
        self.all.push(Spot { name, parent: folder, now: None, family, next: NONE });
        let siblings = &mut self.all[folder as usize].family;
        let (key, last) = (siblings.key, siblings.last);
        siblings.last = spot;
        if last == NONE {
            siblings.first = spot;
        } else {
            self.all[last as usize].next = spot;
        }
        self.index.insert((key, name), spot);
        if self.is_last {
            self.touch(folder);
            let before = self.hidden_child(folder, name);
            self.before.push(before);
        }
        Ok(spot)
    }

    /// Notes that the layer has something at or below a spot.
    pub fn touch(&mut self, spot: u32) {
        if !self.is_last {
            return;
        }
        let mut at = spot;
        while !self.before[at as usize].touched {
            let before = &mut self.before[at as usize];
            before.touched = true;
            before.was = self.all[at as usize].now;
            at = self.all[at as usize].parent;
        }
    }

    /// Notes which node of the layer is of just this path.
    pub fn name(&mut self, spot: u32, node: NodeId) {
        if self.is_last {
            self.before[spot as usize].named = Some(node);
        }
    }

    /// Hides all that is in a folder.
    pub fn hide(&mut self, folder: u32) {
        let family = self.all[folder as usize].family;
        if family.first == NONE {
            return;
        }
        if self.is_last {
            self.before[folder as usize].family.get_or_insert(family);
        }
        self.all[folder as usize].family = self.new_family();
    }

    /// The last layer's entry or deletion of just this path.
    pub fn named(&self, spot: u32) -> Option<NodeId> {
        self.before[spot as usize].named
    }

    /// What was at a spot before the last layer.
    pub fn old_version(&self, spot: u32) -> Option<Version> {
        let before = self.before[spot as usize];
        if before.touched { before.was } else { self.all[spot as usize].now }
    }

    /// Adds what is in the folder `seen` to `out`, sorted by name. With `changes` it is what the last layer has or
    /// had there, deleted things included; without it is what is there.
    pub fn children(&self, seen: Seen, changes: bool, out: &mut Vec<Seen>) {
        let start = out.len();
        if seen.deleted {
            self.old_children(seen.spot, |_| true, out);
        } else {
            let now = self.all[seen.spot as usize].family;
            let shown = self.members(now).filter(|&spot| match changes {
                true => self.before[spot as usize].touched,
                false => self.version(spot).is_some(),
            });
            out.extend(shown.map(|spot| Seen { spot, deleted: self.version(spot).is_none() }));
            if changes && self.before[seen.spot as usize].family.is_some() {
                let name = |spot: u32| self.all[spot as usize].name;
                let is_gone = |spot| !self.index.contains_key(&(now.key, name(spot)));
                self.old_children(seen.spot, is_gone, out);
            }
        }
        out[start..].sort_by_key(|seen| self.all[seen.spot as usize].name);
    }

    fn old_children(&self, spot: u32, wanted: impl Fn(u32) -> bool, out: &mut Vec<Seen>) {
        let there = self
            .members(self.old_family(spot))
            .filter(|&spot| self.old_version(spot).is_some() && wanted(spot));
        out.extend(there.map(|spot| Seen { spot, deleted: true }));
    }

    fn members(&self, family: Family) -> impl Iterator<Item = u32> + '_ {
        let some = |spot: u32| (spot != NONE).then_some(spot);
        std::iter::successors(some(family.first), move |&spot| some(self.all[spot as usize].next))
    }

    fn old_family(&self, spot: u32) -> Family {
        self.before[spot as usize].family.unwrap_or(self.all[spot as usize].family)
    }

    /// How a new path was before its folder was hidden.
    fn hidden_child(&self, folder: u32, name: &[u8]) -> Before {
        let new = Before { touched: true, ..Before::default() };
        let Some(family) = self.before[folder as usize].family else { return new };
        let Some(&old) = self.index.get(&(family.key, name)) else { return new };
        match self.old_version(old) {
            Some(was) => Before { was: Some(was), family: Some(self.old_family(old)), ..new },
            None => new,
        }
    }

    fn new_family(&mut self) -> Family {
        let family = Family::new(self.next_key);
        self.next_key = self.next_key.wrapping_add(1);
        family
    }
}

impl Family {
    fn new(key: u32) -> Self {
        Self { key, first: NONE, last: NONE }
    }
}
