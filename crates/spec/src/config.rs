//! The settings and history of an image beside their exact bytes (OCI image specification, config.md).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::{DiffId, Digest, DocumentError, ImageId, Platform, json};

/// An image's config.
#[derive(Debug, Clone)]
pub struct ImageConfig {
    raw: Arc<[u8]>,
    fields: Fields,
}

/// One step of how an image was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct HistoryEntry {
    /// When, RFC 3339.
    #[serde(default, deserialize_with = "null_is_default")]
    pub created: Option<String>,
    /// By which command.
    #[serde(default)]
    pub created_by: Option<String>,
    /// By whom.
    #[serde(default)]
    pub author: Option<String>,
    /// A note.
    #[serde(default)]
    pub comment: Option<String>,
    /// The step made no layer.
    #[serde(default)]
    pub empty_layer: bool,
}

/// What a container of the image starts with.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Settings {
    /// USER; empty means root.
    #[serde(deserialize_with = "null_is_default")]
    pub user: String,
    /// EXPOSE, sorted.
    #[serde(deserialize_with = "keys")]
    pub exposed_ports: Vec<String>,
    /// ENV, `NAME=value`.
    #[serde(deserialize_with = "null_is_default")]
    pub env: Vec<String>,
    /// ENTRYPOINT.
    pub entrypoint: Option<Vec<String>>,
    /// CMD.
    pub cmd: Option<Vec<String>>,
    /// VOLUME, sorted.
    #[serde(deserialize_with = "keys")]
    pub volumes: Vec<String>,
    /// WORKDIR.
    #[serde(deserialize_with = "null_is_default")]
    pub working_dir: String,
    /// LABEL.
    #[serde(deserialize_with = "null_is_default")]
    pub labels: BTreeMap<String, String>,
    /// STOPSIGNAL.
    pub stop_signal: Option<String>,
    /// SHELL.
    pub shell: Option<Vec<String>>,
    /// ONBUILD: what is done first in an image that is made from this one.
    #[serde(deserialize_with = "null_is_default")]
    pub on_build: Vec<String>,
    /// HEALTHCHECK, as it stands.
    pub healthcheck: Option<Value>,
}

#[derive(Debug, Clone, Deserialize)]
struct Fields {
    architecture: String,
    os: String,
    #[serde(default)]
    variant: Option<String>,
    #[serde(rename = "os.version", default)]
    os_version: Option<String>,
    #[serde(rename = "os.features", default, deserialize_with = "null_is_default")]
    os_features: Vec<String>,
    #[serde(default)]
    created: Option<String>,
    #[serde(default)]
    author: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    config: Settings,
    rootfs: RootFs,
    #[serde(default, deserialize_with = "null_is_default")]
    history: Vec<HistoryEntry>,
}

#[derive(Debug, Clone, Deserialize)]
struct RootFs {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "null_is_default")]
    diff_ids: Vec<DiffId>,
}

impl ImageConfig {
    /// Reads an image's config.
    ///
    /// # Errors
    /// [`DocumentError`] if it is not one.
    pub fn parse(raw: Vec<u8>) -> Result<Self, DocumentError> {
        let fields: Fields = json::read(&raw, "image config")?;
        let invalid = |reason: &str| DocumentError::Invalid {
            what: "image config",
            reason: reason.to_owned(),
        };
        if fields.rootfs.kind != "layers" {
            return Err(invalid("rootfs.type is not `layers`"));
        }
        if let Some(entry) = fields.config.env.iter().find(|entry| !entry.contains('=')) {
            return Err(invalid(&format!("the environment entry `{entry}` has no `=`")));
        }
        Ok(Self { raw: raw.into(), fields })
    }

    /// The exact bytes.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The image's ID: the digest of the exact bytes.
    #[must_use]
    pub fn image_id(&self) -> ImageId {
        ImageId(Digest::sha256_of(&self.raw))
    }

    /// What the image runs on.
    #[must_use]
    pub fn platform(&self) -> Platform {
        Platform {
            os: self.fields.os.clone(),
            architecture: self.fields.architecture.clone(),
            variant: self.fields.variant.clone().filter(|variant| !variant.is_empty()),
            os_version: self.fields.os_version.clone().filter(|version| !version.is_empty()),
            os_features: self.fields.os_features.clone(),
        }
    }

    /// When it was made, RFC 3339, as it says.
    #[must_use]
    pub fn created(&self) -> Option<&str> {
        self.fields.created.as_deref()
    }

    /// Who made it, as it says.
    #[must_use]
    pub fn author(&self) -> Option<&str> {
        self.fields.author.as_deref()
    }

    /// The digests of the plain tars of its layers, the lowest first.
    #[must_use]
    pub fn diff_ids(&self) -> &[DiffId] {
        &self.fields.rootfs.diff_ids
    }

    /// How it was made, the first step first.
    #[must_use]
    pub fn history(&self) -> &[HistoryEntry] {
        &self.fields.history
    }

    /// What a container of it starts with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.fields.config
    }
}

/// Go writes `null` for what is empty.
fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Go writes a set as an object of empty objects.
fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let set = Option::<Map<String, Value>>::deserialize(deserializer)?.unwrap_or_default();
    let mut keys: Vec<String> = set.into_iter().map(|(key, _)| key).collect();
    keys.sort();
    Ok(keys)
}
