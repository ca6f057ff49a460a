//! Who we are to a registry.

use std::fmt;

use crate::RemoteError;

/// A text that is never shown: a password or token.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, to be sent and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How to sign in at a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// A name and a password (or what a registry takes in its place).
    Password {
        /// The name.
        username: String,
        /// The password.
        password: Secret,
    },
    /// A token that a token service exchanges for others (OAuth 2 refresh token).
    IdentityToken(Secret),
}

/// Where logins come from. Asked only when a registry wants one; may block.
pub trait Credentials: Send + Sync {
    /// The login for a registry, named as references name it (`docker.io`, `localhost:5150`).
    ///
    /// # Errors
    /// Anything that keeps a login that is there from being read. It ends the request: nobody is asked with another
    /// login, or with none, in its place.
    fn lookup(&self, registry: &str) -> Result<Option<Login>, RemoteError>;

    /// The login for one repository. Where there is none of its own it is that for its registry.
    ///
    /// # Errors
    /// As [`Credentials::lookup`].
    fn lookup_repository(
        &self,
        registry: &str,
        repository: &str,
    ) -> Result<Option<Login>, RemoteError> {
        let _ = repository;
        self.lookup(registry)
    }
}

/// Nobody: no login for any registry.
#[derive(Debug, Clone, Copy, Default)]
pub struct Anonymous;

impl Credentials for Anonymous {
    fn lookup(&self, _registry: &str) -> Result<Option<Login>, RemoteError> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let password = Secret::new("hunter2");
        let login = Login::Password { username: "a".to_owned(), password };
        assert!(!format!("{login:?}").contains("hunter2"));
    }
}
