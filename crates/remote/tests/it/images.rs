//! Small documents to serve.

use serde_json::json;
use strata_spec::{Descriptor, Digest, MediaType};

use crate::server::{Asked, Reply};

pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A manifest without layers; `note` makes it differ from others.
pub fn manifest(note: &str) -> Vec<u8> {
    let config = json!({
        "mediaType": "application/vnd.oci.image.config.v1+json",
        "digest": Digest::sha256_of(b"{}").to_string(),
        "size": 2,
    });
    let document = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": config,
        "layers": [],
        "annotations": {"note": note},
    });
    document.to_string().into_bytes()
}

/// Serves a manifest as registries do.
pub fn served(raw: &[u8]) -> Reply {
    Reply::ok(raw)
        .with("Content-Type", MANIFEST)
        .with("Docker-Content-Digest", &Digest::sha256_of(raw).to_string())
}

pub fn descriptor(raw: &[u8]) -> Descriptor {
    Descriptor::new(MediaType::OciManifest, Digest::sha256_of(raw), raw.len() as u64)
}

/// Bytes that do not repeat soon.
pub fn blob(size: u32) -> Vec<u8> {
    (0..size).map(|at| (at.wrapping_mul(2_654_435_761) >> 24).to_le_bytes()[0]).collect()
}

pub fn layer(blob: &[u8]) -> Descriptor {
    Descriptor::new(MediaType::OciLayer, Digest::sha256_of(blob), blob.len() as u64)
}

pub fn is_manifest(asked: &Asked) -> bool {
    asked.target.contains("/manifests/")
}
