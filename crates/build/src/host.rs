//! What a build needs from outside: images, commands that are run, files from the net.
//!
//! The builder itself runs nothing and opens no socket.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use strata_spec::{DiffId, Digest, ImageConfig, MediaType, Platform, Reference};
use strata_store::BuildLayer;
use strata_transfer::MadeLayer;
use thiserror::Error;

use crate::{Network, Stop, Ulimit};

/// The way to images, files and repositories. Calls come from several threads at once, block, and return soon after the
/// stop flag that they were given is raised.
pub trait Outside: Sync {
    /// An image that is in the store afterwards, with the trees of its layers. `pull` asks the registry even where an
    /// image of this name is here.
    ///
    /// # Errors
    /// What kept it from being had.
    fn image(
        &self,
        reference: &Reference,
        platform: &Platform,
        pull: bool,
        stop: &Stop,
    ) -> Result<Base, HostError>;

    /// Writes what stands behind a URL.
    ///
    /// # Errors
    /// What kept it from being had, or what `into` says.
    fn fetch(&self, url: &str, into: &mut dyn Write, stop: &Stop) -> Result<Fetched, HostError>;

    /// Checks a repository out.
    ///
    /// # Errors
    /// What kept it from being had.
    fn git(&self, source: &GitSource, stop: &Stop) -> Result<GitTree, HostError>;
}

/// What a build asks of whoever runs it. Calls come from several threads at once, and return soon after the stop flag that
/// they were given is raised.
pub trait Host: Sync {
    /// The way to images, files and repositories.
    fn outside(&self) -> &dyn Outside;

    /// Runs a command and keeps what it changed as a layer in the store, which is ready when this returns; none if it
    /// changed nothing.
    ///
    /// # Errors
    /// [`RunFailure`] with how it ended.
    fn run(
        &self,
        step: &RunStep,
        output: &(dyn Fn(Line) + Sync),
        stop: &Stop,
    ) -> Result<Option<StoredLayer>, RunFailure>;

    /// Whether somebody gave a secret of this id. Its value never comes to the builder.
    fn has_secret(&self, id: &str) -> bool;

    /// Whether somebody lets the build use an SSH agent of this id.
    fn has_ssh(&self, id: &str) -> bool;
}

/// Why the host could not do what was asked.
#[derive(Debug, Error)]
#[error("{source}")]
pub struct HostError {
    /// Somebody stopped it.
    pub is_stopped: bool,
    /// The host's own words.
    pub source: Box<dyn Error + Send + Sync>,
}

impl HostError {
    /// Something went wrong.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { is_stopped: false, source: source.into() }
    }

    /// The stop flag was seen.
    #[must_use]
    pub fn stopped() -> Self {
        Self { is_stopped: true, source: "stopped".into() }
    }
}

/// An image that stages begin with.
#[derive(Debug, Clone)]
pub struct Base {
    /// Its manifest.
    pub manifest: Digest,
    /// Its config.
    pub config: ImageConfig,
    /// Its layers, the lowest first. The store has all of them and their trees.
    pub layers: Vec<StoredLayer>,
}

/// A layer in the store: its blob is committed or ready to be, and its tree is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLayer {
    /// The digest of its blob.
    pub digest: Digest,
    /// The digest of its plain tar.
    pub diff_id: DiffId,
    /// How the blob is packed.
    pub media_type: MediaType,
    /// Bytes of the blob.
    pub size_bytes: u64,
    /// Bytes of the plain tar; 0 while unknown.
    pub tar_bytes: u64,
}

impl From<MadeLayer> for StoredLayer {
    fn from(made: MadeLayer) -> Self {
        Self {
            digest: made.descriptor.digest,
            diff_id: made.diff_id,
            media_type: made.descriptor.media_type,
            size_bytes: made.descriptor.size,
            tar_bytes: made.tar_bytes,
        }
    }
}

impl From<BuildLayer> for StoredLayer {
    fn from(kept: BuildLayer) -> Self {
        Self {
            digest: kept.digest,
            diff_id: kept.diff_id,
            media_type: kept.media_type,
            size_bytes: kept.size_bytes,
            tar_bytes: kept.tar_bytes,
        }
    }
}

/// A command that is to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunStep {
    /// The file system that it finds, the lowest layer first.
    pub layers: Vec<StoredLayer>,
    /// The program and its arguments.
    pub args: Vec<String>,
    /// `NAME=value`, each name once.
    pub env: Vec<String>,
    /// Where it begins; absolute. It may not be there yet.
    pub cwd: String,
    /// As whom.
    pub user: RunUser,
    /// The network that it sees.
    pub network: Network,
    /// It is allowed all that the helper may do.
    pub is_insecure: bool,
    /// Devices by their names (`--device`).
    pub devices: Vec<String>,
    /// What else it sees, in the order of the instruction.
    pub mounts: Vec<StepMount>,
    /// More names of hosts, with their addresses.
    pub hosts: Vec<(String, String)>,
    /// What it sees as the machine's name.
    pub hostname: Option<String>,
    /// Bytes of `/dev/shm`.
    pub shm_bytes: Option<u64>,
    /// Limits on its processes.
    pub ulimits: Vec<Ulimit>,
    /// Files that are newer than this get this time in the layer, in seconds since 1970.
    pub epoch: Option<i64>,
}

/// As whom a command runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunUser {
    /// The user.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
    /// The other groups that it is in.
    pub groups: Vec<u32>,
}

/// Something that a command sees at a path beside its file system. What it writes there is in no layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepMount {
    /// Where; absolute. Links in the file system on the way there are followed within it.
    pub target: String,
    /// What.
    pub kind: MountKind,
}

/// What a command sees at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountKind {
    /// A path of some layers: of a stage, an image, or of the context, which was packed for this.
    Bind {
        /// The layers, the lowest first; none is an empty folder.
        layers: Vec<StoredLayer>,
        /// The path in them; links on the way are followed within them.
        source: String,
        /// It may be written; what is written is thrown away.
        is_writable: bool,
    },
    /// A folder that stays from build to build.
    Cache {
        /// Which one.
        id: String,
        /// What it begins with.
        layers: Vec<StoredLayer>,
        /// The path in these layers.
        source: String,
        /// Who may use it at the same time.
        sharing: Sharing,
        /// It may not be written.
        is_read_only: bool,
        /// Permission bits of a new one.
        mode: u32,
        /// Owner of a new one.
        uid: u32,
        /// Group of a new one.
        gid: u32,
    },
    /// A folder in memory.
    Tmpfs {
        /// Its limit in bytes.
        size_bytes: Option<u64>,
    },
    /// A secret, which only the host knows.
    Secret {
        /// Which one.
        id: String,
        /// A file is made at the target.
        is_file: bool,
        /// A variable of this name holds it.
        env: Option<String>,
        /// Permission bits.
        mode: u32,
        /// Owner.
        uid: u32,
        /// Group.
        gid: u32,
    },
    /// The socket of an SSH agent.
    Ssh {
        /// Which agent.
        id: String,
        /// Permission bits.
        mode: u32,
        /// Owner.
        uid: u32,
        /// Group.
        gid: u32,
    },
    /// A file of the Dockerfile's own: the body of a here-document that is a script.
    File {
        /// Its content.
        bytes: Vec<u8>,
        /// Permission bits.
        mode: u32,
    },
}

/// Who may use a cache folder at the same time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sharing {
    /// Everybody.
    #[default]
    Shared,
    /// Everybody has one of their own.
    Private,
    /// One after the other.
    Locked,
}

/// A piece of a command's output: bytes as they came, mostly one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// It came from the error output.
    pub is_error: bool,
    /// What was written. Secrets are already made unreadable by the host.
    pub bytes: Vec<u8>,
}

/// A command that did not end well.
#[derive(Debug, Error)]
#[error("the command failed{}", shown_end(*exit, *signal))]
pub struct RunFailure {
    /// What it ended with.
    pub exit: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The file system as it was then, if the host keeps it for somebody to look around in.
    pub kept: Option<KeptSystem>,
    /// Why it could not even be run, or its layer not be kept.
    #[source]
    pub cause: Option<HostError>,
}

fn shown_end(exit: Option<i32>, signal: Option<i32>) -> String {
    match (exit, signal) {
        (Some(exit), _) => format!(" with {exit}"),
        (None, Some(signal)) => format!(" by signal {signal}"),
        (None, None) => String::new(),
    }
}

/// A file system that a failed command left. Only the host knows what is behind the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSystem {
    /// How the host finds it again.
    pub id: String,
}

/// What came from a URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fetched {
    /// `Last-Modified`, in seconds since 1970.
    pub modified: Option<i64>,
    /// The name that the server gives the file.
    pub name: Option<String>,
}

/// A repository and what of it is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GitSource {
    /// Its URL.
    pub url: String,
    /// Branch, tag or commit.
    pub reference: Option<String>,
    /// The folder of it.
    pub folder: Option<String>,
    /// What the commit must begin with.
    pub checksum: Option<String>,
    /// Its `.git` is wanted too.
    pub keeps_git_folder: bool,
    /// Submodules are not wanted.
    pub skips_submodules: bool,
}

/// A repository that was checked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitTree {
    /// The folder that is wanted, which stays for the time of the build.
    pub folder: PathBuf,
    /// The commit.
    pub commit: String,
}
