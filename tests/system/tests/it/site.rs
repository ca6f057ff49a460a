use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::registry::Registry;

/// What one test works with: a folder, a registry, a store.
pub struct Site {
    pub registry: Registry,
    folder: TempDir,
    strata: PathBuf,
}

impl Site {
    /// Sets everything up, or says what is missing.
    pub fn open() -> Option<Self> {
        let strata = built_command()?;
        for tool in ["docker-registry", "skopeo", "tar", "gzip", "zstd", "sha256sum", "openssl"] {
            if !is_on_path(tool) {
                println!("skipped: there is no `{tool}`");
                return None;
            }
        }
        let folder = TempDir::new().unwrap();
        let registry = Registry::start(folder.path());
        Some(Self { registry, folder, strata })
    }

    /// A folder of this test's own.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder of all these.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn store(&self) -> PathBuf {
        self.path("store")
    }

    /// The command over this test's store, with no settings or logins of the machine.
    pub fn strata(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.strata);
        command.args(arguments).stdin(Stdio::null());
        command.env("STRATA_STORE", self.store());
        command.env("STRATA_CONFIG_DIR", self.path("config"));
        command.env("DOCKER_CONFIG", self.path("no-docker"));
        command.env("LC_ALL", "C.UTF-8").env_remove("RUST_BACKTRACE");
        command
    }

    /// Runs the command and returns what it printed; it must succeed.
    pub fn strata_prints(&self, arguments: &[&str]) -> Vec<u8> {
        prints(&mut self.strata(arguments))
    }
}

/// The command as built by `cargo xtask test`, or as it stands in the output folder.
fn built_command() -> Option<PathBuf> {
    let beside = || {
        let program = std::env::current_exe().ok()?;
        Some(program.parent()?.parent()?.join("strata"))
    };
    let path = std::env::var_os("STRATA_BIN").map(PathBuf::from).or_else(beside)?;
    if path.is_file() {
        return Some(path);
    }
    println!("skipped: `{}` is not built", path.display());
    None
}

pub fn is_on_path(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(tool).is_file())
}

/// Runs a program that must succeed and returns what it printed.
pub fn prints(command: &mut Command) -> Vec<u8> {
    let output = output(command);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

pub fn output(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"))
}

/// Runs a shell script in a folder; any failing line fails the test.
pub fn shell(folder: &Path, script: &str) -> String {
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", script]).current_dir(folder);
    bash.env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
    String::from_utf8(prints(&mut bash)).unwrap()
}
