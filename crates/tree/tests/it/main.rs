//! Trees of whole layers, and layers laid on each other.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod bounds;
mod broken;
mod compare;
mod corpus;
mod index;
mod listings;
mod model;
mod paging;
mod round_trip;
mod search;
mod through_links;
mod vectors;
mod waste;

use std::sync::Arc;

use strata_layer::{Limits, scan};
use strata_testkit::Layer;
use strata_tree::{Change, Listing, Row, Tree, TreeBuilder};

/// The bytes of the tree of a layer's tar.
pub fn bytes(tar: &[u8]) -> Vec<u8> {
    let mut builder = TreeBuilder::new();
    let scanned = scan(tar, &Limits::default(), &mut builder).unwrap();
    builder.finish(&scanned.diff_id).unwrap()
}

/// The trees of layers, the oldest first.
pub fn trees(layers: Vec<Layer>) -> Arc<[Tree<Vec<u8>>]> {
    layers.into_iter().map(|layer| Tree::open(bytes(&layer.tar())).unwrap()).collect()
}

/// Every row as path and change, in order.
pub fn changes(listing: &Listing<Vec<u8>>) -> Vec<(String, Change)> {
    rows(listing).map(|row| (path(listing, &row), row.change)).collect()
}

/// All rows of a listing, open or not.
pub fn rows(listing: &Listing<Vec<u8>>) -> impl Iterator<Item = Row<'_>> {
    (0..listing.total()).map(|place| listing.row(place).unwrap())
}

/// A row's path as text.
pub fn path(listing: &Listing<Vec<u8>>, row: &Row<'_>) -> String {
    String::from_utf8(listing.path(row.id)).unwrap()
}
