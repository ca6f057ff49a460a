//! Which logins Strata keeps, and where. The passwords are not in here: they are in the keychain, or with a helper.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use strata_remote::{Login, RemoteError, Secret, helper_erase, helper_get, helper_store};

use crate::api::LoginPlace;
use crate::keychain::Keychain;
use crate::settings_file::replace;

/// A list larger than this is not one.
const MAX_BYTES: u64 = 1024 * 1024;

/// The logins that Strata keeps.
#[derive(Debug)]
pub struct KeptLogins {
    list: PathBuf,
    keychain: Arc<dyn Keychain>,
}

/// One of them, without its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptLogin {
    /// The user.
    pub username: String,
    /// Where the password is.
    pub place: LoginPlace,
}

/// Why a login could not be kept or forgotten.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The keychain did not do it.
    #[error("the system's keychain cannot keep or give back the login for `{registry}`: {reason}")]
    Keychain {
        /// The registry.
        registry: String,
        /// In the keychain's words.
        reason: String,
    },
    /// A credential helper did not do it.
    #[error(transparent)]
    Helper(#[from] RemoteError),
    /// The list of logins could not be written.
    #[error("cannot write the list of logins `{}`: {source}", path.display())]
    List {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl KeptLogins {
    /// Keeps the list at `list`, and passwords in `keychain` or with helpers.
    #[must_use]
    pub fn new(list: PathBuf, keychain: Arc<dyn Keychain>) -> Self {
        Self { list, keychain }
    }

    /// The keychain.
    #[must_use]
    pub fn keychain(&self) -> &dyn Keychain {
        &*self.keychain
    }

    /// All logins by registry, without passwords. Blocks shortly. A list that cannot be read holds none.
    #[must_use]
    pub fn list(&self) -> BTreeMap<String, KeptLogin> {
        // Read anew each time: the window and the command share it.
        let mut text = Vec::new();
        let read =
            fs::File::open(&self.list).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut text));
        match read {
            Ok(_) => serde_json::from_slice(&text).unwrap_or_else(|error| {
                tracing::warn!(path = %self.list.display(), %error, "the list of logins is not readable");
                BTreeMap::new()
            }),
            Err(_) => BTreeMap::new(),
        }
    }

    /// Keeps a login at `place`. One for memory alone is not for this list.
    ///
    /// # Errors
    /// [`KeepError`]; the list then stays as it was.
    pub fn keep(
        &self,
        registry: &str,
        username: &str,
        password: &Secret,
        place: &LoginPlace,
    ) -> Result<(), KeepError> {
        match place {
            LoginPlace::Keychain => self
                .keychain
                .write(registry, password)
                .map_err(|reason| KeepError::Keychain { registry: registry.to_owned(), reason })?,
            LoginPlace::Helper { name } => helper_store(name, registry, username, password)?,
            LoginPlace::Session | LoginPlace::File { .. } => return Ok(()),
        }
        let mut list = self.list();
        let kept = KeptLogin { username: username.to_owned(), place: place.clone() };
        list.insert(registry.to_owned(), kept);
        self.write(&list)
    }

    /// Forgets the login for a registry, its password first.
    ///
    /// # Errors
    /// [`KeepError`]; what could not be forgotten is still listed.
    pub fn forget(&self, registry: &str) -> Result<(), KeepError> {
        let mut list = self.list();
        let Some(kept) = list.remove(registry) else { return Ok(()) };
        match &kept.place {
            LoginPlace::Keychain => self
                .keychain
                .erase(registry)
                .map_err(|reason| KeepError::Keychain { registry: registry.to_owned(), reason })?,
            LoginPlace::Helper { name } => helper_erase(name, registry)?,
            LoginPlace::Session | LoginPlace::File { .. } => {}
        }
        self.write(&list)
    }

    /// The login for a registry with its password. May block: a keychain may ask a person for leave.
    ///
    /// # Errors
    /// If there is one that cannot be read.
    pub fn lookup(&self, registry: &str) -> Result<Option<Login>, RemoteError> {
        let Some(kept) = self.list().remove(registry) else { return Ok(None) };
        match kept.place {
            LoginPlace::Keychain => {
                let unread = |reason| RemoteError::LoginUnread {
                    registry: registry.to_owned(),
                    place: "the system's keychain",
                    reason,
                };
                let password = self.keychain.read(registry).map_err(unread)?;
                let username = kept.username;
                Ok(password.map(|password| Login::Password { username, password }))
            }
            LoginPlace::Helper { name } => helper_get(&name, registry),
            LoginPlace::Session | LoginPlace::File { .. } => Ok(None),
        }
    }

    fn write(&self, list: &BTreeMap<String, KeptLogin>) -> Result<(), KeepError> {
        let failed = |source| KeepError::List { path: self.list.clone(), source };
        let text = serde_json::to_vec_pretty(list).map_err(|error| failed(error.into()))?;
        replace(Path::new(&self.list), &text).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Mutex;

    use super::*;

    /// A keychain in memory, locked or not.
    #[derive(Debug, Default)]
    struct Drawer {
        secrets: Mutex<BTreeMap<String, Secret>>,
        locked: bool,
    }

    impl Keychain for Drawer {
        fn read(&self, registry: &str) -> Result<Option<Secret>, String> {
            Ok(self.secrets.lock().unwrap().get(registry).cloned())
        }

        fn write(&self, registry: &str, secret: &Secret) -> Result<(), String> {
            if self.locked {
                return Err("it is locked".to_owned());
            }
            self.secrets.lock().unwrap().insert(registry.to_owned(), secret.clone());
            Ok(())
        }

        fn erase(&self, registry: &str) -> Result<(), String> {
            self.secrets.lock().unwrap().remove(registry);
            Ok(())
        }

        fn reason_against(&self) -> Option<String> {
            self.locked.then(|| "it is locked".to_owned())
        }
    }

    fn kept(locked: bool) -> (tempfile::TempDir, KeptLogins) {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("logins.json");
        let drawer = Drawer { locked, ..Drawer::default() };
        (folder, KeptLogins::new(list, Arc::new(drawer)))
    }

    #[test]
    fn a_password_is_in_the_keychain_and_in_no_file() {
        let (folder, logins) = kept(false);
        let password = Secret::new("hunter2");
        logins.keep("ghcr.io", "me", &password, &LoginPlace::Keychain).unwrap();
        let file = fs::read_to_string(folder.path().join("logins.json")).unwrap();
        assert!(file.contains("ghcr.io") && file.contains("me") && !file.contains("hunter2"));
        let login = logins.lookup("ghcr.io").unwrap();
        assert_eq!(login, Some(Login::Password { username: "me".to_owned(), password }));
        assert_eq!(logins.lookup("docker.io").unwrap(), None);
        logins.forget("ghcr.io").unwrap();
        assert_eq!(logins.lookup("ghcr.io").unwrap(), None);
        assert!(logins.list().is_empty());
    }

    #[test]
    fn a_locked_keychain_keeps_nothing_and_lists_nothing() {
        let (_folder, logins) = kept(true);
        let password = Secret::new("hunter2");
        let refused = logins.keep("ghcr.io", "me", &password, &LoginPlace::Keychain);
        assert!(matches!(refused, Err(KeepError::Keychain { .. })));
        assert!(logins.list().is_empty());
    }
}
