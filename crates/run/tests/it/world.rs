use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use strata_run::{Exit, Mode, Output, RunError, RunSpec, Session, SessionOptions};
use tempfile::TempDir;

/// Programs that the tests' root has, if this machine has them.
const PROGRAMS: &[&str] = &[
    "cat", "chmod", "chown", "cp", "dd", "echo", "env", "false", "grep", "head", "id", "kill",
    "ln", "ls", "mkdir", "mknod", "mount", "mv", "readlink", "rm", "setsid", "sh", "sleep", "stat",
    "touch", "true", "umount", "uname", "unshare", "wc", "hostname", "ps", "mkfifo", "timeout",
    "su", "find", "sort", "chroot", "bash", "stty",
];

/// The helper: the one that was built with the tests, or where a test for another user has copied it.
pub fn helper() -> PathBuf {
    std::env::var_os("STRATA_TEST_HELPER")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_strata-helper")), PathBuf::from)
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A session on this rung, or the reason why there is none, printed.
pub fn session(mode: Mode) -> Option<Session> {
    match Session::start(&SessionOptions { helper: helper(), mode: Some(mode) }) {
        Ok(session) => Some(session),
        Err(error) => {
            let must = std::env::var("STRATA_TEST_MUST").unwrap_or_default();
            assert!(!must.contains(&format!("{mode:?}")), "{mode:?} must work: {error}");
            eprintln!("skipped {mode:?}: {error}");
            None
        }
    }
}

/// A session on each rung that holds.
pub fn sessions() -> Vec<Session> {
    let all: Vec<Session> =
        [Mode::Root, Mode::SubIds, Mode::SingleId].into_iter().filter_map(session).collect();
    if all.is_empty() {
        eprintln!("skipped: this machine allows no sandbox at all");
    }
    all
}

/// A layer with a shell and a few programs of this machine. Made once.
pub fn base() -> &'static Path {
    static BASE: OnceLock<TempDir> = OnceLock::new();
    BASE.get_or_init(make_base).path()
}

fn make_base() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::set_permissions(root, fs::Permissions::from_mode(0o755)).unwrap();
    for name in ["bin", "etc", "tmp", "root"] {
        fs::create_dir(root.join(name)).unwrap();
    }
    fs::set_permissions(root.join("tmp"), fs::Permissions::from_mode(0o1777)).unwrap();
    let passwd = "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/people/ann:/bin/sh\n";
    fs::write(root.join("etc/passwd"), passwd).unwrap();
    let group = "root:x:0:\nann:x:1000:\naudio:x:29:ann\n";
    fs::write(root.join("etc/group"), group).unwrap();
    let mut libraries = BTreeSet::new();
    for name in PROGRAMS {
        let Some(path) = find(name) else { continue };
        let target = root.join("bin").join(name);
        fs::copy(&path, &target).unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o755)).unwrap();
        let ldd = Command::new("ldd").arg(&path).output().unwrap();
        for word in String::from_utf8_lossy(&ldd.stdout).split_whitespace() {
            if word.starts_with('/') {
                libraries.insert(word.to_owned());
            }
        }
    }
    for library in libraries {
        let target = root.join(library.trim_start_matches('/'));
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&library, &target).unwrap();
    }
    folder
}

fn find(name: &str) -> Option<PathBuf> {
    let candidates = if name == "sh" { vec!["/bin/dash", "/bin/sh"] } else { Vec::new() };
    let mut candidates: Vec<PathBuf> = candidates.into_iter().map(PathBuf::from).collect();
    candidates.extend(["/bin", "/usr/bin", "/usr/sbin"].map(|folder| Path::new(folder).join(name)));
    candidates.into_iter().find(|path| path.is_file())
}

/// Folders for one run after another.
pub struct Room {
    pub folder: TempDir,
    pub lowers: Vec<PathBuf>,
}

/// What came of a run.
#[derive(Debug)]
pub struct Came {
    pub exit: Exit,
    pub out: String,
    pub err: String,
}

impl Room {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("upper")).unwrap();
        fs::create_dir(folder.path().join("work")).unwrap();
        Self { folder, lowers: vec![base().to_owned()] }
    }

    pub fn upper(&self) -> PathBuf {
        self.folder.path().join("upper")
    }

    /// A folder of this name, made.
    pub fn dir(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(&path).unwrap();
        path
    }

    pub fn spec(&self, args: &[&str]) -> RunSpec {
        let args = args.iter().map(|arg| (*arg).to_owned()).collect();
        RunSpec::new(self.lowers.clone(), self.upper(), self.folder.path().join("work"), args)
    }

    /// A line for the shell.
    pub fn shell(&self, line: &str) -> RunSpec {
        self.spec(&["/bin/sh", "-c", line])
    }

    /// Runs a line and expects that nothing stands in its way.
    pub fn sh(&self, session: &Session, line: &str) -> Came {
        run(session, &self.shell(line)).unwrap_or_else(|error| panic!("{line}: {error}"))
    }
}

pub fn run(session: &Session, spec: &RunSpec) -> Result<Came, RunError> {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = session.run(
        spec,
        &mut |piece| match piece {
            Output::Stdout(bytes) => out.extend_from_slice(bytes),
            Output::Stderr(bytes) => err.extend_from_slice(bytes),
        },
        &|| false,
    )?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok(Came { exit, out: text(out), err: text(err) })
}
