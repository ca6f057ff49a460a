//! What a registry has, read before anything is stored.

use std::collections::HashSet;

use strata_remote::{Client, TagPage};
use strata_spec::{Platform, Reference};
use strata_transfer::{Look, PullRequest, TransferError};

use crate::api::{ImageLook, PlatformOffer, TagEntry, TagList, TagTarget, UserError};
use crate::app::{App, on_thread};
use crate::emulation;
use crate::error::AppError;
use crate::images::{image_settings, parse_reference};
use crate::pull_job::pull_plan;
use crate::tag_order;

/// How many tags one page is asked to have.
const PAGE_TAGS: u32 = 1000;
/// The most tags that are listed.
const MAX_TAGS: usize = 50_000;

impl App {
    /// An image as its registry describes it: layers, sizes, what is already here, settings. Stores nothing.
    ///
    /// # Errors
    /// If what was typed is no reference or platform, or the registry does not give its documents.
    pub async fn look(
        &self,
        reference: &str,
        platform: Option<&str>,
    ) -> Result<ImageLook, UserError> {
        let look = self.looked(&self.observed(&self.client()), reference, platform).await?;
        let here = look.plan.distinct().filter(|layer| layer.here);
        let (host, emulated) = (Platform::host(), emulation::architectures());
        let offer = |entry: &strata_spec::Descriptor| {
            let platform = entry.platform.as_ref()?;
            let runs_here = platform.satisfies(&host).is_some();
            Some(PlatformOffer {
                platform: platform.to_string(),
                runs_here,
                manifest: entry.digest.to_string(),
                is_emulated: !runs_here
                    && platform.os == host.os
                    && emulated.contains(&platform.architecture),
            })
        };
        Ok(ImageLook {
            here: here.map(|layer| layer.descriptor.digest.to_string()).collect(),
            settings: image_settings(&look.plan.config),
            created: look.plan.config.created().map(str::to_owned),
            offers: look.offers.iter().filter_map(offer).collect(),
            plan: pull_plan(&look.plan),
        })
    }

    /// The exact bytes of what a reference points to; with a platform, of the manifest of that image.
    ///
    /// # Errors
    /// As [`App::look`].
    pub async fn manifest_bytes(
        &self,
        reference: &str,
        platform: Option<&str>,
    ) -> Result<Vec<u8>, UserError> {
        let look = self.looked(&self.observed(&self.client()), reference, platform).await?;
        Ok(if platform.is_some() { look.plan.manifest.raw().to_vec() } else { look.target })
    }

    /// The exact bytes of an image's config.
    ///
    /// # Errors
    /// As [`App::look`].
    pub async fn config_bytes(
        &self,
        reference: &str,
        platform: Option<&str>,
    ) -> Result<Vec<u8>, UserError> {
        Ok(self
            .looked(&self.observed(&self.client()), reference, platform)
            .await?
            .plan
            .config
            .raw()
            .to_vec())
    }

    pub(crate) async fn looked(
        &self,
        client: &Client,
        reference: &str,
        platform: Option<&str>,
    ) -> Result<Look, AppError> {
        let reference = parse_reference(reference)?;
        let wanted = platform.map(Platform::parse).transpose()?;
        let exact = wanted.is_some();
        let platform = wanted.unwrap_or_else(Platform::host);
        let request = PullRequest { reference, platform, exact };
        Ok(strata_transfer::look(&self.inner.store, client, &request).await?)
    }

    /// The tags of a repository, versions first; the reference's own tag does not matter.
    ///
    /// # Errors
    /// If what was typed is no reference, or the registry does not list its tags.
    pub async fn tags_list(&self, reference: &str) -> Result<TagList, UserError> {
        let reference = parse_reference(reference)?;
        let (names, is_complete) =
            Self::tag_names(&self.observed(&self.client()), &reference).await?;
        let store = self.inner.store.clone();
        let wanted = reference.clone();
        let here: HashSet<String> = on_thread("the tags that are here", move || {
            let (registry, repository) = (wanted.registry(), wanted.repository());
            Ok(store.tags(registry, repository, None, MAX_TAGS)?.into_iter().collect())
        })
        .await?;
        let entry = |name: String| TagEntry {
            is_version: tag_order::is_version(&name),
            is_here: here.contains(&name),
            name,
        };
        let tags = names.into_iter().map(entry).collect();
        Ok(TagList { repository: reference.familiar_name(), tags, is_complete })
    }

    /// All names in order, each once, and whether these are all.
    pub(crate) async fn tag_names(
        client: &Client,
        reference: &Reference,
    ) -> Result<(Vec<String>, bool), AppError> {
        let mut names = Vec::new();
        let mut page = TagPage::First { limit: PAGE_TAGS };
        let mut seen = HashSet::new();
        let is_complete = loop {
            let tags = client.tags(reference, &page).await?;
            names.extend(tags.tags);
            match tags.next {
                None => break true,
                // A registry that sends in circles would never end.
                Some(next) if names.len() < MAX_TAGS && seen.insert(next.clone()) => {
                    page = TagPage::Next(next);
                }
                Some(_) => break false,
            }
        };
        Ok((tag_order::sorted(&names), is_complete))
    }

    /// What a tag points to now, and what the store's image of that name was. Asks by HEAD, which registries do not count.
    ///
    /// # Errors
    /// If what was typed is no reference, or the registry does not say.
    pub async fn tag_target(&self, reference: &str) -> Result<TagTarget, UserError> {
        let reference = parse_reference(reference)?;
        let found = self.observed(&self.client()).resolve(&reference).await;
        let digest = found.map_err(|error| AppError::from(TransferError::from(error)))?.digest;
        let store = self.inner.store.clone();
        let here = on_thread("a tag", move || Ok(store.target(&reference)?)).await?;
        let here = here.map(|target| target.digest.to_string());
        Ok(TagTarget { digest: digest.to_string(), here })
    }
}
