use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use strata_run::{Ending, Mode};

use crate::world::{Room, session, sessions};

/// How many processes of this machine have these words among their arguments.
fn living(mark: &str) -> usize {
    with_mark(mark).len()
}

fn with_mark(mark: &str) -> Vec<i32> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let arguments = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let says = String::from_utf8_lossy(&arguments).split('\0').any(|word| word == mark);
        if let (true, Ok(pid)) = (says, entry.file_name().to_string_lossy().parse()) {
            found.push(pid);
        }
    }
    found
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A number of seconds that no other process sleeps for.
fn mark(number: u32) -> String {
    format!(
        "{}.{number:03}{}",
        80_000_000 + std::process::id(),
        rustix::process::geteuid().as_raw()
    )
}

/// A command that starts three processes, of which two would rather stay.
fn stubborn(mark: &str) -> String {
    format!("trap '' TERM HUP; setsid sleep {mark} & (sleep {mark} &); sleep {mark}")
}

#[test]
fn stop_ends_everything_soon() {
    for (number, session) in (0..).zip(sessions()) {
        let room = Room::new();
        let mark = mark(number);
        let stop = AtomicBool::new(false);
        let spec = room.shell(&stubborn(&mark));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                wait_until("three sleepers", || living(&mark) == 3);
                stop.store(true, Ordering::Relaxed);
            });
            let exit = session.run(&spec, &mut |_| {}, &|| stop.load(Ordering::Relaxed)).unwrap();
            assert_eq!(exit.ending, Ending::Stopped);
        });
        assert_eq!(living(&mark), 0);
        assert_eq!(fs::read_dir(room.upper()).unwrap().count(), 0);
        assert_eq!(room.sh(&session, "echo on").out, "on\n");
    }
}

/// The helpers on a rung that a process has started.
fn helpers_of(parent: Pid, mode: Mode) -> Vec<Pid> {
    let rung = match mode {
        Mode::Root => "root",
        Mode::SubIds => "sub-ids",
        Mode::SingleId => "single-id",
    };
    let its = |pid: &i32| {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        status.contains(&format!("PPid:\t{}\n", parent.as_raw_nonzero()))
    };
    with_mark(rung).into_iter().filter(its).filter_map(Pid::from_raw).collect()
}

/// No test of its own: what `asker` starts, to be killed.
#[test]
fn hold_a_run_for_another_test() {
    let Ok(words) = std::env::var("STRATA_TEST_HOLD") else { return };
    let (rung, mark) = words.split_once(' ').unwrap();
    let mode = [Mode::Root, Mode::SubIds, Mode::SingleId]
        .into_iter()
        .find(|mode| format!("{mode:?}") == rung)
        .unwrap();
    let session = session(mode).unwrap();
    Room::new().sh(&session, &stubborn(mark));
}

/// A process that runs a stubborn command, once that is under way.
fn asker(mode: Mode, mark: &str) -> (Child, Vec<Pid>) {
    let asker = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "stops::hold_a_run_for_another_test"])
        .env("STRATA_TEST_HOLD", format!("{mode:?} {mark}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("three sleepers", || living(mark) == 3);
    let helpers = helpers_of(Pid::from_raw(asker.id().cast_signed()).unwrap(), mode);
    assert_eq!(helpers.len(), 1);
    (asker, helpers)
}

#[test]
fn nothing_outlives_who_asked() {
    for (number, session) in (200..).zip(sessions()) {
        let mark = mark(number);
        let (mut asker, helpers) = asker(session.mode(), &mark);
        asker.kill().unwrap();
        asker.wait().unwrap();
        wait_until("nobody left", || living(&mark) == 0);
        wait_until("no helper left", || test_kill_process(helpers[0]).is_err());
    }
}

#[test]
fn nothing_outlives_the_helper() {
    for (number, session) in (100..).zip(sessions()) {
        let mark = mark(number);
        let (mut asker, helpers) = asker(session.mode(), &mark);
        kill_process(helpers[0], Signal::KILL).unwrap();
        wait_until("nobody left", || living(&mark) == 0);
        // The run was no success, and whoever asked was told.
        assert!(!asker.wait().unwrap().success());
    }
}

#[test]
fn a_session_outlives_the_thread_that_started_it() {
    let started = std::thread::spawn(sessions).join().unwrap();
    for session in started {
        let room = Room::new();
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(room.sh(&session, "echo still").out, "still\n");
    }
}
