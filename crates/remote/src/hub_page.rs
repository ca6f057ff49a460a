//! The pages of Docker Hub's web API as they come: every field may be missing, and every text is a stranger's.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use strata_spec::{Digest, Reference};

use crate::endpoint::DOCKER_HUB;
use crate::hub::{HubImage, HubRepository, HubTag};

/// The longest text of a stranger that is kept, in letters.
const MAX_TEXT: usize = 400;

/// A page of anything.
#[derive(Deserialize)]
pub(crate) struct Page {
    #[serde(default)]
    pub next: Option<String>,
    /// Read one by one: one that cannot be read takes none of the others with it.
    #[serde(default)]
    results: Option<Vec<Value>>,
}

/// What the search found.
#[derive(Deserialize)]
pub(crate) struct Found {
    #[serde(default)]
    pub repo_name: String,
    #[serde(default)]
    short_description: Option<String>,
    #[serde(default)]
    star_count: Option<u64>,
    #[serde(default)]
    pull_count: Option<u64>,
    #[serde(default)]
    is_official: Option<bool>,
}

/// A tag.
#[derive(Deserialize)]
pub(crate) struct Tag {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    digest: Option<String>,
    #[serde(default)]
    full_size: Option<u64>,
    #[serde(default)]
    last_updated: Option<String>,
    #[serde(default)]
    images: Option<Vec<Image>>,
}

#[derive(Deserialize)]
struct Image {
    #[serde(default)]
    os: Option<String>,
    #[serde(default)]
    architecture: Option<String>,
    #[serde(default)]
    variant: Option<String>,
    #[serde(default)]
    digest: Option<String>,
    #[serde(default)]
    size: Option<u64>,
}

impl Page {
    /// What is on it, without what cannot be read.
    pub fn entries<T: DeserializeOwned>(self) -> impl Iterator<Item = T> {
        let entries = self.results.unwrap_or_default().into_iter();
        entries.filter_map(|entry| serde_json::from_value(entry).ok())
    }
}

impl Found {
    pub fn taken(self) -> HubRepository {
        HubRepository {
            name: self.repo_name,
            description: cut(&self.short_description.unwrap_or_default()),
            stars: self.star_count.unwrap_or_default(),
            pulls: self.pull_count.unwrap_or_default(),
            official: self.is_official.unwrap_or_default(),
        }
    }
}

impl Tag {
    pub fn taken(self) -> HubTag {
        let images = self.images.unwrap_or_default().into_iter().map(|image| HubImage {
            os: cut(&image.os.unwrap_or_default()),
            architecture: cut(&image.architecture.unwrap_or_default()),
            variant: image.variant.filter(|variant| !variant.is_empty()).map(|text| cut(&text)),
            digest: image.digest.filter(|digest| Digest::parse(digest).is_ok()),
            size: image.size.unwrap_or_default(),
        });
        HubTag {
            name: self.name,
            digest: self.digest.filter(|digest| Digest::parse(digest).is_ok()),
            full_size: self.full_size.unwrap_or_default(),
            last_updated: self.last_updated.map(|time| cut(&time)),
            images: images.collect(),
        }
    }
}

/// A name as a repository of Docker Hub; none if it has a tag or leads to another registry.
pub(crate) fn hub_reference(name: &str) -> Option<Reference> {
    let reference = Reference::parse(name).ok()?;
    let bare = reference.tag().is_none() && reference.digest().is_none();
    (bare && reference.registry() == DOCKER_HUB).then_some(reference)
}

pub(crate) fn is_repository(name: &str) -> bool {
    hub_reference(name).is_some()
}

/// The beginning of a text, without what cannot be shown.
pub(crate) fn cut(text: &str) -> String {
    let letter = |letter: char| if letter.is_control() { '\u{fffd}' } else { letter };
    text.chars().take(MAX_TEXT).map(letter).collect()
}
