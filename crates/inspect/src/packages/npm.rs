//! package.json of installed Node.js packages.

use serde::Deserialize;
use serde_json::Value;

use super::{Ecosystem, Package};
use crate::EntryPath;

#[derive(Deserialize)]
struct Manifest {
    name: String,
    version: String,
    #[serde(default)]
    license: Value,
    #[serde(default)]
    licenses: Value,
}

/// Whether a folder is that of an installed package: `node_modules/NAME` or `node_modules/@SCOPE/NAME`.
pub(super) fn is_package_folder(folder: &[u8]) -> bool {
    let mut parts = folder.rsplit(|byte| *byte == b'/');
    let _name = parts.next();
    match parts.next() {
        Some(b"node_modules") => true,
        Some(scope) if scope.starts_with(b"@") => parts.next() == Some(b"node_modules"),
        _ => false,
    }
}

/// The package, if its name and version are there.
pub(super) fn parse(bytes: &[u8], evidence: &EntryPath) -> Option<Package> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let manifest: Manifest = serde_json::from_slice(bytes).ok()?;
    if manifest.name.is_empty() || manifest.name.len() > 300 || manifest.version.len() > 300 {
        return None;
    }
    let mut package = Package::new(Ecosystem::Npm, &manifest.name, &manifest.version, evidence);
    package.license = license(&manifest.license).or_else(|| {
        let all: Vec<String> = manifest.licenses.as_array()?.iter().filter_map(license).collect();
        (!all.is_empty()).then(|| all.join(" OR "))
    });
    Some(package)
}

/// A text, or an object with a type as old packages have it.
fn license(value: &Value) -> Option<String> {
    let text = value.as_str().or_else(|| value.get("type")?.as_str())?;
    (!text.is_empty() && text.len() <= 300).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn licenses_are_read_in_their_new_and_old_forms() {
        let read = |text: &str| parse(text.as_bytes(), &EntryPath::default());
        let found = read(r#"{"name":"@a/b","version":"1.0.0","license":"MIT"}"#).unwrap();
        assert_eq!((found.name.as_str(), found.license.as_deref()), ("@a/b", Some("MIT")));
        let found = read(r#"{"name":"b","version":"1","license":{"type":"ISC"}}"#).unwrap();
        assert_eq!(found.license.as_deref(), Some("ISC"));
        let found =
            read(r#"{"name":"b","version":"1","licenses":[{"type":"ISC"},{"type":"MIT"}]}"#)
                .unwrap();
        assert_eq!(found.license.as_deref(), Some("ISC OR MIT"));
        assert_eq!(read(r#"{"type":"module"}"#), None);
    }

    #[test]
    fn only_the_folder_of_a_package_counts() {
        assert!(is_package_folder(b"app/node_modules/left-pad"));
        assert!(is_package_folder(b"node_modules/@a/b/node_modules/@c/d"));
        assert!(!is_package_folder(b"app/node_modules/x/dist/esm"));
        assert!(!is_package_folder(b"app"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_do_no_harm(bytes: Vec<u8>) {
            parse(&bytes, &EntryPath::default());
        }
    }
}
