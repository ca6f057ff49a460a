//! Signing in and out: a login is tried before it is kept.

use std::fmt;
use std::sync::Arc;

use strata_remote::{Client, ClientOptions, Credentials, Login, RemoteError, Secret};

use crate::api::{
    LoginPlace, RealmApprove, SignIn, SignedOut, Topic, TrustedRealmSetting, UserError,
};
use crate::app::{App, on_thread};
use crate::error::AppError;

/// One login, for one registry.
struct Trial {
    registry: String,
    login: Login,
}

impl Credentials for Trial {
    fn lookup(&self, registry: &str) -> Result<Option<Login>, RemoteError> {
        Ok((registry == self.registry).then(|| self.login.clone()))
    }
}

impl fmt::Debug for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trial").field("registry", &self.registry).finish_non_exhaustive()
    }
}

impl App {
    /// Tries a login at its registry, and keeps it where it is wanted.
    ///
    /// # Errors
    /// If the registry does not answer or does not accept it, or it cannot be kept. It is then not kept.
    pub async fn sign_in(&self, who: SignIn) -> Result<(), UserError> {
        let SignIn { registry, username, password, keep } = who;
        let password = Secret::new(password);
        let login = Login::Password { username: username.clone(), password: password.clone() };
        self.try_login(&registry, &login).await?;
        if keep == LoginPlace::Session {
            self.remember(&registry, login);
        } else {
            let inner = Arc::clone(&self.inner);
            let named = registry.clone();
            on_thread("a login", move || {
                inner.logins.kept().keep(&named, &username, &password, &keep)?;
                Ok(())
            })
            .await?;
            // What was typed before for this run would be used in its place.
            self.inner.logins.forget(&registry);
        }
        self.renew_client()?;
        self.tell(Topic::Registries);
        Ok(())
    }

    async fn try_login(&self, registry: &str, login: &Login) -> Result<(), AppError> {
        let trial = Trial { registry: registry.to_owned(), login: login.clone() };
        let options = ClientOptions { credentials: Arc::new(trial), ..self.client_options()? };
        self.observed(&Client::new(options)?).ping(registry).await?;
        Ok(())
    }

    /// Uses a login until Strata ends, without trying it.
    pub fn login_for_now(&self, registry: &str, username: &str, password: String) {
        let (username, password) = (username.to_owned(), Secret::new(password));
        self.remember(registry, Login::Password { username, password });
    }

    pub(crate) fn remember(&self, registry: &str, login: Login) {
        self.inner.logins.remember(registry, login);
    }

    /// Whether Strata keeps a login for a registry, beside what other tools keep. Blocks shortly.
    #[must_use]
    pub fn keeps_login(&self, registry: &str) -> bool {
        self.inner.logins.kept().list().contains_key(registry)
    }

    /// Forgets a login: the one of this run, and the one that Strata keeps. What other tools keep is theirs.
    ///
    /// # Errors
    /// If the keychain or helper does not let go of it.
    pub async fn sign_out(&self, registry: &str) -> Result<SignedOut, UserError> {
        self.inner.logins.forget(registry);
        let inner = Arc::clone(&self.inner);
        let named = registry.to_owned();
        let left = on_thread("a login", move || {
            inner.logins.kept().forget(&named)?;
            Ok(inner.logins.known().remove(&named))
        })
        .await;
        // Whatever was granted to that login is forgotten with the client that knew it.
        self.renew_client()?;
        self.tell(Topic::Registries);
        Ok(SignedOut { left: left? })
    }

    /// Allows a token service to see a registry's password, or no more.
    ///
    /// # Errors
    /// If the settings cannot be written.
    pub async fn realm_approve(&self, wanted: RealmApprove) -> Result<(), UserError> {
        let RealmApprove { registry, host, allow } = wanted;
        let pair = TrustedRealmSetting { registry, host };
        let mut settings = self.settings();
        settings.trusted_realms.retain(|other| *other != pair);
        if allow {
            settings.trusted_realms.push(pair);
        }
        self.settings_write(settings).await?;
        self.tell(Topic::Registries);
        Ok(())
    }
}
