//! The rows of a listing as runs of rows: what only one layer has is one run, and nothing in it is looked at before it is
//! shown.

use std::cmp::Ordering;

use crate::format::Record;
use crate::listed::{Listed, NONE};
use crate::listing::Shown;
use crate::spots::Version;
use crate::{Change, Counts, NodeId, Tree};

/// All rows of a listing in order of names.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// Without gaps.
    pub pieces: Vec<Piece>,
    pub rows: u32,
    pub counts: Counts,
}

/// Rows that follow each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// The first of the rows.
    pub row: u32,
    /// What the first row is. Of a run, the other rows are the nodes that follow in its tree.
    pub first: Listed,
    pub span: Span,
    /// The place of the first row among its siblings, from 1, and how many there are.
    pub position: u32,
    pub siblings: u32,
}

/// What a piece is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Span {
    /// One row, and the first row after all that is below it; bytes and files at and below it.
    Own { end: u32, bytes: u64, files: u32 },
    /// So many nodes of one tree, whole subtrees of one folder, to which the same happened.
    Run { count: u32 },
}

impl Piece {
    fn node(&self, row: u32) -> u32 {
        self.first.node.0 + (row - self.row)
    }

    fn row_of(&self, node: u32) -> u32 {
        self.row + (node - self.first.node.0)
    }

    fn is_run(&self) -> bool {
        matches!(self.span, Span::Run { .. })
    }
}

impl Outline {
    /// Puts a row at the end, and tells its number and that of its piece.
    pub fn push(&mut self, first: Listed, position: u32) -> usize {
        let span = Span::Own { end: self.rows + 1, bytes: 0, files: 0 };
        self.pieces.push(Piece { row: self.rows, first, span, position, siblings: 0 });
        self.rows += 1;
        self.pieces.len() - 1
    }

    /// Puts `count` nodes from `first` on at the end, as more of the last run if they are. Tells the piece.
    pub fn push_run(&mut self, first: Listed, count: u32, position: u32) -> usize {
        let row = self.rows;
        self.rows += count;
        if let Some(last) = self.pieces.last_mut()
            && let Span::Run { count: before } = &mut last.span
            && last.first.node.0 + *before == first.node.0
            && (last.first.layer, last.first.parent) == (first.layer, first.parent)
            && last.first.change == first.change
        {
            *before += count;
        } else {
            let span = Span::Run { count };
            self.pieces.push(Piece { row, first, span, position, siblings: 0 });
        }
        self.pieces.len() - 1
    }

    /// The piece that a row is in.
    fn piece(&self, row: u32) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.row <= row);
        self.pieces.get(after.checked_sub(1)?).filter(|_| row < self.rows)
    }

    /// A row.
    pub fn listed<B: AsRef<[u8]>>(&self, trees: &[Tree<B>], row: u32) -> Option<Listed> {
        let piece = self.piece(row)?;
        if !piece.is_run() {
            return Some(piece.first);
        }
        let tree = &trees[piece.first.layer as usize];
        let record = tree.record(NodeId(piece.node(row)));
        let mut listed = in_run(piece, row, &record, piece.first.depth);
        let mut above = record.parent;
        while above >= piece.first.node.0 {
            listed.depth += 1;
            above = tree.record(NodeId(above)).parent;
        }
        Some(listed)
    }

    /// All rows.
    pub fn all<B: AsRef<[u8]>>(&self, trees: &[Tree<B>]) -> Vec<Listed> {
        let mut rows: Vec<Listed> = Vec::with_capacity(self.rows as usize);
        for piece in &self.pieces {
            let Span::Run { count } = piece.span else {
                rows.push(piece.first);
                continue;
            };
            let tree = &trees[piece.first.layer as usize];
            for row in piece.row..piece.row + count {
                let record = tree.record(NodeId(piece.node(row)));
                let depth = match record.parent.checked_sub(piece.first.node.0) {
                    Some(above) => rows[(piece.row + above) as usize].depth + 1,
                    None => piece.first.depth,
                };
                rows.push(in_run(piece, row, &record, depth));
            }
        }
        rows
    }

    /// The first row after all that is below a row.
    pub fn end<B: AsRef<[u8]>>(&self, trees: &[Tree<B>], row: u32) -> u32 {
        self.piece(row).map_or(row + 1, |piece| end_in(piece, trees, row))
    }

    /// The same of rows that are asked for in their order: `at` is where the last one was found.
    pub fn next_end<B: AsRef<[u8]>>(&self, trees: &[Tree<B>], row: u32, at: &mut usize) -> u32 {
        while self.pieces.get(*at + 1).is_some_and(|next| next.row <= row) {
            *at += 1;
        }
        self.pieces.get(*at).map_or(row + 1, |piece| end_in(piece, trees, row))
    }

    /// How many rows stand directly in the folder of the rows from `from` to `end`.
    pub fn siblings<B: AsRef<[u8]>>(&self, trees: &[Tree<B>], from: u32, end: u32) -> u32 {
        if let Some(piece) = self.piece(from).filter(|piece| from == piece.row) {
            return piece.siblings;
        }
        let (mut at, mut count, mut row) = (0, 0, from);
        at += self.pieces.partition_point(|piece| piece.row <= row).saturating_sub(1);
        while row < end {
            row = self.next_end(trees, row, &mut at);
            count += 1;
        }
        count
    }

    /// The row of a name among all siblings of a folder, with all that is below them the rows from `from` to before `end`.
    /// They stand in the order of their names, so that half of what is left is passed over each time.
    pub fn child<B: AsRef<[u8]>>(
        &self,
        trees: &[Tree<B>],
        (from, end): (u32, u32),
        name: &[u8],
    ) -> Option<u32> {
        let first = self.piece(from)?;
        if from > first.row {
            return child_in(first, trees, (from, end), name);
        }
        let folder = first.first.parent;
        let (mut low, mut high) = (from, end);
        while low < high {
            let mut piece = self.piece(low + (high - low) / 2)?;
            while piece.first.parent != folder {
                piece = self.piece(piece.first.parent)?;
            }
            let next = match piece.span {
                Span::Own { end, .. } => end,
                Span::Run { count } => piece.row + count,
            };
            let order = trees[piece.first.layer as usize].name(piece.first.node).cmp(name);
            match (order, piece.span) {
                (Ordering::Equal, _) => return Some(piece.row),
                (Ordering::Greater, _) => high = piece.row,
                (Ordering::Less, Span::Own { .. }) => low = next,
                (Ordering::Less, Span::Run { .. }) => {
                    let found = child_in(piece, trees, (piece.row, next), name);
                    if found.is_some() {
                        return found;
                    }
                    low = next;
                }
            }
        }
        None
    }

    /// The row of a path; links are not followed.
    pub fn find<B: AsRef<[u8]>>(&self, trees: &[Tree<B>], path: &[u8]) -> Option<u32> {
        let (mut range, mut found) = ((0, self.rows), None);
        for name in path.split(|&byte| byte == b'/').filter(|name| !matches!(*name, b"" | b".")) {
            let row = self.child(trees, range, name)?;
            found = Some(row);
            range = (row + 1, self.end(trees, row));
        }
        found
    }

    /// A row's place and totals, but for its place among its siblings.
    pub fn totals<B: AsRef<[u8]>>(&self, trees: &[Tree<B>], row: u32) -> Option<Shown> {
        let piece = self.piece(row)?;
        let shown = |end, bytes, files| Shown {
            id: row,
            end,
            bytes,
            files,
            position: piece.position,
            siblings: piece.siblings,
            matched: true,
        };
        if let Span::Own { end, bytes, files } = piece.span {
            return Some(shown(end, bytes, files));
        }
        let node = trees[piece.first.layer as usize].node(NodeId(piece.node(row)));
        let files = u32::try_from(node.subtree_files()).unwrap_or(u32::MAX);
        Some(shown(end_in(piece, trees, row), node.subtree_bytes(), files))
    }

    /// A row's place, totals, and place among its siblings; for the latter all of them may have to be counted.
    pub fn shown<B: AsRef<[u8]>>(&self, trees: &[Tree<B>], row: u32) -> Option<Shown> {
        let piece = self.piece(row)?;
        let mut shown = self.totals(trees, row)?;
        if !piece.is_run() {
            return Some(shown);
        }
        let tree = &trees[piece.first.layer as usize];
        let node = NodeId(piece.node(row));
        let parent = tree.record(node).parent;
        if parent < piece.first.node.0 {
            let mut at = piece.first.node.0;
            while at < node.0 {
                at = tree.record(NodeId(at)).subtree_end(at);
                shown.position += 1;
            }
            return Some(shown);
        }
        (shown.position, shown.siblings) = (0, 0);
        for child in tree.children(NodeId(parent)) {
            shown.siblings += 1;
            if child <= node {
                shown.position += 1;
            }
        }
        Some(shown)
    }
}

/// The row of a name among siblings of a run.
fn child_in<B: AsRef<[u8]>>(
    piece: &Piece,
    trees: &[Tree<B>],
    (from, end): (u32, u32),
    name: &[u8],
) -> Option<u32> {
    let tree = &trees[piece.first.layer as usize];
    let (from, end) = (piece.node(from), piece.node(end));
    tree.child_among(from, end, name).map(|node| piece.row_of(node.0))
}

/// A row of a run.
fn in_run(piece: &Piece, row: u32, record: &Record, depth: u32) -> Listed {
    let first = &piece.first;
    let node = NodeId(piece.node(row));
    let is_below = record.parent >= first.node.0;
    let parent = if is_below { piece.row_of(record.parent) } else { first.parent };
    let named = first.change == Change::Added && !record.is_implied();
    let content = Version { layer: first.layer, node };
    Listed { node, content, parent, depth, named, ..*first }
}

fn end_in<B: AsRef<[u8]>>(piece: &Piece, trees: &[Tree<B>], row: u32) -> u32 {
    match piece.span {
        Span::Own { end, .. } => end,
        Span::Run { .. } => {
            let node = piece.node(row);
            let tree = &trees[piece.first.layer as usize];
            piece.row_of(tree.record(NodeId(node)).subtree_end(node))
        }
    }
}

/// A row of a run to be, at its beginning.
pub(crate) fn run_of(layer: u32, node: NodeId, change: Change, parent: u32, depth: u32) -> Listed {
    let was_in = if change == Change::Added { NONE } else { layer };
    Listed {
        layer,
        node,
        content: Version { layer, node },
        was_in,
        parent,
        depth,
        change,
        named: false,
        counted: true,
    }
}
