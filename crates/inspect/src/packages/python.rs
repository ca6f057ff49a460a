//! Python's core metadata (PEP 566, 639), beside what pip and its forerunners install.

use super::stanza::{fields, first, stanzas};
use super::{Ecosystem, Package};
use crate::EntryPath;
use crate::entry_path::last_part;

const NAMES: &[&str] = &["Name", "Version", "License", "License-Expression", "Classifier"];

/// Whether a file describes an installed package.
pub(super) fn is_metadata(folder: &[u8], name: &[u8]) -> bool {
    let folder_name = last_part(folder);
    match name {
        b"METADATA" => folder_name.ends_with(b".dist-info"),
        b"PKG-INFO" => folder_name.ends_with(b".egg-info") || folder_name == b"EGG-INFO",
        // distutils wrote a file where others write a folder.
        name => {
            name.ends_with(b".egg-info")
                && [&b"site-packages"[..], b"dist-packages"].contains(&folder_name)
        }
    }
}

/// The package, if its name and version are there.
pub(super) fn parse(bytes: &[u8], evidence: &EntryPath) -> Option<Package> {
    let fields = fields(stanzas(bytes).next()?, NAMES, false);
    let name = first(&fields, "Name")?;
    let mut package = Package::new(Ecosystem::Python, &name, &first(&fields, "Version")?, evidence);
    // The field License may hold all of the license's text, of which this is the first line.
    let license = first(&fields, "License").filter(|text| text.len() <= 100 && text != "UNKNOWN");
    let classified = || {
        fields
            .iter()
            .filter(|(name, _)| *name == "Classifier")
            .filter_map(|(_, value)| value.strip_prefix("License :: "))
            .filter_map(|value| value.rsplit(" :: ").next())
            .find(|value| *value != "OSI Approved")
            .map(str::to_owned)
    };
    package.license = first(&fields, "License-Expression").or(license).or_else(classified);
    Some(package)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_headers_are_read_and_the_description_is_not() {
        let metadata = b"Metadata-Version: 2.1\nName: PyYAML\nVersion: 6.0.1\nClassifier: License :: OSI Approved :: MIT License\n\nName: not this\n";
        let found = parse(metadata, &EntryPath::from("x")).unwrap();
        assert_eq!((found.name.as_str(), found.version.as_str()), ("PyYAML", "6.0.1"));
        assert_eq!(found.license.as_deref(), Some("MIT License"));
        let metadata = b"Name: x\r\nVersion: 1\r\nLicense: UNKNOWN\r\nLicense-Expression: MIT\r\n";
        assert_eq!(parse(metadata, &EntryPath::from("x")).unwrap().license.as_deref(), Some("MIT"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_do_no_harm(bytes: Vec<u8>) {
            parse(&bytes, &EntryPath::default());
        }
    }
}
