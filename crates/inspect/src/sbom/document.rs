//! What a list of an image's packages is made of, in whatever form.

use crate::{OsRelease, Package};

/// A list of an image's packages, to be written in some form. What differs from run to run is given, not made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sbom {
    /// The image as a person calls it: its reference.
    pub name: String,
    /// Its digest, `sha256:…`, where it is known.
    pub digest: Option<String>,
    /// An address that no other document has, for SPDX. It need not lead anywhere.
    pub namespace: String,
    /// `urn:uuid:…`, for CycloneDX.
    pub serial_number: String,
    /// When, RFC 3339 in UTC, to the second.
    pub created: String,
    /// The version of the program that writes it.
    pub tool_version: String,
    /// Which distribution the image is.
    pub os_release: Option<OsRelease>,
    /// The packages in it.
    pub packages: Vec<SbomPackage>,
}

/// A package and the layer that brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SbomPackage {
    /// The package.
    pub package: Package,
    /// The layer, where it is known.
    pub layer: Option<SbomLayer>,
}

/// A layer of the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SbomLayer {
    /// Its number, the lowest is 1.
    pub number: usize,
    /// Its diff ID, `sha256:…`.
    pub diff_id: String,
}

impl Sbom {
    /// Algorithm and hexadecimal digits of the digest.
    pub(super) fn checksum(&self) -> Option<(&'static str, &str)> {
        let (algorithm, digits) = self.digest.as_deref()?.split_once(':')?;
        match algorithm {
            "sha256" => Some(("SHA-256", digits)),
            "sha512" => Some(("SHA-512", digits)),
            _ => None,
        }
    }
}

impl SbomPackage {
    /// Where its metadata stands, as `app.jar, in it lib/x.jar`.
    pub(super) fn evidence(&self) -> String {
        match &self.package.within {
            Some(within) => format!("{}, in it {within}", self.package.evidence),
            None => self.package.evidence.to_string(),
        }
    }
}

#[cfg(test)]
pub(super) mod fixture {
    use super::*;
    use crate::{Ecosystem, EntryPath};

    /// A Debian image with three packages.
    pub(crate) fn sbom() -> Sbom {
        let evidence = EntryPath::from("var/lib/dpkg/status");
        let layer = SbomLayer { number: 1, diff_id: format!("sha256:{}", "ab".repeat(32)) };
        let mut libc = Package::new(Ecosystem::Deb, "libc6", "2.36-9", &evidence);
        libc.architecture = Some("amd64".to_owned());
        libc.source = Some("glibc 2.36-9".to_owned());
        let mut scoped = Package::new(
            Ecosystem::Npm,
            "@a/b+c",
            "1.0.0",
            &EntryPath::from("node_modules/@a/b+c/package.json"),
        );
        scoped.license = Some("mit OR Apache-2.0".to_owned());
        let mut odd = Package::new(Ecosystem::Maven, "org.x:y", "", &EntryPath::from("app.jar"));
        odd.license = Some("The X License".to_owned());
        odd.within = Some(EntryPath::from("lib/y.jar"));
        Sbom {
            name: "docker.io/library/debian:12".to_owned(),
            digest: Some(format!("sha256:{}", "cd".repeat(32))),
            namespace: "https://example.com/strata/1".to_owned(),
            serial_number: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".to_owned(),
            created: "2026-01-02T03:04:05Z".to_owned(),
            tool_version: "0.1.0".to_owned(),
            os_release: Some(OsRelease::parse(
                b"ID=debian\nVERSION_ID=12\nNAME=Debian\nPRETTY_NAME=\"Debian 12\"\n",
            )),
            packages: vec![
                SbomPackage { package: libc, layer: Some(layer.clone()) },
                SbomPackage { package: scoped, layer: Some(SbomLayer { number: 4, ..layer }) },
                SbomPackage { package: odd, layer: None },
            ],
        }
    }
}
