//! What is in the store, and one image of it.

use strata_spec::{Digest, ImageConfig, Platform, Reference};

use crate::api::{
    HealthCheck, ImageDetail, ImageList, ImageRead, ImageSettings, ReferenceParts, StoreTotals,
    UserError,
};
use crate::app::{App, Inner, on_thread};
use crate::base_image::{base_image, mark};
use crate::error::AppError;
use crate::stored_image::StoredImage;
use crate::strata::{LayerFacts, strata};

impl App {
    /// All images, the newest in the store first.
    ///
    /// # Errors
    /// If the store cannot be read. A single damaged image is left out rather than all.
    pub async fn images_list(&self) -> Result<ImageList, UserError> {
        let inner = self.inner.clone();
        on_thread("the list of images", move || {
            let mut images = Vec::new();
            for record in inner.store.images()? {
                match inner.summaries.of(&inner.store, &record) {
                    Ok(summary) => images.push(summary),
                    Err(error) => {
                        tracing::warn!(manifest = %record.manifest, %error, "an image cannot be listed");
                    }
                }
            }
            let totals = inner.store.totals()?;
            let totals = StoreTotals {
                image_count: totals.image_count,
                stored_bytes: totals.stored_bytes,
                image_bytes: totals.image_bytes,
                saved_bytes: totals.saved_bytes,
            };
            Ok(ImageList { images, totals })
        })
        .await
    }

    /// One image, by its manifest.
    ///
    /// # Errors
    /// If there is no such image, or it is damaged.
    pub async fn image_read(&self, wanted: ImageRead) -> Result<ImageDetail, UserError> {
        let inner = self.inner.clone();
        on_thread("an image", move || {
            let manifest = manifest_digest(&wanted.manifest)?;
            let reference =
                wanted.reference.as_deref().and_then(|text| Reference::parse(text).ok());
            let image = StoredImage::read(&inner.store, &manifest, reference.as_ref())?;
            inner.detail(&image)
        })
        .await
    }

    /// One image, as a person calls it: a reference, a digest, or the first digits of one. Of several platforms the
    /// wanted one, or else this machine's, or else the newest.
    ///
    /// # Errors
    /// If there is no such image, or it is damaged.
    pub async fn image_find(
        &self,
        text: &str,
        platform: Option<&str>,
    ) -> Result<ImageDetail, UserError> {
        let (inner, text) = (self.inner.clone(), text.to_owned());
        let platform = platform.map(str::to_owned);
        on_thread("an image", move || {
            let platform = platform.as_deref().map(Platform::parse).transpose()?;
            let image = StoredImage::find(&inner.store, &text, platform.as_ref())?;
            inner.detail(&image)
        })
        .await
    }

    /// What a typed reference will be taken for.
    ///
    /// # Errors
    /// If it is not one.
    pub fn reference_explain(&self, text: &str) -> Result<ReferenceParts, UserError> {
        let reference = parse_reference(text)?;
        Ok(ReferenceParts {
            registry: reference.registry().to_owned(),
            repository: reference.repository().to_owned(),
            tag: reference.tag().map(str::to_owned),
            digest: reference.digest().map(ToString::to_string),
            full: reference.to_string(),
            familiar: reference.familiar(),
        })
    }
}

impl Inner {
    pub(crate) fn detail(&self, image: &StoredImage) -> Result<ImageDetail, AppError> {
        let facts: Vec<LayerFacts> = image
            .layers()
            .iter()
            .zip(image.config.diff_ids())
            .map(|(layer, diff_id)| LayerFacts {
                digest: layer.digest.to_string(),
                diff_id: diff_id.0.to_string(),
                media_type: layer.media_type.as_str().to_owned(),
                download_bytes: layer.size,
            })
            .collect();
        let shared = self.store.shared_with(&image.record.manifest)?;
        let mut strata = strata(&image.config, &facts);
        for stratum in &mut strata {
            let Some(at) = stratum.layer.map(|layer| layer - 1) else { continue };
            stratum.size_bytes = image.record.layers.get(at).map(|layer| layer.tar_bytes);
            stratum.shared_with = shared.get(at).copied().unwrap_or(0);
        }
        let base = base_image(&self.store, image, &strata)?;
        if let Some(base) = &base {
            mark(&mut strata, base);
        }
        Ok(ImageDetail {
            base,
            summary: self.summaries.of(&self.store, &image.record)?,
            strata,
            settings: image_settings(&image.config),
            author: image.config.author().map(str::to_owned),
        })
    }
}

/// What a container of an image starts with.
pub(crate) fn image_settings(config: &ImageConfig) -> ImageSettings {
    let settings = config.settings();
    ImageSettings {
        command: settings.cmd.clone().unwrap_or_default(),
        entrypoint: settings.entrypoint.clone().unwrap_or_default(),
        env: settings.env.clone(),
        user: settings.user.clone(),
        working_dir: settings.working_dir.clone(),
        ports: settings.exposed_ports.clone(),
        volumes: settings.volumes.clone(),
        labels: settings.labels.clone(),
        stop_signal: settings.stop_signal.clone(),
        health_check: settings.healthcheck.as_ref().and_then(health_check),
        shell: settings.shell.clone().unwrap_or_default(),
        on_build: settings.on_build.clone(),
    }
}

/// HEALTHCHECK as Docker keeps it: `Test` begins with how it is run, times are in nanoseconds.
fn health_check(value: &serde_json::Value) -> Option<HealthCheck> {
    let words: Vec<String> = value
        .get("Test")?
        .as_array()?
        .iter()
        .filter_map(|word| Some(word.as_str()?.to_owned()))
        .collect();
    let command = match words.split_first()? {
        (how, _) if how == "NONE" => Vec::new(),
        (how, rest) if how == "CMD" || how == "CMD-SHELL" => rest.to_vec(),
        _ => words.clone(),
    };
    let number = |name: &str| value.get(name)?.as_u64().filter(|number| *number > 0);
    let seconds = |name: &str| number(name).map(|nanoseconds| nanoseconds / 1_000_000_000);
    Some(HealthCheck {
        command,
        in_shell: words.first().is_some_and(|how| how == "CMD-SHELL"),
        interval_seconds: seconds("Interval"),
        timeout_seconds: seconds("Timeout"),
        start_period_seconds: seconds("StartPeriod"),
        start_interval_seconds: seconds("StartInterval"),
        retries: number("Retries"),
    })
}

/// A typed reference, normalised.
pub(crate) fn parse_reference(text: &str) -> Result<Reference, AppError> {
    let text = text.trim();
    Reference::parse(text)
        .map(Reference::with_default_tag)
        .map_err(|source| AppError::Reference { text: text.to_owned(), source })
}

/// A manifest's digest as it comes back from a view.
pub(crate) fn manifest_digest(text: &str) -> Result<Digest, AppError> {
    Digest::parse(text).map_err(|_| AppError::ImageUnknown { image: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_checks_are_read_as_docker_writes_them() {
        let read = |text: &str| health_check(&serde_json::from_str(text).unwrap_or_default());
        let found = read(
            r#"{"Test":["CMD-SHELL","curl -f localhost"],"Interval":5000000000,"StartPeriod":9000000000,"Retries":2}"#,
        );
        let expected = HealthCheck {
            command: vec!["curl -f localhost".to_owned()],
            in_shell: true,
            interval_seconds: Some(5),
            timeout_seconds: None,
            start_period_seconds: Some(9),
            start_interval_seconds: None,
            retries: Some(2),
        };
        assert_eq!(found, Some(expected));
        assert!(read(r#"{"Test":["NONE"]}"#).is_some_and(|check| check.command.is_empty()));
        assert_eq!(read(r#"{"Test":[]}"#), None);
        assert_eq!(read("7"), None);
    }
}
