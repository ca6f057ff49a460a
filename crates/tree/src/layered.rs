//! Layers laid on top of each other in one ordered walk over all of them at once.
//!
//! Where only one layer has a folder, which is nearly everywhere, the folder is one run of rows, and nothing in it is
//! looked at: the walk takes as long as what layers have in common. What needs more than the paths as the layers write
//! them (a layer that puts files below a symbolic link, a hard link whose file is hidden) is left to [`crate::merge`].

use std::cell::Cell;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use strata_layer::EntryKind;

use crate::links::{content_of, same_bytes};
use crate::listed::{NONE, Scope, Versions, judged};
use crate::merge::MAX_STEPS;
use crate::outline::{Outline, Span, run_of};
use crate::spots::{MAX_SPOTS, Version};
use crate::{Change, Children, Node, NodeId, Tree, TreeError};

/// How many paths are asked of lower layers before all is merged: layers that name no folder are rare.
const MOST_LOOKED_AT: usize = 20_000;

/// The rows of the layers up to the last of `stack`; none if paths alone do not tell them.
pub(crate) fn outline<B: AsRef<[u8]>>(
    stack: &[Tree<B>],
    scope: Scope,
) -> Result<Option<Outline>, TreeError> {
    if stack.iter().any(|tree| tree.marks().is_odd) || may_lead_elsewhere(stack) {
        return Ok(None);
    }
    let count =
        u32::try_from(stack.len()).map_err(|_| TreeError::TooLarge { what: "so many layers" })?;
    let root = |layer| Version { layer, node: Tree::<B>::ROOT };
    let Some(top) = count.checked_sub(1) else { return Ok(None) };
    let old: Vec<Version> = (0..top).map(root).collect();
    let mut walk = Walk::new(stack, top, scope);
    let path = Path { old: &old, top: Some(root(top)), hidden: false, deleted: false };
    let state = walk.look(&path);
    let mut sums = Sums::default();
    walk.below(&path, &state, (NONE, 0), &mut sums);
    if walk.out.rows as usize > MAX_SPOTS {
        return Err(TreeError::TooLarge { what: "the paths of all layers" });
    }
    let is_known = scope == Scope::Changes || !walk.has_lost_files();
    Ok(is_known.then_some(walk.out))
}

/// Whether a layer may have something below what is a symbolic link in a layer below it: where the link leads, then.
fn may_lead_elsewhere<B: AsRef<[u8]>>(stack: &[Tree<B>]) -> bool {
    let mut looked_at = 0;
    stack.iter().enumerate().skip(1).any(|(layer, tree)| {
        tree.marks().implied.iter().any(|&folder| {
            let path = tree.path(NodeId(folder));
            looked_at += layer;
            let is_link = |below: &Tree<B>| {
                let node = below.find(&path);
                node.is_some_and(|node| below.node(node).kind() == EntryKind::Symlink)
            };
            looked_at > MOST_LOOKED_AT || stack[..layer].iter().any(is_link)
        })
    })
}

/// One path in all layers that have it.
struct Path<'a> {
    /// Of the layers below the last one, the oldest first, as far as none of them hides it.
    old: &'a [Version],
    /// Of the last layer.
    top: Option<Version>,
    /// The last layer hides what those below it have here.
    hidden: bool,
    /// The last layer has removed it, and it is listed as that.
    deleted: bool,
}

/// What is at a path, and whose children are.
#[derive(Default)]
struct State {
    was: Option<Version>,
    now: Option<Version>,
    /// How many of the old versions are hidden with all that is below them.
    past: usize,
    /// The last layer hides what those below it have below this path.
    hides: bool,
}

/// What unpacking versions of one path leaves.
#[derive(Default)]
struct Laid {
    now: Option<Version>,
    /// The first version whose children are left.
    from: usize,
}

/// Bytes, and files and links, that count for a folder.
#[derive(Default, Clone, Copy)]
struct Sums {
    bytes: u64,
    files: u32,
}

struct Walk<'a, B> {
    trees: &'a [Tree<B>],
    top: u32,
    scope: Scope,
    /// How many more names may be looked at to find the files of hard links.
    steps: Cell<usize>,
    out: Outline,
    /// Of which layers something is not listed.
    lost: Vec<bool>,
}

impl<'a, B: AsRef<[u8]>> Walk<'a, B> {
    fn new(trees: &'a [Tree<B>], top: u32, scope: Scope) -> Self {
        let (steps, lost) = (Cell::new(MAX_STEPS), vec![false; trees.len()]);
        Self { trees, top, scope, steps, out: Outline::default(), lost }
    }

    fn node(&self, version: Version) -> Node<'a> {
        let trees = self.trees;
        trees[version.layer as usize].node(version.node)
    }

    /// What is at a path before and after the last layer.
    fn look(&mut self, path: &Path<'_>) -> State {
        let mut laid = Laid::default();
        for (at, &version) in path.old.iter().enumerate() {
            self.lay(&mut laid, version, at);
        }
        let mut state = State { was: laid.now, now: laid.now, past: laid.from, hides: path.hidden };
        if path.deleted || path.hidden {
            (state.now, laid) = (None, Laid::default());
        }
        if let Some(top) = path.top.filter(|_| !path.deleted) {
            let at = path.old.len();
            self.lay(&mut laid, top, at);
            state.now = laid.now;
            state.hides |= at > 0 && laid.from == at;
        }
        self.note_lost(path, &state);
        state
    }

    /// Puts one version on what those before it left, as an unpacker would.
    fn lay(&mut self, laid: &mut Laid, version: Version, at: usize) {
        let node = self.node(version);
        if node.hides_lower() {
            laid.from = at;
        }
        if node.is_deleted() {
            laid.now = None;
            return;
        }
        match laid.now.map(|old| self.node(old).kind()) {
            // Unpackers make the parents of a path only where there are none.
            Some(EntryKind::Directory) if node.is_folder() && node.is_implied() => {}
            old => {
                if !(old == Some(EntryKind::Directory) && node.is_folder()) {
                    laid.from = at;
                }
                laid.now = Some(version);
            }
        }
    }

    /// Notes which layers have something that is not listed.
    fn note_lost(&mut self, path: &Path<'_>, state: &State) {
        for (at, &version) in path.old.iter().enumerate() {
            let node = self.node(version);
            let is_file = !node.is_folder() && !node.is_deleted();
            let is_past = at < state.past || state.hides;
            if (is_file && state.now != Some(version)) || (is_past && node.has_children()) {
                self.lost[version.layer as usize] = true;
            }
        }
    }

    /// Lists what is directly below a path. `place` is its row and the depth of what is below it.
    fn below(&mut self, path: &Path<'_>, state: &State, place: (u32, u32), sums: &mut Sums) {
        let trees = self.trees;
        let old = &path.old[state.past..];
        let is_gone = path.deleted || (self.scope == Scope::Changes && state.now.is_none());
        // Where the last layer alone says which names there are, the others are asked for those and no more.
        let by_top = !is_gone && state.hides == (self.scope == Scope::System);
        let mut level = Level { place, is_gone, pieces: Vec::new(), count: 0 };
        let mut found: Vec<Version> = Vec::new();
        if by_top {
            let Some(top) = path.top else { return };
            for node in trees[top.layer as usize].children(top.node) {
                let name = trees[top.layer as usize].name(node);
                let child = |version: &Version| {
                    let node = trees[version.layer as usize].child(version.node, name)?;
                    Some(Version { node, ..*version })
                };
                found.clear();
                found.extend(old.iter().filter_map(child));
                let top = Some(Version { node, ..top });
                let child = Path { old: &found, top, hidden: state.hides, deleted: false };
                self.add(&child, &mut level, sums);
            }
        } else {
            let top = path.top.filter(|_| !is_gone);
            let mut families = Families::of(trees, old.iter().copied().chain(top));
            while families.next(&mut found) {
                let top = found.pop_if(|version| version.layer == self.top);
                let deleted = is_gone || (state.hides && top.is_none());
                let child = Path { old: &found, top, hidden: state.hides, deleted };
                self.add(&child, &mut level, sums);
            }
        }
        for piece in level.pieces {
            self.out.pieces[piece].siblings = level.count;
        }
    }

    /// Lists a path, if there is something to list.
    fn add(&mut self, path: &Path<'_>, level: &mut Level, sums: &mut Sums) {
        let added = match self.whole(path) {
            Some((version, change)) => Some(self.run(version, change, level)),
            None => self.visit(path, level),
        };
        let Some((piece, change, below)) = added else { return };
        level.count += 1;
        if level.pieces.last() != Some(&piece) {
            level.pieces.push(piece);
        }
        // What a layer deleted counts only for what was deleted with it.
        if change != Change::Deleted || level.is_gone {
            sums.add(below);
        }
    }

    /// The one layer that has all that is at and below a path, and what happened to all of it.
    fn whole(&self, path: &Path<'_>) -> Option<(Version, Change)> {
        let (version, change) = match (path.old, path.top) {
            (&[only], None) if path.deleted => (only, Change::Deleted),
            (&[only], None) if !path.hidden => (only, Change::Unchanged),
            ([], Some(top)) if !path.deleted => (top, Change::Added),
            _ => return None,
        };
        let tree = &self.trees[version.layer as usize];
        let end = tree.record(version.node).subtree_end(version.node.0);
        (!tree.marks().has_deleted(version.node.0..end)).then_some((version, change))
    }

    fn run(&mut self, version: Version, change: Change, level: &Level) -> (usize, Change, Sums) {
        let node = self.node(version);
        let (bytes, all) = (node.subtree_bytes(), node.subtree_files());
        let count = node.subtree_end().0 - version.node.0;
        let files = u32::try_from(all).unwrap_or(u32::MAX);
        let counts = &mut self.out.counts;
        match change {
            Change::Deleted => counts.deleted += u64::from(count),
            Change::Added => counts.added += u64::from(count),
            _ => {}
        }
        if change != Change::Deleted {
            counts.files += all;
            counts.directories += u64::from(count) - all;
            counts.bytes = counts.bytes.saturating_add(bytes);
        }
        let (parent, depth) = level.place;
        let first = run_of(version.layer, version.node, change, parent, depth);
        (self.out.push_run(first, count, level.count + 1), change, Sums { bytes, files })
    }

    /// Lists a path that several layers have something to do with.
    fn visit(&mut self, path: &Path<'_>, level: &Level) -> Option<(usize, Change, Sums)> {
        let state = self.look(path);
        let is_listed = match self.scope {
            Scope::System => state.now.is_some(),
            Scope::Changes => !path.deleted || state.was.is_some(),
        };
        if !is_listed {
            return None;
        }
        let named = path.top.filter(|&top| !self.node(top).is_implied());
        let seen = Versions { was: state.was, now: state.now, named };
        let (trees, steps) = (self.trees, &self.steps);
        let listed = judged(trees, seen, level.place, |one, other| {
            let mut left = steps.get();
            let same = same_bytes(trees, one, other, &mut left);
            steps.set(left);
            same
        });
        let content = self.node(listed.content);
        let change = if listed.counted { listed.change } else { Change::Unchanged };
        self.out.counts.add(change, content.kind(), content.size());
        let mut sums = Sums::default();
        if !content.is_folder() && !content.is_deleted() {
            sums.add(Sums { bytes: content.size(), files: 1 });
        }
        let row = self.out.rows;
        let piece = self.out.push(listed, level.count + 1);
        self.below(path, &state, (row, level.place.1 + 1), &mut sums);
        let Sums { bytes, files } = sums;
        self.out.pieces[piece].span = Span::Own { end: self.out.rows, bytes, files };
        Some((piece, listed.change, sums))
    }

    /// Whether a hard link is listed and its file is not: the link is the file then.
    fn has_lost_files(&self) -> bool {
        let mut steps = MAX_STEPS;
        // The file of a link may also be in a layer below its own.
        let mut below_lost = false;
        for (tree, lost) in self.trees.iter().zip(&self.lost) {
            let links = tree.marks().hardlinks.iter().map(|&link| NodeId(link));
            let mut leads_below = |link| content_of(tree, link, &mut steps).is_none();
            if below_lost && links.into_iter().any(&mut leads_below) {
                return true;
            }
            below_lost |= *lost;
        }
        let layers = self.trees.iter().zip(0_u32..).zip(&self.lost);
        let lost = layers.filter(|((tree, _), lost)| **lost && !tree.marks().hardlinks.is_empty());
        lost.into_iter().any(|((tree, layer), _)| {
            let is_listed = |node| {
                let row = self.out.find(self.trees, &tree.path(node));
                let row = row.and_then(|row| self.out.listed(self.trees, row));
                row.is_some_and(|row| (row.layer, row.node) == (layer, node))
            };
            tree.marks().hardlinks.iter().map(|&link| NodeId(link)).any(|link| {
                content_of(tree, link, &mut steps)
                    .is_some_and(|file| !is_listed(file) && is_listed(link))
            })
        })
    }
}

/// The rows of one folder as they are listed.
struct Level {
    /// The folder's row, and the depth of what is in it.
    place: (u32, u32),
    /// The last layer has removed the folder.
    is_gone: bool,
    pieces: Vec<usize>,
    count: u32,
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.files = self.files.saturating_add(other.files);
    }
}

/// What stands below one path in several layers, name by name.
struct Families<'a, B> {
    trees: &'a [Tree<B>],
    /// The next name of each layer, the first of them on top.
    waiting: BinaryHeap<Reverse<Waiting<'a, B>>>,
}

/// The next name of one layer.
struct Waiting<'a, B> {
    name: &'a [u8],
    version: Version,
    more: Children<'a, B>,
}

impl<B> Ord for Waiting<'_, B> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.name, self.version.layer).cmp(&(other.name, other.version.layer))
    }
}

impl<B> PartialOrd for Waiting<'_, B> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<B> PartialEq for Waiting<'_, B> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<B> Eq for Waiting<'_, B> {}

impl<'a, B: AsRef<[u8]>> Families<'a, B> {
    fn of(trees: &'a [Tree<B>], folders: impl Iterator<Item = Version>) -> Self {
        let mut waiting = BinaryHeap::new();
        for folder in folders {
            let tree = &trees[folder.layer as usize];
            let mut more = tree.children(folder.node);
            if let Some(node) = more.next() {
                let version = Version { node, ..folder };
                waiting.push(Reverse(Waiting { name: tree.name(node), version, more }));
            }
        }
        Self { trees, waiting }
    }

    /// All versions of the next name, the oldest first; `false` at the end.
    fn next(&mut self, found: &mut Vec<Version>) -> bool {
        found.clear();
        let mut least: Option<&[u8]> = None;
        while let Some(mut first) = self.waiting.peek_mut() {
            let waiting = &mut first.0;
            if *least.get_or_insert(waiting.name) != waiting.name {
                break;
            }
            found.push(waiting.version);
            match waiting.more.next() {
                Some(node) => {
                    waiting.version.node = node;
                    waiting.name = self.trees[waiting.version.layer as usize].name(node);
                }
                None => drop(PeekMut::pop(first)),
            }
        }
        least.is_some()
    }
}

#[cfg(test)]
mod tests;
