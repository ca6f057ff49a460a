//! What a registry says before anything is pulled: tags, and one image.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ImageSettings, PullPlan};

/// A platform that an image is offered for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlatformOffer {
    /// `os/architecture[/variant]`.
    pub platform: String,
    /// Whether this machine can run it without emulation.
    pub runs_here: bool,
    /// The digest of its manifest.
    pub manifest: String,
    /// It is for another machine, but an emulator for it is registered here.
    pub is_emulated: bool,
}

/// How large the images of an index are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OfferSize {
    /// The digest of the image's manifest.
    pub manifest: String,
    /// Compressed bytes of its layers.
    pub total_bytes: u64,
    /// Of these, bytes that the store has.
    pub here_bytes: u64,
}

/// An image as a registry describes it; nothing of it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImageLook {
    /// What a pull would bring, and how much of it is here.
    pub plan: PullPlan,
    /// The digests of the layers that are here.
    pub here: Vec<String>,
    /// The settings that a container of it starts with.
    pub settings: ImageSettings,
    /// When it was made, as it says.
    pub created: Option<String>,
    /// The platforms to choose from; empty where there is only one image.
    pub offers: Vec<PlatformOffer>,
}

/// A tag of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagEntry {
    /// The tag.
    pub name: String,
    /// It begins with a number: `1.27.3-alpine`, `v2`.
    pub is_version: bool,
    /// The store has an image under this name, which may be an older one.
    pub is_here: bool,
}

/// The tags of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagList {
    /// The repository, in its short form.
    pub repository: String,
    /// Versions first, the newest first; then the other names.
    pub tags: Vec<TagEntry>,
    /// All of them; not only as many as are ever listed.
    pub is_complete: bool,
}

/// What a tag points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagTarget {
    /// The digest that it points to now.
    pub digest: String,
    /// The digest that the store's image of this name was pulled as.
    pub here: Option<String>,
}

/// What a registry tells of a tag beside its name. Docker Hub does; others do not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagFacts {
    /// The tag.
    pub name: String,
    /// What it points to.
    pub digest: Option<String>,
    /// Compressed bytes of the image for this machine, or of the only one.
    pub size_bytes: Option<u64>,
    /// When it was last pushed.
    pub updated_at: Option<String>,
}

/// Which facts of tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagFactsRead {
    /// A reference of the repository.
    pub reference: String,
    /// The page that the one before named; none for the first.
    pub next: Option<String>,
}

/// A page of facts of tags, those that were pushed last first. Empty where the registry tells nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagFactsPage {
    /// The facts.
    pub tags: Vec<TagFacts>,
    /// The next page.
    pub next: Option<String>,
}
