//! What a sample is made of, and making it.

use std::borrow::Cow;

use serde_json::{Value, json};
use strata_spec::{Descriptor, Digest, MediaType, Platform, Reference};
use strata_store::{Ready, Store};

use super::REGISTRY;
use super::layer;
use crate::error::AppError;

/// The day that all samples are of: what is made twice is then the same, to the last digest.
const CREATED: &str = "2025-01-01T00:00:00Z";
/// The same in Unix seconds.
pub(super) const CREATED_SECONDS: u64 = 1_735_689_600;

/// One sample image.
pub(super) struct Recipe {
    /// Its name, and the key of its description.
    pub title: &'static str,
    pub tag: &'static str,
    pub command: &'static [&'static str],
    pub steps: Vec<Step>,
}

/// One line of its history.
pub(super) struct Step {
    pub instruction: &'static str,
    /// The files of its layer; none for a setting.
    pub files: Option<Vec<SampleFile>>,
}

/// One entry of a layer.
pub(super) struct SampleFile {
    pub path: Cow<'static, str>,
    pub content: Content,
    pub mode: u32,
}

/// What is there.
pub(super) enum Content {
    Bytes(Cow<'static, [u8]>),
    /// A file of this machine.
    Copy(std::path::PathBuf),
}

impl SampleFile {
    /// The same with the right to run it.
    pub fn runnable(mut self) -> Self {
        self.mode = 0o755;
        self
    }
}

/// A step that brings files.
pub(super) fn add(instruction: &'static str, files: Vec<SampleFile>) -> Step {
    Step { instruction, files: Some(files) }
}

/// A step that only sets something.
pub(super) fn step(instruction: &'static str) -> Step {
    Step { instruction, files: None }
}

/// A file.
pub(super) fn file(path: &'static str, content: impl IntoBytes) -> SampleFile {
    SampleFile { path: path.into(), content: Content::Bytes(content.into_bytes()), mode: 0o644 }
}

/// The mark that a path of a lower layer is deleted (OCI image specification, layer.md, "Whiteouts").
pub(super) fn gone(path: &'static str) -> SampleFile {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let path = format!("{folder}/.wh.{name}").into();
    SampleFile { path, content: Content::Bytes(Cow::Borrowed(b"")), mode: 0o644 }
}

/// Text and bytes alike.
pub(super) trait IntoBytes {
    fn into_bytes(self) -> Cow<'static, [u8]>;
}

impl IntoBytes for &'static str {
    fn into_bytes(self) -> Cow<'static, [u8]> {
        Cow::Borrowed(self.as_bytes())
    }
}

impl IntoBytes for &'static [u8] {
    fn into_bytes(self) -> Cow<'static, [u8]> {
        Cow::Borrowed(self)
    }
}

impl IntoBytes for Vec<u8> {
    fn into_bytes(self) -> Cow<'static, [u8]> {
        Cow::Owned(self)
    }
}

impl Recipe {
    /// `practice/hello:1.0`
    pub fn path(&self) -> String {
        format!("practice/{}:{}", self.title, self.tag)
    }

    /// Its name in the practice registry's store.
    pub fn reference(&self) -> Result<Reference, AppError> {
        let text = format!("{REGISTRY}/{}", self.path());
        Reference::parse(&text).map_err(|source| AppError::Reference { text, source })
    }

    /// Writes its layers, its config and its manifest; then it is there.
    pub fn make(&self, store: &Store) -> Result<(), AppError> {
        let failed = |source| AppError::Sample { sample: self.title, source };
        let mut ready: Vec<Ready> = Vec::new();
        let (mut layers, mut diff_ids, mut history) = (Vec::new(), Vec::new(), Vec::new());
        for step in &self.steps {
            let mut entry = json!({ "created": CREATED, "created_by": step.instruction });
            match &step.files {
                Some(files) => {
                    let written = layer::write(store, files, &failed)?;
                    layers.push(descriptor(
                        &MediaType::OciLayerGzip,
                        &written.digest,
                        written.size,
                    ));
                    diff_ids.push(written.diff_id.to_string());
                    ready.push(written.ready);
                }
                None => entry["empty_layer"] = Value::Bool(true),
            }
            history.push(entry);
        }
        let config = self.config(&diff_ids, &history).to_string().into_bytes();
        let config_digest = Digest::sha256_of(&config);
        let size = config.len() as u64;
        let mut ingest = store.ingest(&config_digest, size, &|| false)?;
        ingest.truncate(0)?;
        ingest.append(&config)?;
        ready.push(ingest.finish()?);
        let media_type = MediaType::OciManifest;
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": media_type.as_str(),
            "config": descriptor(&MediaType::OciConfig, &config_digest, size),
            "layers": layers,
        })
        .to_string()
        .into_bytes();
        store.commit_blobs(ready)?;
        let digest = Digest::sha256_of(&manifest);
        let target = Descriptor::new(media_type, digest, manifest.len() as u64);
        store.put_target(&self.reference()?, &target, &manifest)?;
        Ok(())
    }

    fn config(&self, diff_ids: &[String], history: &[Value]) -> Value {
        let platform = Platform::host();
        let setting = |verb: &str| {
            let steps =
                self.steps.iter().filter_map(move |step| step.instruction.strip_prefix(verb));
            steps.map(str::trim).next()
        };
        let path = "PATH=/usr/local/bin:/usr/bin:/bin";
        let env: Vec<&str> = [path].into_iter().chain(setting("ENV ")).collect();
        let ports = setting("EXPOSE ").map(|port| json!({ format!("{port}/tcp"): {} }));
        json!({
            "created": CREATED,
            "author": "Strata",
            "architecture": platform.architecture,
            "os": platform.os,
            "config": {
                "Cmd": self.command,
                "Env": env,
                "WorkingDir": setting("WORKDIR ").unwrap_or("/"),
                "ExposedPorts": ports,
                "Labels": { "org.opencontainers.image.title": self.title },
            },
            "rootfs": { "type": "layers", "diff_ids": diff_ids },
            "history": history,
        })
    }
}

fn descriptor(media_type: &MediaType, digest: &Digest, size: u64) -> Value {
    json!({ "mediaType": media_type.as_str(), "digest": digest.to_string(), "size": size })
}
