//! Two images beside each other.

use std::collections::BTreeSet;

use strata_spec::Digest;

use crate::alignment::aligned;
use crate::api::{
    CompareRead, CompareRowsRead, ComparedImage, ComparedLayer, Comparison, FileCounts, FileRows,
    ImageDetail, LayerPair, PairState, Stratum, TagChangesRead, UserError,
};
use crate::app::{App, Inner, on_thread};
use crate::compared_settings::compared_settings;
use crate::error::AppError;
use crate::file_rows::{Window, page, sort};
use crate::images::manifest_digest;
use crate::listings::ComparedKey;
use crate::stored_image::StoredImage;

impl App {
    /// Two stored images beside each other.
    ///
    /// # Errors
    /// If there is no such image, or one is damaged.
    pub async fn compare(&self, wanted: CompareRead) -> Result<Comparison, UserError> {
        let inner = self.inner.clone();
        on_thread("a comparison", move || {
            let key = compared_key(&wanted.left, &wanted.right)?;
            inner.compare(&key)
        })
        .await
    }

    /// A page of the files of two stored images. Layers of rows count through both images, the left one's first.
    ///
    /// # Errors
    /// As [`Self::compare`].
    pub async fn compare_rows(&self, query: CompareRowsRead) -> Result<FileRows, UserError> {
        let inner = self.inner.clone();
        on_thread("a list of differences", move || {
            let key = compared_key(&query.left, &query.right)?;
            let CompareRowsRead { filter, base, except, from, count, .. } = &query;
            let view = (key, query.all);
            let (left, listing) =
                inner.listings.compared_view(&inner.store, &view, sort(query.sort), filter)?;
            let window =
                Window { base: *base, except, from: *from, count: *count, tells_changes: true };
            let mut rows = page(&listing, &window);
            for row in &mut rows.rows {
                // Numbers that a person knows: those of the image that has what is shown.
                row.layer = if row.layer > left { row.layer - left } else { row.layer };
            }
            Ok(rows)
        })
        .await
    }

    /// A stored image beside what its tag points to in its registry now. Only documents are fetched.
    ///
    /// # Errors
    /// If there is no such image, or the registry does not give the documents.
    pub async fn tag_changes(&self, wanted: TagChangesRead) -> Result<Comparison, UserError> {
        let inner = self.inner.clone();
        let manifest = manifest_digest(&wanted.manifest)?;
        let (left, platform) = on_thread("an image", move || {
            let image = StoredImage::read(&inner.store, &manifest, None)?;
            Ok((inner.detail(&image)?, image.config.platform().to_string()))
        })
        .await?;
        let look = self.look(&wanted.reference, Some(&platform)).await?;
        let mut right = ComparedImage {
            familiar: look.plan.familiar,
            manifest: look.plan.manifest.clone(),
            platform: look.plan.platform,
            created: look.created,
            layer_count: 0,
            download_bytes: look.plan.total_bytes,
            size_bytes: None,
            is_here: look.plan.manifest == left.summary.manifest,
        };
        let layers = aligned_layers(&left.strata, &look.plan.strata);
        right.layer_count = layers.iter().filter(|pair| pair.right.is_some()).count();
        Ok(Comparison {
            shared_bytes: shared_bytes(&layers),
            layers,
            settings: compared_settings(
                (&left.settings, &left.summary.platform),
                (&look.settings, &right.platform),
            ),
            files: None,
            missing_bytes: look.plan.total_bytes.saturating_sub(look.plan.already_here_bytes),
            left: compared_image(left),
            right,
        })
    }
}

impl Inner {
    fn compare(&self, key: &ComparedKey) -> Result<Comparison, AppError> {
        let detail = |manifest: &Digest| -> Result<ImageDetail, AppError> {
            self.detail(&StoredImage::read(&self.store, manifest, None)?)
        };
        let (left, right) = (detail(&key.0)?, detail(&key.1)?);
        let counts = self.listings.compared(&self.store, key)?.1.counts();
        let files = FileCounts {
            changed: counts.changed + counts.metadata + counts.replaced,
            left: counts.deleted,
            right: counts.added,
        };
        let layers = aligned_layers(&left.strata, &right.strata);
        Ok(Comparison {
            shared_bytes: shared_bytes(&layers),
            layers,
            settings: compared_settings(
                (&left.settings, &left.summary.platform),
                (&right.settings, &right.summary.platform),
            ),
            files: Some(files),
            missing_bytes: 0,
            left: compared_image(left),
            right: compared_image(right),
        })
    }
}

/// The two manifests, as they come back from a view.
pub(crate) fn compared_key(left: &str, right: &str) -> Result<ComparedKey, AppError> {
    Ok((manifest_digest(left)?, manifest_digest(right)?))
}

fn compared_image(image: ImageDetail) -> ComparedImage {
    let summary = image.summary;
    ComparedImage {
        familiar: summary.familiar,
        manifest: summary.manifest,
        platform: summary.platform,
        created: summary.created,
        layer_count: summary.layer_count,
        download_bytes: summary.download_bytes,
        size_bytes: Some(summary.size_bytes),
        is_here: true,
    }
}

/// Layers with the same content side by side; between those, layers that the same instruction made.
fn aligned_layers(left: &[Stratum], right: &[Stratum]) -> Vec<LayerPair> {
    let (left, right) = (layers(left), layers(right));
    let mut pairs = Vec::with_capacity(left.len().max(right.len()));
    let by_content = aligned(&left, &right, |one, other| one.0 == other.0);
    let mut gap: (Vec<&Layer>, Vec<&Layer>) = (Vec::new(), Vec::new());
    for pair in by_content {
        match pair {
            (Some(one), Some(other)) => {
                pairs.extend(gap_pairs(&std::mem::take(&mut gap)));
                let (left, right) = (Some(one.1.clone()), Some(other.1.clone()));
                pairs.push(LayerPair { state: PairState::Same, left, right });
            }
            (one, other) => {
                gap.0.extend(one);
                gap.1.extend(other);
            }
        }
    }
    pairs.extend(gap_pairs(&gap));
    pairs
}

/// What tells a layer's content, and how it is shown.
type Layer = (String, ComparedLayer);

fn layers(strata: &[Stratum]) -> Vec<Layer> {
    let layer = |stratum: &Stratum| {
        let content = stratum.diff_id.clone().or_else(|| stratum.digest.clone())?;
        let shown = ComparedLayer {
            layer: stratum.layer?,
            kind: stratum.kind,
            instruction: stratum.instruction.clone(),
            digest: stratum.digest.clone().unwrap_or_default(),
            download_bytes: stratum.download_bytes,
        };
        Some((content, shown))
    };
    strata.iter().filter_map(layer).collect()
}

fn gap_pairs(gap: &(Vec<&Layer>, Vec<&Layer>)) -> Vec<LayerPair> {
    let same_line = |one: &&Layer, other: &&Layer| {
        !one.1.instruction.is_empty() && one.1.instruction == other.1.instruction
    };
    let pair = |(left, right): (Option<&&Layer>, Option<&&Layer>)| LayerPair {
        state: match (left, right) {
            (Some(_), Some(_)) => PairState::Changed,
            (Some(_), None) => PairState::Left,
            _ => PairState::Right,
        },
        left: left.map(|layer| layer.1.clone()),
        right: right.map(|layer| layer.1.clone()),
    };
    aligned(&gap.0, &gap.1, same_line).into_iter().map(pair).collect()
}

/// Compressed bytes of the layers that both have, each counted once.
fn shared_bytes(layers: &[LayerPair]) -> u64 {
    let mut seen = BTreeSet::new();
    let same = layers.iter().filter(|pair| pair.state == PairState::Same);
    same.filter_map(|pair| pair.right.as_ref())
        .filter(|layer| seen.insert(layer.digest.as_str()))
        .fold(0_u64, |sum, layer| sum.saturating_add(layer.download_bytes))
}
