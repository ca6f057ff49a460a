//! A whole image: layers, config, manifest.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use strata_spec::Digest;

/// How a layer is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// A bare tar.
    Plain,
    /// Gzip.
    Gzip,
    /// Zstandard.
    Zstd,
    /// Zstandard with a window of 128 MiB, as `zstd --long=27` makes it.
    ZstdWide,
}

/// `bytes` as one gzip member.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// `bytes` as one zstd frame.
#[must_use]
pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// `bytes` as one zstd frame that does not tell its size and has a window of 128 MiB.
#[must_use]
pub fn zstd_wide(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(27).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// `bytes`, packed.
#[must_use]
pub fn pack(bytes: &[u8], packing: Packing) -> Vec<u8> {
    match packing {
        Packing::Plain => bytes.to_vec(),
        Packing::Gzip => gzip(bytes),
        Packing::Zstd => zstd(bytes),
        Packing::ZstdWide => zstd_wide(bytes),
    }
}

/// Builds an image.
#[derive(Debug)]
pub struct Image {
    platform: (String, String),
    docker: bool,
    layers: Vec<(Vec<u8>, Packing)>,
    history: Vec<Value>,
    config: Value,
}

/// An image, ready to be served or stored.
#[derive(Debug, Clone)]
pub struct BuiltImage {
    /// The manifest's bytes.
    pub manifest: Vec<u8>,
    /// Its digest.
    pub manifest_digest: Digest,
    /// Its media type.
    pub media_type: String,
    /// The config's bytes.
    pub config: Vec<u8>,
    /// Config and layers with their digests.
    pub blobs: Vec<(Digest, Vec<u8>)>,
    /// Digest and diff ID of each layer, oldest first.
    pub layers: Vec<(Digest, Digest)>,
    /// The bytes of each plain tar.
    pub tar_bytes: Vec<u64>,
}

impl Default for Image {
    fn default() -> Self {
        Self::new()
    }
}

impl Image {
    /// An image for linux/amd64 without layers.
    #[must_use]
    pub fn new() -> Self {
        Self {
            platform: ("linux".to_owned(), "amd64".to_owned()),
            docker: false,
            layers: Vec::new(),
            history: Vec::new(),
            config: json!({}),
        }
    }

    /// Another platform.
    #[must_use]
    pub fn platform(mut self, os: &str, architecture: &str) -> Self {
        self.platform = (os.to_owned(), architecture.to_owned());
        self
    }

    /// With Docker's media types instead of OCI's.
    #[must_use]
    pub fn docker(mut self) -> Self {
        self.docker = true;
        self
    }

    /// A layer on top, and the instruction that made it.
    #[must_use]
    pub fn layer(mut self, tar: Vec<u8>, packing: Packing, created_by: &str) -> Self {
        self.layers.push((tar, packing));
        self.history.push(json!({ "created": "2024-05-01T00:00:00Z", "created_by": created_by }));
        self
    }

    /// An instruction that made no layer.
    #[must_use]
    pub fn setting(mut self, created_by: &str) -> Self {
        self.history.push(json!({
            "created": "2024-05-01T00:00:00Z", "created_by": created_by, "empty_layer": true
        }));
        self
    }

    /// The settings of a container, as the config has them (`Env`, `Cmd` …).
    #[must_use]
    pub fn config(mut self, config: Value) -> Self {
        self.config = config;
        self
    }

    /// The image's documents and blobs.
    #[must_use]
    pub fn build(self) -> BuiltImage {
        let (mut blobs, mut descriptors, mut layers) = (Vec::new(), Vec::new(), Vec::new());
        for (tar, packing) in &self.layers {
            let packed = pack(tar, *packing);
            let digest = Digest::sha256_of(&packed);
            descriptors.push(json!({
                "mediaType": layer_type(self.docker, *packing), "digest": digest, "size": packed.len()
            }));
            layers.push((digest.clone(), Digest::sha256_of(tar)));
            blobs.push((digest, packed));
        }
        let diff_ids: Vec<_> = layers.iter().map(|(_, diff_id)| diff_id).collect();
        let config = serde_json::to_vec(&json!({
            "os": self.platform.0, "architecture": self.platform.1, "created": "2024-05-01T00:00:00Z",
            "config": self.config, "rootfs": { "type": "layers", "diff_ids": diff_ids }, "history": self.history
        }))
        .unwrap();
        let config_digest = Digest::sha256_of(&config);
        let (kind, config_kind) = document_types(self.docker);
        let manifest = serde_json::to_vec(&json!({
            "schemaVersion": 2, "mediaType": kind,
            "config": { "mediaType": config_kind, "digest": config_digest, "size": config.len() },
            "layers": descriptors
        }))
        .unwrap();
        blobs.push((config_digest, config.clone()));
        BuiltImage {
            manifest_digest: Digest::sha256_of(&manifest),
            media_type: kind.to_owned(),
            manifest,
            config,
            blobs,
            layers,
            tar_bytes: self.layers.iter().map(|(tar, _)| tar.len() as u64).collect(),
        }
    }
}

fn document_types(docker: bool) -> (&'static str, &'static str) {
    if docker {
        return (
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.container.image.v1+json",
        );
    }
    ("application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.config.v1+json")
}

fn layer_type(docker: bool, packing: Packing) -> &'static str {
    match (docker, packing) {
        (true, Packing::Plain) => "application/vnd.docker.image.rootfs.diff.tar",
        (true, _) => "application/vnd.docker.image.rootfs.diff.tar.gzip",
        (false, Packing::Plain) => "application/vnd.oci.image.layer.v1.tar",
        (false, Packing::Gzip) => "application/vnd.oci.image.layer.v1.tar+gzip",
        (false, Packing::Zstd | Packing::ZstdWide) => "application/vnd.oci.image.layer.v1.tar+zstd",
    }
}
