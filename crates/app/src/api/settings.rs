//! What a person may set, and what the program says of itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The language of all words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Language {
    /// The system's.
    #[default]
    System,
    /// English.
    En,
    /// Korean.
    Ko,
}

/// The colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// The system's.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What a person has set. Kept as JSON; unknown fields of a newer Strata are kept too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The language.
    pub language: Language,
    /// The colours.
    pub theme: Theme,
    /// Whether the practice registry starts with the window.
    pub practice_registry: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { language: Language::System, theme: Theme::System, practice_registry: true }
    }
}

/// What the program says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    /// Its version.
    pub version: String,
    /// Where the store is.
    pub store_path: String,
    /// What this machine runs.
    pub host_platform: String,
    /// The system's language, as a BCP 47 tag.
    pub locale: String,
}
