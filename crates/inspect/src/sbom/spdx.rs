//! SPDX 2.3 as JSON.

use serde_json::{Map, Value, json};

use super::{Sbom, SbomPackage};
use crate::{purl, spdx_expression};

const DOCUMENT: &str = "SPDXRef-DOCUMENT";
const IMAGE: &str = "SPDXRef-Image";
const SYSTEM: &str = "SPDXRef-OperatingSystem";
const UNSAID: &str = "NOASSERTION";

/// The list as an SPDX 2.3 document. A license that is no SPDX expression stands in a comment, and the layer as well.
#[must_use]
pub fn spdx(document: &Sbom) -> Value {
    let mut packages = vec![image(document)];
    let mut relationships = vec![related(DOCUMENT, "DESCRIBES", IMAGE)];
    if let Some(system) = system(document) {
        packages.push(system);
        relationships.push(related(IMAGE, "CONTAINS", SYSTEM));
    }
    for (number, package) in document.packages.iter().enumerate() {
        let id = id(number, &package.package.name);
        relationships.push(related(IMAGE, "CONTAINS", &id));
        packages.push(self::package(document, package, &id));
    }
    json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": DOCUMENT,
        "name": document.name,
        "documentNamespace": document.namespace,
        "creationInfo": {
            "created": document.created,
            "creators": [format!("Tool: strata-{}", document.tool_version)],
        },
        "documentDescribes": [IMAGE],
        "packages": packages,
        "relationships": relationships,
    })
}

fn related(from: &str, how: &str, to: &str) -> Value {
    json!({ "spdxElementId": from, "relationshipType": how, "relatedSpdxElement": to })
}

/// An ID of letters, digits, `.` and `-`, of its own through its number.
fn id(number: usize, name: &str) -> String {
    let plain = name.chars().map(|character| {
        if character.is_ascii_alphanumeric() || character == '.' { character } else { '-' }
    });
    format!("SPDXRef-Package-{number}-{}", plain.take(80).collect::<String>())
}

/// What every package has to have.
fn fields(id: &str, name: &str, version: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut add = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    add("SPDXID", id.into());
    add("name", name.into());
    if !version.is_empty() {
        add("versionInfo", version.into());
    }
    add("downloadLocation", UNSAID.into());
    add("filesAnalyzed", false.into());
    add("licenseConcluded", UNSAID.into());
    add("licenseDeclared", UNSAID.into());
    add("copyrightText", UNSAID.into());
    fields
}

fn image(document: &Sbom) -> Value {
    let mut fields = fields(IMAGE, &document.name, document.digest.as_deref().unwrap_or_default());
    fields.insert("primaryPackagePurpose".to_owned(), "CONTAINER".into());
    if let Some((algorithm, digits)) = document.checksum() {
        let checksum =
            json!([{ "algorithm": algorithm.replace('-', ""), "checksumValue": digits }]);
        fields.insert("checksums".to_owned(), checksum);
    }
    fields.into()
}

fn system(document: &Sbom) -> Option<Value> {
    let os = document.os_release.as_ref()?;
    let name = if os.name.is_empty() { &os.id } else { &os.name };
    let mut fields = fields(SYSTEM, name, &os.version_id);
    fields.insert("primaryPackagePurpose".to_owned(), "OPERATING-SYSTEM".into());
    if !os.pretty_name.is_empty() {
        fields.insert("summary".to_owned(), os.pretty_name.clone().into());
    }
    Some(fields.into())
}

fn package(document: &Sbom, one: &SbomPackage, id: &str) -> Value {
    let package = &one.package;
    let mut fields = fields(id, &package.name, &package.version);
    let mut add = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    let url = purl(package, document.os_release.as_ref());
    add(
        "externalRefs",
        json!([{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": url,
        }]),
    );
    if let Some(license) = &package.license {
        match spdx_expression(license) {
            Some(expression) => add("licenseDeclared", expression.into()),
            None => add("licenseComments", format!("the package says: {license}").into()),
        };
    }
    let mut source = format!("found in {}", one.evidence());
    if let Some(built) = &package.source {
        source.push_str(&format!("; built from {built}"));
    }
    add("sourceInfo", source.into());
    if let Some(layer) = &one.layer {
        add("comment", format!("layer {}, {}", layer.number, layer.diff_id).into());
    }
    fields.into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use super::*;
    use crate::sbom::document::fixture::sbom;

    #[test]
    fn the_document_has_what_the_specification_asks_for() {
        let written = spdx(&sbom());
        for (field, value) in
            [("spdxVersion", "SPDX-2.3"), ("dataLicense", "CC0-1.0"), ("SPDXID", DOCUMENT)]
        {
            assert_eq!(written[field], value);
        }
        assert_eq!(written["creationInfo"]["created"], "2026-01-02T03:04:05Z");
        assert_eq!(written["creationInfo"]["creators"], json!(["Tool: strata-0.1.0"]));
        assert!(written["documentNamespace"].as_str().unwrap().starts_with("https://"));
        let packages = written["packages"].as_array().unwrap();
        for package in packages {
            for field in [
                "SPDXID",
                "name",
                "downloadLocation",
                "licenseConcluded",
                "licenseDeclared",
                "copyrightText",
            ] {
                assert!(package[field].is_string(), "{field} of {package}");
            }
            let id = package["SPDXID"].as_str().unwrap().strip_prefix("SPDXRef-").unwrap();
            assert!(
                id.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-".contains(letter)),
                "{id}"
            );
        }
        let ids: BTreeSet<&str> =
            packages.iter().map(|package| package["SPDXID"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), packages.len());
    }

    #[test]
    fn each_package_is_contained_and_has_its_url_license_and_layer() {
        let written = spdx(&sbom());
        let packages = written["packages"].as_array().unwrap();
        let (libc, scoped, odd) = (&packages[2], &packages[3], &packages[4]);
        assert_eq!(
            libc["externalRefs"][0]["referenceLocator"],
            "pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12"
        );
        assert_eq!(libc["sourceInfo"], "found in var/lib/dpkg/status; built from glibc 2.36-9");
        assert!(libc["comment"].as_str().unwrap().starts_with("layer 1, sha256:abab"));
        assert_eq!(scoped["licenseDeclared"], "MIT OR Apache-2.0");
        assert_eq!(odd["licenseDeclared"], UNSAID);
        assert_eq!(odd["licenseComments"], "the package says: The X License");
        assert_eq!(odd.get("versionInfo"), None);
        let relationships = written["relationships"].as_array().unwrap();
        assert_eq!(relationships[0], related(DOCUMENT, "DESCRIBES", IMAGE));
        assert!(relationships.contains(&related(
            IMAGE,
            "CONTAINS",
            libc["SPDXID"].as_str().unwrap()
        )));
        assert_eq!(relationships.len(), packages.len());
        assert_eq!(packages[0]["checksums"][0]["algorithm"], "SHA256");
    }
}
