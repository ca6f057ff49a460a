//! Who we are to a registry: what was typed in this run first, then what Strata keeps, then what other tools have kept.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use strata_remote::{Credentials, DockerConfig, Login, RemoteError};

use crate::api::{KnownLogin, LoginPlace};
use crate::kept_logins::KeptLogins;

/// A login file larger than this is not one.
const MAX_LOGIN_FILE_BYTES: u64 = 1024 * 1024;

/// Logins of this run, of Strata, and of Docker's and Podman's files.
#[derive(Debug)]
pub struct Logins {
    session: Mutex<HashMap<String, Login>>,
    kept: KeptLogins,
    files: Vec<PathBuf>,
}

impl Logins {
    /// Logins that Strata keeps, and then those of `files`, in their order.
    #[must_use]
    pub fn new(kept: KeptLogins, files: Vec<PathBuf>) -> Self {
        Self { session: Mutex::default(), kept, files }
    }

    /// Remembers a login until Strata ends.
    pub fn remember(&self, registry: &str, login: Login) {
        self.session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(registry.to_owned(), login);
    }

    /// Forgets a login of this run.
    pub fn forget(&self, registry: &str) {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).remove(registry);
    }

    /// What Strata keeps.
    #[must_use]
    pub fn kept(&self) -> &KeptLogins {
        &self.kept
    }

    /// The files of other tools.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The login that is used for each registry, without its password. Blocks shortly; runs no helper.
    #[must_use]
    pub fn known(&self) -> BTreeMap<String, KnownLogin> {
        let mut known = BTreeMap::new();
        // The last come first, so that those that win are put in last.
        for path in self.files.iter().rev() {
            let Some(config) = read(path) else { continue };
            for login in config.hosts() {
                let place = match login.helper {
                    Some(name) => LoginPlace::Helper { name },
                    None => LoginPlace::File { path: path.display().to_string() },
                };
                known.insert(login.registry, KnownLogin { username: login.username, place });
            }
        }
        for (registry, login) in self.kept.list() {
            let username = Some(login.username);
            known.insert(registry, KnownLogin { username, place: login.place });
        }
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        for (registry, login) in session.iter() {
            let username = match login {
                Login::Password { username, .. } => Some(username.clone()),
                Login::IdentityToken(_) => None,
            };
            known.insert(registry.clone(), KnownLogin { username, place: LoginPlace::Session });
        }
        known
    }
}

impl Credentials for Logins {
    fn lookup(&self, registry: &str) -> Result<Option<Login>, RemoteError> {
        self.find(registry, |config| config.lookup(registry))
    }

    fn lookup_repository(
        &self,
        registry: &str,
        repository: &str,
    ) -> Result<Option<Login>, RemoteError> {
        self.find(registry, |config| config.lookup_repository(registry, repository))
    }
}

impl Logins {
    /// What was typed or is kept for a registry, or what a file of another tool says.
    fn find(
        &self,
        registry: &str,
        in_file: impl Fn(&DockerConfig) -> Result<Option<Login>, RemoteError>,
    ) -> Result<Option<Login>, RemoteError> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(login) = session.get(registry) {
            return Ok(Some(login.clone()));
        }
        drop(session);
        if let Some(login) = self.kept.lookup(registry)? {
            return Ok(Some(login));
        }
        for path in &self.files {
            let Some(config) = read(path) else { continue };
            if let Some(login) = in_file(&config)? {
                return Ok(Some(login));
            }
        }
        Ok(None)
    }
}

/// A file of logins, read anew each time: somebody may have signed in with another tool meanwhile. A file that is
/// broken or of a form we do not know holds no login for us; the registry's own answer then says what is missing.
fn read(path: &Path) -> Option<DockerConfig> {
    let mut text = Vec::new();
    fs::File::open(path).ok()?.take(MAX_LOGIN_FILE_BYTES).read_to_end(&mut text).ok()?;
    DockerConfig::parse(&text).ok()
}
