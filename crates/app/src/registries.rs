//! Registries: those that are known, whether they answer, what they hold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use strata_remote::{CatalogPage, Client};
use strata_spec::Reference;

use crate::api::{
    HubRepository, KnownLogin, RateLimit, RegistryEntry, RegistryList, RegistryTest,
    RepositoriesRead, RepositoryPage, Settings, UserError,
};
use crate::app::{App, on_thread};
use crate::certificates::{folders_of, has_own, is_registry};
use crate::clock;
use crate::error::AppError;
use crate::paths;

/// Docker's registry, as references name it.
pub(crate) const DOCKER_HUB: &str = "docker.io";
/// How many repositories one page is asked to have.
const PAGE_REPOSITORIES: u32 = 100;
/// How many results a search brings.
const MAX_FOUND: u32 = 25;

impl App {
    /// All registries that are known: Docker Hub, those with a login, those of stored images, those that were added.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn registries_list(&self) -> Result<RegistryList, UserError> {
        let inner = Arc::clone(&self.inner);
        let (settings, client) = (self.settings(), self.client());
        let practice = self.practice_status().address;
        on_thread("the registries", move || {
            let images: BTreeMap<String, u64> = inner.store.registries()?.into_iter().collect();
            let logins = inner.logins.known();
            let mut names: BTreeSet<&str> = images.keys().map(String::as_str).collect();
            names.extend(logins.keys().map(String::as_str));
            names.extend(settings.registries.iter().map(String::as_str));
            names.extend(settings.mirrors.iter().map(|mirror| mirror.registry.as_str()));
            names.retain(|name| {
                *name != DOCKER_HUB && practice.as_deref() != Some(name) && is_registry(name)
            });
            let entry = |name: &str| {
                let facts = Facts { settings: &settings, client: &client, app: &inner };
                facts.entry(name, images.get(name).copied(), logins.get(name))
            };
            let registries = std::iter::once(DOCKER_HUB).chain(names).map(entry).collect();
            let reason = inner.logins.kept().keychain().reason_against();
            let files = inner.logins.files().iter().chain(&inner.paths.registries_files);
            Ok(RegistryList {
                registries,
                has_keychain: reason.is_none(),
                keychain_reason: reason,
                helpers: paths::helpers(),
                followed_files: files
                    .filter(|path| path.exists())
                    .map(|path| path.display().to_string())
                    .collect(),
            })
        })
        .await
    }

    /// Asks a registry for nothing but an answer.
    pub async fn registry_test(&self, registry: &str) -> RegistryTest {
        let began = Instant::now();
        let client = self.observed(&self.client());
        let answered = client.ping(registry).await;
        let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        match answered {
            Ok(answer) => RegistryTest {
                error: None,
                is_signed_in: answer.signed_in,
                http_version: Some(answer.http_version),
                millis,
            },
            Err(error) => RegistryTest {
                error: Some(AppError::from(error).into()),
                is_signed_in: false,
                http_version: None,
                millis,
            },
        }
    }

    /// Asks a registry how many requests it allows, by a request that it does not count. `None` if it does not tell.
    ///
    /// # Errors
    /// If the registry does not answer, or no repository of it is known that could be asked for.
    pub async fn rate_limit_read(&self, registry: &str) -> Result<Option<RateLimit>, UserError> {
        let reference = if registry == DOCKER_HUB {
            Reference::parse("ratelimitpreview/test:latest").ok()
        } else {
            let (store, named) = (self.inner.store.clone(), registry.to_owned());
            on_thread("a repository", move || {
                let repository = store.repositories(&named, None, 1)?.into_iter().next();
                let Some(repository) = repository else { return Ok(None) };
                let tag = store.tags(&named, &repository, None, 1)?.into_iter().next();
                let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
                Ok(Reference::parse(&format!("{named}/{repository}{tag}")).ok())
            })
            .await?
        };
        let client = self.observed(&self.client());
        let limit = match reference {
            Some(reference) => client.ask_rate_limit(&reference).await.map_err(AppError::from)?,
            None => client.rate_limit(registry),
        };
        Ok(limit.map(|limit| rate_limit(&limit)))
    }

    /// A page of a registry's repositories.
    ///
    /// # Errors
    /// If the registry does not list them.
    pub async fn repositories_list(
        &self,
        wanted: RepositoriesRead,
    ) -> Result<RepositoryPage, UserError> {
        let page = match wanted.next {
            Some(next) => CatalogPage::Next(next),
            None => CatalogPage::First { limit: PAGE_REPOSITORIES },
        };
        let client = self.observed(&self.client());
        let found = client.repositories(&wanted.registry, &page).await.map_err(AppError::from)?;
        Ok(RepositoryPage { names: found.names, next: found.next })
    }

    /// Looks for repositories on Docker Hub.
    ///
    /// # Errors
    /// If its search does not answer.
    pub async fn hub_search(&self, query: &str) -> Result<Vec<HubRepository>, UserError> {
        if query.trim().is_empty() {
            return Ok(Vec::new());
        }
        let client = self.observed(&self.client());
        let found = client.hub_search(query.trim(), MAX_FOUND).await;
        let found = found.map_err(|source| AppError::Search { source })?;
        Ok(found
            .into_iter()
            .map(|found| HubRepository {
                name: found.name,
                description: found.description,
                stars: found.stars,
                pulls: found.pulls,
                is_official: found.official,
            })
            .collect())
    }
}

/// What is known of registries, to make entries of.
struct Facts<'a> {
    settings: &'a Settings,
    client: &'a Client,
    app: &'a crate::app::Inner,
}

impl Facts<'_> {
    fn entry(
        &self,
        registry: &str,
        images: Option<u64>,
        login: Option<&KnownLogin>,
    ) -> RegistryEntry {
        let Self { settings, client, app } = self;
        let places = app.paths.certificate_places();
        let folders = folders_of(&places, registry);
        let realms = settings.trusted_realms.iter().filter(|pair| pair.registry == registry);
        RegistryEntry {
            registry: registry.to_owned(),
            is_added: settings.registries.iter().any(|added| added == registry),
            images: images.unwrap_or_default(),
            login: login.cloned(),
            is_plain_http: client.is_plain_http(registry),
            is_loopback: client.is_loopback(registry),
            certificate_folders: folders.iter().map(|path| path.display().to_string()).collect(),
            has_own_certificate: has_own(&app.paths.certificates_own(), registry),
            mirrors: client.followed_mirrors(registry),
            is_blocked: client.is_blocked(registry),
            trusted_realms: realms.map(|pair| pair.host.clone()).collect(),
            rate_limit: client.rate_limit(registry).as_ref().map(rate_limit),
            warnings: client.warnings(registry),
        }
    }
}

fn rate_limit(limit: &strata_remote::RateLimit) -> RateLimit {
    RateLimit {
        limit: limit.limit,
        remaining: limit.remaining,
        window_seconds: limit.window_seconds,
        source: limit.source.clone(),
        seen_at: clock::of(limit.seen_at),
    }
}
