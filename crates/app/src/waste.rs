//! Buried bytes of an image, by the pair of layers at fault, with what would help.

use std::collections::BTreeMap;

use strata_store::Mapped;
use strata_tree::{Buried, Tree, Waste};

use crate::api::{Burial, BuriedPath, LayerWaste, UserError, WasteArc, WasteRead, WasteReport};
use crate::app::{App, Inner, on_thread};
use crate::error::AppError;
use crate::escape::escape;
use crate::images::manifest_digest;
use crate::stored_image::StoredImage;
use crate::waste_fix::{Step, fix};

/// How many paths of a pair are named.
const MOST_PATHS: usize = 100;

/// How many pairs are named. An image has some dozens of layers, and few of them hide anything.
const MOST_ARCS: usize = 500;

impl App {
    /// What the layers of a stored image waste.
    ///
    /// # Errors
    /// If there is no such image, or it is damaged.
    pub async fn waste(&self, wanted: WasteRead) -> Result<WasteReport, UserError> {
        let inner = self.inner.clone();
        on_thread("buried bytes", move || {
            let manifest = manifest_digest(&wanted.manifest)?;
            inner.waste(&StoredImage::read(&inner.store, &manifest, None)?)
        })
        .await
    }
}

impl Inner {
    fn waste(&self, image: &StoredImage) -> Result<WasteReport, AppError> {
        let trees = self.listings.trees(&self.store, &image.record.manifest)?;
        let steps = self.steps(image)?;
        let waste = Waste::of(&trees);
        let mut layers: Vec<LayerWaste> = trees
            .iter()
            .zip(1..)
            .map(|(tree, layer)| LayerWaste {
                layer,
                carried_bytes: tree.node(Tree::<Mapped>::ROOT).subtree_bytes(),
                buried_bytes: 0,
            })
            .collect();
        let mut pairs: BTreeMap<(usize, usize), Vec<&Buried>> = BTreeMap::new();
        for buried in &waste.buried {
            pairs.entry((buried.layer, buried.by)).or_default().push(buried);
            layers[buried.layer].buried_bytes += buried.bytes;
        }
        let mut arcs: Vec<WasteArc> =
            pairs.into_values().map(|buried| arc(&trees, &steps, buried)).collect();
        // What takes no bytes needs no remedy.
        arcs.retain(|arc| arc.bytes > 0);
        arcs.sort_by(|one, other| {
            other.bytes.cmp(&one.bytes).then((one.layer, one.by).cmp(&(other.layer, other.by)))
        });
        arcs.truncate(MOST_ARCS);
        Ok(WasteReport {
            carried_bytes: waste.carried_bytes,
            buried_bytes: waste.buried_bytes(),
            dive_minimum_bytes: waste.dive.minimum_bytes,
            dive_discovered_bytes: waste.dive.discovered_bytes,
            dive_wasted_bytes: waste.dive.wasted_bytes,
            layers,
            arcs,
        })
    }

    /// What made each layer, the oldest first.
    pub(crate) fn steps(&self, image: &StoredImage) -> Result<Vec<Step>, AppError> {
        let strata = self.detail(image)?.strata;
        let layers = strata.into_iter().filter(|stratum| stratum.layer.is_some());
        Ok(layers.map(|stratum| Step { kind: stratum.kind, line: stratum.instruction }).collect())
    }
}

/// All that one layer hides of another; there is at least one.
fn arc(trees: &[Tree<Mapped>], steps: &[Step], mut buried: Vec<&Buried>) -> WasteArc {
    let (layer, by) = buried.first().map_or((0, 0), |first| (first.layer, first.by));
    let sum = |of: fn(&Buried) -> u64| {
        buried.iter().fold(0_u64, |sum, each| sum.saturating_add(of(each)))
    };
    let (bytes, files, path_count) = (sum(|each| each.bytes), sum(|each| each.files), buried.len());
    // The largest first, and among those the order of paths.
    buried.sort_by_key(|each| std::cmp::Reverse(each.bytes));
    let paths: Vec<BuriedPath> =
        buried.iter().take(MOST_PATHS).map(|each| buried_path(trees, each)).collect();
    let (fix, line) = fix(steps, layer, by, &paths);
    WasteArc { layer: layer + 1, by: by + 1, bytes, files, path_count, paths, fix, line }
}

fn buried_path(trees: &[Tree<Mapped>], buried: &Buried) -> BuriedPath {
    let tree = &trees[buried.layer];
    BuriedPath {
        path: escape(&tree.path(buried.node)),
        is_folder: tree.node(buried.node).is_folder(),
        how: match buried.how {
            strata_tree::Burial::Overwritten => Burial::Overwritten,
            strata_tree::Burial::Deleted => Burial::Deleted,
        },
        bytes: buried.bytes,
        files: buried.files,
    }
}
