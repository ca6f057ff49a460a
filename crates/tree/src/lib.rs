//! The files of a layer as one compact index, and layers seen on top of each other.
//!
//! [`TreeBuilder`] takes the entries of a layer's scan and gives the bytes of its index; [`Tree`] reads such bytes in
//! place, after checking all of them. [`Listing`] lays trees on top of each other and is what a screen pages through:
//! what one layer changed, or the whole file system up to it.
//!
//! What this crate is not: it opens no file, and knows neither image nor store.
//!
//! ```
//! use strata_layer::{Limits, scan};
//! use strata_testkit::Layer;
//! use strata_tree::{Change, Listing, Tree, TreeBuilder};
//!
//! let mut trees = Vec::new();
//! for layer in [Layer::new().file("etc/motd", "hello"), Layer::new().whiteout("etc/motd")] {
//!     let mut builder = TreeBuilder::new();
//!     let scanned = scan(&layer.tar()[..], &Limits::default(), &mut builder)?;
//!     trees.push(Tree::open(builder.finish(&scanned.diff_id)?)?);
//! }
//! let listing = Listing::of_layer(trees.into(), 1)?;
//! let row = listing.find(b"etc/motd").and_then(|id| listing.row(listing.place(id)?));
//! assert_eq!(row.map(|row| row.change), Some(Change::Deleted));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attributes;
mod builder;
mod change;
mod compare;
mod drafts;
mod error;
mod extras;
mod filter;
mod filtered;
mod format;
mod id_table;
mod layered;
mod links;
mod listed;
mod listing;
mod lookup;
mod marks;
mod merge;
mod names;
mod node;
mod open;
mod order;
mod outline;
mod pattern;
mod row;
mod rows;
mod search;
mod space;
mod spared;
mod spool;
mod spots;
mod tree;
mod validate;
mod waste;
mod write;

pub use attributes::Attributes;
pub use builder::TreeBuilder;
pub use change::{Change, Counts};
pub use error::TreeError;
pub use filter::unread_condition;
pub use listing::{Listing, Sort};
pub use node::{Node, NodeId};
pub use open::OpenSet;
pub use row::Row;
pub use search::{Found, Search};
pub use spool::{OpenScratch, Scratch};
pub use tree::{Children, Tree};
pub use waste::{Burial, Buried, DiveWaste, Waste};
