//! A Dockerfile rebuilt from a stored image's history.

use serde_json::Value;
use strata_dockerfile::{Configured, ConfiguredCheck, Facts, HistoryLine, rebuild};
use strata_spec::ImageConfig;

use crate::api::{BaseHow, BaseImage, DockerfileRead, RebuiltLine, Unknown, UserError};
use crate::app::{App, on_thread};
use crate::images::manifest_digest;
use crate::stored_image::StoredImage;

impl App {
    /// The Dockerfile that an image may have been made from, as far as its history tells.
    ///
    /// # Errors
    /// If there is no such image, or it is damaged.
    pub async fn dockerfile(&self, wanted: DockerfileRead) -> Result<Vec<RebuiltLine>, UserError> {
        let inner = self.inner.clone();
        on_thread("a Dockerfile", move || {
            let manifest = manifest_digest(&wanted.manifest)?;
            let image = StoredImage::read(&inner.store, &manifest, None)?;
            let base = inner.detail(&image)?.base;
            Ok(rebuilt(&image, base.as_ref()))
        })
        .await
    }
}

fn rebuilt(image: &StoredImage, base: Option<&BaseImage>) -> Vec<RebuiltLine> {
    let settings = image.config.settings();
    let history = image.config.history();
    // A history that does not fit the number of layers says nothing of which step made which.
    let fits = history.iter().filter(|entry| !entry.empty_layer).count() == image.layers().len();
    let mut made = 0;
    let layers: Vec<Option<usize>> = history
        .iter()
        .map(|entry| {
            made += usize::from(!entry.empty_layer);
            (fits && !entry.empty_layer).then_some(made)
        })
        .collect();
    let steps: Vec<HistoryLine<'_>> = history
        .iter()
        .map(|entry| HistoryLine {
            created_by: entry.created_by.as_deref().unwrap_or_default(),
            has_layer: !entry.empty_layer,
        })
        .collect();
    let name = |pair: &'_ String| pair.split_once('=').map_or(pair.len(), |(name, _)| name.len());
    // What is only guessed to be a base is written out: a line too many is better than one that is lost.
    let known = base.filter(|base| base.how == BaseHow::Local && fits);
    let facts = Facts {
        base: known.and_then(|base| base.name.as_deref()),
        base_steps: known.map_or(0, |base| base.strata),
        env: settings.env.iter().map(|pair| &pair[..name(pair)]).collect(),
        labels: settings.labels.keys().map(String::as_str).collect(),
        layers: Some(image.layers().len()),
        configured: configured(&image.config),
    };
    rebuild(&steps, &facts)
        .into_iter()
        .map(|line| RebuiltLine {
            text: line.text,
            layer: line.step.and_then(|step| layers.get(step).copied().flatten()),
            unknown: line.unknown.into_iter().map(unknown).collect(),
        })
        .collect()
}

fn configured(config: &ImageConfig) -> Configured<'_> {
    let settings = config.settings();
    Configured {
        entrypoint: settings.entrypoint.clone().unwrap_or_default(),
        command: settings.cmd.clone().unwrap_or_default(),
        shell: settings.shell.clone().unwrap_or_default(),
        user: &settings.user,
        working_dir: &settings.working_dir,
        stop_signal: settings.stop_signal.as_deref().unwrap_or_default(),
        env: settings.env.iter().map(String::as_str).collect(),
        ports: settings.exposed_ports.iter().map(String::as_str).collect(),
        volumes: settings.volumes.iter().map(String::as_str).collect(),
        labels: settings.labels.iter().map(|(name, text)| (&**name, &**text)).collect(),
        health_check: settings.healthcheck.as_ref().map(|value| {
            let number = |name: &str| value.get(name).and_then(Value::as_u64).unwrap_or_default();
            let test = value.get("Test").and_then(Value::as_array).into_iter().flatten();
            ConfiguredCheck {
                test: test.filter_map(|word| Some(word.as_str()?.to_owned())).collect(),
                interval: number("Interval"),
                timeout: number("Timeout"),
                start_period: number("StartPeriod"),
                start_interval: number("StartInterval"),
                retries: number("Retries"),
            }
        }),
        on_build: settings.on_build.iter().map(String::as_str).collect(),
    }
}

fn unknown(unknown: strata_dockerfile::Unknown) -> Unknown {
    match unknown {
        strata_dockerfile::Unknown::Base => Unknown::Base,
        strata_dockerfile::Unknown::Files => Unknown::Files,
        strata_dockerfile::Unknown::Stage => Unknown::Stage,
        strata_dockerfile::Unknown::Arguments => Unknown::Arguments,
        strata_dockerfile::Unknown::Mounts => Unknown::Mounts,
        strata_dockerfile::Unknown::Foreign => Unknown::Foreign,
        strata_dockerfile::Unknown::Settings => Unknown::Settings,
        strata_dockerfile::Unknown::Steps => Unknown::Steps,
    }
}
