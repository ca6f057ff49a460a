//! What can be typed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use strata_app::Platform;

/// Look into container images: what they are made of, layer by layer, file by file.
#[derive(Debug, Parser)]
#[command(name = "strata", version, arg_required_else_help = true, max_term_width = 100)]
pub struct Arguments {
    /// What goes for every command.
    #[command(flatten)]
    pub globals: Globals,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// What goes for every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "For every command")]
pub struct Globals {
    /// The folder that images are kept in [env: STRATA_STORE; otherwise the system's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// Print JSON: one document, or one object a line
    #[arg(long, global = true)]
    pub json: bool,
    /// Say nothing but errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Add the technical causes to an error
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// Speak to this registry without TLS; one on this machine needs no such word
    #[arg(long, global = true, value_name = "HOST")]
    pub plain_http: Vec<String>,
    /// The language of all words: en or ko [otherwise the system's]
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<String>,
    /// Progress on stderr: auto (drawn on a terminal), json (one object a line) or none
    #[arg(long, global = true, value_enum, value_name = "HOW", hide_possible_values = true, default_value_t = ProgressMode::Auto)]
    pub progress: ProgressMode,
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressMode {
    /// Drawn if stderr is a terminal.
    Auto,
    /// One JSON object a line.
    Json,
    /// Not at all.
    None,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring images from a registry, and print the digest of each
    Pull(Pull),
    /// List the tags of a repository, versions first and the newest of them on top
    Tags(Repository),
    /// Tell what a registry has under a name before it is pulled: layers, sizes, what is already here, settings
    Peek(RemoteImage),
    /// Print the manifest or index that a reference points to, byte for byte
    Manifest(RemoteImage),
    /// Print an image's config from its registry, byte for byte
    Config(RemoteImage),
    /// List the images that are stored
    Images,
    /// Tell what an image is: digests, sizes, settings
    Inspect(OneImage),
    /// List what made an image, the newest first, with the layer that each step brought
    History(OneImage),
    /// List the layers of an image, the oldest first
    Layers(OneImage),
    /// List the files of an image, or what one layer changed
    Files(Files),
    /// Print a file of an image, byte for byte
    Cat(Cat),
}

/// What to pull.
#[derive(Debug, Args)]
pub struct Pull {
    /// References, such as `nginx:1.27` or `localhost:5150/library/tiny`
    #[arg(required = true, value_name = "REF")]
    pub references: Vec<String>,
    /// The platform, as `linux/arm64/v8` [otherwise this machine's]
    #[arg(long, value_name = "OS/ARCH", value_parser = platform)]
    pub platform: Option<String>,
}

/// A repository on a registry.
#[derive(Debug, Args)]
pub struct Repository {
    /// A repository, such as `nginx` or `ghcr.io/owner/app`; a tag does not matter
    #[arg(value_name = "REPOSITORY")]
    pub repository: String,
}

/// An image on a registry.
#[derive(Debug, Args)]
pub struct RemoteImage {
    /// A reference, such as `nginx:1.27`
    #[arg(value_name = "REF")]
    pub reference: String,
    /// The platform, as `linux/arm64/v8` [otherwise this machine's]
    #[arg(long, value_name = "OS/ARCH", value_parser = platform)]
    pub platform: Option<String>,
}

/// A stored image.
#[derive(Debug, Args)]
pub struct OneImage {
    /// A reference, a digest, or the first digits of one
    #[arg(value_name = "REF")]
    pub reference: String,
    /// The platform, where several are stored
    #[arg(long, value_name = "OS/ARCH", value_parser = platform)]
    pub platform: Option<String>,
}

/// Which files to list.
#[derive(Debug, Args)]
#[command(
    after_help = "Each line: what happened to the path (A added, C changed, M only mode, owner \
    or time, R replaced by another kind, D deleted), the layer it is from, mode, owner, size, time, path."
)]
pub struct Files {
    /// The image.
    #[command(flatten)]
    pub image: OneImage,
    /// Only this path and what is below it
    #[arg(value_name = "PATH")]
    pub path: Option<OsString>,
    /// Only what this layer did; 1 is the oldest
    #[arg(long, value_name = "N")]
    pub layer: Option<usize>,
    /// Only what a layer brought or changed: not the base, nor folders that only lead there
    #[arg(long)]
    pub changed: bool,
    /// Only names with this text in them, or that fit a pattern such as `*.py` or `usr/**/bin`
    #[arg(long, value_name = "GLOB")]
    pub find: Option<String>,
}

/// Which file to print.
#[derive(Debug, Args)]
pub struct Cat {
    /// A reference, a digest, or the first digits of one
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Its path in the image
    #[arg(value_name = "PATH")]
    pub path: OsString,
    /// As it was with this layer on top; 1 is the oldest
    #[arg(long, value_name = "N")]
    pub layer: Option<usize>,
}

/// A platform as it was typed, if it is one.
fn platform(text: &str) -> Result<String, String> {
    Platform::parse(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Arguments::command().debug_assert();
    }
}
