//! Certificates that are trusted for one registry alone, in folders as Docker and Podman have them
//! (`certs.d/HOST[:PORT]/*.crt`).

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use strata_spec::Reference;

use crate::api::{CertificateWrite, Topic, UserError};
use crate::app::{App, on_thread};
use crate::error::AppError;
use crate::settings_file::replace;

/// The file that holds what was added here.
const OWN_FILE: &str = "added.crt";
/// More than a registry's chain of certificates ever is, in bytes.
const MAX_PEM_BYTES: usize = 256 * 1024;

impl App {
    /// Trusts certificates for a registry besides those of the system; an empty text takes them away again.
    ///
    /// # Errors
    /// If the text holds no certificate, the registry's name is none, or the file cannot be written.
    pub async fn certificate_write(&self, wanted: CertificateWrite) -> Result<(), UserError> {
        let CertificateWrite { registry, pem } = wanted;
        let file = own_folder(&self.inner.paths.certificates_own(), &registry)?.join(OWN_FILE);
        on_thread("a certificate", move || {
            let failed = |source| AppError::Settings { path: file.clone(), source };
            if pem.trim().is_empty() {
                return match fs::remove_file(&file) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        Err(failed(error))
                    }
                    _ => Ok(()),
                };
            }
            check(&registry, &pem)?;
            replace(&file, pem.as_bytes()).map_err(failed)
        })
        .await?;
        self.renew_client()?;
        self.tell(Topic::Registries);
        Ok(())
    }
}

/// The folders that hold certificates for a registry, of all places where such folders are.
pub(crate) fn folders_of(places: &[PathBuf], registry: &str) -> Vec<PathBuf> {
    let holds_one = |folder: &PathBuf| {
        let Ok(entries) = fs::read_dir(folder) else { return false };
        entries.flatten().any(|entry| {
            let path = entry.path();
            path.extension().is_some_and(|kind| kind == "crt" || kind == "cert")
        })
    };
    if !is_registry(registry) {
        return Vec::new();
    }
    places.iter().map(|place| place.join(registry)).filter(holds_one).collect()
}

/// Whether certificates were added here for a registry.
pub(crate) fn has_own(own: &Path, registry: &str) -> bool {
    is_registry(registry) && own.join(registry).join(OWN_FILE).exists()
}

fn own_folder(own: &Path, registry: &str) -> Result<PathBuf, AppError> {
    if is_registry(registry) {
        return Ok(own.join(registry));
    }
    let registry = registry.to_owned();
    Err(strata_remote::RemoteError::RegistryName { registry }.into())
}

/// Whether a text is a registry's name and nothing else: it becomes the name of a folder.
pub(crate) fn is_registry(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    text.bytes().all(plain)
        && !text.starts_with('.')
        && Reference::parse(&format!("{text}/repository"))
            .is_ok_and(|reference| reference.registry() == text)
}

/// Whether a registry's name means this machine.
pub(crate) fn is_loopback(registry: &str) -> bool {
    let host = match registry.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => registry,
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn check(registry: &str, pem: &str) -> Result<(), AppError> {
    let invalid = |reason: &str| AppError::CertificateInvalid {
        registry: registry.to_owned(),
        reason: reason.to_owned(),
    };
    if pem.len() > MAX_PEM_BYTES {
        return Err(invalid("it is longer than certificates are"));
    }
    if pem.contains("PRIVATE KEY") {
        return Err(invalid("it holds a private key, which belongs to the registry alone"));
    }
    strata_remote::count_certificates(pem.as_bytes())
        .map_err(|reason| invalid(&reason))
        .and_then(|count| if count == 0 { Err(invalid("there is none in it")) } else { Ok(()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_registry_becomes_the_name_of_a_folder() {
        for registry in ["docker.io", "localhost:5000", "10.0.0.1", "[::1]:5000", "a.example:8443"]
        {
            assert!(is_registry(registry), "{registry}");
        }
        for text in ["", "..", "../x", "a/b", "/etc", "a b", ".hidden", "nginx", "a\\b", "~"] {
            assert!(!is_registry(text), "{text}");
        }
    }
}
