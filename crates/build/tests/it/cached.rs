//! What is not done again, and why what is done again is.

use strata_build::{BuildOptions, Built, StepState, Why};
use strata_testkit::Layer;

use crate::host::{Site, Told};

const FILE: &str = "FROM base\nARG VERSION=1\nCOPY src /src\nENV MODE=fast\nRUN make\nCOPY late /late\nRUN after\n";

fn site() -> Site {
    let mut site = Site::new();
    site.write("src/a.c", "int a;");
    site.write("src/b.c", "int b;");
    site.write("late", "1");
    site.does = Box::new(|step, _| {
        let name = step.args.last().unwrap().clone();
        Ok(Some(Layer::new().file(format!("out/{name}"), "made")))
    });
    site
}

/// Which of the steps that make layers were taken from an earlier build.
fn cached(built: &Built) -> Vec<bool> {
    built.steps.iter().filter(|step| step.layer.is_some()).map(|step| step.is_cached).collect()
}

fn whys(site: &Site, file: &str, options: BuildOptions) -> (Vec<bool>, Vec<Why>) {
    let told = Told::default();
    let built = site.build_with(file, options, &told).unwrap();
    let whys = told.whys.into_inner().unwrap();
    (cached(&built), whys.into_iter().map(|(_, why)| why).collect())
}

fn plain() -> BuildOptions {
    BuildOptions::default()
}

#[test]
fn a_build_of_what_was_built_does_nothing_and_gives_the_same_image() {
    let site = site();
    let first = site.build(FILE).unwrap();
    assert_eq!((first.cached(), site.runs()), (0, 2));
    let told = Told::default();
    let second = site.build_with(FILE, plain(), &told).unwrap();
    assert_eq!((cached(&second), site.runs()), (vec![true; 4], 2));
    assert_eq!(second.manifest.digest, first.manifest.digest);
    let states = told.states.into_inner().unwrap();
    assert_eq!(
        states.iter().filter(|(_, state)| matches!(state, StepState::Cached { .. })).count(),
        4
    );
    assert!(told.whys.into_inner().unwrap().is_empty());
}

#[test]
fn a_changed_file_is_named_and_what_stands_on_it_falls() {
    let site = site();
    let (_, first) = whys(&site, FILE, plain());
    assert_eq!(first, vec![Why::New; 4]);
    site.write("late", "2");
    let (found, why) = whys(&site, FILE, plain());
    assert_eq!(found, [true, true, false, false]);
    let Why::Files(files) = &why[0] else { panic!("{why:?}") };
    assert_eq!((files.changed.as_slice(), files.count), (&["late".to_owned()][..], 1));
    assert_eq!(why[1], Why::Base);
    std::fs::remove_file(site.context().join("src/b.c")).unwrap();
    site.write("src/c.c", "int c;");
    let (found, why) = whys(&site, FILE, plain());
    assert_eq!(found, [false; 4]);
    let Why::Files(files) = &why[0] else { panic!("{why:?}") };
    assert_eq!(
        (files.added.as_slice(), files.removed.as_slice()),
        (&["src/c.c".to_owned()][..], &["src/b.c".to_owned()][..])
    );
}

#[test]
fn times_are_in_no_key_and_modes_are() {
    let site = site();
    site.build(FILE).unwrap();
    let path = site.context().join("src/a.c");
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    drop(file);
    assert_eq!(cached(&site.build(FILE).unwrap()), [true; 4]);
    let mut mode = std::fs::metadata(&path).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o755);
    std::fs::set_permissions(&path, mode).unwrap();
    assert_eq!(cached(&site.build(FILE).unwrap()), [false; 4]);
}

#[test]
fn a_change_within_one_tick_of_the_clock_is_seen() {
    let site = site();
    for round in 0..20 {
        // The same size each time, and no wait between.
        site.write("late", &format!("{round:03}"));
        let built = site.build(FILE).unwrap();
        assert_eq!(site.content(&built, "late").unwrap(), format!("{round:03}"));
    }
}

#[test]
fn only_arguments_that_are_used_count() {
    let site = site();
    site.build(FILE).unwrap();
    let with = |name: &str, value: &str| {
        let mut options = plain();
        options.args.insert(name.to_owned(), value.to_owned());
        options
    };
    for unused in ["OTHER", "HTTP_PROXY", "http_proxy"] {
        assert_eq!(whys(&site, FILE, with(unused, "http://x")).0, [true; 4], "{unused}");
    }
    let (found, why) = whys(&site, FILE, with("VERSION", "2"));
    // The command makes the same files as before, so that the copy on them is as it was.
    assert_eq!(found, [true, false, true, false]);
    let expected = Why::Argument {
        name: "VERSION".to_owned(),
        was: Some("1".to_owned()),
        is: Some("2".to_owned()),
    };
    assert_eq!(why[0], expected);
    // The command of the proxy sees it all the same.
    whys(&site, FILE, BuildOptions { no_cache: true, ..with("HTTP_PROXY", "http://proxy") });
    let ran = site.ran.lock().unwrap();
    assert!(ran.last().unwrap().env.contains(&"http_proxy=http://proxy".to_owned()));
}

#[test]
fn reasons_are_text_environment_base_and_wish() {
    let site = site();
    site.build(FILE).unwrap();
    let (_, why) = whys(&site, &FILE.replace("RUN make", "RUN make all"), plain());
    assert_eq!(why[0], Why::Text { was: "RUN make".to_owned(), is: "RUN make all".to_owned() });
    site.build(FILE).unwrap();
    let (_, why) = whys(&site, &FILE.replace("MODE=fast", "MODE=slow"), plain());
    assert!(matches!(&why[0], Why::Environment { name, .. } if name == "MODE"), "{why:?}");
    let (found, why) = whys(&site, FILE, BuildOptions { no_cache: true, ..plain() });
    assert_eq!((found, why[0].clone()), (vec![false; 4], Why::NoCache));
    // A line that is put in between, blanks and remarks, are no changes of the others.
    let spaced =
        FILE.replace("RUN make", "# a remark\n\nRUN    make").replace("ENV", "LABEL a=b\nENV");
    assert_eq!(whys(&site, &spaced, plain()).0, [true; 4]);
    let none = "FROM base AS one\nRUN a\nFROM one\nRUN b\n";
    site.build(none).unwrap();
    let options = BuildOptions { no_cache_stages: vec!["ONE".to_owned()], ..plain() };
    assert!(!whys(&site, none, options).0[0]);
}

#[test]
fn a_layer_that_is_gone_is_made_again() {
    let site = site();
    let built = site.build(FILE).unwrap();
    let layer = &built.steps.last().unwrap().layer.as_ref().unwrap().digest;
    std::fs::remove_file(site.store.folder().join("blobs/sha256").join(layer.hex())).unwrap();
    let (found, why) = whys(&site, FILE, plain());
    assert_eq!(found, [true, true, true, false]);
    assert_eq!(why, [Why::Gone]);
}

#[test]
fn a_linked_copy_outlives_its_base_and_copies_from_stages_go_by_content() {
    let mut site = site();
    let file = "FROM base AS tools\nRUN tool\nFROM base\nRUN first\nCOPY --link src /src\nCOPY --from=tools /out /out\n";
    site.build(file).unwrap();
    let (found, _) = whys(&site, &file.replace("RUN first", "RUN other"), plain());
    // tool, other, linked copy, copy on another base.
    assert_eq!(found, [true, false, true, false]);
    // The stage is made anew and gives the same file: what is copied from it is as it was.
    let copy = "FROM base AS tools\nARG N\nRUN tool\nFROM base\nCOPY --from=tools /out/tool /t\n";
    site.build(copy).unwrap();
    site.does = Box::new(|step, _| {
        let other = step.env.iter().find(|entry| entry.starts_with("N=")).cloned();
        let layer = Layer::new().file("out/tool", "made");
        Ok(Some(match other {
            Some(other) => layer.file("out/log", other),
            None => layer,
        }))
    });
    let mut options = plain();
    options.args.insert("N".to_owned(), "2".to_owned());
    assert_eq!(whys(&site, copy, options).0, [false, true]);
}

#[test]
fn no_secret_is_in_what_the_store_keeps() {
    let mut site = site();
    site.secrets.push("token".to_owned());
    let file = "FROM base\nRUN --mount=type=secret,id=token,env=TOKEN --mount=type=ssh make\n";
    let told = Told::default();
    let built = site.build_with(file, plain(), &told).unwrap();
    let ran = site.ran.lock().unwrap();
    assert_eq!(ran[0].mounts.len(), 1, "the agent that nobody gave is left out");
    assert!(!ran[0].env.iter().any(|entry| entry.starts_with("TOKEN")));
    assert!(!site.config(&built).to_string().contains("TOKEN"));
    let required = "FROM base\nRUN --mount=type=secret,id=other,required=true make\n";
    let error = site.build(required).unwrap_err();
    assert_eq!((error.code(), error.line()), ("build_not_given", Some(2)));
}
