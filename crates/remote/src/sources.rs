//! Where a request may go: to mirrors, and to where a registry really is.

use reqwest::Response;
use strata_spec::Digest;

use crate::endpoint::Endpoint;
use crate::exchange::{Ask, Subject};
use crate::refusal::is_html;
use crate::registries_conf::{Source, source};
use crate::{Client, ClientOptions, RemoteError, origin};

/// The host of the mirror that an answer is from.
#[derive(Debug, Clone)]
pub(crate) struct FromMirror(pub String);

impl Client {
    /// Asks once: the mirrors first, in their order, and at last the registry itself. What comes is checked the same
    /// wherever it comes from.
    ///
    /// A mirror is asked as the registry that it is: with the login for its own host if it wants one, and without the
    /// `ns` field by which a proxy of many registries is told for which one it stands. No configuration that is read
    /// here can say that a place is such a proxy.
    pub(crate) async fn attempt(&self, ask: &Ask) -> Result<Response, RemoteError> {
        let mut sources = self.sources(ask)?;
        let home = sources.pop();
        for mirror in &sources {
            let host = origin::host_and_port(&mirror.url);
            if self.resting().holds(&host) {
                continue;
            }
            match self.attempt_at(mirror).await {
                Ok(mut response) if response.status().is_success() && !is_html(&response) => {
                    response.extensions_mut().insert(FromMirror(host));
                    return Ok(response);
                }
                Ok(response) => {
                    tracing::debug!(host, status = %response.status(), "a mirror is passed over");
                }
                Err(error) => {
                    tracing::debug!(%error, "a mirror is passed over");
                    if is_of_host(&error) {
                        self.resting().note(&host);
                    }
                }
            }
        }
        self.attempt_at(home.as_ref().unwrap_or(ask)).await
    }

    /// The same request for each place that may answer it, in the order in which they are asked; the last is where the
    /// image really is. Only images are asked of mirrors: lists are the registry's own.
    ///
    /// # Errors
    /// [`RemoteError::Blocked`].
    fn sources(&self, ask: &Ask) -> Result<Vec<Ask>, RemoteError> {
        self.refuse_blocked(ask)?;
        let (options, registry) = (self.options(), &ask.endpoint.registry);
        let by_digest = match &ask.subject {
            Subject::Manifest(target) => Digest::parse(target).is_ok(),
            Subject::Blob(_) => true,
            _ => return Ok(vec![ask.clone()]),
        };
        let mirrors = options.mirrors.iter().filter(|mirror| mirror.registry == *registry);
        let mut sources: Vec<_> = mirrors
            .filter_map(|mirror| source(&format!("{}/{}", mirror.location, ask.repository), false))
            .collect();
        sources.extend(options.registries.sources(registry, &ask.repository, by_digest));
        sources.iter().map(|place| self.at(ask, place)).collect()
    }

    /// The same request to where a registry or repository really is: for what is not asked of mirrors.
    ///
    /// # Errors
    /// [`RemoteError::Blocked`].
    pub(crate) fn at_home(&self, ask: &Ask) -> Result<Ask, RemoteError> {
        self.refuse_blocked(ask)?;
        let home = self.options().registries.home(&ask.endpoint.registry, &ask.repository);
        self.at(ask, &home)
    }

    fn refuse_blocked(&self, ask: &Ask) -> Result<(), RemoteError> {
        let name = match ask.repository.as_str() {
            "" => ask.endpoint.registry.clone(),
            repository => format!("{}/{repository}", ask.endpoint.registry),
        };
        match self.options().registries.is_blocked(&name) {
            true => Err(RemoteError::Blocked { name }),
            false => Ok(()),
        }
    }

    /// The same request at another place.
    fn at(&self, ask: &Ask, place: &Source) -> Result<Ask, RemoteError> {
        let itself = place.registry == ask.endpoint.registry && place.repository == ask.repository;
        if itself && !place.insecure {
            return Ok(ask.clone());
        }
        let endpoint = Endpoint::of_place(&place.registry, self.options(), place.insecure)?;
        let above = |repository: &str| match repository {
            "" => "/v2/".to_owned(),
            repository => format!("/v2/{repository}/"),
        };
        let below = ask.url.path().strip_prefix(&above(&ask.repository)).unwrap_or_default();
        let mut url = endpoint.url(&format!("{}{below}", above(&place.repository)));
        url.set_query(ask.url.query());
        Ok(Ask { endpoint, repository: place.repository.clone(), url, ..ask.clone() })
    }

    /// Whether a registry is spoken to without TLS.
    #[must_use]
    pub fn is_plain_http(&self, registry: &str) -> bool {
        endpoint(registry, self.options()).is_some_and(|endpoint| endpoint.root.scheme() == "http")
    }

    /// Whether a registry is on this machine.
    #[must_use]
    pub fn is_loopback(&self, registry: &str) -> bool {
        endpoint(registry, self.options())
            .is_some_and(|endpoint| origin::is_loopback(&endpoint.root))
    }

    /// Whether a configuration forbids a registry.
    #[must_use]
    pub fn is_blocked(&self, registry: &str) -> bool {
        self.options().registries.is_blocked(registry)
    }

    /// The mirrors of a registry that registries.conf names, in their order.
    #[must_use]
    pub fn followed_mirrors(&self, registry: &str) -> Vec<String> {
        self.options().registries.mirror_locations(registry)
    }
}

/// Whether a failure is of a host as a whole, not of one image on it.
fn is_of_host(error: &RemoteError) -> bool {
    matches!(
        error,
        RemoteError::HostUnknown { .. }
            | RemoteError::Unreachable { .. }
            | RemoteError::Tls { .. }
            | RemoteError::SpeaksTls { .. }
            | RemoteError::Stalled { .. }
            | RemoteError::Server { .. }
            | RemoteError::RateLimited { .. }
    )
}

fn endpoint(registry: &str, options: &ClientOptions) -> Option<Endpoint> {
    Endpoint::of(registry, options).ok()
}
