//! The settings and history of an image while it is planned.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use strata_spec::{ImageConfig, Platform};

/// What BuildKit writes as the comment of each step.
const COMMENT: &str = "buildkit.dockerfile.v0";
/// Where commands are looked for if nobody says anything else.
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What a container of the image starts with, in the form of a config.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ImageSettings {
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub user: String,
    #[serde(deserialize_with = "or_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub exposed_ports: BTreeMap<String, Nothing>,
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<String>,
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub entrypoint: Vec<String>,
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub cmd: Vec<String>,
    #[serde(deserialize_with = "or_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub volumes: BTreeMap<String, Nothing>,
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub working_dir: String,
    #[serde(deserialize_with = "or_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    #[serde(deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub stop_signal: String,
    #[serde(deserialize_with = "or_default", skip_serializing_if = "std::ops::Not::not")]
    pub args_escaped: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Healthcheck>,
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub on_build: Vec<String>,
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub shell: Vec<String>,
}

/// Go writes a set as an object of empty objects.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Nothing {}

/// `HEALTHCHECK`; times in nanoseconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Healthcheck {
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub test: Vec<String>,
    #[serde(skip_serializing_if = "is_zero")]
    pub interval: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub timeout: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub start_period: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub start_interval: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub retries: i64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// Go writes `null` for what is empty.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// One line of the history that is going to be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlannedHistory {
    pub created_by: String,
    pub comment: String,
    pub author: Option<String>,
    /// It is one of the base's: when that was made.
    pub created: Option<String>,
    /// The layer that it stands for.
    pub layer: HistoryLayer,
}

/// Whether a line of the history has a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HistoryLayer {
    None,
    /// One of the base image's.
    OfBase,
    /// The one that a step makes, if it makes one.
    OfStep(usize),
}

/// An image while it is planned.
#[derive(Debug, Clone)]
pub(crate) struct ImageState {
    pub settings: ImageSettings,
    pub author: Option<String>,
    pub history: Vec<PlannedHistory>,
    pub platform: Platform,
    /// When the base was made.
    pub base_created: Option<String>,
}

impl ImageState {
    /// An image of nothing.
    pub fn scratch(platform: &Platform) -> Self {
        let settings = ImageSettings { working_dir: "/".to_owned(), ..ImageSettings::default() };
        Self {
            settings,
            author: None,
            history: Vec::new(),
            platform: platform.clone(),
            base_created: None,
        }
    }

    /// What a stage begins with that begins with an image. Settings that nobody can read are none.
    pub fn of_base(config: &ImageConfig) -> Self {
        #[derive(Default, Deserialize)]
        struct Fields {
            #[serde(default)]
            config: Option<ImageSettings>,
        }
        let fields: Fields = serde_json::from_slice(config.raw()).unwrap_or_default();
        let history = config.history().iter().map(|entry| PlannedHistory {
            created_by: entry.created_by.clone().unwrap_or_default(),
            comment: entry.comment.clone().unwrap_or_default(),
            author: entry.author.clone(),
            created: entry.created.clone(),
            layer: if entry.empty_layer { HistoryLayer::None } else { HistoryLayer::OfBase },
        });
        Self {
            settings: fields.config.unwrap_or_default(),
            author: config.author().map(str::to_owned),
            history: history.collect(),
            platform: config.platform(),
            base_created: config.created().map(str::to_owned),
        }
    }

    /// Adds the path that is there where nobody sets one.
    pub fn with_path(&mut self) {
        if self.platform.os != "windows" && self.env("PATH").is_none() {
            self.settings.env.push(format!("PATH={DEFAULT_PATH}"));
        }
    }

    /// A variable of the config.
    pub fn env(&self, name: &str) -> Option<&str> {
        let pairs = self.settings.env.iter().filter_map(|entry| entry.split_once('='));
        pairs.filter(|(known, _)| *known == name).map(|(_, value)| value).next()
    }

    /// Sets a variable of the config, where it stands if it is there.
    pub fn set_env(&mut self, name: &str, value: &str) {
        let entry = format!("{name}={value}");
        let known = self
            .settings
            .env
            .iter_mut()
            .find(|known| known.split_once('=').is_some_and(|(known, _)| known == name));
        match known {
            Some(known) => *known = entry,
            None => self.settings.env.push(entry),
        }
    }

    /// A command in the shell form, as it is run.
    pub fn with_shell(&self, command: &str) -> Vec<String> {
        let mut args = self.settings.shell.clone();
        if args.is_empty() {
            let shell: &[&str] = if self.platform.os == "windows" {
                &["cmd", "/S", "/C"]
            } else {
                &["/bin/sh", "-c"]
            };
            args = shell.iter().map(|&word| word.to_owned()).collect();
        }
        args.push(command.to_owned());
        args
    }

    /// Adds a line to the history.
    pub fn note(&mut self, created_by: String, layer: HistoryLayer) {
        self.history.push(PlannedHistory {
            created_by,
            comment: COMMENT.to_owned(),
            author: None,
            created: None,
            layer,
        });
    }
}
