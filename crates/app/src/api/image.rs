//! Images as lists and pictures show them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One image of the store: a manifest under a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImageSummary {
    /// Its full reference; none if no name points to it any more.
    pub reference: Option<String>,
    /// The short form that Docker shows: `nginx:1.27`.
    pub familiar: String,
    /// The short form without the tag.
    pub repository: String,
    /// The tag.
    pub tag: Option<String>,
    /// What the reference points to: the digest of an index or a manifest.
    pub target: String,
    /// The digest of the manifest.
    pub manifest: String,
    /// The digest of the config.
    pub image_id: String,
    /// `os/architecture[/variant]`.
    pub platform: String,
    /// Whether this machine can run it without emulation.
    pub runs_here: bool,
    /// How many layers.
    pub layer_count: usize,
    /// Compressed bytes of all layers.
    pub download_bytes: u64,
    /// Bytes of all layers unpacked to tars.
    pub size_bytes: u64,
    /// Compressed bytes that no other image has.
    pub only_here_bytes: u64,
    /// Compressed bytes that other images have too.
    pub shared_bytes: u64,
    /// When it was made, as it says.
    pub created: Option<String>,
    /// When it came into the store.
    pub pulled_at: String,
}

/// The store in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoreTotals {
    /// Images.
    pub image_count: usize,
    /// Bytes of all blobs on disk.
    pub stored_bytes: u64,
    /// Bytes as if no image shared a layer.
    pub image_bytes: u64,
    /// What sharing saves.
    pub saved_bytes: u64,
}

/// All images.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImageList {
    /// The images, newest in the store first.
    pub images: Vec<ImageSummary>,
    /// Their totals.
    pub totals: StoreTotals,
}

/// What made a stratum; it chooses the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum StratumKind {
    /// Of the base image; where none is known, the lowest layer if it is no step of this image's own.
    Base,
    /// A command that ran.
    Run,
    /// Files that were copied in.
    Copy,
    /// Unknown, or another tool's.
    Other,
    /// No layer: only settings changed, 0 bytes.
    Settings,
}

/// One line of the picture: a layer, or a step that changed settings only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Stratum {
    /// The layer's number, 1 is the oldest; none for settings only.
    pub layer: Option<usize>,
    /// What made it.
    pub kind: StratumKind,
    /// The instruction, from the history.
    pub instruction: String,
    /// When it was made.
    pub created: Option<String>,
    /// What the builder noted.
    pub comment: Option<String>,
    /// The layer's digest.
    pub digest: Option<String>,
    /// The digest of its plain tar.
    pub diff_id: Option<String>,
    /// The layer's media type.
    pub media_type: Option<String>,
    /// Compressed bytes.
    pub download_bytes: u64,
    /// Bytes of its plain tar; none before it is pulled.
    pub size_bytes: Option<u64>,
    /// How many other images of the store have it.
    pub shared_with: usize,
}

/// How a base image is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BaseHow {
    /// Another image of the store has exactly these layers.
    Local,
    /// The manifest says so; which layers are meant is not known.
    Annotation,
    /// The history looks as if another build had ended there: a guess.
    History,
}

/// The image that an image was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BaseImage {
    /// How many of the lowest layers are its own; 0 if that is not known.
    pub layers: usize,
    /// How many of the lowest strata, settings included.
    pub strata: usize,
    /// Its name, short where it is in the store; none if nobody knows it.
    pub name: Option<String>,
    /// Further names of images with the same layers.
    pub other_names: Vec<String>,
    /// Its full reference, if it is in the store.
    pub reference: Option<String>,
    /// Its manifest's digest, if it is in the store.
    pub manifest: Option<String>,
    /// How it is known.
    pub how: BaseHow,
}

/// Whose layer is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LayerSharersRead {
    /// The image's manifest digest: it is not among the others.
    pub manifest: String,
    /// The layer's digest.
    pub layer: String,
}

/// Another image that has a layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LayerSharer {
    /// Its full reference; none if no name points to it any more.
    pub reference: Option<String>,
    /// All its names, short.
    pub names: Vec<String>,
    /// Its manifest's digest.
    pub manifest: String,
    /// Which layer it is there, 1 is the oldest.
    pub layer: usize,
}

/// How a container is asked whether it is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HealthCheck {
    /// What is run; empty if a check of the base image is switched off.
    pub command: Vec<String>,
    /// Whether that is one line for a shell (`CMD-SHELL`).
    pub in_shell: bool,
    /// Seconds between two checks; none for 30.
    pub interval_seconds: Option<u64>,
    /// Seconds that a check may take; none for 30.
    pub timeout_seconds: Option<u64>,
    /// Seconds at the beginning in which failures do not count; none for 0.
    pub start_period_seconds: Option<u64>,
    /// Seconds between two checks in that time; none for 5.
    pub start_interval_seconds: Option<u64>,
    /// Failures in a row after which it counts as unwell; none for 3.
    pub retries: Option<u64>,
}

/// The settings that a container of the image starts with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImageSettings {
    /// CMD.
    pub command: Vec<String>,
    /// ENTRYPOINT.
    pub entrypoint: Vec<String>,
    /// ENV, `NAME=value`.
    pub env: Vec<String>,
    /// USER; empty means root.
    pub user: String,
    /// WORKDIR.
    pub working_dir: String,
    /// EXPOSE, `80/tcp`.
    pub ports: Vec<String>,
    /// VOLUME.
    pub volumes: Vec<String>,
    /// LABEL.
    pub labels: BTreeMap<String, String>,
    /// STOPSIGNAL.
    pub stop_signal: Option<String>,
    /// HEALTHCHECK.
    pub health_check: Option<HealthCheck>,
    /// SHELL.
    pub shell: Vec<String>,
    /// ONBUILD: what is done first in an image that is made from this one.
    pub on_build: Vec<String>,
}

/// One image, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImageDetail {
    /// What the list shows of it.
    pub summary: ImageSummary,
    /// Its strata, oldest first.
    pub strata: Vec<Stratum>,
    /// Its settings.
    pub settings: ImageSettings,
    /// Who made it, as it says.
    pub author: Option<String>,
    /// What it was made from, as far as that is known.
    pub base: Option<BaseImage>,
}

/// A reference, taken apart as it will be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceParts {
    /// The registry's host.
    pub registry: String,
    /// The repository on it.
    pub repository: String,
    /// The tag that is used; `latest` where none was typed.
    pub tag: Option<String>,
    /// The digest, if typed.
    pub digest: Option<String>,
    /// All of it.
    pub full: String,
    /// The short form.
    pub familiar: String,
}
