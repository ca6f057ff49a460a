//! CycloneDX 1.6 as JSON.

use serde_json::{Map, Value, json};

use super::{Sbom, SbomPackage};
use crate::{Ecosystem, Package, purl, spdx_expression};

/// The list as a CycloneDX 1.6 document. The layer of a package stands in its property `strata:layer`.
#[must_use]
pub fn cyclonedx(document: &Sbom) -> Value {
    let mut components: Vec<Value> = system(document).into_iter().collect();
    let packages = document.packages.iter().enumerate();
    components.extend(packages.map(|(number, package)| component(document, package, number)));
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": document.serial_number,
        "version": 1,
        "metadata": {
            "timestamp": document.created,
            "tools": {
                "components": [
                    { "type": "application", "name": "strata", "version": document.tool_version },
                ],
            },
            "component": image(document),
        },
        "components": components,
    })
}

fn image(document: &Sbom) -> Value {
    let mut image = json!({ "bom-ref": "image", "type": "container", "name": document.name });
    if let (Some(digest), Some(fields)) = (&document.digest, image.as_object_mut()) {
        fields.insert("version".to_owned(), digest.clone().into());
        if let Some((algorithm, digits)) = document.checksum() {
            fields.insert("hashes".to_owned(), json!([{ "alg": algorithm, "content": digits }]));
        }
    }
    image
}

fn system(document: &Sbom) -> Option<Value> {
    let os = document.os_release.as_ref()?;
    let mut fields = Map::new();
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            fields.insert(name.to_owned(), value.into());
        }
    };
    add("bom-ref", "operating-system");
    add("type", "operating-system");
    add("name", &os.id);
    add("version", &os.version_id);
    add("description", &os.pretty_name);
    Some(fields.into())
}

fn component(document: &Sbom, one: &SbomPackage, number: usize) -> Value {
    let package = &one.package;
    let (group, name) = group_and_name(package);
    let mut fields = Map::new();
    let mut add = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    add("bom-ref", format!("package-{number}").into());
    add("type", "library".into());
    if let Some(group) = group {
        add("group", group.into());
    }
    add("name", name.into());
    if !package.version.is_empty() {
        add("version", package.version.clone().into());
    }
    if let Some(license) = &package.license {
        let licenses = match spdx_expression(license) {
            Some(expression) => json!([{ "expression": expression }]),
            None => json!([{ "license": { "name": license } }]),
        };
        add("licenses", licenses);
    }
    add("purl", purl(package, document.os_release.as_ref()).into());
    let mut properties = vec![json!({ "name": "strata:evidence", "value": one.evidence() })];
    if let Some(layer) = &one.layer {
        properties.push(json!({ "name": "strata:layer", "value": layer.number.to_string() }));
        properties.push(json!({ "name": "strata:layer:diffId", "value": layer.diff_id }));
    }
    if let Some(source) = &package.source {
        properties.push(json!({ "name": "strata:source", "value": source }));
    }
    add("properties", properties.into());
    fields.into()
}

/// Scope and name for npm, group and artifact for Maven.
fn group_and_name(package: &Package) -> (Option<&str>, &str) {
    let separator = match package.ecosystem {
        Ecosystem::Npm => '/',
        Ecosystem::Maven => ':',
        _ => return (None, &package.name),
    };
    package
        .name
        .split_once(separator)
        .map_or((None, &package.name), |(group, name)| (Some(group), name))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use super::*;
    use crate::sbom::document::fixture::sbom;

    #[test]
    fn the_document_has_what_the_specification_asks_for() {
        let written = cyclonedx(&sbom());
        assert_eq!(
            (&written["bomFormat"], &written["specVersion"]),
            (&json!("CycloneDX"), &json!("1.6"))
        );
        assert_eq!(written["serialNumber"], "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79");
        assert_eq!(written["version"], 1);
        assert_eq!(written["metadata"]["component"]["type"], "container");
        assert_eq!(written["metadata"]["component"]["hashes"][0]["alg"], "SHA-256");
        let components = written["components"].as_array().unwrap();
        let mut references = BTreeSet::new();
        for component in components {
            assert!(component["type"].is_string() && component["name"].is_string());
            assert!(references.insert(component["bom-ref"].as_str().unwrap()));
        }
        assert_eq!(references.len(), 4);
    }

    #[test]
    fn each_package_has_its_url_license_and_layer() {
        let written = cyclonedx(&sbom());
        let components = written["components"].as_array().unwrap();
        let (libc, scoped, odd) = (&components[1], &components[2], &components[3]);
        assert_eq!(libc["purl"], "pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12");
        assert!(
            libc["properties"]
                .as_array()
                .unwrap()
                .contains(&json!({ "name": "strata:layer", "value": "1" }))
        );
        assert_eq!((&scoped["group"], &scoped["name"]), (&json!("@a"), &json!("b+c")));
        assert_eq!(scoped["licenses"], json!([{ "expression": "MIT OR Apache-2.0" }]));
        assert_eq!(odd["licenses"], json!([{ "license": { "name": "The X License" } }]));
        assert_eq!(odd["properties"][0]["value"], "app.jar, in it lib/y.jar");
    }
}
