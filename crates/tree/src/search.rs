//! Names in all layers at once, as fast as somebody types.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::pattern::Pattern;
use crate::{NodeId, Tree};

/// The most finds that are put in order. Of more, some are only counted.
const MOST_ORDERED: usize = 20_000;

/// A path of a layer that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Found {
    /// The layer, from 0.
    pub layer: usize,
    /// The path's node in its tree.
    pub node: NodeId,
}

/// What a search finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// The best ones: whose name is just the text, then whose name begins with it, then the others; each in the order of
    /// paths, and of one path the newest layer first.
    pub found: Vec<Found>,
    /// How many there are in all.
    pub total: usize,
}

impl Search {
    /// Looks for a text in the names of all layers, deletions included: a part of a name, capitals do not count; with `*`
    /// or `?` a glob for the whole name; with a `/` it is held against the path, and must end in the last name of it.
    #[must_use]
    pub fn of<B: AsRef<[u8]>>(trees: &[Tree<B>], text: &str, limit: usize) -> Self {
        if text.trim_matches('/').is_empty() {
            return Self::default();
        }
        let wanted = Wanted::new(text);
        let mut best = Best { limit, ordered: 0, found: BinaryHeap::new(), path: Vec::new() };
        let mut total = 0;
        for (layer, tree) in trees.iter().enumerate() {
            wanted.each(tree, &mut |node, rank| {
                total += 1;
                best.offer(tree, rank, Found { layer, node });
            });
        }
        let found = best.found.into_sorted_vec().into_iter().map(|(.., found)| found).collect();
        Self { found, total }
    }
}

/// The first finds in the order in which they are told.
struct Best {
    limit: usize,
    /// How many were looked at.
    ordered: usize,
    /// By rank, path and layer, the newest first.
    found: BinaryHeap<(u8, Vec<u8>, Reverse<usize>, Found)>,
    path: Vec<u8>,
}

impl Best {
    fn offer<B: AsRef<[u8]>>(&mut self, tree: &Tree<B>, rank: u8, found: Found) {
        if rank != EXACT && self.ordered >= MOST_ORDERED {
            return;
        }
        self.ordered += 1;
        let is_full = self.found.len() >= self.limit;
        let worst = self.found.peek().filter(|_| is_full);
        if worst.is_some_and(|(worst, ..)| *worst < rank) || self.limit == 0 {
            return;
        }
        // Paths are long: room for them is had only for those that are among the first.
        tree.path_into(found.node, &mut self.path);
        let layer = Reverse(found.layer);
        let is_worse = |(worst, path, other, _): &(u8, Vec<u8>, Reverse<usize>, Found)| {
            (*worst, path, other) <= (rank, &self.path, &layer)
        };
        if worst.is_some_and(is_worse) {
            return;
        }
        if is_full {
            self.found.pop();
        }
        self.found.push((rank, self.path.clone(), layer, found));
    }
}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Found {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.layer, self.node).cmp(&(other.layer, other.node))
    }
}

/// The name is just the text.
const EXACT: u8 = 0;
/// It begins with it.
const PREFIX: u8 = 1;
/// It has it somewhere.
const PART: u8 = 2;

/// What is looked for.
enum Wanted {
    /// A part of a name, in small letters.
    Part(Vec<u8>),
    /// Names of a path: the first ends in what is wanted, the last begins with it, those between are whole.
    Names(Vec<Vec<u8>>),
    /// A glob.
    Glob(Pattern),
}

impl Wanted {
    fn new(text: &str) -> Self {
        if text.contains(['*', '?']) {
            return Self::Glob(Pattern::new(text));
        }
        let lower = text.to_ascii_lowercase();
        if !lower.contains('/') {
            return Self::Part(lower.into_bytes());
        }
        Self::Names(lower.split('/').map(|name| name.as_bytes().to_vec()).collect())
    }

    fn each<B: AsRef<[u8]>>(&self, tree: &Tree<B>, found: &mut dyn FnMut(NodeId, u8)) {
        match self {
            Self::Part(part) => each_part(tree, part, found),
            Self::Names(names) => {
                let mut way = Way { names, last: None };
                nodes(tree).for_each(|id| {
                    if let Some(rank) = way.rank(tree, id) {
                        found(id, rank);
                    }
                });
            }
            Self::Glob(pattern) if pattern.wants_path() => {
                let mut path = Vec::new();
                nodes(tree).for_each(|id| {
                    tree.path_into(id, &mut path);
                    if pattern.fits(&path) {
                        found(id, PART);
                    }
                });
            }
            Self::Glob(pattern) => nodes(tree).for_each(|id| {
                if pattern.fits(tree.name(id)) {
                    found(id, PART);
                }
            }),
        }
    }
}

/// All nodes but the root.
fn nodes<B: AsRef<[u8]>>(tree: &Tree<B>) -> impl Iterator<Item = NodeId> + use<B> {
    (1..u32::try_from(tree.len()).unwrap_or(u32::MAX)).map(NodeId)
}

/// Finds a text in names, capitals aside: first in all names as they stand behind each other, then those who have them.
fn each_part<B: AsRef<[u8]>>(tree: &Tree<B>, part: &[u8], found: &mut dyn FnMut(NodeId, u8)) {
    let names = tree.all_names();
    // A bit for each byte, set where a name with the text begins.
    let mut having = vec![0_u64; names.len() / 64 + 1];
    let mut has_any = false;
    Names::new(names, part).for_each(|at| {
        having[at / 64] |= 1 << (at % 64);
        has_any = true;
    });
    if !has_any {
        return;
    }
    for id in nodes(tree) {
        let at = tree.name_at(id) as usize;
        if having[at / 64] >> (at % 64) & 1 == 1 {
            let name = tree.name(id);
            let rank = match name.get(..part.len()) {
                Some(begin) if begin.eq_ignore_ascii_case(part) => begins(name, part),
                _ => PART,
            };
            found(id, rank);
        }
    }
}

/// The rank of a name that begins with a text.
fn begins(name: &[u8], text: &[u8]) -> u8 {
    if name.len() == text.len() { EXACT } else { PREFIX }
}

/// How often letters come in names of files, the most frequent first; all else comes less often.
const FREQUENT: &[u8] = b".esaitonrlcdpmuhgfb_-";

/// The places of the names that have a text in them.
struct Names<'a> {
    all: &'a [u8],
    part: &'a [u8],
    /// Which byte of the text is looked for, as it comes least often, and what it is, small and large.
    rarest: usize,
    byte: (u8, u8),
    /// The name that was reached, and from where on the byte is looked for.
    at: usize,
    from: usize,
}

impl<'a> Names<'a> {
    fn new(all: &'a [u8], part: &'a [u8]) -> Self {
        let commonness = |byte: u8| FREQUENT.iter().position(|&other| other == byte);
        let rarity = |&(_, byte): &(usize, &u8)| commonness(*byte).unwrap_or(FREQUENT.len());
        let (rarest, byte) = part.iter().enumerate().max_by_key(rarity).unwrap_or((0, &0));
        let byte = (*byte, byte.to_ascii_uppercase());
        Self { all, part, rarest, byte, at: 0, from: 0 }
    }

    /// The first place after the name at a place.
    fn end(&self, at: usize) -> Option<usize> {
        let length = self.all.get(at..at + 2)?;
        Some(at + 2 + usize::from(u16::from_le_bytes([length[0], length[1]])))
    }
}

impl Iterator for Names<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        loop {
            let hit =
                self.from + memchr::memchr2(self.byte.0, self.byte.1, self.all.get(self.from..)?)?;
            let mut end = self.end(self.at)?;
            while end <= hit {
                self.at = end;
                end = self.end(end)?;
            }
            self.from = hit + 1;
            let begin = hit.checked_sub(self.rarest).filter(|&begin| begin >= self.at + 2);
            let text = begin.and_then(|begin| self.all.get(begin..end)?.get(..self.part.len()));
            if text.is_some_and(|text| text.eq_ignore_ascii_case(self.part)) {
                self.from = end;
                return Some(self.at);
            }
        }
    }
}

/// Names of a path, held against nodes in their order.
struct Way<'a> {
    names: &'a [Vec<u8>],
    /// The folder of the last node that was asked for, and whether it is on the way: siblings share it.
    last: Option<(NodeId, bool)>,
}

impl Way<'_> {
    /// Whether a path ends with these names; the first may begin before, the last may go on.
    fn rank<B: AsRef<[u8]>>(&mut self, tree: &Tree<B>, id: NodeId) -> Option<u8> {
        let (last, above) = self.names.split_last()?;
        let name = tree.name(id);
        if !name.get(..last.len())?.eq_ignore_ascii_case(last) {
            return None;
        }
        let folder = NodeId(tree.record(id).parent);
        let is_on_it = match self.last {
            Some((known, is_on_it)) if known == folder => is_on_it,
            _ => leads(tree, folder, above),
        };
        self.last = Some((folder, is_on_it));
        is_on_it.then(|| begins(name, last))
    }
}

/// Whether the path of a folder ends with these names; the first may begin before.
fn leads<B: AsRef<[u8]>>(tree: &Tree<B>, folder: NodeId, names: &[Vec<u8>]) -> bool {
    let mut at = folder;
    for (place, wanted) in names.iter().enumerate().rev() {
        let is_root = at == Tree::<B>::ROOT;
        // A slash at the beginning: from the root on.
        if place == 0 && wanted.is_empty() {
            return is_root;
        }
        let name = tree.name(at);
        let fits = if place == 0 {
            name.len() >= wanted.len()
                && name[name.len() - wanted.len()..].eq_ignore_ascii_case(wanted)
        } else {
            name.eq_ignore_ascii_case(wanted)
        };
        if is_root || !fits {
            return false;
        }
        at = NodeId(tree.record(at).parent);
    }
    true
}
