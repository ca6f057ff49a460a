use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::world::{helper, is_root};

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
