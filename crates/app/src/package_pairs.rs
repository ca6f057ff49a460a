//! The packages of two images, paired by kind and name.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::api::{FoundPackage, PairState};

/// A package of either image, or of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PackagePair {
    /// Whether both have it.
    pub state: PairState,
    /// Who packs it: `deb`, `npm`, …
    pub ecosystem: String,
    /// Its name.
    pub name: String,
    /// The left image's version.
    pub left: Option<String>,
    /// The right image's version.
    pub right: Option<String>,
}

/// The packages in which two images differ, by kind and name. Of several versions of one, those that only one image
/// has are paired in their order.
#[must_use]
pub fn package_pairs(left: &[FoundPackage], right: &[FoundPackage]) -> Vec<PackagePair> {
    let key = |found: &FoundPackage| {
        (found.ecosystem.clone(), found.name.clone(), found.architecture.clone())
    };
    let mut all: BTreeMap<_, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
    for found in left {
        all.entry(key(found)).or_default().0.push(&found.version);
    }
    for found in right {
        all.entry(key(found)).or_default().1.push(&found.version);
    }
    let mut pairs = Vec::new();
    for ((ecosystem, name, _), (old, new)) in all {
        let mut gone = old.iter().filter(|version| !new.contains(version));
        let mut come = new.iter().filter(|version| !old.contains(version));
        loop {
            let (left, right) = (gone.next(), come.next());
            let state = match (left, right) {
                (None, None) => break,
                (Some(_), Some(_)) => PairState::Changed,
                (Some(_), None) => PairState::Left,
                (None, Some(_)) => PairState::Right,
            };
            let version = |version: Option<&&str>| version.map(|version| (*version).to_owned());
            pairs.push(PackagePair {
                state,
                ecosystem: ecosystem.clone(),
                name: name.clone(),
                left: version(left),
                right: version(right),
            });
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, version: &str) -> FoundPackage {
        FoundPackage {
            ecosystem: "deb".to_owned(),
            name: name.to_owned(),
            version: version.to_owned(),
            architecture: None,
            license: None,
            layer: 1,
            path: String::new(),
            installed_bytes: None,
            purl: String::new(),
        }
    }

    #[test]
    fn packages_that_differ_are_paired_by_name() {
        let left = [("a", "1"), ("b", "1"), ("c", "1"), ("m", "1"), ("m", "2")];
        let right = [("a", "1"), ("b", "2"), ("d", "1"), ("m", "2")];
        let side = |all: &[(&str, &str)]| -> Vec<FoundPackage> {
            all.iter().map(|(name, version)| found(name, version)).collect()
        };
        let pairs = package_pairs(&side(&left), &side(&right));
        let told: Vec<_> = pairs
            .iter()
            .map(|pair| (&*pair.name, pair.state, pair.left.as_deref(), pair.right.as_deref()))
            .collect();
        let expected = [
            ("b", PairState::Changed, Some("1"), Some("2")),
            ("c", PairState::Left, Some("1"), None),
            ("d", PairState::Right, None, Some("1")),
            ("m", PairState::Left, Some("1"), None),
        ];
        assert_eq!(told, expected);
    }
}
