//! An image's history lined up with its layers: what the picture is drawn from.

use strata_spec::{HistoryEntry, ImageConfig};

use crate::api::{Stratum, StratumKind};

/// The shells whose call stands before a RUN's command in histories.
const SHELLS: [&str; 4] =
    ["/bin/sh -c ", "/bin/bash -c ", "/bin/ash -eo pipefail -c ", "/bin/bash -o pipefail -c "];

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
        size_bytes: 0,
        counts: None,
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

/// The instruction as a Dockerfile has it, from the many ways in which builders record it.
///
/// The classic builder writes `/bin/sh -c #(nop) CMD […]` for settings and `/bin/sh -c …` for RUN, with build
/// arguments before it as `|2 A=1 B=2 /bin/sh -c …`; BuildKit writes `RUN /bin/sh -c … # buildkit`.
fn instruction(recorded: &str, has_layer: bool) -> String {
    let text = recorded.trim();
    let text = text.strip_suffix("# buildkit").unwrap_or(text).trim_end();
    if let Some((_, nop)) = text.split_once("#(nop)") {
        return collapse(nop);
    }
    let text = without_arguments(text);
    let (run, command) = match text.strip_prefix("RUN ") {
        Some(rest) => (true, without_arguments(rest.trim_start())),
        None => (false, text),
    };
    let shell = SHELLS.iter().find_map(|shell| command.strip_prefix(shell));
    match shell {
        Some(command) if run || has_layer => format!("RUN {}", collapse(command)),
        Some(_) | None if run => format!("RUN {}", collapse(command)),
        _ => collapse(text),
    }
}

/// Drops the `|2 A=1 B=2 ` that stands for build arguments.
fn without_arguments(text: &str) -> &str {
    let Some(rest) = text.strip_prefix('|') else {
        return text;
    };
    SHELLS.iter().filter_map(|shell| rest.find(shell)).min().map_or(text, |at| &rest[at..])
}

/// One line: builders record continuation lines with their white space.
fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
