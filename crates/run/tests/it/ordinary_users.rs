use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use strata_run::{Mode, Weakness};
use tempfile::TempDir;

use crate::world::{Room, helper, is_root, sessions};

/// A user that is made for a test, and goes with it.
struct User {
    name: String,
}

impl User {
    fn make(kind: &str, arguments: &[&str]) -> Option<Self> {
        let user = Self { name: format!("strata-{kind}-{}", std::process::id() % 100_000) };
        let made = Command::new("useradd")
            .args(["--no-create-home", "--shell", "/bin/sh"])
            .args(arguments)
            .arg(&user.name)
            .output();
        match made {
            Ok(output) if output.status.success() => Some(user),
            other => {
                eprintln!("skipped: no user can be made: {other:?}");
                None
            }
        }
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let _ = Command::new("userdel").arg("--force").arg(&self.name).output();
    }
}

/// All other tests of this program once more, as that user.
fn once_more(user: &User, must: &str) {
    let folder = TempDir::new().unwrap();
    let open = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    open(folder.path());
    let [tests, its_helper] = ["tests", "strata-helper"].map(|name| folder.path().join(name));
    fs::copy(std::env::current_exe().unwrap(), &tests).unwrap();
    fs::copy(helper(), &its_helper).unwrap();
    let own = folder.path().join("tmp");
    fs::create_dir(&own).unwrap();
    let owned = Command::new("chown").arg(&user.name).arg(&own).status().unwrap();
    assert!(owned.success());
    let output = Command::new("runuser")
        .args(["-u", &user.name, "--"])
        .arg(&tests)
        .args(["--skip", "ordinary_users", "--nocapture", "--test-threads", "4"])
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("TMPDIR", &own)
        .env("STRATA_TEST_HELPER", &its_helper)
        .env("STRATA_TEST_MUST", must)
        .current_dir(&own)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    println!("as {}:\n{}", user.name, String::from_utf8_lossy(&text));
    assert!(output.status.success(), "the tests failed as {}", user.name);
}

fn may_make_users() -> bool {
    if !is_root() {
        eprintln!("skipped: only root can make users");
    }
    is_root()
}

#[test]
fn with_ids_of_their_own() {
    if !may_make_users() {
        return;
    }
    let Some(user) = User::make("ids", &["--system"]) else { return };
    let first = 2_000_000 + (std::process::id() % 1000) * 65536;
    let range = format!("{first}-{}", first + 65535);
    let given = Command::new("usermod")
        .args(["--add-subuids", &range, "--add-subgids", &range, &user.name])
        .status()
        .unwrap();
    assert!(given.success());
    once_more(&user, "SubIds SingleId");
}

#[test]
fn with_a_single_id() {
    if !may_make_users() {
        return;
    }
    let Some(user) = User::make("one", &["--system"]) else { return };
    once_more(&user, "SingleId");
}

/// No test of its own: what `where_parts_of_proc_are_hidden` starts with mounts of its own.
#[test]
fn run_below_hidden_parts() {
    if std::env::var_os("STRATA_TEST_HIDDEN").is_none() {
        return;
    }
    let mut modes = Vec::new();
    for session in sessions() {
        let room = Room::new();
        let came = room.sh(&session, "echo works; exit 3");
        assert_eq!((came.out.as_str(), came.exit.code), ("works\n", 3));
        let is_outer = came.exit.weaknesses.contains(&Weakness::OuterProc);
        // Real root may mount a fresh one all the same.
        assert_eq!(is_outer, session.mode() != Mode::Root);
        modes.push(session.mode());
    }
    assert!(modes.contains(&Mode::SingleId));
}

/// As in a container that hides parts of `/proc`: a fresh one is refused there, the outer one must do.
#[test]
fn where_parts_of_proc_are_hidden() {
    if !may_make_users() {
        return;
    }
    let tests = std::env::current_exe().unwrap();
    let line = format!(
        "mount -t tmpfs -o ro none /proc/acpi || mount -t tmpfs -o ro none /proc/bus || exit 77; \
         exec {} --exact ordinary_users::run_below_hidden_parts --nocapture",
        tests.display()
    );
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", &line])
        .env("STRATA_TEST_HIDDEN", "yes")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    match output.status.code() {
        Some(0) => assert!(text.contains("1 passed"), "{text}"),
        Some(77) => eprintln!("skipped: nothing can be hidden here: {text}"),
        _ => panic!("{text}"),
    }
}
