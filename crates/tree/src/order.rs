//! The paths of a layer in the order in which they are written: folders before what is in them, siblings by name.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::io;

use crate::builder::{NOWHERE, ROOT};
use crate::drafts::Drafts;
use crate::names::{Names, name_in};

/// All nodes that can be reached, in pre-order. Afterwards the parent of a node is the parent's *place* in that order.
pub(crate) fn in_order(nodes: &mut Drafts, names: &mut Names) -> io::Result<Vec<u32>> {
    let families = Families::of(nodes, names)?;
    let mut order = Vec::with_capacity(families.children.len() + 1);
    order.push(ROOT);
    // The children that are still to come, of each folder on the way, and the place of that folder.
    let mut waiting = vec![(families.range(ROOT), 0)];
    while let Some((children, parent)) = waiting.last_mut() {
        let Some(at) = children.next() else {
            waiting.pop();
            continue;
        };
        let node = families.children[at];
        let place = u32::try_from(order.len()).unwrap_or(u32::MAX);
        nodes.set_parent(node, *parent);
        order.push(node);
        let below = families.range(node);
        if !below.is_empty() {
            waiting.push((below, place));
        }
    }
    Ok(order)
}

/// Who is in which folder.
struct Families {
    /// Where the children of each node begin; one more at the end.
    starts: Vec<u32>,
    /// All nodes but the root, by folder, siblings by name.
    children: Vec<u32>,
}

impl Families {
    fn of(nodes: &Drafts, names: &mut Names) -> io::Result<Self> {
        let count = u32::try_from(nodes.len()).map_err(io::Error::other)?;
        let reached = || (1..count).filter(|&node| nodes.parent(node) != NOWHERE);
        let mut starts = vec![0_u32; nodes.len() + 1];
        for node in reached() {
            starts[nodes.parent(node) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut children = vec![0; starts.last().map_or(0, |&all| all as usize)];
        // Each start moves to the end of its family, where the next one's was.
        for node in reached() {
            let start = &mut starts[nodes.parent(node) as usize];
            children[*start as usize] = node;
            *start += 1;
        }
        starts.rotate_right(1);
        starts[0] = 0;
        let mut families = Self { starts, children };
        for node in 0..count {
            let range = families.range(node);
            if range.len() > 1 {
                sort(&mut families.children[range], nodes, names)?;
            }
        }
        Ok(families)
    }

    /// Where the children of a node stand.
    fn range(&self, node: u32) -> std::ops::Range<usize> {
        self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize
    }
}

fn sort(siblings: &mut [u32], nodes: &Drafts, names: &mut Names) -> io::Result<()> {
    if let Some(bytes) = names.bytes.in_memory() {
        let name = |node| name_in(bytes, nodes.name(node));
        siblings.sort_unstable_by(|&one, &other| name(one).cmp(name(other)));
        return Ok(());
    }
    let names = RefCell::new((names, Vec::new()));
    let failed = Cell::new(None);
    let compare = |one: u32, other: u32| -> io::Result<Ordering> {
        let (names, first) = &mut *names.borrow_mut();
        first.clear();
        first.extend_from_slice(names.at(nodes.name(one))?);
        Ok(first.as_slice().cmp(names.at(nodes.name(other))?))
    };
    siblings.sort_unstable_by(|&one, &other| {
        compare(one, other).unwrap_or_else(|error| {
            failed.set(Some(error));
            // The order no longer matters, but it must be one.
            one.cmp(&other)
        })
    });
    failed.take().map_or(Ok(()), Err)
}
