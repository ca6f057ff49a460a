//! What a plan says, and what no plan is made of.

use std::collections::BTreeMap;

use serde_json::Value;
use strata_build::{Base, BuildError, BuildOptions, DockerfileText, HostError, Images, Plan, plan};
use strata_spec::{Digest, ImageConfig, Platform, Reference};

/// Images by name; an image of no known name has no settings.
#[derive(Default)]
pub struct Bases(pub BTreeMap<String, Value>);

/// An image without layers.
pub fn base(settings: &Value) -> Base {
    let config = serde_json::json!({
        "architecture": "amd64", "os": "linux", "config": settings,
        "rootfs": {"type": "layers", "diff_ids": []},
    });
    let raw = serde_json::to_vec(&config).unwrap();
    let manifest = Digest::sha256_of(&raw);
    Base { manifest, config: ImageConfig::parse(raw).unwrap(), layers: Vec::new() }
}

impl Images for Bases {
    fn image(&self, reference: &Reference, _: &Platform) -> Result<Base, HostError> {
        if reference.repository().ends_with("missing") {
            return Err(HostError::new("there is none"));
        }
        Ok(base(self.0.get(&reference.familiar()).unwrap_or(&Value::Null)))
    }
}

fn planned(text: &str, options: &BuildOptions) -> Result<Plan, BuildError> {
    let dockerfile = DockerfileText { text: text.to_owned(), ..DockerfileText::default() };
    plan(&dockerfile, options, &Bases::default())
}

fn texts(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.text.as_str()).collect()
}

#[test]
fn only_what_the_target_needs_is_planned() {
    let text = "ARG TAG=1\nFROM alpine:$TAG AS a\nRUN one\nFROM alpine AS unused\nRUN two\n\
                FROM scratch AS c\nCOPY --from=a /x /y\nFROM c\nLABEL a=b\n";
    let plan = planned(text, &BuildOptions::default()).unwrap();
    assert_eq!(texts(&plan), ["RUN one", "COPY --from=a /x /y", "LABEL a=b"]);
    assert_eq!(plan.stages.iter().map(|stage| stage.index).collect::<Vec<_>>(), [0, 2, 3]);
    assert_eq!(plan.stages[0].base, "alpine:1");
    assert_eq!(plan.steps[1].needs, [plan.steps[0].id]);
    let options = BuildOptions { target: Some("A".to_owned()), ..BuildOptions::default() };
    assert_eq!(texts(&planned(text, &options).unwrap()), ["RUN one"]);
    let options = BuildOptions { target: Some("nope".to_owned()), ..BuildOptions::default() };
    let error = planned(text, &options).unwrap_err();
    assert_eq!(error.code(), "build_target_unknown");
}

#[test]
fn triggers_of_a_base_come_first_and_are_not_inherited() {
    let bases = Bases(BTreeMap::from([(
        "parent:latest".to_owned(),
        serde_json::json!({"OnBuild": ["COPY . /src", "RUN make"]}),
    )]));
    let text = "FROM parent AS a\nONBUILD LABEL x=y\nRUN mine\nFROM a AS b\nFROM b\n";
    let dockerfile = DockerfileText { text: text.to_owned(), ..DockerfileText::default() };
    let plan = plan(&dockerfile, &BuildOptions::default(), &bases).unwrap();
    assert_eq!(
        texts(&plan),
        ["COPY . /src", "RUN make", "ONBUILD LABEL x=y", "RUN mine", "LABEL x=y"]
    );
    assert_eq!((plan.steps[0].is_trigger, plan.steps[0].line), (true, 1));
    assert!(plan.steps[4].is_trigger);
}

#[test]
fn what_cannot_be_built_is_refused_with_its_line() {
    for (text, code, line) in [
        ("FROM alpine\nCPOY a b\n", "build_dockerfile", 2),
        ("FROM alpine\nCOPY --from=0 a b\n", "build_circle", 2),
        ("FROM alpine\nCOPY --from=1 a b\nFROM alpine\nCOPY --from=0 a b", "build_dockerfile", 2),
        ("FROM alpine\nCOPY --from=$x a b\n", "build_dockerfile", 2),
        ("FROM alpine\nCOPY a b c\n", "build_dockerfile", 2),
        ("FROM alpine\nRUN --network=host x\n", "build_not_allowed", 2),
        ("FROM alpine\nRUN --security=insecure x\n", "build_not_allowed", 2),
        ("FROM alpine\nRUN --mount=type=cahce,target=/x y\n", "build_dockerfile", 2),
        ("FROM alpine\nRUN --mount=from=$x,target=/x y\n", "build_dockerfile", 2),
        ("FROM alpine\nENV a=${b:?missing}\n", "build_variable", 2),
        ("FROM alpine\n\nEXPOSE 99999\n", "build_dockerfile", 3),
        ("FROM UPPER\n", "build_reference", 1),
        ("FROM missing\n", "build_image", 1),
        ("FROM ${BLANK}\n", "build_dockerfile", 1),
        ("RUN x\n", "build_dockerfile", 1),
        ("FROM alpine\nCOPY https://example.com/x /\n", "build_dockerfile", 2),
        ("FROM alpine\nADD ext::sh -c id /\n", "build_dockerfile", 2),
        ("FROM alpine\nSTOPSIGNAL NOPE\n", "build_dockerfile", 2),
    ] {
        let error = planned(text, &BuildOptions::default()).unwrap_err();
        assert_eq!((error.code(), error.line()), (code, Some(line)), "{text}: {error}");
    }
}

#[test]
fn dockerfiles_of_others_are_planned_or_refused() {
    let cases = strata_testkit::cases("dockerfile-corpus.jsonl");
    if cases.is_empty() {
        return;
    }
    let (mut done, mut refused) = (0, BTreeMap::<String, usize>::new());
    for case in &cases {
        let dockerfile = case["dockerfile"].as_str().unwrap();
        match planned(dockerfile, &BuildOptions::default()) {
            Ok(plan) => {
                done += 1;
                // Every step has its line, and needs only what stands before it.
                for step in &plan.steps {
                    assert!(step.line >= 1 && step.needs.iter().all(|need| need < &step.id));
                }
            }
            Err(error) => *refused.entry(format!("{error}")).or_default() += 1,
        }
    }
    println!("{done} planned, refused: {refused:#?}");
    assert!(done > 0);
}
