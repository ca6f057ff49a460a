//! Where a request may go: to mirrors, and to where a registry really is.

use strata_spec::Digest;

use crate::endpoint::Endpoint;
use crate::exchange::{Ask, Subject};
use crate::registries_conf::source;
use crate::{Client, ClientOptions, RemoteError, origin};

impl Client {
    /// The same request for each place that may answer it, in the order in which they are asked; the last is where the
    /// image really is. Only images are asked of mirrors: lists are the registry's own.
    ///
    /// # Errors
    /// [`RemoteError::Blocked`].
    pub(crate) fn sources(&self, ask: &Ask) -> Result<Vec<Ask>, RemoteError> {
        let options = self.options();
        let registry = &ask.endpoint.registry;
        let name = match ask.repository.as_str() {
            "" => registry.clone(),
            repository => format!("{registry}/{repository}"),
        };
        if options.registries.is_blocked(&name) {
            return Err(RemoteError::Blocked { name });
        }
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
        let at = |place: &crate::registries_conf::Source| {
            let itself = place.registry == *registry && place.repository == ask.repository;
            if itself && !place.insecure {
                return Ok(ask.clone());
            }
            let endpoint = Endpoint::of_place(&place.registry, options, place.insecure)?;
            let below = ask.url.path().strip_prefix(&format!("/v2/{}/", ask.repository));
            let url =
                endpoint.url(&format!("/v2/{}/{}", place.repository, below.unwrap_or_default()));
            Ok(Ask { endpoint, repository: place.repository.clone(), url, ..ask.clone() })
        };
        sources.iter().map(at).collect()
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

fn endpoint(registry: &str, options: &ClientOptions) -> Option<Endpoint> {
    Endpoint::of(registry, options).ok()
}
