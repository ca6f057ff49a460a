//! What a step does to the files of its stage.

use std::collections::BTreeMap;

use crate::host::{MountKind, Sharing};
use crate::{GitSource, Network};

/// What a step does, with all variables expanded.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// It is a note in the config.
    Setting,
    /// A folder is made if it is not there.
    Workdir(WorkdirOp),
    /// A command is run.
    Run(Box<RunOp>),
    /// Files are copied.
    Copy(Box<CopyOp>),
}

/// Where files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The context, or a named one.
    Files(FilesId),
    /// A stage, as a place in the plan.
    Stage(usize),
    /// An image, as a place in the plan's images.
    Image(usize),
    /// Nothing.
    Scratch,
}

/// Which files of this machine: none for the main context, or the name of another.
pub(crate) type FilesId = Option<String>;

#[derive(Debug, Clone)]
pub(crate) struct WorkdirOp {
    /// Absolute.
    pub path: String,
    /// `USER` as it stands: the owner of what is made.
    pub user: String,
}

#[derive(Debug, Clone)]
pub(crate) struct RunOp {
    pub args: Vec<String>,
    /// `NAME` to value: of `ENV` and of the arguments that are declared.
    pub env: BTreeMap<String, String>,
    /// The names among them that are build arguments.
    pub arguments: Vec<String>,
    /// Proxies: the command sees them, the key does not.
    pub proxies: Vec<(String, String)>,
    pub cwd: String,
    pub user: String,
    pub network: Network,
    pub is_insecure: bool,
    pub devices: Vec<String>,
    pub mounts: Vec<MountOp>,
}

#[derive(Debug, Clone)]
pub(crate) struct MountOp {
    pub target: String,
    pub kind: MountOpKind,
}

#[derive(Debug, Clone)]
pub(crate) enum MountOpKind {
    Bind {
        from: Origin,
        source: String,
        is_writable: bool,
    },
    Cache {
        id: String,
        from: Origin,
        source: String,
        sharing: Sharing,
        is_read_only: bool,
        mode: u32,
        uid: u32,
        gid: u32,
    },
    /// Needs nothing but what stands there.
    Plain {
        kind: MountKind,
        is_required: bool,
    },
}

impl MountOpKind {
    /// Where its files come from.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            Self::Bind { from, .. } | Self::Cache { from, .. } => Some(from),
            Self::Plain { .. } => None,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct CopyOp {
    pub from: Origin,
    /// For people.
    pub from_name: String,
    pub sources: Vec<CopySource>,
    /// Absolute; with a slash at its end where the Dockerfile has one, or means a folder.
    pub destination: String,
    pub chown: Option<String>,
    pub chmod: Option<Chmod>,
    pub is_link: bool,
    pub with_parents: bool,
    pub excludes: Vec<String>,
    /// Archives are unpacked: of local sources, or of fetched ones where `--unpack` says so.
    pub unpacks: bool,
    pub unpacks_fetched: bool,
    /// `--checksum`.
    pub checksum: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CopySource {
    Path(String),
    Body { name: String, bytes: Vec<u8> },
    Url(String),
    Git(GitSource),
}

/// `--chmod`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chmod {
    Octal(u32),
    Symbolic(Vec<crate::files::ModeClause>),
}
