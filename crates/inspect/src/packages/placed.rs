//! The packages of a whole image, each with the layer that brings it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Ecosystem, Package};
use crate::{EntryPath, LayerFindings};

/// A package of an image and the layer that brings it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlacedPackage {
    /// The package.
    pub package: Package,
    /// The number of the layer, the lowest is 0.
    pub layer: usize,
}

/// The packages of an image whose layers, the lowest first, have these findings.
///
/// A database that a layer writes again replaces that of the layers below, with all that it lists; so only the topmost
/// counts, and a package is of the lowest layer from which on each version of the file lists it without a break.
/// `is_visible` says whether the file that the image has at a path is that of this layer: one that a later layer deletes,
/// replaces with something else, or hides behind a folder of its own, brings no packages.
#[must_use]
pub fn placed(
    layers: &[&LayerFindings],
    is_visible: impl Fn(usize, &EntryPath) -> bool,
) -> Vec<PlacedPackage> {
    let mut versions: BTreeMap<(&EntryPath, Ecosystem), Vec<usize>> = BTreeMap::new();
    for (number, findings) in layers.iter().enumerate() {
        for source in &findings.sources {
            versions.entry((&source.path, source.ecosystem)).or_default().push(number);
        }
    }
    let listed: Vec<BTreeSet<&Package>> =
        layers.iter().map(|findings| findings.packages.iter().collect()).collect();
    let mut found = Vec::new();
    for (number, findings) in layers.iter().enumerate() {
        for package in &findings.packages {
            let versions = versions.get(&(&package.evidence, package.ecosystem));
            let versions = versions.map_or(&[][..], Vec::as_slice);
            let is_topmost = versions.last().is_none_or(|last| *last == number);
            if !is_topmost || !is_visible(number, &package.evidence) {
                continue;
            }
            let unbroken =
                versions.iter().rev().take_while(|layer| listed[**layer].contains(package));
            let layer = unbroken.last().copied().unwrap_or(number);
            found.push(PlacedPackage { package: package.clone(), layer });
        }
    }
    found.sort_by(|a, b| (&a.package, a.layer).cmp(&(&b.package, b.layer)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PackageSource;

    fn layer(path: &str, packages: &[(&str, &str)]) -> LayerFindings {
        let path = EntryPath::from(path);
        let packages: Vec<Package> = packages
            .iter()
            .map(|(name, version)| Package::new(Ecosystem::Deb, name, version, &path))
            .collect();
        let source = PackageSource {
            ecosystem: Ecosystem::Deb,
            path,
            packages: packages.len(),
            is_unread: false,
        };
        LayerFindings { packages, sources: vec![source], ..LayerFindings::default() }
    }

    fn told(layers: &[LayerFindings], gone: &str) -> Vec<String> {
        let layers: Vec<&LayerFindings> = layers.iter().collect();
        placed(&layers, |_, path| path.as_bytes() != gone.as_bytes())
            .iter()
            .map(|one| format!("{} {} {}", one.package.name, one.package.version, one.layer))
            .collect()
    }

    #[test]
    fn a_package_is_of_the_layer_that_brings_this_version_of_it() {
        let status = "var/lib/dpkg/status";
        let layers = [
            layer(status, &[("bash", "1"), ("libc6", "1"), ("removed", "1"), ("again", "1")]),
            layer("x", &[("other", "1")]),
            layer(status, &[("bash", "1"), ("libc6", "2")]),
            layer(status, &[("again", "1"), ("bash", "1"), ("libc6", "2"), ("new", "1")]),
        ];
        assert_eq!(
            told(&layers, ""),
            ["again 1 3", "bash 1 0", "libc6 2 2", "new 1 3", "other 1 1"]
        );
        assert_eq!(told(&layers, status), ["other 1 1"]);
    }

    #[test]
    fn an_emptied_database_takes_its_packages_away() {
        assert!(told(&[layer("a", &[("x", "1")]), layer("a", &[])], "").is_empty());
    }
}
