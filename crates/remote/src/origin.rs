//! Who a URL belongs to: scheme, host and port (RFC 6454). Logins belong to an origin and never leave it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// Whether two URLs have one origin.
pub(crate) fn same(left: &Url, right: &Url) -> bool {
    left.scheme() == right.scheme()
        && left.host_str() == right.host_str()
        && left.port_or_known_default() == right.port_or_known_default()
}

/// The address that a URL's host is written as, if it is one.
pub(crate) fn address(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}

/// Whether a URL points to this machine: `localhost`, 127.0.0.0/8 or ::1.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match address(url) {
        Some(IpAddr::V4(address)) => address.is_loopback(),
        Some(IpAddr::V6(address)) => {
            address == Ipv6Addr::LOCALHOST
                || address.to_ipv4_mapped().is_some_and(|mapped| Ipv4Addr::is_loopback(&mapped))
        }
        None => url.host_str().is_some_and(|host| {
            let host = host.strip_suffix('.').unwrap_or(host);
            host == "localhost"
        }),
    }
}

/// The host, with its port where that is not the scheme's usual one.
pub(crate) fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// A URL for people: without user, query and fragment, where secrets are.
pub(crate) fn shown(url: &Url) -> String {
    format!("{}://{}{}", url.scheme(), host_and_port(url), url.path())
}

/// The longest text of a stranger that stands for a URL, in letters.
const MAX_SHOWN: usize = 200;

/// The same for a text that should have been a URL and is none: a stranger's, and nobody knows where its secrets are.
pub(crate) fn shown_text(text: &str) -> String {
    let plain = text.split(['?', '#']).next().unwrap_or_default();
    let plain = plain.rsplit('@').next().unwrap_or_default();
    let letter = |letter: char| if letter.is_control() { '\u{fffd}' } else { letter };
    plain.chars().take(MAX_SHOWN).map(letter).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert!(same(&url("https://a.example/x"), &url("https://a.example:443/y")));
        for other in ["http://a.example/", "https://a.example:444/", "https://b.example/"] {
            assert!(!same(&url("https://a.example/"), &url(other)), "{other}");
        }
    }

    #[test]
    fn loopback_has_several_names() {
        for text in ["http://localhost:1", "http://127.9.9.9", "http://[::1]:2", "http://0x7f.1/"] {
            assert!(is_loopback(&url(text)), "{text}");
        }
        for text in ["http://localhost.example", "http://10.0.0.1", "http://127.0.0.1.nip.io"] {
            assert!(!is_loopback(&url(text)), "{text}");
        }
    }

    #[test]
    fn what_is_shown_has_no_secrets() {
        let shown = shown(&url("https://me:pw@h.example:8443/p?X-Signature=s#f"));
        assert_eq!(shown, "https://h.example:8443/p");
        assert_eq!(shown_text("https://me:pw@[h/p\u{1b}?X-Signature=s"), "[h/p\u{fffd}");
        assert_eq!(shown_text(&"x".repeat(9000)).len(), MAX_SHOWN);
    }
}
