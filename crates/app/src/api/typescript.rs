//! The window's types, from these types.

use ts_rs::{Config, TS};

use super::command::command_map;
use super::{
    Action, AppInfo, Change, ChangeCounts, ErrorCode, FileKind, FilePreview, FilePreviewRead,
    FileQuery, FileRow, FileRows, FileRowsRead, ImageDetail, ImageList, ImageLook, ImageLookRead,
    ImageRead, ImageSettings, ImageSummary, JobEvent, JobKind, JobSnapshot, JobStep, JobStop,
    Language, Nothing, OpenBase, Outcome, PlatformOffer, PracticeImage, PracticeState,
    PracticeStatus, PracticeSwitch, PullPlan, PullStart, ReferenceExplain, ReferenceParts, Scope,
    Settings, SettingsWrite, SignIn, SortBy, StepState, StoreTotals, Stratum, StratumKind,
    TagEntry, TagList, TagTarget, TagsRead, Theme, Topic, UserError,
};

const HEAD: &str = "// Made from crates/app/src/api by `cargo xtask types`. Do not edit.\n\n";

/// The text of `ui/src/lib/api/generated/types.ts`.
#[must_use]
pub fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let mut text = HEAD.to_owned();
    macro_rules! declare {
        ($($kind:ty),+ $(,)?) => {
            $(text.push_str("export ");
            text.push_str(&<$kind as TS>::decl(&config));
            text.push_str("\n\n");)+
        };
    }
    declare!(
        Action,
        AppInfo,
        Change,
        ChangeCounts,
        ErrorCode,
        FileKind,
        FilePreview,
        FilePreviewRead,
        FileQuery,
        FileRow,
        FileRows,
        FileRowsRead,
        ImageDetail,
        ImageList,
        ImageLook,
        ImageLookRead,
        ImageRead,
        ImageSettings,
        ImageSummary,
        JobEvent,
        JobKind,
        JobSnapshot,
        JobStep,
        JobStop,
        Language,
        Nothing,
        OpenBase,
        Outcome,
        PlatformOffer,
        PracticeImage,
        PracticeState,
        PracticeStatus,
        PracticeSwitch,
        PullPlan,
        PullStart,
        ReferenceExplain,
        ReferenceParts,
        Scope,
        Settings,
        SettingsWrite,
        SignIn,
        SortBy,
        StepState,
        StoreTotals,
        Stratum,
        StratumKind,
        TagEntry,
        TagList,
        TagTarget,
        TagsRead,
        Theme,
        Topic,
        UserError,
    );
    text.push_str(
        "/** Every command: what it is told, what it answers. */\nexport interface Commands {\n",
    );
    text.push_str(&command_map(&config));
    text.push_str("}\n");
    text
}
