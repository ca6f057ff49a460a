//! An image's documents as they are stored, and digests computed anew.

use strata_layer::{Entry, EntrySink, LayerError, Limits, scan};
use strata_spec::{Digest, MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, Reference};

use crate::api::{
    Chain, ChainDocument, ChainLayer, ChainRead, ChainRole, DigestCheck, DigestCheckRead, UserError,
};
use crate::app::{App, Inner, on_thread};
use crate::error::AppError;
use crate::images::manifest_digest;
use crate::stored_image::{StoredImage, documents};

impl App {
    /// The documents of a stored image, from its index (where there is one) to its config, and what names its layers.
    ///
    /// # Errors
    /// If there is no such image, or a document cannot be read.
    pub async fn chain(&self, wanted: ChainRead) -> Result<Chain, UserError> {
        let inner = self.inner.clone();
        on_thread("an image's documents", move || {
            let manifest = manifest_digest(&wanted.manifest)?;
            let reference =
                wanted.reference.as_deref().and_then(|text| Reference::parse(text).ok());
            let image = StoredImage::read(&inner.store, &manifest, reference.as_ref())?;
            inner.chain(&image)
        })
        .await
    }

    /// Computes a digest anew from the stored bytes.
    ///
    /// # Errors
    /// If there are no such bytes, they cannot be read, or a layer's cannot be unpacked.
    pub async fn digest_check(&self, wanted: DigestCheckRead) -> Result<DigestCheck, UserError> {
        let inner = self.inner.clone();
        on_thread("a digest", move || inner.digest_check(&wanted)).await
    }
}

impl Inner {
    fn chain(&self, image: &StoredImage) -> Result<Chain, AppError> {
        let record = &image.record;
        let mut found = Vec::new();
        if record.target != record.manifest && self.store.blob_size(&record.target)?.is_some() {
            let raw = self.store.read_document(&record.target, MAX_MANIFEST_BYTES)?;
            found.push(document(ChainRole::Index, &record.target, stated_type(&raw), &raw));
        }
        let raw = image.manifest.raw();
        found.push(document(ChainRole::Manifest, &record.manifest, stated_type(raw), raw));
        let config = image.manifest.config();
        let raw = self.store.read_document(&config.digest, MAX_CONFIG_BYTES)?;
        let media_type = config.media_type.as_str().to_owned();
        found.push(document(ChainRole::Config, &config.digest, media_type, &raw));
        let layers = image.layers().iter().zip(image.config.diff_ids()).zip(1..);
        let layers = layers.map(|((layer, diff_id), number)| ChainLayer {
            layer: number,
            digest: layer.digest.to_string(),
            diff_id: diff_id.0.to_string(),
            media_type: layer.media_type.as_str().to_owned(),
            size_bytes: layer.size,
        });
        Ok(Chain { documents: found, layers: layers.collect() })
    }

    fn digest_check(&self, wanted: &DigestCheckRead) -> Result<DigestCheck, AppError> {
        match wanted {
            DigestCheckRead::Blob { digest } => {
                let expected = manifest_digest(digest)?;
                let (found, bytes) = self.store.hash_blob(&expected)?;
                Ok(DigestCheck { expected: digest.clone(), found: found.to_string(), bytes })
            }
            DigestCheckRead::DiffId { manifest, layer } => {
                let (parsed, config) = documents(&self.store, &manifest_digest(manifest)?)?;
                let count = parsed.layers().len();
                let at = layer.checked_sub(1);
                let pair = at.and_then(|at| parsed.layers().get(at).zip(config.diff_ids().get(at)));
                let (blob, diff_id) =
                    pair.ok_or(AppError::LayerUnknown { layer: *layer, count })?;
                let file = self.store.open_blob(&blob.digest)?;
                let wrong = |source| AppError::Layer { digest: blob.digest.clone(), source };
                let scanned = scan(file, &Limits::default(), &mut Nobody).map_err(wrong)?;
                Ok(DigestCheck {
                    expected: diff_id.0.to_string(),
                    found: scanned.diff_id.0.to_string(),
                    bytes: scanned.tar_bytes,
                })
            }
        }
    }
}

/// Whoever does not care for entries.
struct Nobody;

impl EntrySink for Nobody {
    fn entry(&mut self, _: Entry) -> Result<(), LayerError> {
        Ok(())
    }
}

fn document(role: ChainRole, digest: &Digest, media_type: String, raw: &[u8]) -> ChainDocument {
    ChainDocument {
        role,
        digest: digest.to_string(),
        media_type,
        size_bytes: raw.len() as u64,
        text: String::from_utf8_lossy(raw).into_owned(),
    }
}

/// The media type that a document says of itself; those before 2022 may not.
fn stated_type(raw: &[u8]) -> String {
    let parsed: Option<serde_json::Value> = serde_json::from_slice(raw).ok();
    let stated = parsed.as_ref().and_then(|value| value.get("mediaType")?.as_str());
    stated.unwrap_or_default().to_owned()
}
