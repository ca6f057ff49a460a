//! An image's history lined up with its layers: what the picture is drawn from.

use strata_dockerfile::instruction;
use strata_spec::{HistoryEntry, ImageConfig};

use crate::api::{Stratum, StratumKind};

/// A layer as far as the manifest and config tell.
#[derive(Debug, Clone)]
pub struct LayerFacts {
    /// Its digest.
    pub digest: String,
    /// The digest of its plain tar.
    pub diff_id: String,
    /// Its media type.
    pub media_type: String,
    /// Compressed bytes.
    pub download_bytes: u64,
}

/// The strata of an image, oldest first.
///
/// Every history entry that is not marked empty stands for one layer, in order. A history that does not fit the
/// number of layers is not stretched: the layers then stand without instructions.
#[must_use]
pub fn strata(config: &ImageConfig, layers: &[LayerFacts]) -> Vec<Stratum> {
    let history = config.history();
    let with_layer = history.iter().filter(|entry| !entry.empty_layer).count();
    let mut strata = Vec::with_capacity(history.len().max(layers.len()));
    if with_layer == layers.len() {
        let mut next = layers.iter().enumerate();
        for entry in history {
            let layer = if entry.empty_layer { None } else { next.next() };
            strata.push(stratum(Some(entry), layer));
        }
    } else {
        for layer in layers.iter().enumerate() {
            strata.push(stratum(None, Some(layer)));
        }
    }
    strata
}

fn stratum(entry: Option<&HistoryEntry>, layer: Option<(usize, &LayerFacts)>) -> Stratum {
    let recorded = entry.and_then(|entry| entry.created_by.as_deref()).unwrap_or_default();
    let instruction = instruction(recorded, layer.is_some());
    let facts = layer.map(|(_, facts)| facts);
    Stratum {
        layer: layer.map(|(at, _)| at + 1),
        kind: kind(&instruction, layer.map(|(at, _)| at)),
        instruction,
        created: entry.and_then(|entry| entry.created.clone()),
        comment: entry.and_then(|entry| entry.comment.clone()),
        digest: facts.map(|facts| facts.digest.clone()),
        diff_id: facts.map(|facts| facts.diff_id.clone()),
        media_type: facts.map(|facts| facts.media_type.clone()),
        download_bytes: facts.map_or(0, |facts| facts.download_bytes),
        size_bytes: layer.is_none().then_some(0),
        shared_with: 0,
    }
}

/// What made a layer. The lowest layer is the base, unless a RUN or COPY of this very image made it.
fn kind(instruction: &str, layer: Option<usize>) -> StratumKind {
    let verb = instruction.split_whitespace().next().unwrap_or_default();
    match (layer, verb) {
        (None, _) => StratumKind::Settings,
        (_, "RUN") => StratumKind::Run,
        (_, "COPY") => StratumKind::Copy,
        (Some(0), _) => StratumKind::Base,
        (_, "ADD") => StratumKind::Copy,
        _ => StratumKind::Other,
    }
}

#[cfg(test)]
mod tests;
