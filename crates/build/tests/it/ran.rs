//! Commands, steps at the same time, and builds that end early.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use strata_build::{
    BuildError, BuildOptions, KeptSystem, MountKind, Network, RunFailure, StepState, Stop, build,
};
use strata_testkit::Layer;

use crate::host::{Site, Told};

#[test]
fn a_command_finds_its_environment_user_folder_and_mounts() {
    let mut site = Site::new();
    site.write("src/a", "1");
    site.does = Box::new(|_, _| Ok(Some(Layer::new().file("made", "1"))));
    let file = "FROM base AS other\nRUN first\nFROM base\nARG V=1\nENV A=b KIND=cache\nUSER app\nWORKDIR /w\nSHELL [\"/bin/bash\", \"-c\"]\n\
        RUN --network=none --mount=target=/ctx,source=src --mount=from=other,target=x \
        --mount=type=$KIND,target=/root/.cache,id=c,sharing=locked --mount=type=tmpfs,target=/t,size=1m echo $V\n\
        RUN <<EOF\necho one\nEOF\nRUN <<EOF\n#!/usr/bin/python\nprint(1)\nEOF\nRUN [\"exec\", \"form\"]\n";
    let built = site.build(file).unwrap();
    let ran = site.ran.lock().unwrap();
    let step =
        ran.iter().find(|step| step.args.last().is_some_and(|text| text == "echo $V")).unwrap();
    assert_eq!(step.args, ["/bin/bash", "-c", "echo $V"]);
    assert_eq!(step.env, ["A=b", "KIND=cache", "LANG=C", "PATH=/bin", "V=1"]);
    assert_eq!((step.cwd.as_str(), step.network), ("/w", Network::None));
    assert_eq!(
        (step.user.uid, step.user.gid, step.user.groups.as_slice()),
        (1000, 1001, &[50][..])
    );
    let [context, other, cache, tmpfs] = step.mounts.as_slice() else {
        panic!("{:?}", step.mounts)
    };
    assert_eq!((context.target.as_str(), other.target.as_str()), ("/ctx", "/w/x"));
    let MountKind::Bind { layers, source, is_writable } = &context.kind else { panic!() };
    assert_eq!((layers.len(), source.as_str(), *is_writable), (1, "/src", false));
    let MountKind::Bind { layers, .. } = &other.kind else { panic!() };
    assert_eq!(layers.len(), 2);
    assert!(matches!(&cache.kind, MountKind::Cache { id, .. } if id == "c"));
    assert!(matches!(tmpfs.kind, MountKind::Tmpfs { size_bytes: Some(1_048_576) }));
    assert!(ran.iter().any(|step| step.args == ["/bin/bash", "-c", "echo one\n"]));
    let script = ran.iter().find(|step| step.args == ["/dev/pipes/EOF"]).unwrap();
    assert!(
        matches!(&script.mounts[0].kind, MountKind::File { bytes, mode: 0o755 } if bytes.starts_with(b"#!"))
    );
    assert!(ran.iter().any(|step| step.args == ["exec", "form"]));
    let lines = crate::host::history(&site.config(&built));
    assert!(
        lines.contains(&"+ RUN |1 V=1 /bin/bash -c echo $V # buildkit".to_owned()),
        "{lines:#?}"
    );
}

#[test]
fn a_failed_command_names_its_line_and_what_is_kept_of_it() {
    let mut site = Site::new();
    site.does = Box::new(|step, _| {
        if step.args.last().unwrap() == "bad" {
            let kept = Some(KeptSystem { id: "upper-7".to_owned() });
            return Err(RunFailure { exit: Some(3), signal: None, kept, cause: None });
        }
        Ok(Some(Layer::new().file("good", "1")))
    });
    let told = Told::default();
    let file = "FROM base\nRUN good\n\nRUN bad\nRUN never\n";
    let error = site.build_with(file, BuildOptions::default(), &told).unwrap_err();
    assert_eq!((error.code(), error.line()), ("build_run", Some(4)));
    assert_eq!(error.kept().unwrap().id, "upper-7");
    let BuildError::Run { source, command, .. } = &error else { panic!() };
    assert_eq!((source.exit, command.as_str()), (Some(3), "RUN bad"));
    let states = told.states.into_inner().unwrap();
    let last = |at: usize| &states.iter().rev().find(|(step, _)| step.0 == at).unwrap().1;
    assert!(matches!(last(0), StepState::Done { .. }));
    assert!(matches!(last(1), StepState::Failed { kept: Some(_) }));
    assert_eq!(last(2), &StepState::Skipped);
    assert_eq!(told.output.into_inner().unwrap(), b"hello\nhello\n");
    // What was done stays done.
    assert_eq!(site.runs(), 2);
    site.build(file).unwrap_err();
    assert_eq!(site.runs(), 3);
}

#[test]
fn stages_that_do_not_need_each_other_are_built_at_the_same_time() {
    let mut site = Site::new();
    let barrier = Arc::new(Barrier::new(3));
    site.does = Box::new(move |step, _| {
        if step.args.last().unwrap().starts_with("part") {
            // Three are here at once, or this never ends.
            barrier.wait();
        }
        Ok(Some(Layer::new().file(step.args.last().unwrap().replace(' ', "-"), "1")))
    });
    let file = "FROM base AS a\nRUN part 1\nFROM base AS b\nRUN part 2\nFROM base AS c\nRUN part 3\n\
        FROM scratch\nCOPY --from=a /part-1 /\nCOPY --from=b /part-2 /\nCOPY --from=c /part-3 /\n";
    let built = site.build(file).unwrap();
    assert_eq!(site.files(&built).lines().count(), 3);
}

#[test]
fn two_steps_of_one_key_are_done_once() {
    let mut site = Site::new();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    site.does = Box::new(move |_, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(50));
        Ok(Some(Layer::new().file("x", "1")))
    });
    let file = "FROM base AS a\nRUN same\nFROM base AS b\nRUN same\nFROM scratch\nCOPY --from=a /x /a\nCOPY --from=b /x /b\n";
    let built = site.build(file).unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 1);
    assert_eq!(site.files(&built).lines().count(), 2);
}

#[test]
fn a_build_that_is_stopped_ends_soon_and_names_nothing() {
    let mut site = Site::new();
    site.does = Box::new(|_, stop| {
        while !stop.is_stopped() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let cause = Some(strata_build::HostError::stopped());
        Err(RunFailure { exit: None, signal: Some(9), kept: None, cause })
    });
    let stop = Stop::new();
    let mut options = BuildOptions::default();
    let tag = strata_spec::Reference::parse("localhost/stopped:1").unwrap();
    options.tags.push(tag.clone());
    let request = site
        .request("FROM base AS a\nRUN long\nFROM base\nRUN other\nCOPY --from=a / /\n", options);
    let told = Told::default();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| build(&site.store, &request, &site, &told, &stop));
        while site.runs() == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        let asked = Instant::now();
        stop.stop();
        let error = running.join().unwrap().unwrap_err();
        assert!(matches!(error, BuildError::Stopped), "{error}");
        println!("stopped after {:?}", asked.elapsed());
    });
    assert_eq!(site.store.target(&tag).unwrap(), None);
    let states = told.states.into_inner().unwrap();
    assert!(!states.iter().any(|(_, state)| matches!(state, StepState::Failed { .. })));
}

#[test]
fn a_failure_ends_the_steps_beside_it() {
    let mut site = Site::new();
    site.does = Box::new(|step, stop| {
        if step.args.last().unwrap() == "bad" {
            return Err(RunFailure { exit: Some(1), signal: None, kept: None, cause: None });
        }
        while !stop.is_stopped() {
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(RunFailure { exit: None, signal: Some(9), kept: None, cause: None })
    });
    let file = "FROM base AS a\nRUN long\nFROM base\nRUN bad\nCOPY --from=a / /\n";
    let error = site.build(file).unwrap_err();
    assert_eq!((error.code(), error.line()), ("build_run", Some(4)));
}
