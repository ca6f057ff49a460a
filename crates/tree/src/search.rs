//! Names in all layers at once, as fast as somebody types.

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
        let mut ranked: Vec<(u8, Found)> = Vec::new();
        let mut total = 0;
        for (layer, tree) in trees.iter().enumerate() {
            wanted.each(tree, &mut |node, rank| {
                total += 1;
                if rank == EXACT || ranked.len() < MOST_ORDERED {
                    ranked.push((rank, Found { layer, node }));
                }
            });
        }
        let mut keyed: Vec<(u8, Vec<u8>, usize, Found)> = Vec::new();
        ranked.sort_by_key(|(rank, _)| *rank);
        // Paths are long: only those that can be among the first are made.
        let last = ranked.get(limit.saturating_sub(1)).map_or(u8::MAX, |(rank, _)| *rank);
        for (rank, found) in ranked.into_iter().take_while(|(rank, _)| *rank <= last) {
            let path = trees[found.layer].path(found.node);
            keyed.push((rank, path, usize::MAX - found.layer, found));
        }
        keyed.sort();
        let found = keyed.into_iter().take(limit).map(|(.., found)| found).collect();
        Self { found, total }
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
            Self::Part(part) => {
                let mut finder = Finder::new(part);
                nodes(tree).for_each(|id| {
                    if let Some(rank) = finder.rank(tree.record(id).name_at, tree.name(id)) {
                        found(id, rank);
                    }
                });
            }
            Self::Names(names) => nodes(tree).for_each(|id| {
                if let Some(rank) = path_rank(tree, id, names) {
                    found(id, rank);
                }
            }),
            Self::Glob(pattern) if pattern.wants_path() => nodes(tree).for_each(|id| {
                let path = [b"/", tree.path(id).as_slice()].concat();
                if pattern.fits(&path) {
                    found(id, PART);
                }
            }),
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

/// Finds a text in names, capitals aside.
struct Finder<'a> {
    part: &'a [u8],
    /// The first byte, small and large.
    first: (u8, u8),
    /// The last answer: names that stand once in a tree come again and again.
    last: (u32, Option<u8>),
}

impl<'a> Finder<'a> {
    fn new(part: &'a [u8]) -> Self {
        let first = part.first().copied().unwrap_or_default();
        Self { part, first: (first, first.to_ascii_uppercase()), last: (u32::MAX, None) }
    }

    fn rank(&mut self, at: u32, name: &[u8]) -> Option<u8> {
        if self.last.0 != at {
            self.last = (at, self.look(name));
        }
        self.last.1
    }

    fn look(&self, name: &[u8]) -> Option<u8> {
        let length = self.part.len();
        let mut from = 0;
        while name.len() - from >= length {
            let rest = &name[from..=name.len() - length];
            let at = from + memchr::memchr2(self.first.0, self.first.1, rest)?;
            if name[at..at + length].eq_ignore_ascii_case(self.part) {
                return Some(match at {
                    0 if name.len() == length => EXACT,
                    0 => PREFIX,
                    _ => PART,
                });
            }
            from = at + 1;
        }
        None
    }
}

/// Whether a path ends with these names; the first may begin before, the last may go on.
fn path_rank<B: AsRef<[u8]>>(tree: &Tree<B>, id: NodeId, names: &[Vec<u8>]) -> Option<u8> {
    let (last, above) = names.split_last()?;
    let name = tree.name(id);
    let begins = name.len() >= last.len() && name[..last.len()].eq_ignore_ascii_case(last);
    if !begins {
        return None;
    }
    let mut at = id;
    for (place, wanted) in above.iter().enumerate().rev() {
        at = NodeId(tree.record(at).parent);
        let is_root = at == Tree::<B>::ROOT;
        // A slash at the beginning: from the root on.
        if place == 0 && wanted.is_empty() {
            return is_root.then_some(if name.len() == last.len() { EXACT } else { PREFIX });
        }
        let name = tree.name(at);
        let fits = if place == 0 {
            name.len() >= wanted.len()
                && name[name.len() - wanted.len()..].eq_ignore_ascii_case(wanted)
        } else {
            name.eq_ignore_ascii_case(wanted)
        };
        if is_root || !fits {
            return None;
        }
    }
    Some(if name.len() == last.len() { EXACT } else { PREFIX })
}
