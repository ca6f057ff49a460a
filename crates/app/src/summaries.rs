//! What a list shows of each image. The documents are read once: what a digest names never changes.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use strata_spec::{Digest, Platform};
use strata_store::{ImageRecord, Store};

use crate::api::ImageSummary;
use crate::error::AppError;
use crate::stored_image::documents;

/// What the documents of an image say.
#[derive(Debug, Clone)]
struct Facts {
    image_id: String,
    platform: String,
    runs_here: bool,
    created: Option<String>,
}

/// What was read of images, by manifest.
#[derive(Debug, Default)]
pub(crate) struct Summaries {
    known: Mutex<HashMap<Digest, Facts>>,
}

impl Summaries {
    /// What the list shows of one image.
    pub fn of(&self, store: &Store, record: &ImageRecord) -> Result<ImageSummary, AppError> {
        let facts = self.facts(store, &record.manifest)?;
        let mut seen = BTreeSet::new();
        let distinct = record.layers.iter().filter(|layer| seen.insert(&layer.digest));
        let reference = record.reference.as_ref();
        let short = record.manifest.short();
        Ok(ImageSummary {
            reference: reference.map(ToString::to_string),
            familiar: reference.map_or_else(|| short.clone(), strata_spec::Reference::familiar),
            repository: reference
                .map_or_else(|| short.clone(), strata_spec::Reference::familiar_name),
            tag: reference.and_then(|reference| reference.tag().map(str::to_owned)),
            target: record.target.to_string(),
            manifest: record.manifest.to_string(),
            image_id: facts.image_id,
            platform: facts.platform,
            runs_here: facts.runs_here,
            layer_count: record.layers.len(),
            download_bytes: distinct.map(|layer| layer.size_bytes).sum(),
            size_bytes: record.layers.iter().map(|layer| layer.tar_bytes).sum(),
            only_here_bytes: record.only_here_bytes,
            shared_bytes: record.shared_bytes,
            created: facts.created,
            pulled_at: record.pulled_at.clone(),
        })
    }

    fn facts(&self, store: &Store, manifest: &Digest) -> Result<Facts, AppError> {
        let known =
            self.known.lock().unwrap_or_else(PoisonError::into_inner).get(manifest).cloned();
        if let Some(facts) = known {
            return Ok(facts);
        }
        let (_, config) = documents(store, manifest)?;
        let platform = config.platform();
        let facts = Facts {
            image_id: config.image_id().0.to_string(),
            platform: platform.to_string(),
            runs_here: platform.satisfies(&Platform::host()).is_some(),
            created: config.created().map(str::to_owned),
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(manifest.clone(), facts.clone());
        Ok(facts)
    }
}
