//! What a pull is about to do, known before the first layer byte.

use strata_spec::{Descriptor, DiffId, ImageConfig, Manifest, Platform, Reference};

/// One layer of a planned pull, in the order of the manifest (oldest first).
#[derive(Debug, Clone)]
pub struct PlannedLayer {
    /// The layer as the manifest names it.
    pub descriptor: Descriptor,
    /// The digest that its plain tar must have, from the config.
    pub diff_id: DiffId,
    /// The store has the blob and its tree: nothing will be fetched.
    pub here: bool,
}

/// An image as a registry describes it, checked, and compared with what the store has.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What was asked for, normalised, with its tag or digest.
    pub reference: Reference,
    /// What the reference points to: an index or a manifest.
    pub target: Descriptor,
    /// The manifest that will be pulled.
    pub manifest: Manifest,
    /// Its config.
    pub config: ImageConfig,
    /// The platform of the image, from its config.
    pub platform: Platform,
    /// Its layers, oldest first.
    pub layers: Vec<PlannedLayer>,
}

impl Plan {
    /// The compressed bytes of all layers, each distinct one counted once.
    #[must_use]
    pub fn total_bytes(&self) -> u64 {
        self.distinct().map(|layer| layer.descriptor.size).sum()
    }

    /// The compressed bytes that the store already has.
    #[must_use]
    pub fn here_bytes(&self) -> u64 {
        self.distinct().filter(|layer| layer.here).map(|layer| layer.descriptor.size).sum()
    }

    /// The layers, each digest once: a manifest may name one blob several times.
    pub fn distinct(&self) -> impl Iterator<Item = &PlannedLayer> {
        self.layers.iter().enumerate().filter_map(|(at, layer)| {
            let earlier = &self.layers[..at];
            let repeated =
                earlier.iter().any(|other| other.descriptor.digest == layer.descriptor.digest);
            (!repeated).then_some(layer)
        })
    }
}
