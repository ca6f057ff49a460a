//! The commands that the window may call: one request type, one response type, one name each.
//!
//! The window calls a command as `invoke(name, { request })`. The list exists once: the TypeScript map, the shell's
//! handlers and its permissions are all held against [`COMMANDS`].

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    AppInfo, FilePreview, FileQuery, FileRows, ImageDetail, ImageList, ImageLook, JobSnapshot,
    PracticeStatus, ReferenceParts, Settings, TagList, TagTarget,
};

/// A command's name and types.
pub trait Command {
    /// Its name across the boundary.
    const NAME: &'static str;
    /// What it is told.
    type Request: TS;
    /// What it answers.
    type Response: TS;
}

/// No parameters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Nothing {}

/// Which settings to keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingsWrite {
    /// All of them.
    pub settings: Settings,
}

/// Which image to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImageRead {
    /// Its manifest's digest.
    pub manifest: String,
    /// The reference it is shown under.
    pub reference: Option<String>,
}

/// Which page of files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileRowsRead {
    /// The page.
    pub query: FileQuery,
}

/// Which file to look into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FilePreviewRead {
    /// The image's manifest digest.
    pub manifest: String,
    /// The layer, 1 is the oldest.
    pub layer: usize,
    /// This layer's files, or the system up to it.
    pub scope: super::Scope,
    /// The row's id.
    pub id: u32,
    /// At most so many bytes, never more than 1 MiB.
    pub max_bytes: usize,
}

/// A text that may be a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceExplain {
    /// What was typed.
    pub text: String,
}

/// What to pull.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PullStart {
    /// What was typed.
    pub reference: String,
    /// The platform; none for this machine's.
    pub platform: Option<String>,
}

/// Which image to look at in its registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImageLookRead {
    /// What was typed.
    pub reference: String,
    /// The platform; none for this machine's.
    pub platform: Option<String>,
}

/// Whose tags to list, or which tag to follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagsRead {
    /// A reference of the repository.
    pub reference: String,
}

/// Which job to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobStop {
    /// Its number.
    pub id: u64,
}

/// Whether the practice registry should serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PracticeSwitch {
    /// Serve, or not.
    pub on: bool,
}

/// Who asks a registry. Kept in memory until Strata ends.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The registry's host, with its port if it has one.
    pub registry: String,
    /// The user.
    pub username: String,
    /// The password or token.
    pub password: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("registry", &self.registry)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

macro_rules! commands {
    ($($(#[$doc:meta])* $marker:ident = $name:literal ($request:ty) -> $response:ty;)+) => {
        $($(#[$doc])* #[derive(Debug, Clone, Copy)] pub struct $marker;
        impl Command for $marker {
            const NAME: &'static str = $name;
            type Request = $request;
            type Response = $response;
        })+

        /// The names of all commands, besides `job_watch`, which answers over a channel.
        pub const COMMANDS: &[&str] = &[$($name),+];

        /// `name: [request, response];` for each command, in TypeScript.
        pub(super) fn command_map(config: &ts_rs::Config) -> String {
            let mut map = String::new();
            $(map.push_str(&format!(
                "  {}: [{}, {}];\n",
                $name,
                <$request as TS>::name(config),
                <$response as TS>::name(config),
            ));)+
            map
        }
    };
}

commands! {
    /// What the program says of itself.
    AppInfoCommand = "app_info"(Nothing) -> AppInfo;
    /// What a person has set.
    SettingsReadCommand = "settings_read"(Nothing) -> Settings;
    /// Keeps settings.
    SettingsWriteCommand = "settings_write"(SettingsWrite) -> Settings;
    /// All images.
    ImagesListCommand = "images_list"(Nothing) -> ImageList;
    /// One image.
    ImageReadCommand = "image_read"(ImageRead) -> ImageDetail;
    /// A page of files.
    FileRowsCommand = "file_rows"(FileRowsRead) -> FileRows;
    /// The beginning of a file.
    FilePreviewCommand = "file_preview"(FilePreviewRead) -> FilePreview;
    /// A reference, taken apart.
    ReferenceExplainCommand = "reference_explain"(ReferenceExplain) -> ReferenceParts;
    /// An image as its registry describes it; stores nothing.
    ImageLookCommand = "image_look"(ImageLookRead) -> ImageLook;
    /// The tags of a repository.
    TagsListCommand = "tags_list"(TagsRead) -> TagList;
    /// What a tag points to now.
    TagTargetCommand = "tag_target"(TagsRead) -> TagTarget;
    /// Starts a pull; answers with the job's number.
    PullStartCommand = "pull_start"(PullStart) -> u64;
    /// All jobs of this run.
    JobsListCommand = "jobs_list"(Nothing) -> Vec<JobSnapshot>;
    /// Stops a job.
    JobStopCommand = "job_stop"(JobStop) -> ();
    /// The practice registry.
    PracticeStatusCommand = "practice_status"(Nothing) -> PracticeStatus;
    /// Switches the practice registry.
    PracticeSwitchCommand = "practice_switch"(PracticeSwitch) -> PracticeStatus;
    /// Remembers a login for this run.
    SignInCommand = "sign_in"(SignIn) -> ();
}
