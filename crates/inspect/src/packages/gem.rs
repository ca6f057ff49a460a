//! Specifications of installed Ruby gems: Ruby code as RubyGems writes it, of which only plain assignments are read.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::{Ecosystem, Package};
use crate::EntryPath;
use crate::bounded::text;
use crate::entry_path::last_part;

static ASSIGNMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m-u)^\s*s\.(name|version|licenses?|platform)\s*=\s*\[?\s*(?:Gem::Version\.new\()?"([^"\n]{1,200})""#)
        .ok()
});

/// Whether the specifications of installed gems stand in a folder.
pub(super) fn is_list_folder(folder: &[u8]) -> bool {
    let name = last_part(folder);
    name == b"specifications" || name == b"default" && folder.ends_with(b"specifications/default")
}

/// The gem, if its name and version are there.
pub(super) fn parse(bytes: &[u8], evidence: &EntryPath) -> Option<Package> {
    let (mut name, mut version, mut license, mut platform) = (None, None, None, None);
    for found in ASSIGNMENT.as_ref()?.captures_iter(bytes) {
        let value = Some(text(&found[2], 200));
        let place = match &found[1] {
            b"name" => &mut name,
            b"version" => &mut version,
            b"platform" => &mut platform,
            _ => &mut license,
        };
        if place.is_none() {
            *place = value;
        }
    }
    let mut package = Package::new(Ecosystem::Gem, &name?, &version?, evidence);
    package.license = license;
    package.architecture = platform.filter(|platform| platform != "ruby");
    Some(package)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn assignments_are_read() {
        let text = b"Gem::Specification.new do |s|\n  s.name = \"rake\".freeze\n  s.version = \"13.0.6\"\n  s.licenses = [\"MIT\".freeze]\n  s.homepage = \"x\"\nend\n";
        let found = parse(text, &EntryPath::from("x.gemspec")).unwrap();
        assert_eq!((found.name.as_str(), found.version.as_str()), ("rake", "13.0.6"));
        assert_eq!(found.license.as_deref(), Some("MIT"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_do_no_harm(bytes: Vec<u8>) {
            parse(&bytes, &EntryPath::default());
        }
    }
}
