//! The image that comes out: config, history, manifest, names.

use serde_json::{Value, json};
use strata_build::{BuildOptions, Edit, NamedContext, StepId, what_if};
use strata_spec::Reference;
use strata_testkit::Layer;

use crate::host::{Site, history};

#[test]
fn the_config_is_what_the_instructions_say() {
    let site = Site::new();
    site.write("f", "1");
    let built = site
        .build(
            "FROM base\nMAINTAINER me\nLABEL a=b c=\"d e\"\nENV LANG=de X=$LANG/y\nEXPOSE 80 53/UDP 8000-8001\n\
             VOLUME /data /more\nUSER app\nWORKDIR srv\nSTOPSIGNAL SIGQUIT\nCMD echo hi\nENTRYPOINT [\"run\"]\n\
             HEALTHCHECK --interval=1m30s --retries=3 CMD curl -f x\nSHELL [\"/bin/bash\", \"-c\"]\nONBUILD RUN later\n",
        )
        .unwrap();
    let config = site.config(&built);
    let settings = &config["config"];
    assert_eq!(settings["Env"], json!(["PATH=/bin", "LANG=de", "X=C/y"]));
    assert_eq!(settings["Labels"], json!({"a": "b", "c": "d e"}));
    let ports = json!({"80/tcp": {}, "53/udp": {}, "8000/tcp": {}, "8001/tcp": {}});
    assert_eq!(settings["ExposedPorts"], ports);
    assert_eq!(settings["Volumes"], json!({"/data": {}, "/more": {}}));
    assert_eq!(
        (settings["User"].as_str(), settings["WorkingDir"].as_str()),
        (Some("app"), Some("/srv"))
    );
    assert_eq!(settings["StopSignal"], "SIGQUIT");
    assert_eq!(settings["Cmd"], json!(["/bin/sh", "-c", "echo hi"]));
    assert_eq!(settings["Entrypoint"], json!(["run"]));
    assert_eq!(settings["Shell"], json!(["/bin/bash", "-c"]));
    assert_eq!(settings["OnBuild"], json!(["RUN later"]));
    let check =
        json!({"Test": ["CMD-SHELL", "curl -f x"], "Interval": 90_000_000_000_i64, "Retries": 3});
    assert_eq!(settings["Healthcheck"], check);
    assert_eq!(config["author"], "me");
    let expected = [
        "+ ADD rootfs / # buildkit",
        "- MAINTAINER me",
        "- LABEL a=b c=d e",
        "- ENV LANG=de X=C/y",
        "- EXPOSE [53/udp 80/tcp 8000/tcp 8001/tcp]",
        "- VOLUME [/data /more]",
        "- USER app",
        "- WORKDIR /srv",
        "- STOPSIGNAL SIGQUIT",
        "- CMD [\"/bin/sh\" \"-c\" \"echo hi\"]",
        "- ENTRYPOINT [\"run\"]",
        "- HEALTHCHECK &{[\"CMD-SHELL\" \"curl -f x\"] \"1m30s\" \"0s\" \"0s\" \"0s\" '\\x03'}",
        "- SHELL [/bin/bash -c]",
    ];
    assert_eq!(history(&config), expected);
    assert_eq!(config["history"][1]["comment"], "buildkit.dockerfile.v0");
}

#[test]
fn an_entrypoint_takes_the_command_of_its_base_away() {
    let site = Site::new();
    let settings = |file: &str| site.config(&site.build(file).unwrap())["config"].clone();
    assert_eq!(settings("FROM base\nENTRYPOINT [\"x\"]\n")["Cmd"], Value::Null);
    assert_eq!(settings("FROM base\nCMD [\"y\"]\nENTRYPOINT [\"x\"]\n")["Cmd"], json!(["y"]));
    let scratch = settings("FROM scratch\nLABEL a=b\n");
    assert_eq!(scratch["WorkingDir"], "/");
    assert!(scratch["Env"][0].as_str().unwrap().starts_with("PATH=/usr/local/sbin:"));
}

#[test]
fn with_an_epoch_two_stores_give_one_digest() {
    let mut digests = Vec::new();
    for _ in 0..2 {
        let mut site = Site::new();
        site.write("a/b", "1");
        site.does = Box::new(|_, _| Ok(Some(Layer::new().file("x", "1"))));
        let mut options = BuildOptions::default();
        options.args.insert("SOURCE_DATE_EPOCH".to_owned(), "1700000000".to_owned());
        let told = crate::host::Told::default();
        let file = "FROM base\nWORKDIR /new/folder\nCOPY a /deep/er/a\nRUN x\nLABEL c=d\n";
        let built = site.build_with(file, options, &told).unwrap();
        let config = site.config(&built);
        assert_eq!(config["created"], "2023-11-14T22:13:20Z");
        assert_eq!(config["history"][4]["created"], "2023-11-14T22:13:20Z");
        digests.push(built.manifest.digest);
    }
    assert_eq!(digests[0], digests[1]);
}

#[test]
fn names_labels_and_annotations_are_those_that_were_asked_for() {
    let site = Site::new();
    site.write("f", "1");
    let tags = ["localhost/one:1", "localhost/two"].map(|tag| Reference::parse(tag).unwrap());
    let options = BuildOptions {
        tags: tags.to_vec(),
        labels: [("a".to_owned(), "given".to_owned())].into(),
        annotations: [("org.example".to_owned(), "x".to_owned())].into(),
        ..BuildOptions::default()
    };
    let told = crate::host::Told::default();
    let built = site.build_with("FROM base\nLABEL a=b\nCOPY f /\n", options, &told).unwrap();
    for tag in tags {
        let target = site.store.target(&tag.with_default_tag()).unwrap().unwrap();
        assert_eq!(target.digest, built.manifest.digest);
    }
    assert_eq!(site.config(&built)["config"]["Labels"]["a"], "given");
    let manifest = site.store.read_document(&built.manifest.digest, 1 << 20).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["annotations"]["org.example"], "x");
    assert_eq!(manifest["config"]["mediaType"], "application/vnd.oci.image.config.v1+json");
    assert_eq!(manifest["layers"].as_array().unwrap().len(), 2);
}

#[test]
fn named_contexts_stand_in_the_place_of_stages_images_and_bases() {
    let site = Site::new();
    let other = site.folder.path().join("other");
    std::fs::create_dir_all(other.join("d")).unwrap();
    std::fs::write(other.join("d/f"), "named").unwrap();
    let files = NamedContext::Files(strata_build::ContextSource::Folder(other));
    let image = NamedContext::Image(Reference::parse("base").unwrap());
    let options = BuildOptions {
        contexts: [("assets".to_owned(), files), ("alpine:3".to_owned(), image)].into(),
        ..BuildOptions::default()
    };
    let told = crate::host::Told::default();
    let file = "FROM nowhere AS assets\nRUN never\nFROM alpine:3\nCOPY --from=assets /d/f /x\n\
        FROM assets\nCOPY --from=1 /x /y\n";
    let built = site.build_with(file, options, &told).unwrap();
    assert_eq!(site.content(&built, "y").unwrap(), "named");
    assert_eq!(site.content(&built, "d/f").unwrap(), "named");
    assert_eq!(site.runs(), 0);
}

#[test]
fn what_would_fall_is_known_before() {
    let site = Site::new();
    let text = "FROM base AS tools\nRUN tool\nFROM base\nCOPY package.json /app/\nRUN install\n\
        COPY src /app/src\nCOPY --link --from=tools /t /t\nRUN build\n";
    let dockerfile = strata_build::DockerfileText { text: text.to_owned(), ..Default::default() };
    let plan = strata_build::plan(
        &dockerfile,
        &BuildOptions::default(),
        &crate::planned::Bases::default(),
    )
    .unwrap();
    let fallen =
        |edit: Edit| what_if(&plan, &edit).into_iter().map(|step| step.0).collect::<Vec<_>>();
    assert_eq!(fallen(Edit::File("src/main.c".to_owned())), [3, 5]);
    assert_eq!(fallen(Edit::File("package.json".to_owned())), [1, 2, 3, 5]);
    assert_eq!(fallen(Edit::File("README".to_owned())), [0; 0]);
    assert_eq!(fallen(Edit::Step(StepId(0))), [0, 4, 5]);
    assert_eq!(fallen(Edit::Moved { step: StepId(3), to: StepId(2) }), [2, 3, 5]);
    assert_eq!(fallen(Edit::Base(1)), [1, 2, 3, 5]);
    drop(site);
}
