//! Manifests and indexes beside their exact bytes (OCI image specification, manifest.md and image-index.md).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::{Descriptor, Digest, DocumentError, MediaType, json};

/// An image manifest: a config and an ordered list of layers.
#[derive(Debug, Clone)]
pub struct Manifest {
    raw: Arc<[u8]>,
    media_type: MediaType,
    fields: ManifestFields,
}

/// A list of manifests, each for a platform.
#[derive(Debug, Clone)]
pub struct Index {
    raw: Arc<[u8]>,
    media_type: MediaType,
    fields: IndexFields,
}

/// What a reference can point to.
#[derive(Debug, Clone)]
pub enum Document {
    /// One image.
    Manifest(Box<Manifest>),
    /// One of several.
    Index(Box<Index>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ManifestFields {
    schema_version: u64,
    #[serde(default)]
    media_type: Option<MediaType>,
    config: Descriptor,
    layers: Vec<Descriptor>,
    #[serde(default)]
    subject: Option<Descriptor>,
    #[serde(default)]
    artifact_type: Option<String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IndexFields {
    schema_version: u64,
    #[serde(default)]
    media_type: Option<MediaType>,
    manifests: Vec<Descriptor>,
    #[serde(default)]
    subject: Option<Descriptor>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

/// As much as is needed to tell which document it is: that a part is there, not what is in it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Probe {
    #[serde(default)]
    schema_version: Option<Value>,
    #[serde(default)]
    media_type: Option<MediaType>,
    #[serde(default)]
    manifests: Option<IgnoredAny>,
    #[serde(default)]
    layers: Option<IgnoredAny>,
    #[serde(default)]
    config: Option<IgnoredAny>,
    #[serde(default)]
    fs_layers: Option<IgnoredAny>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// [`DocumentError`] if it is not one.
    pub fn parse(raw: Vec<u8>) -> Result<Self, DocumentError> {
        let fields: ManifestFields = json::read(&raw, "manifest")?;
        schema_version(fields.schema_version, "manifest")?;
        let media_type = fields.media_type.clone().unwrap_or(MediaType::OciManifest);
        if !media_type.is_manifest() {
            return Err(DocumentError::Unknown { media_type });
        }
        Ok(Self { raw: raw.into(), media_type, fields })
    }

    /// The exact bytes.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The SHA-256 of the exact bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::sha256_of(&self.raw)
    }

    /// What it says it is; an OCI manifest where it does not say.
    #[must_use]
    pub fn media_type(&self) -> &MediaType {
        &self.media_type
    }

    /// Its config.
    #[must_use]
    pub fn config(&self) -> &Descriptor {
        &self.fields.config
    }

    /// Its layers, the lowest first.
    #[must_use]
    pub fn layers(&self) -> &[Descriptor] {
        &self.fields.layers
    }

    /// The manifest that this one is about.
    #[must_use]
    pub fn subject(&self) -> Option<&Descriptor> {
        self.fields.subject.as_ref()
    }

    /// What kind of artifact it is, where it is not an image.
    #[must_use]
    pub fn artifact_type(&self) -> Option<&str> {
        self.fields.artifact_type.as_deref()
    }

    /// Its notes.
    #[must_use]
    pub fn annotations(&self) -> &BTreeMap<String, String> {
        &self.fields.annotations
    }

    /// Whether it is an image: its config is an image's config and all its layers are layers of one.
    #[must_use]
    pub fn is_image(&self) -> bool {
        self.config().media_type.is_config()
    }

    /// A descriptor of this manifest.
    #[must_use]
    pub fn descriptor(&self) -> Descriptor {
        Descriptor::new(self.media_type.clone(), self.digest(), self.raw.len() as u64)
    }
}

impl Index {
    /// Reads an index.
    ///
    /// # Errors
    /// [`DocumentError`] if it is not one.
    pub fn parse(raw: Vec<u8>) -> Result<Self, DocumentError> {
        let fields: IndexFields = json::read(&raw, "index")?;
        schema_version(fields.schema_version, "index")?;
        let media_type = fields.media_type.clone().unwrap_or(MediaType::OciIndex);
        if !media_type.is_index() {
            return Err(DocumentError::Unknown { media_type });
        }
        Ok(Self { raw: raw.into(), media_type, fields })
    }

    /// The exact bytes.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The SHA-256 of the exact bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::sha256_of(&self.raw)
    }

    /// What it says it is; an OCI index where it does not say.
    #[must_use]
    pub fn media_type(&self) -> &MediaType {
        &self.media_type
    }

    /// Its entries.
    #[must_use]
    pub fn manifests(&self) -> &[Descriptor] {
        &self.fields.manifests
    }

    /// The manifest that this index is about.
    #[must_use]
    pub fn subject(&self) -> Option<&Descriptor> {
        self.fields.subject.as_ref()
    }

    /// Its notes.
    #[must_use]
    pub fn annotations(&self) -> &BTreeMap<String, String> {
        &self.fields.annotations
    }

    /// A descriptor of this index.
    #[must_use]
    pub fn descriptor(&self) -> Descriptor {
        Descriptor::new(self.media_type.clone(), self.digest(), self.raw.len() as u64)
    }
}

impl Document {
    /// Reads a manifest or an index, whichever it is.
    ///
    /// `announced` is what a registry's `Content-Type` or a descriptor said; the document must not say otherwise.
    ///
    /// # Errors
    /// [`DocumentError`]; [`DocumentError::Ambiguous`] for one that could be read as both.
    pub fn parse(raw: Vec<u8>, announced: Option<&MediaType>) -> Result<Self, DocumentError> {
        let probe: Probe = json::read(&raw, "manifest")?;
        let announced =
            announced.filter(|kind| kind.is_manifest() || kind.is_index() || kind.is_schema1());
        let schema1 = probe.schema_version == Some(Value::from(1)) || probe.fs_layers.is_some();
        if schema1 || announced.is_some_and(MediaType::is_schema1) {
            return Err(DocumentError::Schema1);
        }
        let has_layers = probe.layers.is_some() || probe.config.is_some();
        if has_layers && probe.manifests.is_some() {
            return Err(DocumentError::Ambiguous);
        }
        if let (Some(said), Some(announced)) = (&probe.media_type, announced)
            && said != announced
        {
            return Err(DocumentError::MediaTypeMismatch {
                expected: announced.clone(),
                found: said.clone(),
            });
        }
        match probe.media_type.as_ref().or(announced) {
            Some(kind) if kind.is_index() => {
                Index::parse(raw).map(|index| Self::Index(Box::new(index)))
            }
            Some(kind) if kind.is_manifest() => {
                Manifest::parse(raw).map(|manifest| Self::Manifest(Box::new(manifest)))
            }
            Some(other) => Err(DocumentError::Unknown { media_type: other.clone() }),
            None if probe.manifests.is_some() => {
                Index::parse(raw).map(|index| Self::Index(Box::new(index)))
            }
            None => Manifest::parse(raw).map(|manifest| Self::Manifest(Box::new(manifest))),
        }
    }

    /// The exact bytes.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        match self {
            Self::Manifest(manifest) => manifest.raw(),
            Self::Index(index) => index.raw(),
        }
    }

    /// What it is.
    #[must_use]
    pub fn media_type(&self) -> &MediaType {
        match self {
            Self::Manifest(manifest) => manifest.media_type(),
            Self::Index(index) => index.media_type(),
        }
    }

    /// A descriptor of it.
    #[must_use]
    pub fn descriptor(&self) -> Descriptor {
        match self {
            Self::Manifest(manifest) => manifest.descriptor(),
            Self::Index(index) => index.descriptor(),
        }
    }
}

fn schema_version(version: u64, what: &'static str) -> Result<(), DocumentError> {
    if version == 2 {
        return Ok(());
    }
    Err(DocumentError::Invalid { what, reason: format!("schemaVersion is {version}, not 2") })
}
