//! Whether a request meant this server. A page in a browser can let its own name point to this machine (DNS
//! rebinding) and would then be allowed to read what is served here; the name it sends gives it away.

use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;

/// The names of this machine for itself.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Whether each host that the request names is accepted, and it names one.
pub(crate) fn is_accepted(request: &Parts, hosts: &[String]) -> bool {
    let mut named = request.headers.get_all(HOST).iter();
    let (Some(first), None) = (named.next(), named.next()) else {
        return false;
    };
    let header = first.to_str().unwrap_or_default();
    let target = request.uri.authority().map(Authority::as_str);
    is_known(header, hosts) && target.is_none_or(|target| is_known(target, hosts))
}

fn is_known(text: &str, hosts: &[String]) -> bool {
    let host = match text.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => text,
    };
    let is = |known: &str| known.eq_ignore_ascii_case(host);
    LOOPBACK.iter().any(|known| is(known)) || hosts.iter().any(|known| is(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_and_the_named_hosts_are_known() {
        let hosts = ["desk.lan".to_owned(), "[fd00::1]".to_owned()];
        for known in [
            "localhost",
            "LocalHost:5150",
            "127.0.0.1:1",
            "[::1]",
            "[::1]:5150",
            "desk.lan:5150",
            "[fd00::1]:80",
            "[fd00::1]",
        ] {
            assert!(is_known(known, &hosts), "{known}");
        }
        for strange in [
            "",
            ":5150",
            "evil.example",
            "localhost.evil.example",
            "localhost@evil.example",
            "127.0.0.1.nip.example",
            "127.0.0.2",
            "::1",
            "localhost:80:80",
        ] {
            assert!(!is_known(strange, &hosts), "{strange}");
        }
    }
}
