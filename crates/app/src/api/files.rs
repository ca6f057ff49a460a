//! The file tree of an image, a page at a time.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which files are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Scope {
    /// What this layer added, changed and deleted.
    Layer,
    /// The whole file system as it is with this layer on top.
    UpTo,
}

/// How siblings are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SortBy {
    /// By name, in byte order.
    Name,
    /// The largest first.
    Size,
    /// By the numbers of user and group.
    Owner,
    /// Setuid and the like first.
    Mode,
    /// Deleted first, then changed, added, and what is as it was.
    Change,
}

/// Whether folders are open unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum OpenBase {
    /// All closed.
    Closed,
    /// All open.
    Open,
}

/// What happened to a path in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// It is as below.
    Unchanged,
    /// It was not there.
    Added,
    /// Its content is another.
    Changed,
    /// Only mode, owner, time or attributes are others.
    Metadata,
    /// It is another kind of thing now.
    Replaced,
    /// It is gone.
    Deleted,
}

/// What a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FileKind {
    /// A file with bytes of its own.
    File,
    /// A folder.
    Directory,
    /// A symbolic link.
    Symlink,
    /// Another name of a file in the same layer.
    Hardlink,
    /// A character device.
    CharDevice,
    /// A block device.
    BlockDevice,
    /// A named pipe.
    Fifo,
}

/// Which page of which list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileQuery {
    /// The image's manifest digest.
    pub manifest: String,
    /// The layer, 1 is the oldest.
    pub layer: usize,
    /// This layer's changes, or the system up to it.
    pub scope: Scope,
    /// The order of siblings.
    pub sort: SortBy,
    /// A glob, or a part of a name; empty for all. Words such as `owner:1000`, `mode:setuid`, `size:>1M` and
    /// `change:deleted` are conditions.
    pub filter: String,
    /// Whether folders are open unless in `except`.
    pub base: OpenBase,
    /// Row ids that differ from `base`.
    pub except: Vec<u32>,
    /// First visible row wanted, from 0.
    pub from: usize,
    /// How many rows, at most 1,000.
    pub count: usize,
}

/// How many paths a layer touched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeCounts {
    /// Were not there before.
    pub added: u64,
    /// Changed in content, kind or attributes.
    pub changed: u64,
    /// Are gone.
    pub deleted: u64,
}

/// One visible row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileRow {
    /// Stable within image, layer and scope.
    pub id: u32,
    /// Where it stands among the visible rows, from 0.
    pub index: usize,
    /// Folders above it.
    pub depth: usize,
    /// Its name, with what cannot be shown escaped.
    pub name: String,
    /// Its path from the root, without leading slash, escaped alike.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// A folder with something in it.
    pub has_children: bool,
    /// A folder whose children follow.
    pub open: bool,
    /// Its bytes; a folder's: of all below it.
    pub size_bytes: u64,
    /// Files below a folder; 1 for a file.
    pub files: u64,
    /// Its part of all bytes in the list, from 0 to 1.
    pub share: f64,
    /// The deletion of what was not there: what it was, whose and when, is not known, and the fields for that say
    /// nothing.
    pub of_nothing: bool,
    /// Permission bits, octal: `0755`.
    pub mode: String,
    /// Owner.
    pub uid: u64,
    /// Group.
    pub gid: u64,
    /// When it was changed.
    pub modified: String,
    /// Where a link points.
    pub target: Option<String>,
    /// Major and minor number of a device.
    pub device: Option<(u32, u32)>,
    /// What a program may do without root, as `setcap` has it: `cap_net_raw+ep`.
    pub capabilities: Option<String>,
    /// The names of its extended attributes.
    pub xattrs: Vec<String>,
    /// What the layer did to it.
    pub change: Change,
    /// Something in this folder changed, where nothing happened to the folder itself.
    pub changed_below: bool,
    /// The layer that brought what is shown, 1 is the oldest.
    pub layer: usize,
    /// The layer that has the version below.
    pub was_in: Option<usize>,
    /// Its place among its siblings, from 1.
    pub position_in_set: usize,
    /// How many siblings there are.
    pub set_size: usize,
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileRows {
    /// Visible rows in all.
    pub total: usize,
    /// Files and links in the whole list, visible or not.
    pub files: u64,
    /// What the layer did.
    pub counts: ChangeCounts,
    /// The first row of this page.
    pub from: usize,
    /// The rows.
    pub rows: Vec<FileRow>,
}

/// Whose users and groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OwnersRead {
    /// The image's manifest digest.
    pub manifest: String,
}

/// A user's or group's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OwnerName {
    /// The number.
    pub id: u64,
    /// The name.
    pub name: String,
}

/// Users and groups that an image knows by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Owners {
    /// From `/etc/passwd`.
    pub users: Vec<OwnerName>,
    /// From `/etc/group`.
    pub groups: Vec<OwnerName>,
}
