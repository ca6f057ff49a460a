//! The image: config, manifest, names.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use strata_spec::{Descriptor, Digest, ImageId, MediaType, Platform, Reference};
use strata_store::{ImageCommit, LayerRecord};

use super::schedule::Outcomes;
use super::session::Session;
use super::step::Outcome;
use crate::plan::{HistoryLayer, ImageState, PlannedHistory};
use crate::{BuildError, Built, BuiltStep, StoredLayer};

/// Where an image that was built came from, as the store notes it.
const SOURCE: &str = "build";

/// Makes the target's image visible.
pub(super) fn commit(session: &Session<'_>, outcomes: &Outcomes) -> Result<Built, BuildError> {
    let target = session.plan.stages.len() - 1;
    let stage = &session.plan.stages[target];
    let layers = outcomes.stages.get(target).cloned().unwrap_or_default();
    let config = config(session, &stage.image, &layers, outcomes);
    let config = serde_json::to_vec(&config).unwrap_or_default();
    let config_digest = Digest::sha256_of(&config);
    let described =
        Descriptor::new(MediaType::OciConfig, config_digest.clone(), config.len() as u64);
    let manifest = manifest(&described, &layers, &session.request.options.annotations);
    let manifest = serde_json::to_vec(&manifest).unwrap_or_default();
    let digest = Digest::sha256_of(&manifest);
    let target = Descriptor::new(MediaType::OciManifest, digest.clone(), manifest.len() as u64);
    let documents = vec![(config_digest.clone(), config), (digest.clone(), manifest)];
    let references = &session.request.options.tags;
    let named: Vec<Option<Reference>> = match references.is_empty() {
        true => vec![None],
        false => references.iter().cloned().map(|name| Some(name.with_default_tag())).collect(),
    };
    let records = records(session, &layers)?;
    for reference in &named {
        // Nothing is written where all is as it was: a build that does nothing costs nothing.
        if is_there(session, reference.as_ref(), &target)? {
            continue;
        }
        session.store.commit(ImageCommit {
            reference: reference.clone(),
            target: target.clone(),
            documents: documents.clone(),
            blobs: Vec::new(),
            trees: Vec::new(),
            manifest: digest.clone(),
            layers: records.clone(),
            source: SOURCE.to_owned(),
        })?;
    }
    Ok(Built {
        manifest: target,
        image: ImageId(config_digest),
        platform: stage.platform.clone(),
        references: named.into_iter().flatten().collect(),
        layers,
        steps: built_steps(session, outcomes),
    })
}

/// Whether a name points to the image already.
fn is_there(
    session: &Session<'_>,
    reference: Option<&Reference>,
    target: &Descriptor,
) -> Result<bool, BuildError> {
    let Some(reference) = reference else { return Ok(false) };
    let points = session.store.target(reference)?.map(|found| found.digest);
    Ok(points.as_ref() == Some(&target.digest)
        && session.store.blob_size(&target.digest)?.is_some())
}

fn built_steps(session: &Session<'_>, outcomes: &Outcomes) -> Vec<BuiltStep> {
    let steps = session.plan.steps.iter().zip(&outcomes.steps);
    let built = steps.map(|(step, outcome)| BuiltStep {
        step: step.id,
        is_cached: outcome.is_cached,
        took: outcome.took,
        layer: outcome.layer.clone(),
    });
    built.collect()
}

/// The layers as the store's record has them. What a base says of the size of its tars may be unknown.
fn records(session: &Session<'_>, layers: &[StoredLayer]) -> Result<Vec<LayerRecord>, BuildError> {
    let record = |layer: &StoredLayer| -> Result<LayerRecord, BuildError> {
        let tar_bytes = match layer.tar_bytes {
            0 => session.store.layer_tar_bytes(&layer.digest)?.unwrap_or(0),
            known => known,
        };
        Ok(LayerRecord {
            digest: layer.digest.clone(),
            diff_id: layer.diff_id.clone(),
            size_bytes: layer.size_bytes,
            tar_bytes,
        })
    };
    layers.iter().map(record).collect()
}

fn config(
    session: &Session<'_>,
    image: &ImageState,
    layers: &[StoredLayer],
    outcomes: &Outcomes,
) -> Value {
    let mut settings = image.settings.clone();
    settings.labels.extend(session.request.options.labels.clone());
    let (history, created) = history(session, image, &outcomes.steps);
    let mut config = platform(&image.platform);
    config.insert("config".to_owned(), json!(settings));
    config.insert("created".to_owned(), Value::from(created));
    if let Some(author) = &image.author {
        config.insert("author".to_owned(), Value::from(author.clone()));
    }
    config.insert("history".to_owned(), Value::from(history));
    let diff_ids: Vec<String> = layers.iter().map(|layer| layer.diff_id.0.to_string()).collect();
    config.insert("rootfs".to_owned(), json!({"type": "layers", "diff_ids": diff_ids}));
    Value::Object(config)
}

fn platform(platform: &Platform) -> Map<String, Value> {
    match serde_json::to_value(platform.normalised()) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// The history, and when the last of its steps was done. A step without a layer was done when the one before it was.
fn history(
    session: &Session<'_>,
    image: &ImageState,
    steps: &[std::sync::Arc<Outcome>],
) -> (Vec<Value>, String) {
    let epoch = session.epoch.map(|_| session.now_text());
    let mut last = image.base_created.clone();
    let mut lines = Vec::new();
    for line in &image.history {
        let outcome = match line.layer {
            HistoryLayer::OfStep(step) => steps.get(step),
            _ => None,
        };
        let created = match (&line.created, outcome) {
            (Some(created), _) => Some(created.clone()),
            (None, Some(outcome)) if epoch.is_none() => Some(outcome.created.clone()),
            _ => epoch.clone().or_else(|| last.clone()),
        };
        let is_empty = match line.layer {
            HistoryLayer::None => true,
            HistoryLayer::OfBase => false,
            HistoryLayer::OfStep(_) => outcome.is_none_or(|outcome| outcome.layer.is_none()),
        };
        lines.push(history_line(line, created.as_ref(), is_empty));
        last = created.or(last);
    }
    let created = epoch.or(last).unwrap_or_else(|| session.now_text());
    (lines, created)
}

fn history_line(line: &PlannedHistory, created: Option<&String>, is_empty: bool) -> Value {
    let mut fields = Map::new();
    let mut set = |name: &str, value: &str| {
        if !value.is_empty() {
            fields.insert(name.to_owned(), Value::from(value));
        }
    };
    set("created", created.map_or("", String::as_str));
    set("created_by", &line.created_by);
    set("author", line.author.as_deref().unwrap_or_default());
    set("comment", &line.comment);
    if is_empty {
        fields.insert("empty_layer".to_owned(), Value::from(true));
    }
    Value::Object(fields)
}

fn manifest(
    config: &Descriptor,
    layers: &[StoredLayer],
    annotations: &BTreeMap<String, String>,
) -> Value {
    let layers: Vec<Descriptor> = layers
        .iter()
        .map(|layer| {
            Descriptor::new(oci(&layer.media_type), layer.digest.clone(), layer.size_bytes)
        })
        .collect();
    let mut manifest = json!({
        "schemaVersion": 2,
        "mediaType": MediaType::OciManifest.as_str(),
        "config": config,
        "layers": layers,
    });
    if !annotations.is_empty() {
        manifest["annotations"] = json!(annotations);
    }
    manifest
}

/// The name that OCI has for a layer of Docker's.
fn oci(media_type: &MediaType) -> MediaType {
    match media_type.as_str() {
        "application/vnd.docker.image.rootfs.diff.tar.gzip" => MediaType::OciLayerGzip,
        "application/vnd.docker.image.rootfs.diff.tar.zstd" => MediaType::OciLayerZstd,
        "application/vnd.docker.image.rootfs.diff.tar" => MediaType::OciLayer,
        _ => media_type.clone(),
    }
}
