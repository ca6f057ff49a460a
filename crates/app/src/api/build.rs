//! A build as it runs, as it was, and as it would be.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::UserError;

/// Why a step was not found among what earlier builds made. Each has a sentence under `build.why`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum WhyAnew {
    /// This line was never built here.
    First,
    /// The line says something else.
    Text {
        /// What it said.
        before: String,
        /// What it says.
        now: String,
    },
    /// What it stands on is another image.
    Base,
    /// A build argument has another value. Values are not told, they may be secret.
    Argument {
        /// Its name.
        name: String,
    },
    /// A variable of the environment has another value.
    Environment {
        /// Its name.
        name: String,
    },
    /// Files that it copies are others.
    Files {
        /// Those with other content, mode or owner; at most 100.
        changed: Vec<String>,
        /// Those that came; at most 100.
        added: Vec<String>,
        /// Those that went; at most 100.
        removed: Vec<String>,
        /// How many there are in all.
        count: u64,
    },
    /// Something else of the step is another: user, folder, platform, network, mounts.
    Setting {
        /// Its name in the key, such as `workdir`.
        name: String,
    },
    /// A step below was made anew.
    Follows {
        /// Its line.
        line: u32,
    },
    /// Somebody asked for it to be made anew.
    Asked,
    /// It was made, and is not kept any more.
    Gone,
}

/// Where a line of a build is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BuildLineState {
    /// Not begun.
    Waiting,
    /// At work.
    Running,
    /// Taken from an earlier build.
    Cached,
    /// Made.
    Done,
    /// It failed.
    Failed,
    /// The target does not need it.
    NotNeeded,
    /// The build ended before its turn.
    Skipped,
}

/// The layer that a line made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildLayer {
    /// Its digest.
    pub digest: String,
    /// Its packed bytes.
    pub bytes: u64,
    /// Its plain bytes.
    pub tar_bytes: u64,
    /// Whether the build before this one has the same layer.
    pub is_same: bool,
}

/// A warning about what a line made. Each has a sentence under `build.warning`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildWarning {
    /// Its code, such as `singleId`.
    pub code: String,
    /// What its sentence names.
    pub subject: String,
}

/// One instruction of a build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildLine {
    /// Its place among the lines, from 0: what other commands name it by.
    pub index: u32,
    /// The first line of the file that it takes, from 1.
    pub line: u32,
    /// The last one.
    pub end_line: u32,
    /// The stage that it is part of, from 0; none for an `ARG` before the first.
    pub stage: Option<u32>,
    /// Its name in capitals, such as `RUN`.
    pub keyword: String,
    /// Its text, as written.
    pub text: String,
    /// Where it is.
    pub state: BuildLineState,
    /// How long it took, or takes so far: milliseconds.
    pub milliseconds: u64,
    /// How long it took when it was made, if it is taken from an earlier build: milliseconds.
    pub saved_milliseconds: Option<u64>,
    /// The layer it made.
    pub layer: Option<BuildLayer>,
    /// Why it was made anew.
    pub why: Option<WhyAnew>,
    /// How many lines of output it wrote.
    pub output_lines: u64,
    /// What is to be known of its layer.
    pub warnings: Vec<BuildWarning>,
}

/// A stage of a Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildStage {
    /// Its place, from 0.
    pub index: u32,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// What it stands on, as written: an image, a stage or `scratch`.
    pub base: String,
    /// The stages whose files or layers it takes.
    pub needs: Vec<u32>,
    /// Its first line.
    pub line: u32,
    /// Whether the target needs it.
    pub is_needed: bool,
}

/// What may have gone wrong. Each has a sentence under `build.cause`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LikelyCause {
    /// Its code, such as `commandNotFound`.
    pub code: String,
    /// What its sentence names: a command, a file, a host.
    pub subject: String,
}

/// A step that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildFailure {
    /// Its place among the lines; none if the build failed before or after them.
    pub index: Option<u32>,
    /// What went wrong.
    pub error: UserError,
    /// The likeliest causes, the likeliest first.
    pub causes: Vec<LikelyCause>,
    /// Whether the files as they were then can be looked at.
    pub has_files: bool,
}

/// A build as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildView {
    /// The Dockerfile.
    pub file: String,
    /// The folder or archive whose files it copies; none for nothing.
    pub context: Option<String>,
    /// The names that the image gets, in short form.
    pub tags: Vec<String>,
    /// Its number among the builds of this Dockerfile, from 1.
    pub number: u32,
    /// Its stages.
    pub stages: Vec<BuildStage>,
    /// Its lines in the order of the file.
    pub lines: Vec<BuildLine>,
    /// Files of the context.
    pub context_files: u64,
    /// Their bytes.
    pub context_bytes: u64,
    /// Files that the ignore file keeps out.
    pub kept_out: u64,
    /// How long it took, or takes so far: milliseconds.
    pub milliseconds: u64,
    /// What failed.
    pub failure: Option<BuildFailure>,
    /// The manifest of the image, once it is there.
    pub manifest: Option<String>,
    /// The build of this Dockerfile and target before this one.
    pub before: Option<PastBuild>,
}

/// A line of an earlier build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PastLine {
    /// Its text.
    pub text: String,
    /// Its name in capitals.
    pub keyword: String,
    /// How long it took: milliseconds; 0 if it was taken from an earlier one.
    pub milliseconds: u64,
    /// Whether it was taken from an earlier one.
    pub is_cached: bool,
    /// The layer it made.
    pub layer: Option<BuildLayer>,
}

/// A build that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PastBuild {
    /// Its number among the builds of its Dockerfile, from 1.
    pub number: u32,
    /// The Dockerfile.
    pub file: String,
    /// The target stage, if one was named.
    pub target: Option<String>,
    /// The names that its image got.
    pub tags: Vec<String>,
    /// When it began.
    pub started_at: String,
    /// How long it took: milliseconds.
    pub milliseconds: u64,
    /// The manifest of its image; none if it failed or was stopped.
    pub manifest: Option<String>,
    /// Packed bytes of the image's layers.
    pub bytes: u64,
    /// How many lines were taken from earlier builds.
    pub cached: u32,
    /// The lines that the target needs.
    pub lines: Vec<PastLine>,
}

/// Which part of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildHistoryRead {
    /// The Dockerfile; none for all.
    pub file: Option<String>,
    /// At most so many, the newest first.
    pub limit: u32,
}

/// A build to start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildStart {
    /// A Dockerfile, a folder with one, or an archive.
    pub path: String,
    /// The Dockerfile in the folder or archive, if it has another name.
    pub file: Option<String>,
    /// The text that stands for the file's, if it was changed and not saved.
    pub text: Option<String>,
    /// The names that the image gets.
    pub tags: Vec<String>,
    /// The stage to build; none for the last.
    pub target: Option<String>,
    /// Build arguments.
    pub arguments: Vec<BuildArgument>,
    /// The platform; none for this machine's.
    pub platform: Option<String>,
    /// Whether nothing is taken from earlier builds.
    pub no_cache: bool,
    /// Whether bases are asked for at their registries, although they are here.
    pub pull: bool,
    /// `host` or `none`; none for what the settings say.
    pub network: Option<String>,
    /// Whether commands trust the certificates that this machine trusts.
    pub trusts_machine: bool,
}

/// A build argument and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildArgument {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Something to look at before it is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildLookRead {
    /// A Dockerfile, a folder with one, or an archive.
    pub path: String,
    /// The Dockerfile in it, if it has another name.
    pub file: Option<String>,
}

/// What a rule of the ignore file keeps out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeptOut {
    /// The rule as written.
    pub rule: String,
    /// Its line in the ignore file, from 1.
    pub line: u32,
    /// How many files it keeps out.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Something in a context that rarely belongs there. Each has a sentence under `build.context`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextWarning {
    /// Its code: `git`, `nodeModules`, `env`, `keys`, `large`.
    pub code: String,
    /// Where it is.
    pub path: String,
    /// How many files it has.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// A build argument that a Dockerfile declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeclaredArgument {
    /// Its name.
    pub name: String,
    /// Its default, as written.
    pub default: Option<String>,
    /// The line that declares it first.
    pub line: u32,
}

/// The parts of a context that were looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextLook {
    /// The folder or archive.
    pub path: String,
    /// Files that can be copied.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The ignore file, if there is one.
    pub ignore_file: Option<String>,
    /// Files that are kept out.
    pub kept_out_files: u64,
    /// Their bytes.
    pub kept_out_bytes: u64,
    /// Which rule keeps out how much, the most first.
    pub kept_out: Vec<KeptOut>,
    /// The largest that can be copied, the largest first; at most 20.
    pub largest: Vec<ContextFile>,
    /// What rarely belongs there.
    pub warnings: Vec<ContextWarning>,
}

/// A file of a context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextFile {
    /// Where it is.
    pub path: String,
    /// Its bytes.
    pub bytes: u64,
}

/// What can be known of a build before it starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildSheet {
    /// The Dockerfile.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Whether it can be saved in place.
    pub can_save: bool,
    /// The context; none if there is nothing but the Dockerfile.
    pub context: Option<ContextLook>,
    /// The stages.
    pub stages: Vec<BuildStage>,
    /// The arguments it declares.
    pub arguments: Vec<DeclaredArgument>,
    /// The lines as they would be built: cached, or waiting with the reason.
    pub lines: Vec<BuildLine>,
    /// A name for the image: what it had last, or one made of the folder's.
    pub suggested_tag: String,
    /// What is wrong with the Dockerfile, if it cannot be built.
    pub problem: Option<UserError>,
    /// Whether this machine can carry out `RUN`, if the Dockerfile has one.
    pub can_run: bool,
    /// The last build of it.
    pub before: Option<PastBuild>,
}

/// Which output of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildOutputRead {
    /// The job.
    pub job: u64,
    /// The line's place.
    pub index: u32,
    /// The first line wanted, from 0.
    pub from: u64,
    /// At most so many.
    pub limit: u32,
}

/// A line of output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OutputLine {
    /// Its text, with what colours it on a terminal.
    pub text: String,
    /// Whether it came on the error stream.
    pub is_error: bool,
    /// When it came: milliseconds from the step's start.
    pub milliseconds: u64,
}

/// Some of a step's output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildOutput {
    /// The number of the first line here.
    pub from: u64,
    /// The lines.
    pub lines: Vec<OutputLine>,
    /// How many there are.
    pub total: u64,
    /// How many of the oldest are not kept any more.
    pub dropped: u64,
}

/// A change that nobody has made yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum WhatIf {
    /// A file of the context is edited.
    Edited {
        /// Where it is.
        path: String,
    },
    /// An instruction is moved.
    Moved {
        /// Its place among the lines.
        from: u32,
        /// The place of the instruction that it is to stand before.
        before: u32,
    },
    /// An argument gets another value.
    Argument {
        /// Its name.
        name: String,
    },
}

/// Which change of which build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfRead {
    /// The build as it would be started.
    pub build: BuildStart,
    /// The change.
    pub change: WhatIf,
}

/// What a change would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfAnswer {
    /// The places of the lines that would be made anew.
    pub anew: Vec<u32>,
    /// The text after it, where the change is one of the Dockerfile.
    pub text: Option<String>,
    /// How long those lines took last: milliseconds.
    pub milliseconds: u64,
}

/// A Dockerfile to save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DockerfileSave {
    /// The file.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The text it had when it was read: if it has another one now, nothing is saved.
    pub read_text: String,
}

/// A Dockerfile to begin with, that needs no network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildExample {
    /// Its code; its title stands under `build.example`.
    pub code: String,
    /// The folder it is in.
    pub path: String,
}
