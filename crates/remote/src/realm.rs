//! Which token service may be asked, and by whom: a registry names it, so it may name anything.

use reqwest::Url;

use crate::endpoint::{DOCKER_HUB, Endpoint};
use crate::{RemoteError, TrustedRealm, origin};

/// Registries whose token service is known to live on another host.
const KNOWN: [(&str, &str); 5] = [
    (DOCKER_HUB, "auth.docker.io"),
    ("registry.gitlab.com", "gitlab.com"),
    ("registry.digitalocean.com", "api.digitalocean.com"),
    ("docker.elastic.co", "docker-auth.elastic.co"),
    ("lscr.io", "ghcr.io"),
];

/// Why a login does not go to a realm that may be right.
const ELSEWHERE: &str = "the login would go to another host than the registry";

/// Checks the realm that a registry names.
///
/// With a login: only the registry's own origin, or https and a pair that is known or that the user allowed. Without:
/// any https host but not a bare address; from loopback to loopback also plain HTTP.
pub(crate) fn check(
    endpoint: &Endpoint,
    realm: &str,
    with_login: bool,
    trusted: &[TrustedRealm],
) -> Result<Url, RemoteError> {
    let refused = |url: Option<&Url>, reason| RemoteError::RealmRefused {
        registry: endpoint.registry.clone(),
        realm: url.map_or_else(String::new, origin::shown),
        host: url.map_or_else(String::new, origin::host_and_port),
        reason,
        can_be_allowed: reason == ELSEWHERE,
    };
    let mut url = Url::parse(realm).map_err(|_| refused(None, "it is not a URL"))?;
    url.set_fragment(None);
    match reason_against(endpoint, &url, with_login, trusted) {
        None => Ok(url),
        Some(reason) => Err(refused(Some(&url), reason)),
    }
}

fn reason_against(
    endpoint: &Endpoint,
    url: &Url,
    with_login: bool,
    trusted: &[TrustedRealm],
) -> Option<&'static str> {
    if !matches!(url.scheme(), "https" | "http") {
        return Some("it leads out of HTTP");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("it carries a login");
    }
    if origin::same(&endpoint.root, url) {
        return None;
    }
    let between_loopbacks = origin::is_loopback(url) && origin::is_loopback(&endpoint.root);
    if url.scheme() == "http" {
        return match (between_loopbacks, with_login) {
            (false, _) => Some("it is not a trusted connection"),
            (true, true) => Some("the login would go to another service than the registry"),
            (true, false) => None,
        };
    }
    if origin::address(url).is_some() {
        return Some("it is a bare address");
    }
    if origin::is_loopback(url) && !between_loopbacks {
        return Some("it leads into this machine");
    }
    let host = origin::host_and_port(url);
    let known =
        KNOWN.iter().any(|(registry, realm)| endpoint.registry == *registry && host == *realm)
            || trusted.iter().any(|pair| pair.registry == endpoint.registry && pair.host == host);
    (with_login && !known).then_some(ELSEWHERE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::ClientOptions;

    fn allowed(registry: &str, realm: &str, with_login: bool) -> bool {
        let endpoint = Endpoint::of(registry, &ClientOptions::default()).unwrap();
        let allowed = TrustedRealm {
            registry: "corp.example".to_owned(),
            host: "login.example:8443".to_owned(),
        };
        check(&endpoint, realm, with_login, &[allowed]).is_ok()
    }

    #[test]
    fn a_login_goes_to_its_registry_and_to_known_pairs() {
        for (registry, realm) in [
            ("ghcr.io", "https://ghcr.io/token"),
            ("docker.io", "https://auth.docker.io/token"),
            ("docker.io", "https://registry-1.docker.io/token"),
            ("10.0.0.1:5000", "https://10.0.0.1:5000/token"),
            ("localhost:5000", "http://localhost:5000/token"),
            ("corp.example", "https://login.example:8443/token"),
        ] {
            assert!(allowed(registry, realm, true), "{registry} {realm}");
            assert!(allowed(registry, realm, false), "{registry} {realm}");
        }
    }

    #[test]
    fn a_login_goes_nowhere_else() {
        for (registry, realm) in [
            ("evil.example", "https://auth.docker.io/token"),
            ("docker.io", "https://auth.docker.io.evil.example/token"),
            ("docker.io", "http://auth.docker.io/token"),
            ("docker.io", "https://auth.docker.io:444/token"),
            ("corp.example", "https://login.example/token"),
            ("localhost:5000", "http://localhost:5001/token"),
            ("127.0.0.1:5000", "http://localhost:5000/token"),
        ] {
            assert!(!allowed(registry, realm, true), "{registry} {realm}");
        }
    }

    #[test]
    fn without_a_login_any_named_host_may_be_asked_safely() {
        assert!(allowed("a.example", "https://b.example/token?x=1", false));
        assert!(allowed("127.0.0.1:1", "http://127.0.0.1:2/token", false));
        for realm in [
            "http://b.example/token",
            "https://10.0.0.1/token",
            "https://[fe80::1]/token",
            "https://2130706433/token",
            "https://localhost/token",
            "http://127.0.0.1/token",
            "https://me:pw@a.example/token",
            "file:///etc/hostname",
            "javascript:1",
            "token",
            "",
        ] {
            assert!(!allowed("a.example", realm, false), "{realm}");
        }
    }
}
