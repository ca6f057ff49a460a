//! Certificates for single registries, in folders as Docker and Podman have them (containers-certs.d(5)):
//! `HOST[:PORT]/*.crt` are authorities, `*.cert` with `*.key` is who we are to that host.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use reqwest::{Certificate, Identity};

use crate::RemoteError;

/// A file of certificates larger than this is not one.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// What is trusted for one host, and who we are to it.
#[derive(Default)]
pub(crate) struct HostCertificates {
    /// Authorities besides those of the system.
    pub authorities: Vec<Certificate>,
    /// A certificate of ours with its key.
    pub identity: Option<Identity>,
}

impl HostCertificates {
    /// Reads all folders for `host`, which has a port where references have one. Blocks shortly.
    pub fn read(places: &[PathBuf], host: &str) -> Result<Self, RemoteError> {
        let mut found = Self::default();
        if host.contains(['/', '\\']) || host.starts_with('.') {
            return Ok(found);
        }
        for place in places {
            let Ok(entries) = fs::read_dir(place.join(host)) else { continue };
            let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            files.sort();
            for file in files {
                match file.extension().and_then(|kind| kind.to_str()) {
                    Some("crt") => found.authorities.extend(authorities(&file)?),
                    Some("cert") if found.identity.is_none() => {
                        found.identity = Some(identity(&file)?);
                    }
                    _ => {}
                }
            }
        }
        Ok(found)
    }

    pub fn is_empty(&self) -> bool {
        self.authorities.is_empty() && self.identity.is_none()
    }
}

/// The certificates of a file in PEM form.
pub(crate) fn authorities(path: &Path) -> Result<Vec<Certificate>, RemoteError> {
    let text = read(path)?;
    let invalid = |source| RemoteError::Certificate { path: path.to_owned(), source };
    let found = Certificate::from_pem_bundle(&text).map_err(invalid)?;
    if found.is_empty() {
        let source = io::Error::new(io::ErrorKind::InvalidData, "no certificate in PEM form");
        return Err(RemoteError::CertificateFile { path: path.to_owned(), source });
    }
    Ok(found)
}

fn identity(certificate: &Path) -> Result<Identity, RemoteError> {
    let mut text = read(certificate)?;
    text.push(b'\n');
    text.extend(read(&certificate.with_extension("key"))?);
    Identity::from_pem(&text)
        .map_err(|source| RemoteError::Certificate { path: certificate.to_owned(), source })
}

fn read(path: &Path) -> Result<Vec<u8>, RemoteError> {
    let unread = |source| RemoteError::CertificateFile { path: path.to_owned(), source };
    let mut text = Vec::new();
    let file = File::open(path).map_err(unread)?;
    file.take(MAX_BYTES).read_to_end(&mut text).map_err(unread)?;
    Ok(text)
}

/// How many certificates a text in PEM form holds.
///
/// # Errors
/// What is wrong with it.
pub fn count_certificates(pem: &[u8]) -> Result<usize, String> {
    let found = Certificate::from_pem_bundle(pem).map_err(|error| error.to_string())?;
    // The library takes the bytes as they are; building a client with them looks into them.
    let count = found.len();
    reqwest::Client::builder().tls_certs_only(found).build().map_err(|error| error.to_string())?;
    Ok(count)
}
