//! What to build, of what, and how.

use std::collections::BTreeMap;
use std::path::PathBuf;

use strata_layer::Packing;
use strata_spec::{Platform, Reference};

/// A build that somebody asks for.
#[derive(Debug, Clone)]
pub struct BuildRequest {
    /// The Dockerfile.
    pub dockerfile: DockerfileText,
    /// What `COPY` and `ADD` take files from.
    pub context: ContextSource,
    /// The rest.
    pub options: BuildOptions,
}

/// The text of a Dockerfile and where it came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DockerfileText {
    /// The text.
    pub text: String,
    /// What it is called on screen: `Dockerfile`, `docker/app.Dockerfile`, `-`.
    pub name: String,
    /// The file itself, absolute, if it is one. With `target` it says which earlier build the reasons for new work are
    /// found against; its `.dockerignore` stands beside it.
    pub path: Option<PathBuf>,
}

/// Where the files of a build come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ContextSource {
    /// No files at all: the Dockerfile came alone.
    #[default]
    Empty,
    /// A folder. Nothing outside it is ever read, wherever its links lead.
    Folder(PathBuf),
    /// A tar archive, plain or packed with gzip or zstd.
    Archive(PathBuf),
}

/// What stands in the place of a stage or image of a name (`--build-context name=…`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedContext {
    /// Files, with the ignore rules that lie among them.
    Files(ContextSource),
    /// Another image.
    Image(Reference),
}

/// Which network the commands of a build see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Network {
    /// The usual one: names are found and servers reached.
    #[default]
    Default,
    /// None but the loopback device.
    None,
    /// The machine's own, which must be allowed.
    Host,
}

/// What a build may do beyond the usual. A Dockerfile that asks for more is refused before anything runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allowed {
    /// `RUN --network=host`.
    pub host_network: bool,
    /// `RUN --security=insecure`.
    pub insecure: bool,
    /// `RUN --device`.
    pub devices: bool,
}

/// A limit on the processes of a step, as `ulimit` has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ulimit {
    /// `nofile`, `nproc` …
    pub name: String,
    /// What a process begins with.
    pub soft: u64,
    /// How far it may raise that.
    pub hard: u64,
}

/// How to build.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// The stage to build, by name or number from 0; the last one if none is named.
    pub target: Option<String>,
    /// The names that are to point to the image.
    pub tags: Vec<Reference>,
    /// `--build-arg`.
    pub args: BTreeMap<String, String>,
    /// What the image is to run on.
    pub platform: Platform,
    /// What this machine runs.
    pub build_platform: Platform,
    /// Labels beside those of the Dockerfile; these win.
    pub labels: BTreeMap<String, String>,
    /// Annotations of the manifest.
    pub annotations: BTreeMap<String, String>,
    /// Does every step anew.
    pub no_cache: bool,
    /// Does every step of these stages anew.
    pub no_cache_stages: Vec<String>,
    /// Asks the registries for bases, even where the store has an image of the name.
    pub pull: bool,
    /// What stands in the place of stages and images.
    pub contexts: BTreeMap<String, NamedContext>,
    /// The network of commands that name none.
    pub network: Network,
    /// What the Dockerfile may ask for.
    pub allowed: Allowed,
    /// Names and addresses that commands find beside the usual ones.
    pub hosts: Vec<(String, String)>,
    /// What commands see as this machine's name.
    pub hostname: Option<String>,
    /// Bytes of `/dev/shm`.
    pub shm_bytes: Option<u64>,
    /// Limits on the processes of commands.
    pub ulimits: Vec<Ulimit>,
    /// Seconds since 1970 that stand for now; files that are newer get this time. `SOURCE_DATE_EPOCH` among the
    /// arguments does the same.
    pub epoch: Option<i64>,
    /// How many steps may be at work at the same time; 0 lets the builder choose.
    pub parallel: usize,
    /// How layers of copied files are packed.
    pub packing: Packing,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self {
            target: None,
            tags: Vec::new(),
            args: BTreeMap::new(),
            platform: Platform::host(),
            build_platform: Platform::host(),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
            no_cache: false,
            no_cache_stages: Vec::new(),
            pull: false,
            contexts: BTreeMap::new(),
            network: Network::default(),
            allowed: Allowed::default(),
            hosts: Vec::new(),
            hostname: None,
            shm_bytes: None,
            ulimits: Vec::new(),
            epoch: None,
            parallel: 0,
            packing: Packing::default(),
        }
    }
}
