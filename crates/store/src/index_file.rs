//! `index.json`: which names there are, and what they point to (OCI image specification, image-layout.md).

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use strata_spec::{Descriptor, Digest, DocumentError, MediaType, Platform, Reference};

use crate::disk::{failed, replace};
use crate::{StoreError, unix};

/// Holds the full reference of an entry (OCI image specification, annotations.md).
const NAME: &str = "org.opencontainers.image.ref.name";
/// Holds the digest that the name points to where that is an index: of its images only some are here, so that the entry
/// itself is the image, which every tool can read.
const TARGET: &str = "dev.strata.target";

/// The file's content. What others have put there stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IndexFile {
    schema_version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    media_type: Option<MediaType>,
    #[serde(default)]
    manifests: Vec<Descriptor>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

/// One name and where it points.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Named {
    pub reference: Reference,
    /// The stored manifest, or an index that a registry's user has put.
    pub entry: Descriptor,
    /// What the name points to, where that is not the entry itself.
    pub target: Option<Digest>,
}

impl Default for IndexFile {
    fn default() -> Self {
        Self {
            schema_version: 2,
            media_type: Some(MediaType::OciIndex),
            manifests: Vec::new(),
            extra: Map::new(),
        }
    }
}

impl IndexFile {
    /// Makes an empty one where there is none.
    pub fn make(folder: &Path) -> Result<(), StoreError> {
        if path(folder).exists() { Ok(()) } else { Self::default().write(folder) }
    }

    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        let path = path(folder);
        let mut text = Vec::new();
        let read = unix::private().read(true).open(&path);
        read.and_then(|mut file| file.read_to_end(&mut text)).map_err(failed("read", &path))?;
        serde_json::from_slice(&text).map_err(|error| {
            let reason = error.to_string();
            StoreError::Layout { path, source: DocumentError::Invalid { what: "index", reason } }
        })
    }

    pub fn write(&self, folder: &Path) -> Result<(), StoreError> {
        let path = path(folder);
        let text =
            serde_json::to_vec(self).map_err(|error| failed("write", &path)(error.into()))?;
        replace(&path, &text)
    }

    /// The names that are full references, in the order of the file.
    pub fn names(&self) -> impl Iterator<Item = Named> {
        self.manifests.iter().filter_map(|entry| {
            let name = entry.annotations.get(NAME)?;
            let reference = Reference::parse(name).ok().filter(|full| full.to_string() == *name)?;
            let target = entry.annotations.get(TARGET).and_then(|text| Digest::parse(text).ok());
            Some(Named { reference, entry: entry.clone(), target })
        })
    }

    /// Lets a name point to something. Of an image, the entry of another platform under the same name stays.
    pub fn point(&mut self, named: Named) {
        let name = named.reference.to_string();
        let of_image = named.entry.platform.is_some();
        self.manifests.retain(|other| {
            let same_platform = !of_image || other.platform == named.entry.platform;
            let other_image = of_image && other.platform.is_some();
            other.annotations.get(NAME) != Some(&name) || (other_image && !same_platform)
        });
        let mut annotations = BTreeMap::from([(NAME.to_owned(), name)]);
        if let Some(target) = named.target {
            annotations.insert(TARGET.to_owned(), target.to_string());
        }
        let runs_here = named
            .entry
            .platform
            .as_ref()
            .is_some_and(|platform| platform.satisfies(&Platform::host()).is_some());
        let entry = Descriptor { annotations, ..named.entry };
        // Tools that look a name up take the first entry that has it.
        let at = if runs_here { 0 } else { self.manifests.len() };
        self.manifests.insert(at, entry);
    }
}

/// What tells one state of the file from another without reading it.
pub(crate) fn stamp(folder: &Path) -> Result<String, StoreError> {
    let path = path(folder);
    let data = fs::metadata(&path).map_err(failed("read", &path))?;
    let modified = data.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let nanos = modified.unwrap_or_default().as_nanos();
    Ok(format!("{}-{nanos}-{}", data.len(), unix::file_number(&data)))
}

fn path(folder: &Path) -> PathBuf {
    folder.join("index.json")
}
