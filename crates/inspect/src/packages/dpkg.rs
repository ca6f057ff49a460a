//! dpkg's status file, and the parts of it that distroless images have (deb-control(5), dpkg(1)).

use super::stanza::{fields, first, stanzas};
use super::{Ecosystem, Package};
use crate::EntryPath;

const NAMES: &[&str] =
    &["Package", "Version", "Architecture", "Source", "Installed-Size", "Status"];

/// The packages that are there: those of which only settings are left are not. Without a field Status, as in the parts
/// of distroless images, a package is there.
pub(super) fn parse(bytes: &[u8], evidence: &EntryPath) -> Vec<Package> {
    stanzas(bytes)
        .filter_map(|stanza| {
            let fields = fields(stanza, NAMES, false);
            let status = first(&fields, "Status");
            let is_there = status.is_none_or(|status| {
                let state = status.split_whitespace().nth(2).unwrap_or_default().to_owned();
                !["not-installed", "config-files"].contains(&state.as_str())
            });
            let version = first(&fields, "Version").filter(|_| is_there)?;
            let mut package =
                Package::new(Ecosystem::Deb, &first(&fields, "Package")?, &version, evidence);
            package.architecture = first(&fields, "Architecture");
            package.source = first(&fields, "Source").map(|source| source.replace(['(', ')'], ""));
            package.installed_bytes = first(&fields, "Installed-Size")
                .and_then(|size| size.parse::<u64>().ok()?.checked_mul(1_024));
            Some(package)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_installed_is_listed() {
        let status = b"Package: libssl3\nStatus: install ok installed\nInstalled-Size: 5996\nArchitecture: amd64\nSource: openssl (3.0.11-1)\nVersion: 3.0.11-1~deb12u2\nDescription: Secure Sockets\n Package: not this one\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n\nPackage: half\nVersion: 1:2+b1\n";
        let found = parse(status, &EntryPath::from("var/lib/dpkg/status"));
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].name.as_str(), found[0].version.as_str()),
            ("libssl3", "3.0.11-1~deb12u2")
        );
        assert_eq!(found[0].source.as_deref(), Some("openssl 3.0.11-1"));
        assert_eq!(found[0].installed_bytes, Some(5_996 * 1_024));
        assert_eq!(found[1].name, "half");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_do_no_harm(bytes: Vec<u8>) {
            parse(&bytes, &EntryPath::default());
        }
    }
}
