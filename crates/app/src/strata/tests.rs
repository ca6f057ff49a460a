#![allow(clippy::unwrap_used)]

use super::*;

fn config(history: &str) -> ImageConfig {
    let text = format!(
        r#"{{"architecture":"amd64","os":"linux","rootfs":{{"type":"layers","diff_ids":[]}},"history":{history}}}"#
    );
    ImageConfig::parse(text.into_bytes()).unwrap()
}

fn layers(count: usize) -> Vec<LayerFacts> {
    (0..count)
        .map(|at| LayerFacts {
            digest: format!("layer {at}"),
            diff_id: format!("tar {at}"),
            media_type: String::new(),
            download_bytes: 10,
        })
        .collect()
}

#[test]
fn reads_what_each_builder_records() {
    for (recorded, has_layer, expected) in [
        ("/bin/sh -c #(nop)  CMD [\"bash\"]", false, "CMD [\"bash\"]"),
        ("/bin/sh -c #(nop) ADD file:abc in / ", true, "ADD file:abc in /"),
        (
            "/bin/sh -c apt-get update   &&  apt-get install -y x",
            true,
            "RUN apt-get update && apt-get install -y x",
        ),
        ("RUN /bin/sh -c pip install x # buildkit", true, "RUN pip install x"),
        ("|2 A=1 B=two words /bin/sh -c make", true, "RUN make"),
        ("RUN |1 A=1 /bin/sh -c make # buildkit", true, "RUN make"),
        ("RUN npm ci", true, "RUN npm ci"),
        ("COPY . /app # buildkit", true, "COPY . /app"),
        ("ENV A=/bin/sh -c x", false, "ENV A=/bin/sh -c x"),
        ("/bin/sh -c echo", false, "/bin/sh -c echo"),
        ("bazel build ...", true, "bazel build ..."),
        ("", true, ""),
    ] {
        assert_eq!(instruction(recorded, has_layer), expected, "{recorded}");
    }
}

#[test]
fn settings_stand_between_the_layers_they_followed() {
    let config = config(
        r#"[{"created_by":"ADD rootfs.tar /"},{"created_by":"ENV A=1","empty_layer":true},
            {"created_by":"RUN make"},{"created_by":"CMD [\"x\"]","empty_layer":true}]"#,
    );
    let strata = strata(&config, &layers(2));
    let shape: Vec<_> = strata.iter().map(|one| (one.layer, one.kind)).collect();
    assert_eq!(
        shape,
        [
            (Some(1), StratumKind::Base),
            (None, StratumKind::Settings),
            (Some(2), StratumKind::Run),
            (None, StratumKind::Settings),
        ]
    );
}

#[test]
fn a_history_that_does_not_fit_is_not_stretched() {
    let config = config(r#"[{"created_by":"RUN one"}]"#);
    let strata = strata(&config, &layers(3));
    assert_eq!(strata.len(), 3);
    assert!(strata.iter().all(|one| one.instruction.is_empty()));
    assert_eq!(strata[2].layer, Some(3));
}

#[test]
fn the_size_of_a_layer_that_is_not_here_is_unknown_and_not_0() {
    let config = config(
        r#"[{"created_by":"ADD rootfs.tar /"},{"created_by":"ENV A=1","empty_layer":true}]"#,
    );
    let sizes: Vec<_> =
        strata(&config, &layers(1)).iter().map(|stratum| stratum.size_bytes).collect();
    assert_eq!(sizes, [None, Some(0)]);
}
