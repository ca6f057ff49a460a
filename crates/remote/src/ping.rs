//! Whether there is a registry, and whether it lets us in.

use reqwest::Method;

use crate::endpoint::Endpoint;
use crate::exchange::{Ask, HasLogin, Subject};
use crate::refusal::is_html;
use crate::watcher::version;
use crate::{Client, RemoteError, origin};

/// What a registry answered when it was asked for nothing but an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pong {
    /// It let us in with a login; otherwise it wanted none, or lets anybody in.
    pub signed_in: bool,
    /// The version of HTTP: `HTTP/2.0`.
    pub http_version: String,
}

impl Client {
    /// Asks a registry for nothing but an answer, signed in if it wants that and there is a login.
    ///
    /// # Errors
    /// [`RemoteError`]; [`RemoteError::NotARegistry`] if something else answers, [`RemoteError::Unauthorized`] if it
    /// does not let us in.
    pub async fn ping(&self, registry: &str) -> Result<Pong, RemoteError> {
        let endpoint = Endpoint::of(registry, self.options())?;
        let url = endpoint.url("/v2/");
        let ask = Ask {
            endpoint,
            repository: String::new(),
            subject: Subject::Root,
            method: Method::GET,
            url,
            accept: "application/json",
            from: 0,
        };
        let ask = self.at_home(&ask)?;
        let response = self.exchange(&ask).await?;
        if is_html(&response) {
            return Err(RemoteError::NotARegistry {
                registry: registry.to_owned(),
                url: origin::shown(&ask.url),
                found: "a page for browsers".to_owned(),
            });
        }
        Ok(Pong {
            signed_in: response.extensions().get::<HasLogin>().is_some_and(|login| login.0),
            http_version: version(response.version()).to_owned(),
        })
    }
}
