//! What is said between the caller, the helper, the process that watches over a run, and the run's first process.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    CaptureSpec, CapturedLayer, Ending, Exit, Failure, Listed, Probe, RunSpec, TerminalSize,
    UnpackedLayer, Weakness,
};

/// The helper's first word: whether it stands on its rung.
pub type Started = Result<(), Failure>;

/// What the caller asks of a child of the helper, over a channel of its own. A closed channel means Stop.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// Run a command; with the pipes for its output.
    Run(Box<RunSpec>),
    /// Run a command in a terminal of its own.
    Terminal(Box<RunSpec>, TerminalSize),
    /// End what runs.
    Stop,
    /// Remove a file or a folder with all that is in it.
    Remove(PathBuf),
    /// List a folder.
    List(PathBuf),
    /// Open a file for reading.
    Open(PathBuf),
    /// Give a folder an owner, a group and permissions.
    Own {
        /// The folder.
        path: PathBuf,
        /// Permission bits.
        mode: u32,
        /// The owner, as seen inside.
        uid: u32,
        /// The group, as seen inside.
        gid: u32,
    },
    /// Unpack the layer that is open as the file that goes with it.
    Unpack {
        /// Into this folder.
        into: PathBuf,
        /// The unpacked layers below, topmost first.
        lowers: Vec<PathBuf>,
    },
    /// Write what lies in an upper folder as a plain tar into the pipe that goes with it.
    Capture {
        /// The upper folder.
        upper: PathBuf,
        /// The unpacked layers below, topmost first.
        lowers: Vec<PathBuf>,
        /// In which way.
        spec: CaptureSpec,
    },
    /// Try what this rung allows; the overlay in this folder.
    Probe(PathBuf),
}

/// What the child answers, once.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// The terminal of a command that is about to run; the command's answer follows.
    Terminal,
    /// The command ended.
    Exit(Exit),
    /// What was asked is done; an opened file goes with it.
    Done,
    /// What the folder holds.
    Listed(Vec<Listed>),
    /// The layer is unpacked.
    Unpacked(UnpackedLayer),
    /// The tar is written.
    Captured(CapturedLayer),
    /// The layer is none, or cannot be made here.
    LayerRefused(String),
    /// What was found by trying.
    Probed(Vec<Probe>),
    /// It could not be done.
    Failed(Failure),
}

/// What the first process of a run, or the command before it is executed, tells the process that watches over it.
#[derive(Debug, Serialize, Deserialize)]
pub enum Report {
    /// The network namespace is there and waits for its way out.
    NetworkWaits,
    /// Everything is mounted.
    Prepared {
        /// What was made in the upper folder for the mounts.
        marks: UpperMarks,
        /// In what the run is weaker.
        weaknesses: Vec<Weakness>,
    },
    /// The terminal goes with it.
    Terminal,
    /// The program could not be executed.
    NotExecuted {
        /// Why.
        errno: i32,
    },
    /// The command ended.
    Ended {
        /// The code a shell would show.
        code: i32,
        /// In which way.
        ending: Ending,
    },
    /// A step failed, the command was not run.
    Failed {
        /// Which one.
        failure: Failure,
        /// What was made in the upper folder until then.
        marks: UpperMarks,
    },
}

/// What mounting changed in an upper folder, to be undone afterwards.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct UpperMarks {
    /// Files and folders that were made, in the order of their making.
    pub stubs: Vec<Stub>,
    /// The folders above them that were there before.
    pub folders: Vec<TouchedFolder>,
}

/// A file or folder that was made for a mount.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stub {
    /// Where, relative to the root.
    pub path: PathBuf,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// A folder in or below which a stub was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TouchedFolder {
    /// Where, relative to the root; empty for the root.
    pub path: PathBuf,
    /// Whether the upper folder had it before.
    pub was_in_upper: bool,
    /// Permissions, owner and group.
    pub who: (u32, u32, u32),
    /// When it had changed before.
    pub before: Time,
    /// When it had changed once everything was mounted.
    pub mounted: Time,
}

/// Seconds and nanoseconds.
pub type Time = (i64, u32);
