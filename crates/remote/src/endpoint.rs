//! From a registry's name to where it is spoken to.

use reqwest::Url;

use crate::{ClientOptions, RemoteError, origin};

/// Docker's registry, as references name it.
pub(crate) const DOCKER_HUB: &str = "docker.io";
/// Where it really is.
pub(crate) const DOCKER_HUB_HOST: &str = "registry-1.docker.io";

/// A registry and the root of its URLs.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    /// The name, as references have it.
    pub registry: String,
    /// Scheme, host and port.
    pub root: Url,
}

impl Endpoint {
    /// Finds where `registry` is. Without TLS only on loopback and where the options say so.
    pub fn of(registry: &str, options: &ClientOptions) -> Result<Self, RemoteError> {
        Self::of_place(registry, options, false)
    }

    /// The same for a place that a configuration allows to go without TLS.
    pub fn of_place(
        registry: &str,
        options: &ClientOptions,
        insecure: bool,
    ) -> Result<Self, RemoteError> {
        let invalid = || RemoteError::RegistryName { registry: registry.to_owned() };
        let host = if registry == DOCKER_HUB { DOCKER_HUB_HOST } else { registry };
        if host.is_empty() || host.contains(['/', '@', '?', '#', '\\']) {
            return Err(invalid());
        }
        let mut root = Url::parse(&format!("https://{host}/")).map_err(|_| invalid())?;
        let listed = |list: &[String]| list.iter().any(|entry| entry == registry || entry == host);
        let plain = insecure
            || listed(&options.plain_http)
            || origin::is_loopback(&root) && !listed(&options.tls);
        if plain {
            // Parsed again: a change of scheme would keep the port that https does not name.
            root = Url::parse(&format!("http://{host}/")).map_err(|_| invalid())?;
        }
        Ok(Self { registry: registry.to_owned(), root })
    }

    /// A URL below the root. `path` begins with a slash.
    pub fn url(&self, path: &str) -> Url {
        let mut url = self.root.clone();
        url.set_path(path);
        url
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_loopback_goes_without_tls_unless_told() {
        let options = ClientOptions {
            plain_http: vec!["lab.example:5000".to_owned()],
            tls: vec!["localhost:8443".to_owned()],
            ..ClientOptions::default()
        };
        for (registry, expected) in [
            ("docker.io", "https://registry-1.docker.io/"),
            ("ghcr.io", "https://ghcr.io/"),
            ("localhost:5150", "http://localhost:5150/"),
            ("localhost:443", "http://localhost:443/"),
            ("127.0.0.1", "http://127.0.0.1/"),
            ("[::1]:5000", "http://[::1]:5000/"),
            ("10.0.0.1:5000", "https://10.0.0.1:5000/"),
            ("lab.example:5000", "http://lab.example:5000/"),
            ("lab.example", "https://lab.example/"),
            ("localhost:8443", "https://localhost:8443/"),
        ] {
            assert_eq!(Endpoint::of(registry, &options).unwrap().root.as_str(), expected);
        }
    }

    #[test]
    fn a_name_that_is_no_host_is_refused() {
        for registry in ["", "a/b", "me@host", "host?x", "h:99999", "a b", "h\\x"] {
            assert!(Endpoint::of(registry, &ClientOptions::default()).is_err(), "{registry}");
        }
    }
}
