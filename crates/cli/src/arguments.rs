//! What can be typed.

mod build;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use strata_app::Platform;

pub use build::Build;

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

impl Arguments {
    /// What the definition alone does not say.
    pub fn check(&self) -> Result<(), clap::Error> {
        let Globals { username, password_stdin, .. } = &self.globals;
        let asks = matches!(self.command, Command::Login(_));
        if username.is_some() && !password_stdin && !asks {
            let what = "--username needs --password-stdin, but for `login`, which asks";
            return Err(Self::command().error(ErrorKind::MissingRequiredArgument, what));
        }
        Ok(())
    }
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
    /// The least rate that a layer may arrive with, in bytes a second: slower ones are asked for again, then given up.
    /// `20k`, `1.5M`; 0 for any
    #[arg(long, global = true, value_name = "BYTES", value_parser = rate)]
    pub least_rate: Option<u64>,
    /// The most bytes a second that layers arrive with, all together; 0 for as many as there are
    #[arg(long, global = true, value_name = "BYTES", value_parser = rate)]
    pub limit_rate: Option<u64>,
    /// Who asks the registry; with --password-stdin
    #[arg(long, short = 'u', global = true, value_name = "USER")]
    pub username: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long, global = true, requires = "username")]
    pub password_stdin: bool,
    /// The language of all words: en or ko [otherwise the system's]
    #[arg(long, global = true, value_name = "LANG", value_parser = language)]
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
    Tags(Tags),
    /// Tell what a registry has under a name before it is pulled: layers, sizes, what is already here, settings
    Peek(Peek),
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
    /// Tell which bytes of an image are buried: downloaded, but hidden by a later layer; who is at fault, and what helps
    Waste(OneImage),
    /// Tell which layers added, changed or deleted a path
    Who(Who),
    /// Tell what differs between two images; of one alone, what has changed in its tag since it was pulled
    Compare(Compare),
    /// List the packages that an image has, each with the layer that brought it
    Packages(Packages),
    /// List keys, tokens and passwords that should not be there, also those that a later layer deletes
    Secrets(OneImage),
    /// Print a file of an image, byte for byte
    Cat(Cat),
    /// Write a file of an image, or a folder with all below it, into a folder of this machine
    Export(Export),
    /// Make an image from a Dockerfile, and print its digest
    Build(Box<Build>),
    /// Tell what this machine can do for builds, found by trying, and how to mend what it cannot
    Doctor,
    /// Tell what is wrong with a Dockerfile, and what could be better
    Lint(Lint),
    /// Put each line of a Dockerfile into words: what it does, whether it makes a layer, what it depends on
    Explain(Explain),
    /// Sign in to a registry: the login is tried, then kept in the system's keychain or with a helper
    Login(Login),
    /// Forget the login for a registry
    Logout(Logout),
}

/// What to pull.
#[derive(Debug, Args)]
#[command(
    after_help = "Of several tags or platforms the sizes are told first, and each image is fetched once \
    however many tags it has."
)]
pub struct Pull {
    /// References, such as `nginx:1.27` or `localhost:5150/library/tiny`
    #[arg(required = true, value_name = "REF")]
    pub references: Vec<String>,
    /// The platform, as `linux/arm64/v8`; may be given several times [otherwise this machine's]
    #[arg(long = "platform", value_name = "OS/ARCH", value_parser = platform)]
    pub platforms: Vec<String>,
    /// All tags of the repository
    #[arg(long)]
    pub all_tags: bool,
    /// All platforms that there are
    #[arg(long, conflicts_with = "platforms")]
    pub all_platforms: bool,
}

/// Whose tags to list.
#[derive(Debug, Args)]
pub struct Tags {
    /// A repository, such as `nginx` or `ghcr.io/owner/app`; a tag does not matter
    #[arg(value_name = "REPOSITORY")]
    pub repository: String,
    /// Add what each tag points to; the registry is asked for each
    #[arg(long)]
    pub digests: bool,
}

/// What to look at before it is pulled.
#[derive(Debug, Args)]
pub struct Peek {
    /// The image.
    #[command(flatten)]
    pub image: RemoteImage,
    /// Only this layer; 1 is the oldest
    #[arg(long, value_name = "N")]
    pub layer: Option<usize>,
    /// List the files of the layer, as `strata files` does; the layer is read and not kept
    #[arg(long, requires = "layer")]
    pub files: bool,
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
    /// With --layer: without the folders that only lead to what it changed. Without it: only what a layer above the
    /// lowest brought
    #[arg(long)]
    pub changed: bool,
    /// Only names with this text in them, or that fit a pattern such as `*.py` or `usr/**/bin`; words such as
    /// `owner:root`, `mode:setuid`, `size:>1M` and `change:deleted` are conditions
    #[arg(long, value_name = "GLOB")]
    pub find: Option<String>,
}

/// Which path to ask about.
#[derive(Debug, Args)]
pub struct Who {
    /// The image
    #[command(flatten)]
    pub image: OneImage,
    /// Its path in the image
    #[arg(value_name = "PATH")]
    pub path: OsString,
}

/// Whose packages, and for whom.
#[derive(Debug, Args)]
pub struct Packages {
    /// The image
    #[command(flatten)]
    pub image: OneImage,
    /// A document for other tools in place of a list
    #[arg(long, value_enum)]
    pub format: Option<PackagesFormat>,
}

/// Documents that list packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PackagesFormat {
    /// SPDX 2.3, JSON
    Spdx,
    /// CycloneDX 1.6, JSON
    Cyclonedx,
}

impl From<PackagesFormat> for strata_app::api::SbomFormat {
    fn from(format: PackagesFormat) -> Self {
        match format {
            PackagesFormat::Spdx => Self::Spdx,
            PackagesFormat::Cyclonedx => Self::Cyclonedx,
        }
    }
}

/// What to compare.
#[derive(Debug, Args)]
#[command(
    after_help = "Marks: = the same, ~ changed, m only mode, owner or time, - only in A, + only in B. Without B the \
    image is compared with what its registry has under the same name now; only documents are fetched for that."
)]
pub struct Compare {
    /// A reference, a digest, or the first digits of one
    #[arg(value_name = "A")]
    pub left: String,
    /// The other image
    #[arg(value_name = "B")]
    pub right: Option<String>,
    /// The platform, where several are stored
    #[arg(long, value_name = "OS/ARCH", value_parser = platform)]
    pub platform: Option<String>,
}

/// Which file to print.
#[derive(Debug, Args)]
pub struct Cat {
    /// The image
    #[command(flatten)]
    pub image: OneImage,
    /// Its path in the image
    #[arg(value_name = "PATH")]
    pub path: OsString,
    /// As it was with this layer on top; 1 is the oldest
    #[arg(long, value_name = "N")]
    pub layer: Option<usize>,
}

/// What to write, and where.
#[derive(Debug, Args)]
#[command(
    after_help = "Everything is written below DEST and nowhere else; links are not followed, devices are left out. Owners, \
    and bits such as setuid, are set if you are root."
)]
pub struct Export {
    /// The image
    #[command(flatten)]
    pub image: OneImage,
    /// A path in the image; `/` for all of it
    #[arg(value_name = "PATH")]
    pub path: OsString,
    /// A folder that is new or empty; for a single file a path that is free
    #[arg(value_name = "DEST")]
    pub destination: PathBuf,
    /// As it was with this layer on top; 1 is the oldest
    #[arg(long, value_name = "N")]
    pub layer: Option<usize>,
}

/// Which Dockerfile to look at.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code 0 if nothing is wrong, hints or not; 1 if a builder would not take the file, or `# check=error=true` \
    is set and a rule of BuildKit found something. `# check=skip=RULE` leaves a rule out: at the top for the whole file, \
    before an instruction for that one."
)]
pub struct Lint {
    /// A Dockerfile; `-` for standard input
    #[arg(value_name = "FILE", required_unless_present_any = ["rule", "rules"])]
    pub file: Option<PathBuf>,
    /// Tell of one rule, by its name or hadolint's: why, an example, what helps
    #[arg(long, value_name = "RULE", conflicts_with = "file")]
    pub rule: Option<String>,
    /// List all rules
    #[arg(long, conflicts_with_all = ["file", "rule"])]
    pub rules: bool,
}

/// Which Dockerfile to put into words.
#[derive(Debug, Args)]
pub struct Explain {
    /// A Dockerfile; `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Where to sign in.
#[derive(Debug, Args)]
#[command(
    after_help = "Without --username and --password-stdin both are asked for. With them, `pull`, `peek`, `tags`, \
    `manifest` and `config` sign in for that one command and keep nothing."
)]
pub struct Login {
    /// The registry's host, with its port if it has one
    #[arg(value_name = "HOST")]
    pub registry: String,
    /// Keep the login with `docker-credential-NAME` [otherwise in the system's keychain]
    #[arg(long, value_name = "NAME")]
    pub helper: Option<String>,
}

/// Where to sign out.
#[derive(Debug, Args)]
pub struct Logout {
    /// The registry's host, with its port if it has one
    #[arg(value_name = "HOST")]
    pub registry: String,
}

/// A platform as it was typed, if it is one.
fn platform(text: &str) -> Result<String, String> {
    Platform::parse(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

/// A language that there are words of, with or without a country.
fn language(text: &str) -> Result<String, String> {
    match text.split(['-', '_', '.']).next() {
        Some("en" | "ko" | "C" | "POSIX") => Ok(text.to_owned()),
        _ => Err("there are words in en and ko".to_owned()),
    }
}

/// Bytes a second: a number, with `k`, `M` or `G` for thousands of thousands.
fn rate(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.find(|letter: char| letter.is_ascii_alphabetic()) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let factor: u64 = match unit {
        "" => 1,
        "k" | "K" => 1_000,
        "m" | "M" => 1_000_000,
        "g" | "G" => 1_000_000_000,
        _ => return Err(format!("`{unit}` is none of k, M and G")),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let number = |digits: &str| digits.parse::<u64>().map_err(|error| error.to_string());
    let part: String = part.chars().take(9).collect();
    let tenths = 10_u64.pow(u32::try_from(part.len()).unwrap_or_default());
    let part = if part.is_empty() { 0 } else { number(&part)? };
    let rate = number(whole)?.checked_mul(factor);
    rate.and_then(|rate| rate.checked_add(part.saturating_mul(factor) / tenths))
        .ok_or_else(|| "it is more than can be counted".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn rates_are_numbers_with_units() {
        for (text, expected) in [
            ("0", 0),
            ("20000", 20_000),
            ("20k", 20_000),
            ("1.5M", 1_500_000),
            ("2G", 2_000_000_000),
        ] {
            assert_eq!(rate(text), Ok(expected), "{text}");
        }
        for text in ["", "k", "-1", "1.5.2", "1 k", "20x", "99999999999G", "1,5M"] {
            assert!(rate(text).is_err(), "{text}");
        }
    }
}
