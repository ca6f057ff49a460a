//! The system's keychain: the Secret Service on Linux, the Keychain on macOS, the Credential Manager on Windows.

use std::fmt::Debug;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use keyring::{Entry, Error};
use strata_remote::Secret;

/// Under what name the keychain shows our entries.
const SERVICE: &str = "Strata: registry login";
/// How long a keychain has to say that it is there. One that asks a person for leave is there.
const PATIENCE: Duration = Duration::from_secs(3);

/// A place for secrets that the system guards. May block: it may ask a person for leave.
pub trait Keychain: Send + Sync + Debug {
    /// The secret kept for a registry.
    ///
    /// # Errors
    /// In the keychain's own words, why it cannot be read.
    fn read(&self, registry: &str) -> Result<Option<Secret>, String>;

    /// Keeps a secret for a registry in place of an older one.
    ///
    /// # Errors
    /// In the keychain's own words, why it cannot be kept.
    fn write(&self, registry: &str, secret: &Secret) -> Result<(), String>;

    /// Forgets the secret kept for a registry, if there is one.
    ///
    /// # Errors
    /// In the keychain's own words, why it is still there.
    fn erase(&self, registry: &str) -> Result<(), String>;

    /// Why the keychain cannot be used, if so.
    fn reason_against(&self) -> Option<String>;
}

/// The keychain of this system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemKeychain;

impl Keychain for SystemKeychain {
    fn read(&self, registry: &str) -> Result<Option<Secret>, String> {
        match entry(registry)?.get_password() {
            Ok(secret) => Ok(Some(Secret::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn write(&self, registry: &str, secret: &Secret) -> Result<(), String> {
        entry(registry)?.set_password(secret.expose()).map_err(|error| error.to_string())
    }

    fn erase(&self, registry: &str) -> Result<(), String> {
        match entry(registry)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn reason_against(&self) -> Option<String> {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        match &*known {
            Known::Said(reason) => return reason.clone(),
            Known::Asked => return Some(SILENT.to_owned()),
            Known::Nothing => *known = Known::Asked,
        }
        drop(known);
        let (told, asked) = mpsc::channel();
        // A thread of its own: a bus that starts a keychain which does not come takes minutes to say so.
        thread::spawn(move || {
            let reason = Entry::store_status().as_ref().err().map(plain);
            *KNOWN.lock().unwrap_or_else(PoisonError::into_inner) = Known::Said(reason.clone());
            told.send(reason).ok();
        });
        asked.recv_timeout(PATIENCE).unwrap_or_else(|_| Some(SILENT.to_owned()))
    }
}

/// What is known of this system's keychain; it is asked once in a run.
#[derive(Debug)]
enum Known {
    Nothing,
    Asked,
    Said(Option<String>),
}

static KNOWN: Mutex<Known> = Mutex::new(Known::Nothing);
/// Where the bus has nobody who keeps secrets.
const NOBODY: &str = "no keychain, such as GNOME Keyring or KWallet, runs";
/// Of a keychain that has not said anything.
const SILENT: &str = "it does not answer";

/// A failure without the names of the bus's own, which tell a person nothing; the trail has them.
fn plain(error: &Error) -> String {
    match error {
        Error::PlatformFailure(_) | Error::NoStorageAccess(_) if cfg!(target_os = "linux") => {
            tracing::debug!(%error, "the keychain cannot be reached");
            NOBODY.to_owned()
        }
        other => other.to_string(),
    }
}

fn entry(registry: &str) -> Result<Entry, String> {
    match SystemKeychain.reason_against() {
        Some(reason) => Err(reason),
        None => Entry::new(SERVICE, registry).map_err(|error| error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_bus_without_a_keychain_is_told_without_the_names_of_the_bus() {
        let raw = "zbus error: org.freedesktop.DBus.Error.ServiceUnknown: The name is not known";
        let told = plain(&Error::PlatformFailure(raw.into()));
        assert!(!told.contains("zbus") && told.contains("keychain"), "{told}");
    }
}
