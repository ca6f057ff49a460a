//! The image that an image was made from: its lowest layers, by what else is in the store, by what the image says, or by
//! its history.

use std::collections::BTreeMap;

use strata_spec::HistoryEntry;
use strata_store::{ImageRecord, LayerRecord, Store};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::api::{BaseHow, BaseImage, Stratum, StratumKind};
use crate::error::AppError;
use crate::stored_image::{StoredImage, documents};

/// Names the base image: image-spec, annotations.md.
const BASE_NAME: &str = "org.opencontainers.image.base.name";
/// The digest of its manifest.
const BASE_DIGEST: &str = "org.opencontainers.image.base.digest";

/// Two steps that were made further apart than this were hardly made by one build. Seconds.
const LONG_PAUSE_SECONDS: i64 = 6 * 3600;

/// The base of a stored image with these strata, the oldest first.
///
/// What stands in the store is certain, what the image says is taken at its word, and a history is only a hint: each is
/// asked only where the one before knows nothing.
pub(crate) fn base_image(
    store: &Store,
    image: &StoredImage,
    strata: &[Stratum],
) -> Result<Option<BaseImage>, AppError> {
    let lowest = image.record.layers.first();
    let records = lowest.map_or(Ok(Vec::new()), |lowest| store.images_over(lowest))?;
    let local = local_base(store, &records, image, strata);
    let stated = || stated_base(image.manifest.annotations());
    Ok(local.or_else(stated).or_else(|| guessed_base(strata)))
}

/// Gives the strata of a base the kind that they have in this picture.
pub(crate) fn mark(strata: &mut [Stratum], base: &BaseImage) {
    let own = strata.iter_mut().take(base.strata);
    for stratum in own.filter(|stratum| stratum.layer.is_some()) {
        stratum.kind = StratumKind::Base;
    }
}

/// The image of the store whose layers are all among the lowest ones, and which has the most of them.
fn local_base(
    store: &Store,
    records: &[ImageRecord],
    image: &StoredImage,
    strata: &[Stratum],
) -> Option<BaseImage> {
    let all = &image.record.layers;
    let fits = |record: &&ImageRecord| {
        record.manifest != image.record.manifest && is_below(&record.layers, all)
    };
    let layers = records.iter().filter(fits).map(|record| record.layers.len()).max()?;
    let same = records.iter().filter(fits).filter(|record| record.layers.len() == layers);
    let mut same: Vec<&ImageRecord> = same.collect();
    // One with a name says more; among those the newest comes first.
    same.sort_by_key(|record| record.reference.is_none());
    let best = *same.first()?;
    let familiar =
        |record: &ImageRecord| record.reference.as_ref().map(strata_spec::Reference::familiar);
    let mut names: Vec<String> = same.iter().copied().filter_map(familiar).collect();
    names.dedup();
    let name = (!names.is_empty()).then(|| names.remove(0));
    let below = documents(store, &best.manifest).map(|(_, config)| config);
    let history = below.as_ref().map_or(&[][..], |config| config.history());
    Some(BaseImage {
        layers,
        strata: strata_of(image.config.history(), history, strata, layers),
        name,
        other_names: names,
        reference: best.reference.as_ref().map(ToString::to_string),
        manifest: Some(best.manifest.to_string()),
        how: BaseHow::Local,
    })
}

/// Whether these layers are the lowest of all, and not all.
fn is_below(layers: &[LayerRecord], all: &[LayerRecord]) -> bool {
    let same = |one: &LayerRecord, other: &LayerRecord| {
        one.diff_id == other.diff_id || one.digest == other.digest
    };
    !layers.is_empty()
        && layers.len() < all.len()
        && layers.iter().zip(all).all(|(one, other)| same(one, other))
}

/// How many strata are the base's: as many as its history has lines where this one goes on from it, else up to its last
/// layer.
fn strata_of(
    all: &[HistoryEntry],
    base: &[HistoryEntry],
    strata: &[Stratum],
    layers: usize,
) -> usize {
    let goes_on = all.len() == strata.len()
        && base.iter().filter(|entry| !entry.empty_layer).count() == layers
        && all.len() >= base.len()
        && all.iter().zip(base).all(|(one, other)| one.created_by == other.created_by);
    if goes_on { base.len() } else { up_to_layer(strata, layers) }
}

/// How many strata there are up to a layer, counted from 1.
fn up_to_layer(strata: &[Stratum], layer: usize) -> usize {
    strata.iter().position(|stratum| stratum.layer == Some(layer)).map_or(0, |at| at + 1)
}

/// What the manifest says: a name, a digest, or both. Which layers are meant it does not say.
fn stated_base(annotations: &BTreeMap<String, String>) -> Option<BaseImage> {
    let text = |key: &str| annotations.get(key).filter(|text| !text.trim().is_empty()).cloned();
    let (name, digest) = (text(BASE_NAME), text(BASE_DIGEST));
    (name.is_some() || digest.is_some()).then(|| BaseImage {
        layers: 0,
        strata: 0,
        name: name.or(digest),
        other_names: Vec::new(),
        reference: None,
        manifest: None,
        how: BaseHow::Annotation,
    })
}

/// Where another build seems to have ended: with the first CMD or ENTRYPOINT that layers follow, or else with the first
/// long pause between two steps.
fn guessed_base(strata: &[Stratum]) -> Option<BaseImage> {
    let has_layer = |part: &[Stratum]| part.iter().any(|stratum| stratum.layer.is_some());
    let splits = |at: &usize| has_layer(&strata[..*at]) && has_layer(&strata[*at..]);
    let starts = |stratum: &Stratum| {
        let verb = stratum.instruction.split_whitespace().next().unwrap_or_default();
        stratum.layer.is_none() && matches!(verb, "CMD" | "ENTRYPOINT")
    };
    let started = strata.iter().position(starts).map(|first| {
        let run = strata[first..].iter().take_while(|stratum| starts(stratum)).count();
        first + run
    });
    let at = started.filter(splits).or_else(|| long_pause(strata).filter(splits))?;
    Some(BaseImage {
        layers: strata[..at].iter().filter(|stratum| stratum.layer.is_some()).count(),
        strata: at,
        name: None,
        other_names: Vec::new(),
        reference: None,
        manifest: None,
        how: BaseHow::History,
    })
}

/// The first stratum that was made long after the one below it.
fn long_pause(strata: &[Stratum]) -> Option<usize> {
    let seconds = |stratum: &Stratum| {
        let text = stratum.created.as_deref()?;
        Some(OffsetDateTime::parse(text, &Rfc3339).ok()?.unix_timestamp())
    };
    let made: Option<Vec<i64>> = strata.iter().map(seconds).collect();
    let made = made?;
    made.windows(2).position(|pair| pair[1] - pair[0] > LONG_PAUSE_SECONDS).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn strata(lines: &[(&str, bool, &str)]) -> Vec<Stratum> {
        let mut layer = 0;
        let stratum = |(instruction, has_layer, created): &(&str, bool, &str)| {
            layer += usize::from(*has_layer);
            Stratum {
                layer: has_layer.then_some(layer),
                kind: if *has_layer { StratumKind::Run } else { StratumKind::Settings },
                instruction: (*instruction).to_owned(),
                created: (!created.is_empty()).then(|| format!("{created}T00:00:00Z")),
                comment: None,
                digest: None,
                diff_id: None,
                media_type: None,
                download_bytes: 0,
                size_bytes: None,
                shared_with: 0,
            }
        };
        lines.iter().map(stratum).collect()
    }

    #[test]
    fn a_start_command_with_layers_after_it_ends_the_base() {
        let lines = [
            ("ADD rootfs.tar /", true, ""),
            ("ENTRYPOINT [\"sh\"]", false, ""),
            ("CMD [\"bash\"]", false, ""),
            ("RUN make", true, ""),
            ("CMD [\"app\"]", false, ""),
        ];
        let base = guessed_base(&strata(&lines)).unwrap();
        assert_eq!((base.layers, base.strata, base.how), (1, 3, BaseHow::History));
        assert_eq!(base.name, None);
        assert_eq!(guessed_base(&strata(&lines[..3])), None, "nothing stands on it");
        assert_eq!(guessed_base(&strata(&lines[1..])), None, "nothing is below it");
    }

    #[test]
    fn a_long_pause_ends_the_base_and_a_short_one_does_not() {
        let lines = [
            ("ADD rootfs.tar /", true, "2025-01-01"),
            ("RUN one", true, "2025-02-01"),
            ("RUN two", true, "2025-02-01"),
        ];
        let base = guessed_base(&strata(&lines)).unwrap();
        assert_eq!((base.layers, base.strata), (1, 1));
        assert_eq!(guessed_base(&strata(&lines[1..])), None);
        let unknown = [lines[0], ("RUN one", true, "")];
        assert_eq!(guessed_base(&strata(&unknown)), None);
    }

    #[test]
    fn what_the_manifest_says_names_no_layers() {
        let said = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            stated_base(&pairs.collect())
        };
        let base = said(&[(BASE_NAME, "docker.io/library/debian:12")]).unwrap();
        assert_eq!(base.name.as_deref(), Some("docker.io/library/debian:12"));
        assert_eq!((base.layers, base.strata, base.how), (0, 0, BaseHow::Annotation));
        assert_eq!(said(&[(BASE_NAME, " ")]), None);
        assert!(said(&[(BASE_DIGEST, "sha256:1")]).is_some());
    }
}
