//! What can be said of a build.

use std::path::PathBuf;

use clap::Args;

use super::platform;

/// What to build, and how.
#[derive(Debug, Args)]
#[command(
    after_help = "The image's digest is printed at the end. Without --tag the image is stored under no name. Steps that an \
    earlier build has done are not done again; --why tells what differed for those that are."
)]
pub struct Build {
    /// A folder with a Dockerfile, a Dockerfile in the folder that it copies from, or an archive
    #[arg(value_name = "CONTEXT", default_value = ".")]
    pub context: PathBuf,
    /// The Dockerfile, if it is not `Dockerfile` in the context
    #[arg(long, short, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// A name for the image; may be given several times
    #[arg(long = "tag", short, value_name = "REF")]
    pub tags: Vec<String>,
    /// The stage to build [otherwise the last]
    #[arg(long, value_name = "STAGE")]
    pub target: Option<String>,
    /// A build argument; without a value, that of the environment
    #[arg(long = "build-arg", value_name = "NAME[=VALUE]")]
    pub build_args: Vec<String>,
    /// Files or an image in the place of a stage or image: a folder, an archive, or `docker-image://REF`
    #[arg(long = "build-context", value_name = "NAME=PATH")]
    pub build_contexts: Vec<String>,
    /// A secret from a file or a variable of the environment: `id=ID,src=FILE` or `id=ID,env=NAME`
    #[arg(long = "secret", value_name = "id=ID,src=FILE")]
    pub secrets: Vec<String>,
    /// An SSH agent for the build: `default`, or `ID=SOCKET`
    #[arg(long = "ssh", value_name = "ID[=SOCKET]")]
    pub agents: Vec<String>,
    /// A label of the image
    #[arg(long = "label", value_name = "NAME=VALUE")]
    pub labels: Vec<String>,
    /// An annotation of the manifest
    #[arg(long = "annotation", value_name = "NAME=VALUE")]
    pub annotations: Vec<String>,
    /// The platform, as `linux/arm64/v8` [otherwise this machine's]
    #[arg(long, value_name = "OS/ARCH", value_parser = platform)]
    pub platform: Option<String>,
    /// Ask the registries for base images, even where they are stored
    #[arg(long)]
    pub pull: bool,
    /// Do every step anew
    #[arg(long)]
    pub no_cache: bool,
    /// Do every step of these stages anew
    #[arg(long = "no-cache-filter", value_name = "STAGE", value_delimiter = ',')]
    pub no_cache_filter: Vec<String>,
    /// The network of commands: default, none or host
    #[arg(long, value_name = "NETWORK", value_parser = ["default", "none", "host"])]
    pub network: Option<String>,
    /// One more name of a host with its address
    #[arg(long = "add-host", value_name = "NAME:ADDRESS")]
    pub hosts: Vec<String>,
    /// Allow what a Dockerfile asks for: network.host, security.insecure
    #[arg(long = "allow", value_name = "WHAT")]
    pub allowed: Vec<String>,
    /// Let commands trust the certificates that this machine trusts, for networks that look into HTTPS
    #[arg(long)]
    pub trust_machine: bool,
    /// Tell for each step that was made anew what differed
    #[arg(long)]
    pub why: bool,
    /// Write the image's digest into a file
    #[arg(long, value_name = "FILE")]
    pub iidfile: Option<PathBuf>,
}
