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

/// Which proxy requests go through. Those to this machine itself go through none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ProxySetting {
    /// The one that the system names.
    #[default]
    System,
    /// None.
    None,
    /// This one.
    Url {
        /// `http://host:port` or `https://host:port`.
        url: String,
        /// Hosts that are asked without it.
        except: Vec<String>,
    },
}

/// Where a registry's images are asked for first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MirrorSetting {
    /// The registry, as references name it.
    pub registry: String,
    /// The mirror: a host, with a port and a path if it has them.
    pub location: String,
}

/// A token service that somebody allowed to see a registry's password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TrustedRealmSetting {
    /// The registry.
    pub registry: String,
    /// The token service's host, with its port if that is not 443.
    pub host: String,
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
    /// How many pulls are at work at the same time, 1 to 8.
    pub pulls_at_once: u8,
    /// How many layers come from one registry at the same time, 1 to 16.
    pub layers_per_registry: u8,
    /// The most bytes a second that layers arrive with; 0 for as many as there are.
    pub download_limit: u64,
    /// The least bytes a second that a layer must arrive with; 0 for any. A slower one is asked for again, then given up.
    pub least_rate: u64,
    /// The proxy.
    pub proxy: ProxySetting,
    /// Registries that were added by hand.
    pub registries: Vec<String>,
    /// Registries that are spoken to without TLS, besides those on this machine.
    pub plain_http: Vec<String>,
    /// Mirrors.
    pub mirrors: Vec<MirrorSetting>,
    /// Token services that may see a registry's password.
    pub trusted_realms: Vec<TrustedRealmSetting>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::System,
            theme: Theme::System,
            practice_registry: true,
            pulls_at_once: 3,
            layers_per_registry: 6,
            download_limit: 0,
            least_rate: 0,
            proxy: ProxySetting::System,
            registries: Vec::new(),
            plain_http: Vec::new(),
            mirrors: Vec::new(),
            trusted_realms: Vec::new(),
        }
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
    /// Where a person's downloads go.
    pub downloads: String,
}
