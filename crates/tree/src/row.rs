//! One line of a listing.

use strata_layer::EntryKind;

use crate::{Attributes, Change, NodeId};

/// One line of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// Stays the same in every order and filter of the same layers.
    pub id: u32,
    /// Without folder.
    pub name: &'a [u8],
    /// Folders above it.
    pub depth: usize,
    /// What it is; of something deleted, what it was.
    pub kind: EntryKind,
    /// Bytes of a file; of a folder, all that is listed below it. What a layer deleted counts only within something
    /// deleted.
    pub bytes: u64,
    /// Files and links below a folder, counted alike; 1 for a file.
    pub files: u64,
    /// Mode, owner and time.
    pub attributes: Attributes,
    /// The target of a link; else empty.
    pub link: &'a [u8],
    /// Major and minor number of a device.
    pub device: (u32, u32),
    /// What the layer did to it.
    pub change: Change,
    /// The layer whose entry is shown, from 0.
    pub layer: usize,
    /// Where in that layer's tree it is.
    pub node: NodeId,
    /// The layer that has the version below.
    pub was_in: Option<usize>,
    /// The layer's own tar has an entry or a deletion of this path: it is not there only for what is below it, or
    /// because something above it was deleted.
    pub named: bool,
    /// A folder that is as it was but for its time: it is there for what is below it.
    pub only_leads: bool,
    /// The deletion of what was not there: nothing is known of it but the path.
    pub of_nothing: bool,
    /// It fits the filter itself, and is not there only for what is above or below it.
    pub matched: bool,
    /// Whether anything is listed below it.
    pub has_children: bool,
    /// Its place among its siblings, from 1.
    pub position_in_set: usize,
    /// How many siblings there are, itself included.
    pub set_size: usize,
}
