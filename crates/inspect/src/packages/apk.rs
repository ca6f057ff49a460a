//! apk's list of what is installed (Alpine, "Apk spec": the index fields).

use super::stanza::{fields, first, stanzas};
use super::{Ecosystem, Package};
use crate::EntryPath;

/// Package, version, architecture, license, origin, installed size.
const NAMES: &[&str] = &["P", "V", "A", "L", "o", "I"];

/// The packages. Field names are one letter, large or small: `o` is not `O`.
pub(super) fn parse(bytes: &[u8], evidence: &EntryPath) -> Vec<Package> {
    stanzas(bytes)
        .filter_map(|stanza| {
            let ours = stanza.filter(|line| {
                line.get(1) == Some(&b':') && NAMES.iter().any(|name| name.as_bytes() == &line[..1])
            });
            let fields = fields(ours, NAMES, false);
            let name = first(&fields, "P")?;
            let mut package = Package::new(Ecosystem::Apk, &name, &first(&fields, "V")?, evidence);
            package.architecture = first(&fields, "A");
            package.license = first(&fields, "L");
            package.source = first(&fields, "o").filter(|origin| *origin != name);
            package.installed_bytes = first(&fields, "I").and_then(|size| size.parse().ok());
            Some(package)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_installed_is_listed() {
        let list = b"C:Q1abc=\nP:libcrypto3\nV:3.1.4-r5\nA:x86_64\nS:1\nI:4493312\nL:Apache-2.0\no:openssl\nO:x\ni:y\nF:lib\nR:libcrypto.so.3\n\nP:musl\nV:1.2.4-r2\no:musl\n\n";
        let found = parse(list, &EntryPath::from("lib/apk/db/installed"));
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].source.as_deref(), Some("openssl"));
        assert_eq!(found[0].installed_bytes, Some(4_493_312));
        assert_eq!(found[0].license.as_deref(), Some("Apache-2.0"));
        assert_eq!((found[1].name.as_str(), found[1].source.as_deref()), ("musl", None));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_do_no_harm(bytes: Vec<u8>) {
            parse(&bytes, &EntryPath::default());
        }
    }
}
