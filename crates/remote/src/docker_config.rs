//! The files in which Docker and Podman keep logins (`config.json`, `auth.json`).

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;

use crate::endpoint::DOCKER_HUB;
use crate::{Login, RemoteError, Secret, helper};

/// What Docker's registry is called in these files.
const DOCKER_HUB_KEY: &str = "https://index.docker.io/v1/";
/// Names of Docker's registry that were seen in such files, the usual one first.
const DOCKER_HUB_KEYS: [&str; 5] = [
    DOCKER_HUB_KEY,
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "https://registry-1.docker.io",
];
/// Base64 as it is found in the wild: with and without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The logins of one file, and the helpers that keep others. Fields that are not about logins are not read.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DockerConfig {
    #[serde(default)]
    auths: Option<BTreeMap<String, Entry>>,
    #[serde(default)]
    creds_store: Option<String>,
    #[serde(default)]
    cred_helpers: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Default, Deserialize)]
struct Entry {
    #[serde(default)]
    auth: Option<String>,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    identitytoken: Option<String>,
}

impl DockerConfig {
    /// Reads a file's text.
    ///
    /// # Errors
    /// [`RemoteError::LoginFile`] if it is not JSON of the known form.
    pub fn parse(text: &[u8]) -> Result<Self, RemoteError> {
        if text.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        serde_json::from_slice(text)
            .map_err(|error| RemoteError::LoginFile { line: error.line(), column: error.column() })
    }

    /// The login for a registry, named as references name it. A helper for this registry wins over the store for
    /// all, and that over what stands in the file. May run a helper, for at most ten seconds.
    ///
    /// # Errors
    /// [`RemoteError::HelperFailed`], [`RemoteError::LoginInvalid`].
    pub fn lookup(&self, registry: &str) -> Result<Option<Login>, RemoteError> {
        let names = names(registry);
        let helpers = self.cred_helpers.iter().flatten();
        for (host, program) in helpers {
            if names.iter().any(|name| host == name) {
                return helper::get(program, registry, server(registry));
            }
        }
        if let Some(program) = self.creds_store.as_ref().filter(|program| !program.is_empty())
            && let Some(login) = helper::get(program, registry, server(registry))?
        {
            return Ok(Some(login));
        }
        let auths = self.auths.iter().flatten();
        let found = names.iter().find_map(|name| {
            auths.clone().find(|(key, _)| *key == name).filter(|(_, entry)| entry.is_filled())
        });
        let found = found.or_else(|| {
            auths.clone().find(|(key, entry)| host_of(key) == registry && entry.is_filled())
        });
        found.map(|(_, entry)| entry.login(registry)).transpose()
    }
}

impl DockerConfig {
    /// The login for a repository: podman keeps logins for a part of a registry under `host/path`, of which the longest
    /// counts. A helper for the registry wins over them; without any it is the login for the registry.
    ///
    /// # Errors
    /// As [`DockerConfig::lookup`].
    pub fn lookup_repository(
        &self,
        registry: &str,
        repository: &str,
    ) -> Result<Option<Login>, RemoteError> {
        let names = names(registry);
        let has_helper = self.cred_helpers.iter().flatten().any(|(host, _)| names.contains(host));
        let auths = self.auths.as_ref().filter(|_| !has_helper);
        let mut part = repository;
        while let Some(auths) = auths
            && !part.is_empty()
        {
            let key = format!("{registry}/{part}");
            if let Some(entry) = auths.get(&key).filter(|entry| entry.is_filled()) {
                return entry.login(registry).map(Some);
            }
            part = part.rsplit_once('/').map_or("", |(above, _)| above);
        }
        self.lookup(registry)
    }
}

/// A login that a file tells of. Its password is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLogin {
    /// The registry, as references name it.
    pub registry: String,
    /// The user, where it stands in the file.
    pub username: Option<String>,
    /// The helper that keeps the password, where that is not the file itself.
    pub helper: Option<String>,
}

impl DockerConfig {
    /// The registries that the file has logins for. What a helper keeps is only known as far as the file names the
    /// registry.
    #[must_use]
    pub fn hosts(&self) -> Vec<KnownLogin> {
        let store = self.creds_store.as_ref().filter(|program| !program.is_empty());
        let mut found = Vec::new();
        for (key, entry) in self.auths.iter().flatten() {
            let Some(registry) = registry_of(key) else { continue };
            let helper = store.filter(|_| !entry.is_filled()).cloned();
            if entry.is_filled() || helper.is_some() {
                let username = match entry.login(&registry) {
                    Ok(Login::Password { username, .. }) if !username.is_empty() => Some(username),
                    _ => None,
                };
                found.push(KnownLogin { registry, username, helper });
            }
        }
        for (key, program) in self.cred_helpers.iter().flatten() {
            let Some(registry) = registry_of(key) else { continue };
            found.retain(|other| other.registry != registry);
            found.push(KnownLogin { registry, username: None, helper: Some(program.clone()) });
        }
        found
    }
}

impl Entry {
    fn is_filled(&self) -> bool {
        let filled = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        filled(&self.auth) || filled(&self.username) || filled(&self.identitytoken)
    }

    fn login(&self, registry: &str) -> Result<Login, RemoteError> {
        let invalid = |reason| RemoteError::LoginInvalid { registry: registry.to_owned(), reason };
        if let Some(token) = self.identitytoken.as_ref().filter(|token| !token.is_empty()) {
            return Ok(Login::IdentityToken(Secret::new(token)));
        }
        let Some(pair) = self.auth.as_ref().filter(|auth| !auth.is_empty()) else {
            let username = self.username.clone().unwrap_or_default();
            let password = Secret::new(self.password.clone().unwrap_or_default());
            return Ok(Login::Password { username, password });
        };
        let pair = BASE64
            .decode(pair.trim())
            .ok()
            .and_then(|pair| String::from_utf8(pair).ok())
            .ok_or_else(|| invalid("it is not base64 in the file of logins"))?;
        let (username, password) =
            pair.split_once(':').ok_or_else(|| invalid("it has no colon in the file of logins"))?;
        // Docker has written zero bytes after passwords.
        let password = Secret::new(password.trim_end_matches('\0'));
        Ok(Login::Password { username: username.to_owned(), password })
    }
}

impl fmt::Debug for DockerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DockerConfig")
            .field("auths", &self.auths.as_ref().map(BTreeMap::len))
            .field("creds_store", &self.creds_store)
            .field("cred_helpers", &self.cred_helpers)
            .finish()
    }
}

/// The names under which a registry may stand.
fn names(registry: &str) -> Vec<String> {
    if registry == DOCKER_HUB {
        return DOCKER_HUB_KEYS.map(str::to_owned).to_vec();
    }
    vec![registry.to_owned(), format!("https://{registry}"), format!("http://{registry}")]
}

/// The name that helpers know a registry by.
pub(crate) fn server(registry: &str) -> &str {
    if registry == DOCKER_HUB { DOCKER_HUB_KEY } else { registry }
}

/// The registry that a key is for, as references name it.
fn registry_of(key: &str) -> Option<String> {
    if DOCKER_HUB_KEYS.contains(&key) {
        return Some(DOCKER_HUB.to_owned());
    }
    Some(host_of(key)).filter(|host| !host.is_empty()).map(str::to_owned)
}

/// The host of a key such as `https://registry.example/v1/`. Keys for one repository only (`host/name`) have none.
fn host_of(key: &str) -> &str {
    let bare = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://")).unwrap_or(key);
    match bare.split_once('/') {
        None => bare,
        Some((host, "" | "v1" | "v1/" | "v2" | "v2/")) => host,
        Some(_) => "",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn lookup(text: &str, registry: &str) -> Option<(String, String)> {
        match DockerConfig::parse(text.as_bytes()).unwrap().lookup(registry).unwrap() {
            Some(Login::Password { username, password }) => {
                Some((username, password.expose().to_owned()))
            }
            Some(Login::IdentityToken(token)) => {
                Some(("<token>".to_owned(), token.expose().to_owned()))
            }
            None => None,
        }
    }

    fn pair(username: &str, password: &str) -> Option<(String, String)> {
        Some((username.to_owned(), password.to_owned()))
    }

    #[test]
    fn a_login_is_found_under_its_registry() {
        let text = r#"{"auths": {
            "https://index.docker.io/v1/": {"auth": "aHViOnA6dw=="},
            "https://old.example/v1/": {"username": "me", "password": "pw"},
            "r.example:5000": {"auth": "YTpiAA"},
            "r.example/team": {"auth": "dGVhbTp4"},
            "t.example": {"auth": "", "identitytoken": "tok"},
            "empty.example": {}
        }, "HttpHeaders": {"x": 1}}"#;
        assert_eq!(lookup(text, "docker.io"), pair("hub", "p:w"));
        assert_eq!(lookup(text, "old.example"), pair("me", "pw"));
        assert_eq!(lookup(text, "r.example:5000"), pair("a", "b"));
        assert_eq!(lookup(text, "t.example"), pair("<token>", "tok"));
        for other in ["empty.example", "r.example", "example", "ld.example"] {
            assert_eq!(lookup(text, other), None, "{other}");
        }
    }

    #[test]
    fn a_file_tells_which_logins_it_has_and_no_password() {
        let text = r#"{"credsStore": "desktop", "auths": {
            "https://index.docker.io/v1/": {}, "r.example:5000": {"auth": "bWU6c2VjcmV0"}, "r.example/team": {"auth": "YTpi"}
        }, "credHelpers": {"gcr.io": "gcloud"}}"#;
        let hosts = DockerConfig::parse(text.as_bytes()).unwrap().hosts();
        let told: Vec<_> = hosts
            .iter()
            .map(|host| (host.registry.as_str(), host.username.as_deref(), host.helper.as_deref()))
            .collect();
        let expected = [
            ("docker.io", None, Some("desktop")),
            ("r.example:5000", Some("me"), None),
            ("gcr.io", None, Some("gcloud")),
        ];
        assert_eq!(told, expected);
        assert!(!format!("{hosts:?}").contains("secret"));
    }

    #[test]
    fn a_login_for_a_part_of_a_registry_is_used_there_and_the_longest_counts() {
        let text = r#"{"auths": {
            "r.example": {"auth": "YWxsOng="},
            "r.example/team": {"auth": "dGVhbTp4"},
            "r.example/team/app": {"auth": "YXBwOng="},
            "docker.io/mine": {"auth": "bWluZTp4"},
            "h.example/team": {"auth": "dGVhbTp4"}
        }, "credHelpers": {"h.example": "strata-test-that-does-not-exist"}}"#;
        let config = DockerConfig::parse(text.as_bytes()).unwrap();
        let user = |registry, repository| match config.lookup_repository(registry, repository) {
            Ok(Some(Login::Password { username, .. })) => username,
            other => panic!("{other:?}"),
        };
        assert_eq!(user("r.example", "team/app"), "app");
        assert_eq!(user("r.example", "team/app/deep"), "app");
        assert_eq!(user("r.example", "team/other"), "team");
        assert_eq!(user("r.example", "team2/app"), "all");
        assert_eq!(user("docker.io", "mine/x"), "mine");
        assert_eq!(config.lookup_repository("docker.io", "other/x").unwrap(), None);
        assert!(config.lookup_repository("h.example", "team/x").is_err());
    }

    #[test]
    fn an_empty_file_holds_nothing() {
        for text in ["", " \n", "{}", r#"{"auths": null, "credHelpers": null, "credsStore": ""}"#] {
            assert_eq!(lookup(text, "docker.io"), None);
        }
        assert!(DockerConfig::parse(b"\"x\"").is_err());
        assert!(DockerConfig::parse(b"{\"auths\": 1}").is_err());
        let secret = DockerConfig::parse(b"{\"auths\": \"hunter2\"}").unwrap_err();
        assert!(!format!("{secret} {secret:?}").contains("hunter2"));
    }

    #[test]
    fn what_is_broken_is_said_without_quoting_it() {
        for auth in ["%%%", "bm9jb2xvbg==", "/w=="] {
            let text = format!(r#"{{"auths": {{"r.example": {{"auth": "{auth}"}}}}}}"#);
            let config = DockerConfig::parse(text.as_bytes()).unwrap();
            let error = config.lookup("r.example").unwrap_err();
            assert!(!error.to_string().contains(auth));
            assert!(!format!("{config:?}").contains(auth));
        }
    }

    #[test]
    fn a_helper_that_is_no_name_is_never_run() {
        let text = r#"{"credsStore": "../../tmp/x", "auths": {"r.example": {"auth": "YTpi"}}}"#;
        let config = DockerConfig::parse(text.as_bytes()).unwrap();
        let error = config.lookup("r.example").unwrap_err();
        assert!(matches!(error, RemoteError::HelperFailed { .. }), "{error}");
    }
}
