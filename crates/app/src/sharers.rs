//! Which other images of the store have a layer.

use strata_store::ImageRecord;

use crate::api::{LayerSharer, LayerSharersRead, UserError};
use crate::app::{App, on_thread};
use crate::images::manifest_digest;

impl App {
    /// The other images that have a layer of an image, the newest in the store first.
    ///
    /// # Errors
    /// If the text names no image, or the store cannot be read.
    pub async fn layer_sharers(
        &self,
        wanted: LayerSharersRead,
    ) -> Result<Vec<LayerSharer>, UserError> {
        let inner = self.inner.clone();
        on_thread("who shares a layer", move || {
            let manifest = manifest_digest(&wanted.manifest)?;
            let records = inner.store.images()?;
            let others = records.iter().filter(|record| record.manifest != manifest);
            Ok(sharers(others, &wanted.layer))
        })
        .await
    }
}

/// One for each image, with all its names.
fn sharers<'a>(records: impl Iterator<Item = &'a ImageRecord>, digest: &str) -> Vec<LayerSharer> {
    let mut found: Vec<LayerSharer> = Vec::new();
    for record in records {
        let has = |layer: &strata_store::LayerRecord| layer.digest.to_string() == digest;
        let Some(at) = record.layers.iter().position(has) else { continue };
        let manifest = record.manifest.to_string();
        let familiar = record.reference.as_ref().map(strata_spec::Reference::familiar);
        if let Some(known) = found.iter_mut().find(|sharer| sharer.manifest == manifest) {
            known.names.extend(familiar);
            continue;
        }
        found.push(LayerSharer {
            reference: record.reference.as_ref().map(ToString::to_string),
            names: familiar.into_iter().collect(),
            manifest,
            layer: at + 1,
        });
    }
    found
}
