//! Certificates for single registries, in folders as Docker and Podman have them (containers-certs.d(5)):
//! `HOST[:PORT]/*.crt` are authorities, `*.cert` with `*.key` is who we are to that host.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use reqwest::{Certificate, Identity};

use crate::RemoteError;
use crate::endpoint::{DOCKER_HUB, DOCKER_HUB_HOST};

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
        for name in names(host) {
            found.add(places, &name)?;
        }
        Ok(found)
    }

    fn add(&mut self, places: &[PathBuf], host: &str) -> Result<(), RemoteError> {
        if host.contains(['/', '\\']) || host.starts_with('.') {
            return Ok(());
        }
        for place in places {
            let Ok(entries) = fs::read_dir(place.join(host)) else { continue };
            let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            files.sort();
            for file in files {
                match file.extension().and_then(|kind| kind.to_str()) {
                    Some("crt") => self.authorities.extend(authorities(&file)?),
                    Some("cert") if self.identity.is_none() => {
                        self.identity = Some(identity(&file)?);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.authorities.is_empty() && self.identity.is_none()
    }
}

/// The names of a host's folder: other tools write the port even where it is the usual one, and call Docker's
/// registry as references do.
fn names(host: &str) -> Vec<String> {
    let mut names = vec![host.to_owned()];
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
    if !has_port {
        names.push(format!("{host}:443"));
    }
    if host == DOCKER_HUB_HOST {
        names.push(DOCKER_HUB.to_owned());
    }
    names
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
    let found = Certificate::from_pem_bundle(pem).map_err(|error| innermost(&error))?;
    // The library takes the bytes as they are; building a client with them looks into them.
    let count = found.len();
    reqwest::Client::builder().tls_certs_only(found).build().map_err(|error| innermost(&error))?;
    Ok(count)
}

/// The library's own words say only that something was wrong.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_may_name_the_usual_port_and_docker_hub_by_its_usual_name() {
        assert_eq!(names("r.example"), ["r.example", "r.example:443"]);
        assert_eq!(names("r.example:5000"), ["r.example:5000"]);
        assert_eq!(names("[::1]"), ["[::1]", "[::1]:443"]);
        assert_eq!(names("[::1]:5000"), ["[::1]:5000"]);
        assert_eq!(
            names("registry-1.docker.io"),
            ["registry-1.docker.io", "registry-1.docker.io:443", "docker.io"]
        );
    }
}
