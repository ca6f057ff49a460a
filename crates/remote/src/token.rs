//! Asking a token service for leave (distribution "Token Authentication Specification").

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue};
use reqwest::{Method, Request, Response, StatusCode, Url};
use serde::Deserialize;
use serde_json::Value;
use strata_spec::MAX_TOKEN_BYTES;
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};
use tokio::time::Instant;

use crate::authorization::{Grant, basic, secret_header};
use crate::challenge::Challenge;
use crate::exchange::{Ask, Subject};
use crate::helper::TOKEN_NAME;
use crate::redirect::{self, MAX_REDIRECTS};
use crate::refusal::{is_html, refusal};
use crate::watcher::{Label, Purpose};
use crate::{Client, Login, RemoteError, body, origin, realm};

/// How we call ourselves to token services.
const CLIENT_ID: &str = "strata";
/// How long a token lives that does not say.
const DEFAULT_LIFE: Duration = Duration::from_secs(60);
/// The longest that a token is kept, whatever it says.
const LONGEST_LIFE: Duration = Duration::from_secs(3600);

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    expires_in: Option<Value>,
    #[serde(default)]
    issued_at: Option<String>,
}

impl Client {
    /// Gets a token for what a request needs. What else the challenge may ask for is not repeated.
    pub(crate) async fn token(
        &self,
        ask: &Ask,
        challenge: &Challenge,
        login: Option<&Login>,
    ) -> Result<Grant, RemoteError> {
        let named = challenge.parameter("realm").unwrap_or_default();
        let trusted = &self.options().trusted_realms;
        let realm = realm::check(&ask.endpoint, named, login.is_some(), trusted)?;
        let mut fields = Vec::new();
        if let Some(service) = challenge.parameter("service") {
            fields.push(("service", service.to_owned()));
        }
        fields.extend(ask.scope().map(|scope| ("scope", scope)));
        fields.push(("client_id", CLIENT_ID.to_owned()));
        let request = match login {
            Some(Login::IdentityToken(token)) => {
                let exchange = [
                    ("grant_type", "refresh_token".to_owned()),
                    ("refresh_token", token.expose().to_owned()),
                ];
                post(&realm, &[fields.as_slice(), &exchange].concat())
            }
            Some(Login::Password { username, password }) => {
                fields.push(("account", username.clone()));
                let header = basic(&ask.endpoint.registry, username, password.expose())?;
                get(&realm, &fields, Some(header))
            }
            None => get(&realm, &fields, None),
        };
        let asked = Instant::now();
        let mut response = self.ask_realm(ask, request).await?;
        if let Some(Login::IdentityToken(token)) = login
            && matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)
        {
            // A service from before OAuth 2: it takes the token where a password would be.
            let header = basic(&ask.endpoint.registry, TOKEN_NAME, token.expose())?;
            response = self.ask_realm(ask, get(&realm, &fields, Some(header))).await?;
        }
        if !response.status().is_success() {
            return Err(realm_refusal(ask, response, login.is_some()).await);
        }
        self.read_token(ask, &realm, response, asked, login.is_some()).await
    }

    /// Sends a token request. Its redirects stay within the origin that was checked.
    async fn ask_realm(&self, ask: &Ask, mut request: Request) -> Result<Response, RemoteError> {
        let registry = ask.endpoint.registry.clone();
        let host = Some(origin::host_and_port(&ask.endpoint.root));
        let repository = ask.repository.clone();
        let purpose = Purpose::Token;
        let label = Label { purpose, registry, repository, subject: ask.scope(), host };
        for _ in 0..=MAX_REDIRECTS {
            let again = request.try_clone();
            let response = self.send(&label, request).await?;
            let Some(to) = redirect::target(&response)? else {
                return Ok(response);
            };
            match again {
                Some(mut next) if origin::same(response.url(), &to) => {
                    *next.url_mut() = to;
                    request = next;
                }
                _ => {
                    return Err(RemoteError::RedirectRefused {
                        url: origin::shown(response.url()),
                        to: origin::shown(&to),
                        reason: "a token service must not send us elsewhere",
                    });
                }
            }
        }
        Err(RemoteError::RedirectRefused {
            url: String::from("the token service"),
            to: String::from("itself"),
            reason: "there are too many in a row",
        })
    }

    async fn read_token(
        &self,
        ask: &Ask,
        realm: &Url,
        response: Response,
        asked: Instant,
        login: bool,
    ) -> Result<Grant, RemoteError> {
        let invalid = |reason| RemoteError::TokenInvalid {
            registry: ask.endpoint.registry.clone(),
            realm: origin::shown(realm),
            reason,
        };
        if is_html(&response) {
            return Err(invalid("it is a page for browsers"));
        }
        let date = date(response.headers());
        let body = body::read(response, MAX_TOKEN_BYTES, self.options().idle_timeout).await?;
        let answer: Answer =
            serde_json::from_slice(&body).map_err(|_| invalid("it is not of the known form"))?;
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
        let token = filled(answer.token)
            .or(filled(answer.access_token))
            .ok_or_else(|| invalid("it holds no token"))?;
        let header = secret_header(&format!("Bearer {token}"))
            .ok_or_else(|| invalid("the token does not fit into a header"))?;
        let life = life(answer.expires_in.as_ref());
        let life = life.saturating_sub(age(answer.issued_at.as_deref(), date));
        Ok(Grant { header, login, expires: Some(asked + life) })
    }
}

/// How long a token is used: a little shorter than it lives. One that has no time left serves one request.
fn life(expires_in: Option<&Value>) -> Duration {
    let seconds = expires_in.and_then(Value::as_f64);
    let life = match seconds {
        None => DEFAULT_LIFE,
        Some(seconds) => Duration::try_from_secs_f64(seconds).unwrap_or(if seconds > 0.0 {
            LONGEST_LIFE
        } else {
            Duration::ZERO
        }),
    };
    life.min(LONGEST_LIFE) * 9 / 10
}

/// What the service's clock says.
fn date(headers: &HeaderMap) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(headers.get(DATE)?.to_str().ok()?, &Rfc2822).ok()
}

/// How long ago a token was issued, by the service's clock alone: ours may be set to anything.
fn age(issued_at: Option<&str>, now: Option<OffsetDateTime>) -> Duration {
    let issued = issued_at.and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
    let age = issued.zip(now).map(|(issued, now)| now - issued);
    age.and_then(|age| age.try_into().ok()).unwrap_or_default()
}

async fn realm_refusal(ask: &Ask, response: Response, tried_login: bool) -> RemoteError {
    let status = response.status();
    // Seen as the registry's own answer: its token service speaks for it.
    let mut seen = ask.clone();
    seen.url = response.url().clone();
    // It refuses us, not what we asked the registry for.
    seen.subject = Subject::Root;
    let refused = refusal(&seen, response, tried_login).await;
    let (registry, repository) = (ask.endpoint.registry.clone(), ask.repository.clone());
    match refused {
        RemoteError::Denied { words, .. } => {
            RemoteError::Unauthorized { registry, repository, tried_login, words }
        }
        // Services answer a wrong identity token with 400 (RFC 6749, 5.2).
        RemoteError::Unexpected { words, .. } if status == StatusCode::BAD_REQUEST => {
            RemoteError::Unauthorized { registry, repository, tried_login, words }
        }
        passing @ (RemoteError::RateLimited { .. }
        | RemoteError::Server { .. }
        | RemoteError::Unauthorized { .. }) => passing,
        _ => RemoteError::TokenInvalid {
            registry,
            realm: origin::shown(&seen.url),
            reason: "it is an error",
        },
    }
}

fn get(realm: &Url, fields: &[(&str, String)], authorization: Option<HeaderValue>) -> Request {
    let mut url = realm.clone();
    url.query_pairs_mut().extend_pairs(fields);
    let mut request = Request::new(Method::GET, url);
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(authorization) = authorization {
        request.headers_mut().insert(AUTHORIZATION, authorization);
    }
    request
}

fn post(realm: &Url, fields: &[(&str, String)]) -> Request {
    let mut form = realm.clone();
    form.set_query(None);
    form.query_pairs_mut().extend_pairs(fields);
    let mut request = Request::new(Method::POST, realm.clone());
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    *request.body_mut() = form.query().map(|query| query.to_owned().into());
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_token_is_not_used_to_its_last_second() {
        let seconds = |value: Value| life(Some(&value)).as_secs();
        assert_eq!(life(None).as_secs(), 54);
        assert_eq!(seconds(json!(300)), 270);
        assert_eq!(seconds(json!(0)), 0);
        assert_eq!(seconds(json!(-5)), 0);
        assert_eq!(seconds(json!(1e300)), 3240);
        assert_eq!(seconds(json!("soon")), 54);
    }

    #[test]
    fn a_token_from_a_cache_has_its_age_behind_it() {
        let now = OffsetDateTime::parse("Sun, 06 Nov 1994 08:50:00 GMT", &Rfc2822).ok();
        let seconds = |issued: Option<&str>| age(issued, now).as_secs();
        assert_eq!(seconds(Some("1994-11-06T08:49:00Z")), 60);
        assert_eq!(seconds(Some("1994-11-06T09:00:00Z")), 0);
        assert_eq!(seconds(Some("yesterday")), 0);
        assert_eq!(seconds(None), 0);
        assert_eq!(age(Some("1994-11-06T08:49:00Z"), None).as_secs(), 0);
    }
}
