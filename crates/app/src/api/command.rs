//! The commands that the window may call: one request type, one response type, one name each.
//!
//! The window calls a command as `invoke(name, { request })`. The list exists once: the TypeScript map, the shell's
//! handlers and its permissions are all held against [`COMMANDS`].

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    AppInfo, BuildExample, BuildHistoryRead, BuildLookRead, BuildOutput, BuildOutputRead,
    BuildSheet, BuildStart, CertificateWrite, Chain, ChainRead, CompareRead, CompareRowsRead,
    Comparison, CompletionItem, DigestCheck, DigestCheckRead, DockerfileComplete,
    DockerfileExplain, DockerfileLint, DockerfileLinted, DockerfileRead, DockerfileSave, Doctor,
    ExplainedLine, FileAt, FileDetails, FileDiff, FileDiffRead, FileHexRead, FilePreview,
    FileQuery, FileRows, FileSave, FileSaved, FilesSearch, Findings, FindingsRead, FoundFiles,
    HexPage, HubRepository, HubSearch, ImageDetail, ImageList, ImageLook, JobMove, JobSnapshot,
    JobsPause, LayerPeekStart, LayerSharer, LayerSharersRead, LintRulePage, LintRuleRead,
    OfferSize, Owners, OwnersRead, PastBuild, PeekRowsRead, PracticeStatus, PullManyStart,
    RateLimit, RealmApprove, RebuiltLine, ReferenceParts, RegistryList, RegistryNamed,
    RegistryTest, RepositoriesRead, RepositoryPage, SbomSave, Selection, Settings, SignIn,
    SignedOut, Space, SpaceRead, TagChangesRead, TagFactsPage, TagFactsRead, TagList, TagTarget,
    Touch, WasteRead, WasteReport, WhatIfAnswer, WhatIfRead, WhoRead, Xray, XrayRead,
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

/// Which job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobNamed {
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
    /// Which other images have a layer.
    LayerSharersCommand = "layer_sharers"(LayerSharersRead) -> Vec<LayerSharer>;
    /// A page of files.
    FileRowsCommand = "file_rows"(FileRowsRead) -> FileRows;
    /// The beginning of a file.
    FilePreviewCommand = "file_preview"(FilePreviewRead) -> FilePreview;
    /// The users and groups that an image knows by name.
    OwnersReadCommand = "owners_read"(OwnersRead) -> Owners;
    /// Where the bytes of a folder are.
    SpaceReadCommand = "space_read"(SpaceRead) -> Space;
    /// What the layers of an image waste.
    WasteReadCommand = "waste_read"(WasteRead) -> WasteReport;
    /// Which layers have touched a path, the oldest first.
    WhoReadCommand = "who_read"(WhoRead) -> Vec<Touch>;
    /// Two stored images beside each other.
    CompareReadCommand = "compare_read"(CompareRead) -> Comparison;
    /// A page of the files of two images.
    CompareRowsCommand = "compare_rows"(CompareRowsRead) -> FileRows;
    /// A stored image beside what its tag points to now.
    TagChangesCommand = "tag_changes"(TagChangesRead) -> Comparison;
    /// How two versions of a file differ.
    FileDiffCommand = "file_diff"(FileDiffRead) -> FileDiff;
    /// An image's documents as they are stored.
    ChainReadCommand = "chain_read"(ChainRead) -> Chain;
    /// Computes a digest anew from the stored bytes.
    DigestCheckCommand = "digest_check"(DigestCheckRead) -> DigestCheck;
    /// A Dockerfile rebuilt from an image's history.
    DockerfileReadCommand = "dockerfile_read"(DockerfileRead) -> Vec<RebuiltLine>;
    /// What is wrong with a Dockerfile, and what could be better.
    DockerfileLintCommand = "dockerfile_lint"(DockerfileLint) -> DockerfileLinted;
    /// Each line of a Dockerfile in words.
    DockerfileExplainCommand = "dockerfile_explain"(DockerfileExplain) -> Vec<ExplainedLine>;
    /// What may stand at a place of a Dockerfile.
    DockerfileCompleteCommand = "dockerfile_complete"(DockerfileComplete) -> Vec<CompletionItem>;
    /// One of the rules for Dockerfiles.
    LintRuleCommand = "lint_rule"(LintRuleRead) -> LintRulePage;
    /// Some bytes of a file.
    FileHexCommand = "file_hex"(FileHexRead) -> HexPage;
    /// What a file is beyond its text.
    FileDetailsCommand = "file_details"(FileAt) -> FileDetails;
    /// Saves a file or a folder into a folder of this machine.
    FileSaveCommand = "file_save"(FileSave) -> FileSaved;
    /// Starts to look into the files of an image; answers with the job's number.
    InspectStartCommand = "inspect_start"(FindingsRead) -> u64;
    /// Packages and secrets of an image.
    FindingsReadCommand = "findings_read"(FindingsRead) -> Findings;
    /// Saves the list of packages for other tools.
    SbomSaveCommand = "sbom_save"(SbomSave) -> FileSaved;
    /// Finds files in all layers of an image.
    FilesSearchCommand = "files_search"(FilesSearch) -> FoundFiles;
    /// What a build would do, before it starts.
    BuildLookCommand = "build_look"(BuildLookRead) -> BuildSheet;
    /// Starts a build and answers with the job's number.
    BuildStartCommand = "build_start"(BuildStart) -> u64;
    /// Some of the output of a step.
    BuildOutputCommand = "build_output"(BuildOutputRead) -> BuildOutput;
    /// Builds that ended, the newest first.
    BuildHistoryCommand = "build_history"(BuildHistoryRead) -> Vec<PastBuild>;
    /// Which lines a change would make anew.
    BuildWhatIfCommand = "build_what_if"(WhatIfRead) -> WhatIfAnswer;
    /// Saves a Dockerfile that was changed.
    DockerfileSaveCommand = "dockerfile_save"(DockerfileSave) -> Nothing;
    /// Dockerfiles to begin with.
    BuildExamplesCommand = "build_examples"(Nothing) -> Vec<BuildExample>;
    /// What this machine can do, found by trying.
    DoctorCommand = "doctor"(Nothing) -> Doctor;
    /// A reference, taken apart.
    ReferenceExplainCommand = "reference_explain"(ReferenceExplain) -> ReferenceParts;
    /// An image as its registry describes it; stores nothing.
    ImageLookCommand = "image_look"(ImageLookRead) -> ImageLook;
    /// The tags of a repository.
    TagsListCommand = "tags_list"(TagsRead) -> TagList;
    /// What a tag points to now.
    TagTargetCommand = "tag_target"(TagsRead) -> TagTarget;
    /// How large the images are that an index offers.
    OfferSizesCommand = "offer_sizes"(TagsRead) -> Vec<OfferSize>;
    /// What the registry tells of tags beside their names.
    TagFactsCommand = "tag_facts"(TagFactsRead) -> TagFactsPage;
    /// Starts to read several tags; answers with the job's number.
    SurveyStartCommand = "survey_start"(Selection) -> u64;
    /// Starts to read the files of a layer; answers with the job's number.
    LayerPeekStartCommand = "layer_peek_start"(LayerPeekStart) -> u64;
    /// A page of the files of a layer that was read.
    PeekRowsCommand = "peek_rows"(PeekRowsRead) -> FileRows;
    /// Queues several pulls; answers with the jobs' numbers.
    PullManyStartCommand = "pull_many_start"(PullManyStart) -> Vec<u64>;
    /// Queues a pull; answers with the job's number.
    PullStartCommand = "pull_start"(PullStart) -> u64;
    /// All jobs of this run.
    JobsListCommand = "jobs_list"(Nothing) -> Vec<JobSnapshot>;
    /// Stops a job.
    JobStopCommand = "job_stop"(JobNamed) -> ();
    /// Pauses a job: what arrived is kept.
    JobPauseCommand = "job_pause"(JobNamed) -> ();
    /// Lets a paused job go on.
    JobResumeCommand = "job_resume"(JobNamed) -> ();
    /// Moves a waiting job.
    JobMoveCommand = "job_move"(JobMove) -> ();
    /// Pauses all jobs, or lets all go on.
    JobsPauseCommand = "jobs_pause"(JobsPause) -> ();
    /// What was asked of registries.
    XrayReadCommand = "xray_read"(XrayRead) -> Xray;
    /// The practice registry.
    PracticeStatusCommand = "practice_status"(Nothing) -> PracticeStatus;
    /// Switches the practice registry.
    PracticeSwitchCommand = "practice_switch"(PracticeSwitch) -> PracticeStatus;
    /// Tries a login, and keeps it if the registry accepts it.
    SignInCommand = "sign_in"(SignIn) -> ();
    /// Forgets a login that Strata keeps.
    SignOutCommand = "sign_out"(RegistryNamed) -> SignedOut;
    /// All registries that are known.
    RegistriesListCommand = "registries_list"(Nothing) -> RegistryList;
    /// Asks a registry for an answer.
    RegistryTestCommand = "registry_test"(RegistryNamed) -> RegistryTest;
    /// Asks a registry how many requests it allows.
    RateLimitReadCommand = "rate_limit_read"(RegistryNamed) -> Option<RateLimit>;
    /// A page of a registry's repositories.
    RepositoriesListCommand = "repositories_list"(RepositoriesRead) -> RepositoryPage;
    /// Looks for repositories on Docker Hub.
    HubSearchCommand = "hub_search"(HubSearch) -> Vec<HubRepository>;
    /// Allows a token service to see a registry's password, or no more.
    RealmApproveCommand = "realm_approve"(RealmApprove) -> ();
    /// Trusts certificates for a registry, or none any more.
    CertificateWriteCommand = "certificate_write"(CertificateWrite) -> ();
}
