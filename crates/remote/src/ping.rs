//! Whether there is a registry, and whether it lets us in.

use reqwest::Method;

use crate::endpoint::Endpoint;
use crate::exchange::{Ask, Subject};
use crate::refusal::is_html;
use crate::{Client, RemoteError, origin};

impl Client {
    /// Asks a registry for nothing but an answer, signed in if it wants that and there is a login.
    ///
    /// # Errors
    /// [`RemoteError`]; [`RemoteError::NotARegistry`] if something else answers, [`RemoteError::Unauthorized`] if it
    /// does not let us in.
    pub async fn ping(&self, registry: &str) -> Result<(), RemoteError> {
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
        let response = self.exchange(&ask).await?;
        if is_html(&response) {
            return Err(RemoteError::NotARegistry {
                registry: registry.to_owned(),
                url: origin::shown(&ask.url),
                found: "a page for browsers".to_owned(),
            });
        }
        Ok(())
    }
}
