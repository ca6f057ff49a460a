//! The window's types, from these types.

use ts_rs::{Config, TS};

use super::command::command_map;
use super::{
    Action, AppInfo, Burial, BuriedPath, CertificateWrite, Change, ChangeCounts, CompareRead,
    CompareRowsRead, ComparedImage, ComparedLayer, Comparison, DiffHunk, DiffLine, ErrorCode,
    FileCounts, FileDiff, FileDiffRead, FileKind, FilePreview, FilePreviewRead, FileQuery, FileRow,
    FileRows, FileRowsRead, HubRepository, HubSearch, ImageDetail, ImageList, ImageLook,
    ImageLookRead, ImageRead, ImageSettings, ImageSummary, JobEvent, JobKind, JobMove, JobNamed,
    JobSnapshot, JobState, JobStep, JobsPause, KnownLogin, Language, LayerPair, LayerPeekStart,
    LayerWaste, LineChange, LoginPlace, MirrorSetting, Nothing, OfferSize, OpenBase, Outcome, Pace,
    PairState, PeekRowsRead, PeekSource, PeekedLayer, PlatformOffer, PracticeImage, PracticeState,
    PracticeStatus, PracticeSwitch, ProxySetting, PullManyStart, PullOfMany, PullPlan, PullStart,
    RateLimit, RealmApprove, ReferenceExplain, ReferenceParts, RegistryEntry, RegistryList,
    RegistryNamed, RegistryTest, RepositoriesRead, RepositoryPage, Scope, Selection, SettingField,
    SettingPair, Settings, SettingsWrite, SignIn, SignedOut, SortBy, StepState, StoreTotals,
    Stratum, StratumKind, Survey, SurveyFailure, SurveyedImage, TagChangesRead, TagEntry, TagFacts,
    TagFactsPage, TagFactsRead, TagList, TagTarget, TagsRead, Theme, Topic, Touch,
    TrustedRealmSetting, UserError, WasteArc, WasteFix, WasteRead, WasteReport, WhoRead, Xray,
    XrayOutcome, XrayPurpose, XrayRead, XrayRequest, XrayScope, XraySigned,
};

const HEAD: &str = "// Made from crates/app/src/api by `cargo xtask types`. Do not edit.\n\n";

macro_rules! declared {
    ($($kind:ty),+ $(,)?) => {
        /// Every type of the contract, in the order of their names.
        fn declare(config: &Config, text: &mut String) {
            $(text.push_str("export ");
            text.push_str(&<$kind as TS>::decl(config));
            text.push_str("\n\n");)+
        }
    };
}

declared!(
    Action,
    AppInfo,
    Burial,
    BuriedPath,
    CertificateWrite,
    Change,
    ChangeCounts,
    CompareRead,
    CompareRowsRead,
    ComparedImage,
    ComparedLayer,
    Comparison,
    DiffHunk,
    DiffLine,
    ErrorCode,
    FileCounts,
    FileDiff,
    FileDiffRead,
    FileKind,
    FilePreview,
    FilePreviewRead,
    FileQuery,
    FileRow,
    FileRows,
    FileRowsRead,
    HubRepository,
    HubSearch,
    ImageDetail,
    ImageList,
    ImageLook,
    ImageLookRead,
    ImageRead,
    ImageSettings,
    ImageSummary,
    JobEvent,
    JobKind,
    JobMove,
    JobNamed,
    JobSnapshot,
    JobState,
    JobStep,
    JobsPause,
    KnownLogin,
    Language,
    LayerPair,
    LayerPeekStart,
    LayerWaste,
    LineChange,
    LoginPlace,
    MirrorSetting,
    Nothing,
    OfferSize,
    OpenBase,
    Outcome,
    Pace,
    PairState,
    PeekRowsRead,
    PeekSource,
    PeekedLayer,
    PlatformOffer,
    PracticeImage,
    PracticeState,
    PracticeStatus,
    PracticeSwitch,
    ProxySetting,
    PullManyStart,
    PullOfMany,
    PullPlan,
    PullStart,
    RateLimit,
    RealmApprove,
    ReferenceExplain,
    ReferenceParts,
    RegistryEntry,
    RegistryList,
    RegistryNamed,
    RegistryTest,
    RepositoriesRead,
    RepositoryPage,
    Scope,
    Selection,
    SettingField,
    SettingPair,
    Settings,
    SettingsWrite,
    SignIn,
    SignedOut,
    SortBy,
    StepState,
    StoreTotals,
    Stratum,
    StratumKind,
    Survey,
    SurveyFailure,
    SurveyedImage,
    TagChangesRead,
    TagEntry,
    TagFacts,
    TagFactsPage,
    TagFactsRead,
    TagList,
    TagTarget,
    TagsRead,
    Theme,
    Topic,
    Touch,
    TrustedRealmSetting,
    UserError,
    WasteArc,
    WasteFix,
    WasteRead,
    WasteReport,
    WhoRead,
    Xray,
    XrayOutcome,
    XrayPurpose,
    XrayRead,
    XrayRequest,
    XrayScope,
    XraySigned,
);

/// The text of `ui/src/lib/api/generated/types.ts`.
#[must_use]
pub fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let mut text = HEAD.to_owned();
    declare(&config, &mut text);
    text.push_str(
        "/** Every command: what it is told, what it answers. */\nexport interface Commands {\n",
    );
    text.push_str(&command_map(&config));
    text.push_str("}\n");
    text
}
