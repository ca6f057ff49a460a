//! How a run ended, what it wrote, and what a folder holds.

use serde::{Deserialize, Serialize};

/// A piece of what a command wrote, as it wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output<'a> {
    /// To its standard output.
    Stdout(&'a [u8]),
    /// To its standard error.
    Stderr(&'a [u8]),
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// The code a shell would show: its own, 127 not found, 126 not executable, 128 + n for signal n.
    pub code: i32,
    /// In which way.
    pub ending: Ending,
    /// In what respects this run was weaker than it should be.
    pub weaknesses: Vec<Weakness>,
}

/// In which way a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// By itself.
    Exited,
    /// By a signal.
    Signalled,
    /// There is no such program in the image.
    NotFound,
    /// There is, and it cannot be executed (permissions, format, another processor).
    NotExecutable,
    /// The caller stopped it.
    Stopped,
    /// Something outside killed the whole run (memory ran out, or somebody by hand).
    Killed,
}

/// In what a run is weaker than it should be; for a badge beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Weakness {
    /// `/proc` is that of the outside: a container around us hides parts of its own.
    OuterProc,
    /// Owners were pretended: every file belongs to root.
    PretendedOwners,
    /// The network is that of this computer, with the services it offers to itself.
    HostNetwork,
}

/// One entry of a folder that only the helper may read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its name; bytes that are no UTF-8 are replaced.
    pub name: String,
    /// What it is.
    pub kind: ListedKind,
    /// Permission bits.
    pub mode: u32,
    /// The owner, as seen inside.
    pub uid: u32,
    /// The group, as seen inside.
    pub gid: u32,
    /// Bytes.
    pub size: u64,
}

/// What an entry of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListedKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A device with number 0:0: in an upper folder, the mark that a name was deleted.
    Whiteout,
    /// A pipe, a socket or a device.
    Special,
}
