//! The lists of files of layers that were read from their registry, kept in memory while they are looked at.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use strata_spec::Digest;
use strata_store::Mapped;
use strata_tree::{Listing, Sort, Tree};

use crate::error::AppError;
use crate::listings::Recent;

/// How many layers are kept.
const KEPT: usize = 4;
/// How many bytes their trees may have together. The last one is kept whatever its size.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// The bytes of a tree: of the store, or read from a registry just now.
#[derive(Debug)]
pub(crate) enum TreeBytes {
    Stored(Mapped),
    Read(Vec<u8>),
}

impl AsRef<[u8]> for TreeBytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Stored(mapped) => mapped.as_ref(),
            Self::Read(bytes) => bytes,
        }
    }
}

/// A list of files, shared by those who page through it.
pub(crate) type PeekedFiles = Arc<Listing<TreeBytes>>;

/// The layers that were read lately.
#[derive(Debug, Default)]
pub(crate) struct Peeked {
    lists: Mutex<VecDeque<Kept>>,
    /// The same in another order, or only what fits a filter; with the number of the reading.
    views: Recent<(u64, Sort, String), PeekedFiles>,
}

#[derive(Debug)]
struct Kept {
    layer: String,
    reading: u64,
    /// Bytes of the tree in memory; none of one that the store has.
    bytes: usize,
    list: PeekedFiles,
}

impl Peeked {
    /// Keeps the list of a layer, made of its tree. The oldest ones give way.
    pub fn keep(&self, layer: &Digest, tree: TreeBytes) -> Result<(), AppError> {
        let bytes = match &tree {
            TreeBytes::Stored(_) => 0,
            TreeBytes::Read(bytes) => bytes.len(),
        };
        let wrong = |source| AppError::Tree { manifest: layer.clone(), source };
        let trees: Arc<[Tree<TreeBytes>]> = Arc::new([Tree::open(tree).map_err(wrong)?]);
        let list = Arc::new(Listing::of_layer(trees, 0).map_err(wrong)?);
        let layer = layer.to_string();
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let reading = lists.front().map_or(0, |kept| kept.reading) + 1;
        lists.retain(|kept| kept.layer != layer);
        lists.push_front(Kept { layer, reading, bytes, list });
        lists.truncate(KEPT);
        while lists.len() > 1 && lists.iter().map(|kept| kept.bytes).sum::<usize>() > KEPT_BYTES {
            lists.pop_back();
        }
        Ok(())
    }

    /// The list of a layer in the order of names, complete.
    pub fn list(&self, layer: &str) -> Result<PeekedFiles, AppError> {
        self.find(layer).map(|(_, list)| list)
    }

    /// The list of a layer in an order, with only what fits a filter.
    pub fn view(&self, layer: &str, sort: Sort, filter: &str) -> Result<PeekedFiles, AppError> {
        let (reading, list) = self.find(layer)?;
        let by_name = sort == Sort::ByName { descending: false };
        if by_name && filter.is_empty() {
            return Ok(list);
        }
        self.views.get_or_make(&(reading, sort, filter.to_owned()), || {
            let list = if filter.is_empty() { list } else { Arc::new(list.filtered(filter)) };
            Ok(if by_name { list } else { Arc::new(list.sorted(sort)) })
        })
    }

    fn find(&self, layer: &str) -> Result<(u64, PeekedFiles), AppError> {
        let lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let found = lists.iter().find(|kept| kept.layer == layer);
        let found = found.map(|kept| (kept.reading, Arc::clone(&kept.list)));
        found.ok_or_else(|| AppError::PeekForgotten { layer: layer.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use strata_layer::{Limits, scan};
    use strata_testkit::Layer;
    use strata_tree::{OpenSet, TreeBuilder};

    use super::*;

    fn tree(layer: Layer) -> TreeBytes {
        let mut builder = TreeBuilder::new();
        let scanned = scan(&layer.tar()[..], &Limits::default(), &mut builder).unwrap();
        TreeBytes::Read(builder.finish(&scanned.diff_id).unwrap())
    }

    fn digest(number: usize) -> Digest {
        Digest::sha256_of(number.to_string().as_bytes())
    }

    #[test]
    fn the_last_four_are_kept_and_the_others_said_to_be_gone() {
        let peeked = Peeked::default();
        for number in 0..6 {
            peeked.keep(&digest(number), tree(Layer::new().file("a", "b"))).unwrap();
        }
        for number in 0..6 {
            assert_eq!(peeked.list(&digest(number).to_string()).is_ok(), number > 1, "{number}");
        }
    }

    #[test]
    fn a_layer_lists_what_it_brings_and_what_it_deletes_filtered_and_sorted() {
        let peeked = Peeked::default();
        let layer = Layer::new().file("etc/a", "bb").file("etc/b", "bbbb").whiteout("etc/old");
        peeked.keep(&digest(1), tree(layer)).unwrap();
        let names = |sort, filter: &str| -> Vec<String> {
            let list = peeked.view(&digest(1).to_string(), sort, filter).unwrap();
            let (_, rows) = list.visible(&OpenSet::open_except([]), 0, 100);
            rows.iter().map(|(_, row)| String::from_utf8_lossy(row.name).into_owned()).collect()
        };
        let by_name = Sort::ByName { descending: false };
        assert_eq!(names(by_name, ""), ["etc", "a", "b", "old"]);
        assert_eq!(names(Sort::BySize { descending: true }, ""), ["etc", "b", "a", "old"]);
        assert_eq!(names(by_name, "b"), ["etc", "b"]);
        // Read again, the list is another.
        peeked.keep(&digest(1), tree(Layer::new().file("etc/bin", ""))).unwrap();
        assert_eq!(names(by_name, "b"), ["etc", "bin"]);
    }
}
