//! Where a redirect may lead.

use reqwest::header::LOCATION;
use reqwest::{Response, StatusCode, Url};

use crate::{RemoteError, origin};

/// How many redirects in a row are followed.
pub(crate) const MAX_REDIRECTS: usize = 5;

/// The target of a redirect, if the answer is one and its target may be asked.
///
/// From TLS to plain HTTP is refused, and so is a way from elsewhere into this machine: a registry must not make us
/// ask what only we can reach.
pub(crate) fn target(response: &Response) -> Result<Option<Url>, RemoteError> {
    use StatusCode as S;
    let redirects = [S::MOVED_PERMANENTLY, S::FOUND, S::SEE_OTHER].contains(&response.status())
        || [S::TEMPORARY_REDIRECT, S::PERMANENT_REDIRECT].contains(&response.status());
    if !redirects {
        return Ok(None);
    }
    let from = response.url();
    let Some(location) = response.headers().get(LOCATION) else {
        return Ok(None);
    };
    let refused = |to: String, reason| {
        Err(RemoteError::RedirectRefused { url: origin::shown(from), to, reason })
    };
    let Some(to) = location.to_str().ok().and_then(|text| from.join(text).ok()) else {
        let to = origin::shown_text(&String::from_utf8_lossy(location.as_bytes()));
        return refused(to, "it is not a URL");
    };
    match reason_against(from, &to) {
        None => Ok(Some(to)),
        Some(reason) => refused(origin::shown(&to), reason),
    }
}

fn reason_against(from: &Url, to: &Url) -> Option<&'static str> {
    if !to.username().is_empty() || to.password().is_some() {
        return Some("it carries a login");
    }
    if origin::same(from, to) {
        return None;
    }
    match to.scheme() {
        "https" => {}
        "http" if from.scheme() == "http" => {}
        "http" => return Some("it leaves the trusted connection"),
        _ => return Some("it leads out of HTTP"),
    }
    if origin::is_loopback(to) && !origin::is_loopback(from) {
        return Some("it leads into this machine");
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn some_ways_are_closed() {
        let allowed = |from: &str, to: &str| {
            reason_against(&Url::parse(from).unwrap(), &Url::parse(to).unwrap()).is_none()
        };
        assert!(allowed("https://r.example/", "https://cdn.example/x?sig=1"));
        assert!(allowed("https://r.example/a", "https://r.example/b"));
        assert!(allowed("http://127.0.0.1:1/", "http://localhost:2/"));
        assert!(!allowed("https://r.example/", "http://cdn.example/x"));
        assert!(!allowed("https://r.example/", "https://127.0.0.1/x"));
        assert!(!allowed("https://r.example/", "https://localhost/x"));
        assert!(!allowed("https://r.example/", "https://me:pw@cdn.example/x"));
        assert!(!allowed("https://r.example/", "https://me@r.example/x"));
        assert!(!allowed("http://127.0.0.1:1/", "file:///etc/hostname"));
        assert!(!allowed("http://127.0.0.1:1/", "ftp://127.0.0.1/x"));
    }
}
