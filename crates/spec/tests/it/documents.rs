//! Manifests, indexes, configs and descriptors against the specification's own suite.

use strata_spec::{Descriptor, Document, ImageConfig, Index, Manifest};

use strata_testkit::{cases, text};

/// Documents that are deliberately judged otherwise than by the suite, by a piece of their text, with the reason.
const OTHERWISE: &[(&str, &str)] = &[
    ("sha256.foo-bar:", "a digest that no known algorithm can check cannot be kept"),
    ("multihash+base58:", "a digest that no known algorithm can check cannot be kept"),
    ("sha256+b64u:", "a digest that no known algorithm can check cannot be kept"),
    ("\"foo\"\n        ]", "an ENV without a value is what builders have written for years"),
    ("aHR0cHM6Ly9naXRodWIuY29tL29wZW5jb250YWluZXJzCg\"", "embedded data is not used"),
    (".foo/bar", "media types that nobody knows are kept as they are"),
    (
        "1234567890123456789012345678901234567890",
        "media types that nobody knows are kept as they are",
    ),
    ("\"mediaType\": \"\"", "media types that nobody knows are kept as they are"),
    ("\"mediaType\": \"invalid\"", "media types that nobody knows are kept as they are"),
];

#[test]
fn documents_are_judged_as_by_the_specification() {
    let mut wrong = Vec::new();
    for case in cases("image-spec.jsonl") {
        let (kind, document) = (text(&case, "kind"), text(&case, "document"));
        let raw = document.as_bytes().to_vec();
        let otherwise = OTHERWISE.iter().any(|(piece, _)| document.contains(piece));
        let verdict = match kind {
            _ if otherwise => continue,
            "manifest" | "application/vnd.oci.image.manifest.v1%2Bjson" => {
                Manifest::parse(raw).map(drop)
            }
            "imageIndex" | "application/vnd.oci.image.index.v1%2Bjson" => {
                Index::parse(raw).map(drop)
            }
            "config" | "application/vnd.oci.image.config.v1%2Bjson" => {
                ImageConfig::parse(raw).map(drop)
            }
            "descriptor" | "application/vnd.oci.descriptor.v1%2Bjson" => {
                let valid = serde_json::from_str::<Descriptor>(document).is_ok();
                if valid != (case["valid"] == true) {
                    wrong.push(format!("descriptor {document} valid: {valid}"));
                }
                continue;
            }
            _ => continue,
        };
        if verdict.is_ok() != (case["valid"] == true) {
            wrong.push(format!("{kind} {document}: {verdict:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn manifests_of_a_foreign_layout_read_and_keep_their_bytes() {
    for case in cases("oci-layouts.jsonl") {
        for (path, content) in case["files"].as_object().unwrap() {
            let Some(raw) = content.as_str().filter(|text| text.contains("\"layers\":[")) else {
                continue;
            };
            let document = Document::parse(raw.as_bytes().to_vec(), None).unwrap();
            assert_eq!(document.raw(), raw.as_bytes());
            assert!(path.ends_with(document.descriptor().digest.hex()), "{path}");
        }
    }
}

const CONFIG: &str = r#"{"mediaType":"application/vnd.oci.image.config.v1+json","size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}"#;

#[test]
fn a_document_that_is_both_manifest_and_index_is_refused() {
    let both = format!(r#"{{"schemaVersion":2,"config":{CONFIG},"layers":[],"manifests":[]}}"#);
    assert!(Document::parse(both.into_bytes(), None).is_err());
}

#[test]
fn a_key_that_stands_twice_is_refused_wherever_it_stands() {
    let twice = format!(r#"{{"schemaVersion":2,"config":{CONFIG},"layers":[],"layers":[]}}"#);
    assert!(Document::parse(twice.into_bytes(), None).is_err());
    let deep = format!(
        r#"{{"schemaVersion":2,"config":{CONFIG},"layers":[],"annotations":{{"a":"1","a":"2"}}}}"#
    );
    assert!(Document::parse(deep.into_bytes(), None).is_err());
}

#[test]
fn nesting_without_end_is_refused_without_a_crash() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(Document::parse(deep.clone().into_bytes(), None).is_err());
    let inside = format!(r#"{{"schemaVersion":2,"config":{CONFIG},"layers":[],"x":{deep}}}"#);
    assert!(Document::parse(inside.into_bytes(), None).is_err());
}

#[test]
fn a_manifest_announced_as_something_else_is_refused() {
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{CONFIG},"layers":[]}}"#
    );
    let announced = strata_spec::MediaType::parse("application/vnd.oci.image.index.v1+json");
    assert!(Document::parse(manifest.into_bytes(), Some(&announced)).is_err());
}
