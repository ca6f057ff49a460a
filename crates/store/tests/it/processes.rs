use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use strata_spec::Digest;
use strata_store::{Store, StoreError};
use tempfile::tempdir;

use crate::image::{Image, reference};
use crate::whole;

/// Tells a child what to do: task, store, name.
const TASK: &str = "STRATA_STORE_TASK";
const MOVING: &str = "registry.example/moving:latest";

fn image(who: &str, number: usize) -> Image {
    let own = format!("{who} {number}");
    Image::of_index("amd64", &[b"common", who.as_bytes(), own.as_bytes()], &own)
}

fn name(who: &str, number: usize) -> String {
    format!("registry.example/{who}:{number}")
}

/// Not a test of its own: what the children of the others do.
#[test]
fn child() {
    let Ok(task) = std::env::var(TASK) else { return };
    let (task, rest) = task.split_once('|').unwrap();
    let (who, folder) = rest.split_once('|').unwrap();
    let store = Store::open(Path::new(folder)).unwrap();
    println!("opened");
    if task == "hold" {
        let mut held = store.ingest(&Digest::sha256_of(b"0123456789"), 10, &|| false).unwrap();
        held.append(b"01234").unwrap();
        println!("held");
        // Until it is killed, or its parent is gone.
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        return;
    }
    for number in 0..task.parse().unwrap() {
        image(who, number).keep(&store, Some(&name(who, number))).unwrap();
        image(who, number).keep(&store, Some(MOVING)).unwrap();
        println!("done {number}");
    }
}

/// The command that runs this very binary as a child.
fn command(before: &[&str], task: &str, who: &str, folder: &Path) -> Command {
    let this = std::env::current_exe().unwrap();
    let mut words = before.iter().map(|word| (*word).into()).collect::<Vec<_>>();
    words.push(this.into_os_string());
    let mut command = Command::new(&words[0]);
    command
        .args(&words[1..])
        .args(["--exact", "processes::child", "--nocapture", "--test-threads=1"])
        .env(TASK, format!("{task}|{who}|{}", folder.display()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

fn start(task: &str, who: &str, folder: &Path) -> (Child, BufReader<ChildStdout>) {
    let mut child = command(&[], task, who, folder).spawn().unwrap();
    let told = BufReader::new(child.stdout.take().unwrap());
    (child, told)
}

/// Waits until the child has told this.
fn told(lines: &mut impl BufRead, wanted: &str) {
    let mut line = String::new();
    while lines.read_line(&mut line).unwrap() > 0 {
        // The test harness may have begun the line.
        if line.trim_end().ends_with(wanted) {
            return;
        }
        line.clear();
    }
    panic!("the child ended before it told {wanted}");
}

/// The store is whole, and has all that was told to be done.
fn check(folder: &Path, who: &str, output: &str) -> usize {
    let store = Store::open(folder).unwrap();
    whole::check(&store);
    let done = output.lines().filter(|line| line.contains("done ")).count();
    for number in 0..done {
        let found = store.images_of(&reference(&name(who, number))).unwrap();
        assert_eq!(found.len(), 1, "{who} {number} was told to be there");
    }
    done
}

#[test]
fn three_processes_lose_nothing_of_each_other() {
    let folder = tempdir().unwrap();
    let children = ["one", "two", "three"].map(|who| (who, start("15", who, folder.path())));
    let outputs = children.map(|(who, (mut child, mut lines))| {
        let mut output = String::new();
        lines.read_to_string(&mut output).unwrap();
        assert!(child.wait().unwrap().success(), "{who}: {output}");
        (who, output)
    });
    for (who, output) in outputs {
        assert_eq!(check(folder.path(), who, &output), 15);
    }
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.totals().unwrap().image_count, 45);
    assert_eq!(store.images_of(&reference(MOVING)).unwrap().len(), 1);
}

#[test]
fn a_killed_process_lets_go_of_its_blob_and_leaves_its_bytes() {
    let folder = tempdir().unwrap();
    let (mut child, mut lines) = start("hold", "one", folder.path());
    told(&mut lines, "held");
    let store = Store::open(folder.path()).unwrap();
    let digest = Digest::sha256_of(b"0123456789");
    assert!(matches!(store.ingest(&digest, 10, &|| true), Err(StoreError::Stopped)));
    child.kill().unwrap();
    child.wait().unwrap();
    let mut ingest = store.ingest(&digest, 10, &|| false).unwrap();
    assert_eq!(ingest.offset(), 5);
    ingest.append(b"56789").unwrap();
    store.commit_blobs(vec![ingest.finish().unwrap()]).unwrap();
    assert_eq!(store.read_document(&digest, 10).unwrap(), b"0123456789");
}

#[test]
fn a_process_killed_at_any_moment_leaves_a_whole_store() {
    let folder = tempdir().unwrap();
    for round in 0..30_u64 {
        let who = format!("round-{round}");
        let (mut child, mut lines) = start("1000", &who, folder.path());
        told(&mut lines, "done 1");
        // Spread over a commit or two; what is hit is told by nothing but the check.
        thread::sleep(Duration::from_micros(round * 397));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut rest = "done 0\ndone 1\n".to_owned();
        lines.read_to_string(&mut rest).unwrap();
        assert!(check(folder.path(), &who, &rest) >= 2);
    }
}

fn can_trace() -> bool {
    let works = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    let works = works.is_ok_and(|status| status.success());
    if !works {
        println!("skipped: strace is missing or may not trace");
    }
    works
}

/// Runs a child that is killed at its `when`-th call of a system call; whether it came to its end before that.
fn killed_at(calls: &str, when: usize, folder: &Path) -> (bool, String) {
    let trace = format!("trace={calls}");
    let inject = format!("inject={calls}:signal=KILL:when={when}");
    let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject];
    let output = command(&strace, "2", "cut", folder).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn a_process_killed_at_each_step_of_a_commit_leaves_a_whole_store() {
    if !can_trace() {
        return;
    }
    for calls in ["fsync,fdatasync", "rename,renameat,renameat2", "pwrite64,ftruncate"] {
        let mut when = 1;
        loop {
            let folder = tempdir().unwrap();
            let (ended, output) = killed_at(calls, when, folder.path());
            let done = check(folder.path(), "cut", &output);
            if ended {
                assert_eq!(done, 2);
                break;
            }
            // Whoever comes next finishes what was cut.
            let store = Store::open(folder.path()).unwrap();
            image("cut", 0).keep(&store, Some(&name("cut", 0))).unwrap();
            whole::check(&store);
            when += 1;
        }
        assert!(when > 5, "only {when} steps of {calls} were cut");
    }
}

/// What a power cut could undo: a rename whose folder was not synced, a file whose bytes were not.
#[test]
fn nothing_is_named_before_it_is_safe_and_the_tag_comes_last() {
    if !can_trace() {
        return;
    }
    let folder = tempdir().unwrap();
    let store = folder.path().join("store");
    drop(Store::open(&store).unwrap());
    let trace = folder.path().join("trace");
    let calls = "trace=fsync,fdatasync,rename,renameat,renameat2";
    let strace = ["strace", "-f", "-y", "-qq", "-o", trace.to_str().unwrap(), "-e", calls];
    assert!(command(&strace, "1", "one", &store).output().unwrap().status.success());

    let (mut synced, mut unsafe_folders, mut tags) = (BTreeSet::new(), BTreeSet::new(), 0);
    let mut is_recorded = false;
    for line in fs::read_to_string(&trace).unwrap().lines() {
        if let Some((_, rest)) = line.split_once("sync(") {
            let path = Path::new(rest.split(['<', '>']).nth(1).unwrap()).to_owned();
            is_recorded |= path.ends_with("strata.db-wal");
            unsafe_folders.remove(&path);
            synced.insert(path);
            continue;
        }
        let paths: Vec<&Path> = line.split('"').skip(1).step_by(2).map(Path::new).collect();
        let [from, to] = paths[..] else { panic!("{line}") };
        assert!(synced.remove(from), "its bytes were not safe: {line}");
        if to.ends_with("index.json") {
            assert!(unsafe_folders.is_empty(), "{unsafe_folders:?} came after the tag");
            assert!(is_recorded, "the record came after the tag");
            tags += 1;
        } else {
            // What was recorded before this was something else.
            is_recorded = false;
        }
        unsafe_folders.insert(to.parent().unwrap().to_owned());
    }
    assert!(unsafe_folders.is_empty(), "{unsafe_folders:?}");
    assert_eq!(tags, 2, "one for each name");
}
