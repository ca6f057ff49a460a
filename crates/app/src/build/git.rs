//! Repositories as sources of a build, checked out by the system's own `git`.
//!
//! What a Dockerfile names is never an option, never another program, and never a path out of the repository: only
//! transports that fetch are allowed, no configuration of the system or the person is read, nothing asks for a password.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use strata_build::{GitSource, GitTree, HostError, Stop};

/// How often the stop flag is looked at.
const BEAT: Duration = Duration::from_millis(50);
/// How much of what git says is told.
const MAX_WORDS_BYTES: u64 = 2_000;
/// The transports that may be used.
const TRANSPORTS: [&str; 4] = ["https", "http", "ssh", "git"];

/// Checks a repository out below `folder`, which is empty.
pub(super) fn check_out(
    source: &GitSource,
    folder: &Path,
    stop: &Stop,
) -> Result<GitTree, HostError> {
    let url = url(&source.url)?;
    let wanted = source.reference.as_deref().unwrap_or("HEAD");
    if wanted.starts_with('-') || wanted.contains([':', '\0', '\n', ' ', '~', '^', '*', '?', '[']) {
        return Err(refused(format!("`{wanted}` is no branch, tag or commit")));
    }
    let git = |arguments: &[&str]| run(folder, arguments, stop);
    git(&["init", "--quiet", "."])?;
    let fetched = git(&["fetch", "--quiet", "--depth=1", "--no-tags", "--", &url, wanted]);
    if fetched.is_err() && !stop.is_stopped() {
        // Not every server gives a commit by its number: then all of it is fetched.
        let all = ["+refs/heads/*:refs/remotes/o/*", "+refs/tags/*:refs/tags/*"];
        git(&["fetch", "--quiet", "--", &url, all[0], all[1]])?;
        git(&["checkout", "--quiet", "--detach", wanted, "--"])?;
    } else {
        fetched?;
        git(&["checkout", "--quiet", "--detach", "FETCH_HEAD", "--"])?;
    }
    let commit = git(&["rev-parse", "HEAD"])?.trim().to_owned();
    if let Some(expected) = &source.checksum
        && !commit.starts_with(expected.as_str())
    {
        return Err(refused(format!("the commit is {commit}, not {expected}")));
    }
    if !source.skips_submodules && folder.join(".gitmodules").is_file() {
        git(&["submodule", "update", "--quiet", "--init", "--recursive", "--depth=1"])?;
    }
    if !source.keeps_git_folder {
        fs::remove_dir_all(folder.join(".git")).map_err(HostError::new)?;
    }
    let folder = match &source.folder {
        Some(wanted) => inside(folder, Path::new(wanted))?,
        None => folder.to_owned(),
    };
    Ok(GitTree { folder, commit })
}

/// A URL with one of the transports that fetch; `git@host:path` is one of `ssh`.
fn url(text: &str) -> Result<String, HostError> {
    let has_transport = text
        .split_once("://")
        .is_some_and(|(transport, rest)| TRANSPORTS.contains(&transport) && !rest.starts_with('-'));
    let is_short = text.split_once(':').is_some_and(|(host, path)| {
        host.starts_with("git@") && !host.contains('/') && !path.starts_with([':', '-', '/'])
    });
    if has_transport || is_short {
        return Ok(text.to_owned());
    }
    Err(refused(format!("`{text}` is no repository that may be fetched")))
}

/// A folder of the checked-out tree, wherever its links lead.
fn inside(root: &Path, wanted: &Path) -> Result<PathBuf, HostError> {
    let is_plain = |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
    let outside = || refused(format!("`{}` is not inside the repository", wanted.display()));
    let wanted_here = wanted.strip_prefix("/").unwrap_or(wanted);
    if !wanted_here.components().all(is_plain) {
        return Err(outside());
    }
    let root = fs::canonicalize(root).map_err(HostError::new)?;
    let found = fs::canonicalize(root.join(wanted_here)).map_err(|_| outside())?;
    if found.starts_with(&root) && found.is_dir() { Ok(found) } else { Err(outside()) }
}

/// Runs git in a folder, and gives what it printed.
fn run(folder: &Path, arguments: &[&str], stop: &Stop) -> Result<String, HostError> {
    let mut command = Command::new("git");
    command.current_dir(folder).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.args(["-c", "protocol.allow=never", "-c", "core.hooksPath=/dev/null"]);
    command.args(["-c", "core.symlinks=true", "-c", "advice.detachedHead=false"]);
    for transport in TRANSPORTS {
        command.arg("-c").arg(format!("protocol.{transport}.allow=always"));
    }
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_CONFIG_NOSYSTEM", "1");
    command.env("GIT_CONFIG_GLOBAL", null()).env("GIT_ASKPASS", "true").env("LC_ALL", "C");
    command.args(arguments);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => HostError::new("`git` is not installed"),
        _ => HostError::new(error),
    })?;
    let (out, err) = (reader(child.stdout.take()), reader(child.stderr.take()));
    let status = loop {
        if stop.is_stopped() {
            child.kill().ok();
            child.wait().ok();
            return Err(HostError::stopped());
        }
        match child.try_wait().map_err(HostError::new)? {
            Some(status) => break status,
            None => thread::sleep(BEAT),
        }
    };
    let (out, err) = (out.join().unwrap_or_default(), err.join().unwrap_or_default());
    if status.success() {
        return Ok(out);
    }
    Err(HostError::new(format!("git {}: {}", arguments[0], err.trim())))
}

fn null() -> &'static OsStr {
    OsStr::new(if cfg!(windows) { "NUL" } else { "/dev/null" })
}

/// Reads a stream beside the child's work, and keeps the start of it.
fn reader(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut kept = Vec::new();
        if let Some(stream) = stream {
            let mut stream = stream;
            stream.by_ref().take(MAX_WORDS_BYTES).read_to_end(&mut kept).ok();
            io::copy(&mut stream, &mut io::sink()).ok();
        }
        String::from_utf8_lossy(&kept).into_owned()
    })
}

fn refused(words: String) -> HostError {
    HostError::new(words)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_urls_that_fetch_are_taken() {
        for good in
            ["https://example.com/a.git", "ssh://git@h/a", "git@github.com:a/b.git", "git://h/a"]
        {
            assert!(url(good).is_ok(), "{good}");
        }
        for bad in [
            "ext::sh -c id",
            "file:///etc",
            "/etc",
            "--upload-pack=x",
            "https://-x",
            "../a",
            "git@h:-x",
        ] {
            assert!(url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_folder_is_inside_whatever_it_is_called_or_linked_to() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("a/b")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc", root.path().join("out")).unwrap();
        assert!(inside(root.path(), Path::new("a/b")).is_ok());
        assert!(inside(root.path(), Path::new("/a")).is_ok());
        for bad in ["..", "a/../..", "out", "missing"] {
            assert!(inside(root.path(), Path::new(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn references_are_no_options() {
        let folder = tempfile::tempdir().unwrap();
        for bad in ["--upload-pack=x", "a b", "main:x", "HEAD~1"] {
            let source = GitSource {
                url: "https://localhost:1/a.git".into(),
                reference: Some(bad.into()),
                ..GitSource::default()
            };
            let error = check_out(&source, folder.path(), &Stop::new()).unwrap_err();
            assert!(error.to_string().contains("no branch"), "{error}");
        }
    }
}
