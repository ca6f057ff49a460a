//! Package URLs (package-url specification and its list of types).

use crate::{Ecosystem, OsRelease, Package};

/// The package URL of a package, as `pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12`. The distribution is that
/// of the image, for packages of distributions.
#[must_use]
pub fn purl(package: &Package, os_release: Option<&OsRelease>) -> String {
    let (kind, namespace, name) = place(package, os_release);
    let mut url = format!("pkg:{kind}/");
    for part in namespace.split('/').filter(|part| !part.is_empty()) {
        url.push_str(&escaped(part));
        url.push('/');
    }
    url.push_str(&escaped(&name));
    let (epoch, version) = version(package);
    if !version.is_empty() {
        url.push('@');
        url.push_str(&escaped(version));
    }
    let distro =
        os_release.filter(|_| package.ecosystem.is_of_distribution()).map(OsRelease::distro);
    let architecture = match package.ecosystem {
        Ecosystem::Gem => ("platform", package.architecture.clone()),
        _ => ("arch", package.architecture.clone()),
    };
    // Sorted by name, as the specification asks.
    let qualifiers = [architecture, ("distro", distro), ("epoch", epoch.map(str::to_owned))];
    let mut separator = '?';
    for (name, value) in qualifiers {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            url.push_str(&format!("{separator}{name}={}", escaped(&value)));
            separator = '&';
        }
    }
    url
}

/// Type, namespace and name.
fn place(package: &Package, os_release: Option<&OsRelease>) -> (&'static str, String, String) {
    let name = package.name.as_str();
    let distribution = |otherwise: &str| match os_release {
        Some(os_release) if os_release.id != "linux" => os_release.id.to_lowercase(),
        _ => otherwise.to_owned(),
    };
    match package.ecosystem {
        Ecosystem::Deb => ("deb", distribution("debian"), name.to_lowercase()),
        Ecosystem::Apk => ("apk", distribution("alpine"), name.to_lowercase()),
        Ecosystem::Rpm => ("rpm", rpm_vendor(&distribution("")), name.to_owned()),
        Ecosystem::Python => ("pypi", String::new(), name.to_lowercase().replace('_', "-")),
        Ecosystem::Gem => ("gem", String::new(), name.to_owned()),
        Ecosystem::Cargo => ("cargo", String::new(), name.to_owned()),
        Ecosystem::Npm => {
            let (scope, name) = name.rsplit_once('/').unwrap_or(("", name));
            ("npm", scope.to_lowercase(), name.to_lowercase())
        }
        Ecosystem::Go => {
            let name = name.to_lowercase();
            let (namespace, name) = name.rsplit_once('/').unwrap_or(("", &name));
            ("golang", namespace.to_owned(), name.to_owned())
        }
        // Maven needs a group; an archive that names none has no place there.
        Ecosystem::Maven => match name.split_once(':') {
            Some((group, artifact)) => ("maven", group.to_owned(), artifact.to_owned()),
            None => ("generic", String::new(), name.to_owned()),
        },
    }
}

/// The vendor in the words of package URLs, which differ from those of os-release.
fn rpm_vendor(id: &str) -> String {
    match id {
        "rhel" => "redhat".to_owned(),
        id if id.starts_with("opensuse") => "opensuse".to_owned(),
        id if id.starts_with("sle") => "suse".to_owned(),
        id => id.to_owned(),
    }
}

/// rpm's epoch apart, and the version; Go's word for a version that nobody has given is none.
fn version(package: &Package) -> (Option<&str>, &str) {
    match package.ecosystem {
        Ecosystem::Rpm => match package.version.split_once(':') {
            Some((epoch, version)) => (Some(epoch), version),
            None => (None, &package.version),
        },
        Ecosystem::Go if package.version == "(devel)" => (None, ""),
        _ => (None, &package.version),
    }
}

/// Everything but letters, digits, `.`, `-`, `_`, `~` and `:` as `%` and two digits.
fn escaped(text: &str) -> String {
    let mut url = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EntryPath;

    fn url(
        ecosystem: Ecosystem,
        name: &str,
        version: &str,
        architecture: &str,
        os: &str,
    ) -> String {
        let mut package = Package::new(ecosystem, name, version, &EntryPath::default());
        package.architecture = (!architecture.is_empty()).then(|| architecture.to_owned());
        let os = (!os.is_empty()).then(|| OsRelease::parse(os.as_bytes()));
        purl(&package, os.as_ref())
    }

    #[test]
    fn urls_are_those_of_the_specification() {
        let debian = "ID=debian\nVERSION_ID=12\n";
        let cases = [
            (
                url(Ecosystem::Deb, "libstdc++6", "1:12.2.0-14+b1", "amd64", debian),
                "pkg:deb/debian/libstdc%2B%2B6@1:12.2.0-14%2Bb1?arch=amd64&distro=debian-12",
            ),
            (
                url(Ecosystem::Apk, "musl", "1.2.4-r2", "x86_64", "ID=alpine\nVERSION_ID=3.18.4\n"),
                "pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.18.4",
            ),
            (
                url(Ecosystem::Rpm, "bash", "1:5.1-6", "x86_64", "ID=fedora\nVERSION_ID=39\n"),
                "pkg:rpm/fedora/bash@5.1-6?arch=x86_64&distro=fedora-39&epoch=1",
            ),
            (
                url(Ecosystem::Rpm, "bash", "5.1-6", "", "ID=rhel\n"),
                "pkg:rpm/redhat/bash@5.1-6?distro=rhel",
            ),
            (url(Ecosystem::Python, "My_Package", "1.0", "", debian), "pkg:pypi/my-package@1.0"),
            (
                url(Ecosystem::Npm, "@angular/core", "1.0.0", "", ""),
                "pkg:npm/%40angular/core@1.0.0",
            ),
            (
                url(Ecosystem::Go, "github.com/Masterminds/semver/v3", "v3.2.1", "", ""),
                "pkg:golang/github.com/masterminds/semver/v3@v3.2.1",
            ),
            (
                url(Ecosystem::Go, "example.com/tool", "(devel)", "", ""),
                "pkg:golang/example.com/tool",
            ),
            (
                url(Ecosystem::Maven, "org.apache:commons", "1 2", "", ""),
                "pkg:maven/org.apache/commons@1%202",
            ),
            (url(Ecosystem::Maven, "tool", "1", "", ""), "pkg:generic/tool@1"),
            (
                url(Ecosystem::Gem, "ffi", "1.16", "x86_64-linux", ""),
                "pkg:gem/ffi@1.16?platform=x86_64-linux",
            ),
            (url(Ecosystem::Cargo, "serde", "1.0.1", "", ""), "pkg:cargo/serde@1.0.1"),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }
}
