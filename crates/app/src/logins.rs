//! Who we are to a registry: what was typed in this run first, then what other tools have kept.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use strata_remote::{Credentials, DockerConfig, Login, RemoteError};

/// A login file larger than this is not one.
const MAX_LOGIN_FILE_BYTES: u64 = 1024 * 1024;

/// Logins of this run and of Docker's and Podman's files.
#[derive(Debug)]
pub struct Logins {
    session: Mutex<HashMap<String, Login>>,
    files: Vec<PathBuf>,
}

impl Logins {
    /// Logins that fall back to `files`, in their order.
    #[must_use]
    pub fn new(files: Vec<PathBuf>) -> Self {
        Self { session: Mutex::default(), files }
    }

    /// Remembers a login until Strata ends.
    pub fn remember(&self, registry: &str, login: Login) {
        self.session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(registry.to_owned(), login);
    }
}

impl Credentials for Logins {
    fn lookup(&self, registry: &str) -> Result<Option<Login>, RemoteError> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(login) = session.get(registry) {
            return Ok(Some(login.clone()));
        }
        drop(session);
        // Read anew each time: somebody may have signed in with another tool meanwhile.
        for path in &self.files {
            let Ok(file) = fs::File::open(path) else { continue };
            let mut text = Vec::new();
            if file.take(MAX_LOGIN_FILE_BYTES).read_to_end(&mut text).is_err() {
                continue;
            }
            // A file that is broken or of a form we do not know holds no login for us; the registry's own answer
            // then says what is missing.
            let Ok(config) = DockerConfig::parse(&text) else { continue };
            if let Some(login) = config.lookup(registry)? {
                return Ok(Some(login));
            }
        }
        Ok(None)
    }
}
