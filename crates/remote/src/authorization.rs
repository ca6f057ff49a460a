//! Signing in: from a registry's challenge to a header, and remembering it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Response;
use reqwest::header::{HeaderValue, WWW_AUTHENTICATE};
use tokio::time::Instant;

use crate::challenge::{self, Challenge};
use crate::exchange::Ask;
use crate::refusal::refusal;
use crate::{Client, Login, RemoteError, realm};

/// How many repositories' grants are remembered.
const MAX_GRANTS: usize = 1024;

/// Leave to ask: the header that says so.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    /// The value of `Authorization`; marked as secret.
    pub header: HeaderValue,
    /// Whether a login is behind it.
    pub login: bool,
    /// When it runs out, by a clock that nobody sets.
    pub expires: Option<Instant>,
}

/// The grants that are known, by registry and scope.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    known: Mutex<HashMap<(String, String), Grant>>,
}

impl Grants {
    /// The grant for a request, if it has not run out.
    pub fn known(&self, ask: &Ask) -> Option<Grant> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&key(ask)).filter(|grant| !grant.is_over(Instant::now())).cloned()
    }

    /// Forgets the grant for a request.
    pub fn forget(&self, ask: &Ask) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&key(ask));
    }

    fn remember(&self, ask: &Ask, grant: Grant) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_GRANTS {
            let now = Instant::now();
            known.retain(|_, grant| !grant.is_over(now));
        }
        if known.len() >= MAX_GRANTS {
            known.clear();
        }
        known.insert(key(ask), grant);
    }
}

impl Grant {
    fn is_over(&self, now: Instant) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

fn key(ask: &Ask) -> (String, String) {
    (ask.endpoint.registry.clone(), ask.scope().unwrap_or_default())
}

impl Client {
    /// Answers a registry's 401: finds the login, and what is to be shown in its place.
    pub(crate) async fn authorize(
        &self,
        ask: &Ask,
        refused: Response,
    ) -> Result<Grant, RemoteError> {
        let challenges: Vec<Challenge> = refused
            .headers()
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(challenge::parse)
            .collect();
        let login = self.login(ask).await?;
        let offered = |scheme: &'static str| {
            challenges.iter().filter(move |offer: &&Challenge| offer.scheme == scheme)
        };
        let trusted = &self.options().trusted_realms;
        let is_fine = |offer: &&Challenge| {
            let named = offer.parameter("realm").unwrap_or_default();
            realm::check(&ask.endpoint, named, login.is_some(), trusted).is_ok()
        };
        let grant = match (offered("bearer").find(is_fine), offered("basic").next(), &login) {
            (Some(bearer), _, _) => self.token(ask, bearer, login.as_ref()).await?,
            (None, Some(_), Some(Login::Password { username, password })) => Grant {
                header: basic(&ask.endpoint.registry, username, password.expose())?,
                login: true,
                expires: None,
            },
            _ => match offered("bearer").next() {
                // Says why it must not be asked.
                Some(bearer) => self.token(ask, bearer, login.as_ref()).await?,
                None => return Err(refusal(ask, refused, false).await),
            },
        };
        self.grants().remember(ask, grant.clone());
        Ok(grant)
    }

    /// Looks for a login where it does not hold up other requests: files are read and helpers run for it.
    async fn login(&self, ask: &Ask) -> Result<Option<Login>, RemoteError> {
        let credentials = Arc::clone(&self.options().credentials);
        let (registry, repository) = (ask.endpoint.registry.clone(), ask.repository.clone());
        let looked = tokio::task::spawn_blocking(move || match repository.as_str() {
            "" => credentials.lookup(&registry),
            repository => credentials.lookup_repository(&registry, repository),
        });
        let registry = ask.endpoint.registry.clone();
        looked.await.map_err(|_| RemoteError::LookupLost { registry })?
    }
}

/// The header of a name and password (RFC 7617).
pub(crate) fn basic(
    registry: &str,
    username: &str,
    password: &str,
) -> Result<HeaderValue, RemoteError> {
    if username.contains(':') {
        let registry = registry.to_owned();
        return Err(RemoteError::LoginInvalid { registry, reason: "the name has a colon in it" });
    }
    let pair = STANDARD.encode(format!("{username}:{password}"));
    secret_header(&format!("Basic {pair}")).ok_or_else(|| RemoteError::LoginInvalid {
        registry: registry.to_owned(),
        reason: "it does not fit into a header",
    })
}

/// A header that is not shown in logs. `None` if the text has line ends or the like in it.
pub(crate) fn secret_header(text: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(text).ok()?;
    header.set_sensitive(true);
    Some(header)
}
