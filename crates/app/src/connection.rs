//! The client of registries as the settings want it, made anew when they change.

use std::fs;
use std::sync::{Arc, PoisonError};

use strata_remote::{
    Bandwidth, Client, ClientOptions, Credentials, Mirror, ProxyChoice, RegistriesConf,
    RemoteError, TrustedRealm,
};

use crate::api::{ProxySetting, Settings};
use crate::app::{App, Options};
use crate::certificates::{folders_of, is_loopback};
use crate::error::AppError;
use crate::logins::Logins;
use crate::paths::Paths;

/// All that a client is made of.
pub(crate) struct Set<'a> {
    pub paths: &'a Paths,
    pub settings: &'a Settings,
    pub options: &'a Options,
}

impl Set<'_> {
    /// What a client is told. Files are read now: blocks shortly. The limit on bandwidth holds at once, also for what is
    /// under way.
    ///
    /// # Errors
    /// [`RemoteError`] if registries.conf cannot be followed: what it forbids must not be asked.
    pub fn client_options(
        &self,
        logins: &Arc<Logins>,
        bandwidth: &Bandwidth,
    ) -> Result<ClientOptions, RemoteError> {
        let Self { paths, settings, options } = self;
        let limit = options.limit_rate.unwrap_or(settings.download_limit);
        if bandwidth.limit() != limit {
            bandwidth.set(limit);
        }
        let trusted = settings.trusted_realms.iter();
        let mirrors = settings.mirrors.iter();
        Ok(ClientOptions {
            credentials: Arc::clone(logins) as Arc<dyn Credentials>,
            plain_http: options.plain_http.iter().chain(&settings.plain_http).cloned().collect(),
            tls: self.loopback_with_certificates(),
            trusted_realms: trusted
                .map(|pair| TrustedRealm {
                    registry: pair.registry.clone(),
                    host: pair.host.clone(),
                })
                .collect(),
            certs_dirs: paths.certificate_places(),
            registries: RegistriesConf::read(&paths.registries_files)?,
            mirrors: mirrors
                .map(|mirror| Mirror {
                    registry: mirror.registry.clone(),
                    location: mirror.location.clone(),
                })
                .collect(),
            proxy: proxy(&settings.proxy),
            bandwidth: bandwidth.clone(),
            blobs_per_host: usize::from(settings.layers_per_registry.clamp(1, 16)),
            least_rate: options.least_rate.unwrap_or(settings.least_rate),
            ..ClientOptions::default()
        })
    }

    /// Registries of this machine that have a certificate of their own, and so speak TLS.
    fn loopback_with_certificates(&self) -> Vec<String> {
        let places = self.paths.certificate_places();
        let entries = places.iter().flat_map(|place| fs::read_dir(place).into_iter().flatten());
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        names.filter(|name| is_loopback(name) && !folders_of(&places, name).is_empty()).collect()
    }
}

fn proxy(setting: &ProxySetting) -> ProxyChoice {
    match setting {
        ProxySetting::System => ProxyChoice::System,
        ProxySetting::None => ProxyChoice::None,
        ProxySetting::Url { url, except } => {
            ProxyChoice::Url { url: url.clone(), no_proxy: except.clone() }
        }
    }
}

impl App {
    /// The client as the settings want it now. A copy: what is under way goes on as it began.
    pub(crate) fn client(&self) -> Client {
        self.inner.client.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What a client is told now.
    pub(crate) fn client_options(&self) -> Result<ClientOptions, AppError> {
        let inner = &self.inner;
        let settings = self.settings();
        let set = Set { paths: &inner.paths, settings: &settings, options: &inner.options };
        Ok(set.client_options(&inner.logins, &inner.bandwidth)?)
    }

    /// Makes the client anew: with the settings as they are now, and without anything it was granted.
    ///
    /// # Errors
    /// If a file that the settings name cannot be used; the client then stays as it was.
    pub(crate) fn renew_client(&self) -> Result<(), AppError> {
        let client = Client::new(self.client_options()?)?;
        *self.inner.client.write().unwrap_or_else(PoisonError::into_inner) = client;
        Ok(())
    }
}
