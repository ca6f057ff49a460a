use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use strata_run::{Ending, Mode, Network};

use crate::world::{Room, run, session, sessions};

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
pub fn helpers_of(parent: Pid, mode: Mode) -> Vec<Pid> {
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
    let room = Room::new();
    let mut spec = room.shell(&stubborn(mark));
    if std::env::var_os("STRATA_TEST_ISOLATED").is_some() {
        spec.network = Network::Isolated;
    }
    run(&session, &spec).unwrap();
}

/// A process that runs a stubborn command, once that is under way.
fn asker(mode: Mode, mark: &str, network: Network) -> (Child, Vec<Pid>) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    if network == Network::Isolated {
        command.env("STRATA_TEST_ISOLATED", "yes");
    }
    let asker = command
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
        let (mut asker, helpers) = asker(session.mode(), &mark, Network::Host);
        asker.kill().unwrap();
        asker.wait().unwrap();
        wait_until("nobody left", || living(&mark) == 0);
        wait_until("no helper left", || test_kill_process(helpers[0]).is_err());
    }
}

/// Also not the program that carries its packets.
#[test]
fn no_networks_tool_outlives_who_asked() {
    for (number, session) in (300..).zip(sessions()) {
        let room = Room::new();
        let mut spec = room.shell("true");
        spec.network = Network::Isolated;
        if let Err(error) = run(&session, &spec) {
            eprintln!("skipped {:?}: {error}", session.mode());
            continue;
        }
        let mark = mark(number);
        let (mut asker, helpers) = asker(session.mode(), &mark, Network::Isolated);
        let below = descendants(helpers[0].as_raw_nonzero().get());
        let is_tool = |name: &String| name.contains("slirp4netns") || name.contains("pas");
        assert!(below.iter().any(|(_, name)| is_tool(name)), "{below:?}");
        asker.kill().unwrap();
        asker.wait().unwrap();
        wait_until("nobody left", || {
            below.iter().all(|(pid, name)| name_of(*pid).as_ref() != Some(name))
        });
    }
}

/// The name of a living process.
fn name_of(pid: i32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (start, end) = (stat.find('(')?, stat.rfind(')')?);
    let is_dead = stat[end..].starts_with(") Z") || stat[end..].starts_with(") X");
    (!is_dead).then(|| stat[start + 1..end].to_owned())
}

fn descendants(of: i32) -> Vec<(i32, String)> {
    let children = fs::read_to_string(format!("/proc/{of}/task/{of}/children")).unwrap_or_default();
    let mut found = Vec::new();
    for child in children.split_whitespace().filter_map(|pid| pid.parse().ok()) {
        found.extend(name_of(child).map(|name| (child, name)));
        found.extend(descendants(child));
    }
    found
}

#[test]
fn nothing_outlives_the_helper() {
    for (number, session) in (100..).zip(sessions()) {
        let mark = mark(number);
        let (mut asker, helpers) = asker(session.mode(), &mark, Network::Host);
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
