//! What is to be run, on what, and with what around it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How the helper is started.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// The program `strata-helper`.
    pub helper: PathBuf,
    /// On which rung; `None`: the best that works.
    pub mode: Option<Mode>,
}

/// The three rungs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// As root, without a namespace of users.
    Root,
    /// In a namespace of users with the caller as root and its range of ids behind it.
    SubIds,
    /// In a namespace of users with the caller as root and nobody else: changes of owners are pretended.
    SingleId,
}

/// How large a terminal is, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalSize {
    /// Lines.
    pub rows: u16,
    /// Characters in a line.
    pub columns: u16,
}

/// One command, in one root file system.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunSpec {
    /// The layers' folders, topmost first; at most 500. None: an empty root.
    pub lowers: Vec<PathBuf>,
    /// An empty folder, or what an earlier run left: what changes lands here.
    pub upper: PathBuf,
    /// An empty folder on the same file system as `upper`, for the overlay's own use. Emptied at the end.
    pub work: PathBuf,
    /// The program and its arguments; a program without `/` is looked for in the `PATH` of `env`.
    pub args: Vec<String>,
    /// `NAME=value`: the whole environment, but for `PATH` and `HOME` when they are missing.
    pub env: Vec<String>,
    /// The working folder; made if it is missing.
    pub cwd: PathBuf,
    /// `name|uid[:group|gid]` as `USER` has it; empty is root.
    pub user: String,
    /// The host name.
    pub hostname: String,
    /// More lines of `/etc/hosts`.
    pub hosts: Vec<HostEntry>,
    /// What is mounted for this command, in this order.
    pub mounts: Vec<MountSpec>,
    /// Which network it sees.
    pub network: Network,
    /// Numbers of the capabilities that it keeps: see [`RunSpec::DOCKER_CAPABILITIES`].
    pub capabilities: Vec<u32>,
    /// The size of `/dev/shm` in bytes.
    pub shm_bytes: u64,
    /// Limits; one above what this process may have becomes that.
    pub limits: Vec<Limit>,
    /// Certificates of this computer that are lent to the command.
    pub certificates: Certificates,
}

impl RunSpec {
    /// The capabilities that Docker leaves a container: chown, dac_override, fowner, fsetid, kill, setgid, setuid,
    /// setpcap, net_bind_service, net_raw, sys_chroot, mknod, audit_write, setfcap.
    pub const DOCKER_CAPABILITIES: [u32; 14] = [0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31];

    /// The `PATH` of an image that sets none.
    pub const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// A command as root in `/`, with this computer's network and nothing else.
    #[must_use]
    pub fn new(lowers: Vec<PathBuf>, upper: PathBuf, work: PathBuf, args: Vec<String>) -> Self {
        Self {
            lowers,
            upper,
            work,
            args,
            env: Vec::new(),
            cwd: PathBuf::from("/"),
            user: String::new(),
            hostname: "strata-build".to_owned(),
            hosts: Vec::new(),
            mounts: Vec::new(),
            network: Network::Host,
            capabilities: Self::DOCKER_CAPABILITIES.to_vec(),
            shm_bytes: 64 << 20,
            limits: Vec::new(),
            certificates: Certificates::None,
        }
    }
}

/// A line of `/etc/hosts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostEntry {
    /// The name.
    pub name: String,
    /// Its address.
    pub address: String,
}

/// Which network a command sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// This computer's own.
    Host,
    /// None but its own loopback.
    None,
    /// One of its own that reaches the outside and not this computer (`pasta` or `slirp4netns`).
    Isolated,
}

/// Whether the certificates that this computer trusts are lent to a command (for networks that look into HTTPS). They
/// are never part of the image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Certificates {
    /// No.
    None,
    /// Those in the bundle that the system keeps.
    System,
    /// Those in this file.
    File(PathBuf),
}

/// A limit of the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// On what.
    pub resource: Resource,
    /// What applies.
    pub soft: u64,
    /// How far the command may raise it.
    pub hard: u64,
}

/// What a [`Limit`] is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resource {
    /// Size of a core file in bytes.
    Core,
    /// Seconds of processor time.
    Cpu,
    /// Size of the data segment in bytes.
    Data,
    /// Size of a file in bytes.
    Fsize,
    /// Locked memory in bytes.
    Memlock,
    /// Open files.
    Nofile,
    /// Processes of the user.
    Nproc,
    /// Size of the stack in bytes.
    Stack,
}

/// One mount.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MountSpec {
    /// Where, seen from inside. Links are followed inside the root and lead nowhere else; what is missing is made, and
    /// taken away again afterwards.
    pub target: PathBuf,
    /// What.
    pub kind: MountKind,
}

/// What is mounted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum MountKind {
    /// A folder or file of this computer.
    Bind {
        /// The folder or file, which the caller vouches for.
        source: PathBuf,
        /// A path inside `source`, which nobody vouches for: links are followed inside `source` alone. Empty: itself.
        inside: PathBuf,
        /// Whether it cannot be written to.
        read_only: bool,
    },
    /// Layers laid on each other, or a path in them.
    Layers {
        /// The folders, topmost first.
        lowers: Vec<PathBuf>,
        /// A path inside, as for `Bind`.
        inside: PathBuf,
        /// Where what is written goes, to be thrown away: an upper and a work folder. `None`: it cannot be written to.
        scratch: Option<(PathBuf, PathBuf)>,
    },
    /// Memory that is forgotten.
    Tmpfs {
        /// At most so many bytes; `None`: the system's choice.
        size_bytes: Option<u64>,
    },
    /// A file that exists in memory alone, as a secret.
    File {
        /// Its content.
        bytes: Vec<u8>,
        /// Its permissions.
        mode: u32,
        /// Its owner.
        uid: u32,
        /// Its group.
        gid: u32,
    },
    /// A socket of this computer, as that of an SSH agent.
    Socket {
        /// The socket.
        path: PathBuf,
    },
}
