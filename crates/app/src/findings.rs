//! Packages and secrets of a stored image, from what is in the files of its layers.

use strata_inspect::packages::placed;
use strata_inspect::sbom::{Sbom, SbomLayer, SbomPackage, cyclonedx, spdx};
use strata_inspect::secrets::{Place, Secret, Severity, in_config};
use strata_inspect::{EntryPath, LayerFindings, OsRelease, purl};

use crate::api::{
    Findings, FindingsRead, FoundPackage, FoundSecret, SbomFormat, Scope, SecretPlace,
    SecretSeverity, UserError,
};
use crate::app::{App, Inner, on_thread};
use crate::clock;
use crate::error::AppError;
use crate::escape::escape;
use crate::images::manifest_digest;
use crate::listings::Files;
use crate::stored_image::StoredImage;
use crate::who::hidden_by;

impl App {
    /// Packages and secrets of a stored image. Layers that were not looked into yet are now, which takes a while: a
    /// window starts [`Self::inspect_start`] before it asks.
    ///
    /// # Errors
    /// If there is no such image, or it is damaged.
    pub async fn findings(&self, wanted: FindingsRead) -> Result<Findings, UserError> {
        let inner = self.inner.clone();
        on_thread("packages and secrets", move || {
            let image = StoredImage::read(&inner.store, &manifest_digest(&wanted.manifest)?, None)?;
            inner.findings(&image)
        })
        .await
    }

    /// The packages of a stored image as a document for other tools.
    ///
    /// # Errors
    /// As [`Self::findings`].
    pub async fn sbom(&self, manifest: &str, format: SbomFormat) -> Result<String, UserError> {
        let (inner, manifest) = (self.inner.clone(), manifest.to_owned());
        on_thread("a list of packages", move || {
            let image = StoredImage::read(&inner.store, &manifest_digest(&manifest)?, None)?;
            inner.sbom(&image, format)
        })
        .await
    }
}

impl Inner {
    fn all_findings(&self, image: &StoredImage) -> Result<Vec<LayerFindings>, AppError> {
        (0..image.layers().len())
            .map(|layer| {
                let found = self.layer_findings(image, layer, &mut |_| true)?;
                Ok(found.unwrap_or_default())
            })
            .collect()
    }

    fn findings(&self, image: &StoredImage) -> Result<Findings, AppError> {
        let layers = self.all_findings(image)?;
        let os_release = os_release(&layers);
        let last = self.last_list(image)?;
        let is_visible = |layer: usize, path: &EntryPath| is_in(last.as_ref(), layer, path);
        let all: Vec<&LayerFindings> = layers.iter().collect();
        let packages = placed(&all, is_visible).into_iter().map(|placed| {
            let purl = purl(&placed.package, os_release.as_ref());
            let package = placed.package;
            FoundPackage {
                ecosystem: package.ecosystem.name().to_owned(),
                name: package.name,
                version: package.version,
                architecture: package.architecture,
                license: package.license,
                layer: placed.layer + 1,
                path: escape(package.evidence.as_bytes()),
                installed_bytes: package.installed_bytes,
                purl,
            }
        });
        let packages = packages.collect();
        let mut secrets = Vec::new();
        for (layer, found) in layers.iter().enumerate() {
            for secret in &found.secrets {
                secrets.push(self.secret(image, layer, secret, last.as_ref())?);
            }
        }
        for secret in in_config(&image.config) {
            secrets.push(self.secret(image, 0, &secret, None)?);
        }
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.severity));
        let unread = layers.iter().flat_map(|found| &found.sources);
        let unread = unread.filter(|source| source.is_unread);
        Ok(Findings {
            distribution: os_release.map(|release| release.pretty_name),
            packages,
            unread: unread.map(|source| escape(source.path.as_bytes())).collect(),
            secrets,
            skipped: layers.iter().map(|found| found.warnings.len()).sum(),
        })
    }

    fn last_list(&self, image: &StoredImage) -> Result<Option<Files>, AppError> {
        let Some(top) = image.layers().len().checked_sub(1) else { return Ok(None) };
        let key = (image.record.manifest.clone(), top, Scope::UpTo);
        self.listings.list(&self.store, &key).map(Some)
    }

    fn secret(
        &self,
        image: &StoredImage,
        layer: usize,
        secret: &Secret,
        last: Option<&Files>,
    ) -> Result<FoundSecret, AppError> {
        let place = match &secret.place {
            Place::File { path } => {
                let key = (image.record.manifest.clone(), layer, Scope::Layer);
                let row = self.listings.list(&self.store, &key)?.find(path.as_bytes());
                let hidden_by = match is_in(last, layer, path) {
                    true => None,
                    false => {
                        let trees = self.listings.trees(&self.store, &image.record.manifest)?;
                        hidden_by(&trees, layer, path.as_bytes(), false)
                    }
                };
                let path = escape(path.as_bytes());
                SecretPlace::File { path, layer: layer + 1, row, hidden_by }
            }
            Place::Environment { name } => SecretPlace::Environment { name: name.clone() },
            Place::Label { name } => SecretPlace::Label { name: name.clone() },
            Place::History { step } => SecretPlace::History { step: step + 1 },
            Place::Setting { name } => SecretPlace::Setting { name: name.clone() },
        };
        Ok(FoundSecret {
            rule: secret.rule.clone(),
            severity: match secret.severity {
                Severity::Possible => SecretSeverity::Possible,
                Severity::Likely => SecretSeverity::Likely,
                Severity::Certain => SecretSeverity::Certain,
            },
            place,
            line: secret.line,
            masked: secret.masked.clone(),
        })
    }

    fn sbom(&self, image: &StoredImage, format: SbomFormat) -> Result<String, AppError> {
        let layers = self.all_findings(image)?;
        let last = self.last_list(image)?;
        let is_visible = |layer: usize, path: &EntryPath| is_in(last.as_ref(), layer, path);
        let all: Vec<&LayerFindings> = layers.iter().collect();
        let diff_ids = image.config.diff_ids();
        let packages = placed(&all, is_visible).into_iter().map(|placed| SbomPackage {
            layer: diff_ids.get(placed.layer).map(|diff_id| SbomLayer {
                number: placed.layer + 1,
                diff_id: diff_id.0.to_string(),
            }),
            package: placed.package,
        });
        let manifest = &image.record.manifest;
        let hex = manifest.hex();
        let name = image.record.reference.as_ref();
        let name = name.map_or_else(|| manifest.to_string(), ToString::to_string);
        // The same image gives the same numbers: they are made of its digest (RFC 9562, version 8).
        let uuid = format!(
            "{}-{}-8{}-8{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..32]
        );
        let document = Sbom {
            name,
            digest: Some(manifest.to_string()),
            namespace: format!("urn:uuid:{uuid}"),
            serial_number: format!("urn:uuid:{uuid}"),
            created: clock::now(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            os_release: os_release(&layers),
            packages: packages.collect(),
        };
        let value = match format {
            SbomFormat::Spdx => spdx(&document),
            SbomFormat::Cyclonedx => cyclonedx(&document),
        };
        Ok(format!("{value:#}\n"))
    }
}

/// The newest layer that has one says what the system is.
fn os_release(layers: &[LayerFindings]) -> Option<OsRelease> {
    layers.iter().rev().find_map(|found| found.os_release.clone())
}

/// Whether what the image shows at a path is this layer's.
fn is_in(list: Option<&Files>, layer: usize, path: &EntryPath) -> bool {
    let shown = list.and_then(|list| list.entry(list.find(path.as_bytes())?));
    shown.is_some_and(|(found, _)| found == layer)
}
