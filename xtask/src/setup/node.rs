//! Node: the system's where it is new enough, else one fetched into the output folder.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::TaskError;
use crate::process;
use crate::workspace::{Workspace, on_path, read_text, write_text};

/// What Vite needs: 20.19 or newer of 20, 22.12 or newer.
const OLDEST: [(u32, u32); 2] = [(20, 19), (22, 12)];
/// What is fetched where the system's Node is older.
const FETCHED: &str = "node@22";

/// A Node that is new enough, and the `PATH` that puts it first.
pub struct Node {
    path: OsString,
}

impl Node {
    /// The system's Node, or else the npm package `node` below the output folder.
    pub fn find_or_fetch(workspace: &Workspace) -> Result<Self, TaskError> {
        let path = env::var_os("PATH").unwrap_or_default();
        if on_path("npm").is_none() {
            return Err(TaskError::Missing {
                what: "there is no npm".to_owned(),
                remedy: "install Node 22 or newer with npm".to_owned(),
            });
        }
        if is_new_enough(Path::new("node")) {
            return Ok(Self { path });
        }
        let prefix = workspace.output_folder("node")?;
        let folder = prefix.join("node_modules").join("node").join("bin");
        if !is_new_enough(&folder.join("node")) {
            println!(
                "The system's Node is too old for the interface's tools: fetching {FETCHED} into target/node."
            );
            let mut npm = Command::new("npm");
            npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]);
            npm.arg("--prefix").arg(&prefix).arg(FETCHED);
            process::run(&mut npm)?;
        }
        let mut folders = vec![folder];
        folders.extend(env::split_paths(&path));
        let path = env::join_paths(folders).unwrap_or(path);
        Ok(Self { path })
    }

    /// Node itself.
    pub fn command(&self) -> Command {
        self.program("node")
    }

    /// A tool that the window's packages bring, in the window's folder.
    pub fn tool(&self, workspace: &Workspace, name: &str) -> Command {
        let mut command = self.program(workspace.ui().join("node_modules").join(".bin").join(name));
        command.current_dir(workspace.ui());
        command
    }

    /// Installs the window's packages exactly as locked, unless the same lock file is installed already.
    pub fn install_packages(&self, workspace: &Workspace) -> Result<(), TaskError> {
        let lock = read_text(&workspace.ui().join("package-lock.json"))?;
        let stamp = stamp(workspace);
        let installed = workspace.ui().join("node_modules").is_dir();
        if installed && std::fs::read_to_string(&stamp).is_ok_and(|stamped| stamped == lock) {
            return Ok(());
        }
        println!(
            "The interface's packages are missing or old: installing them into ui/node_modules."
        );
        let mut npm = self.program("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(workspace.ui());
        process::run(&mut npm)?;
        workspace.output_folder("xtask")?;
        write_text(&stamp, &lock)
    }

    fn program(&self, name: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(name);
        command.env("PATH", &self.path);
        command
    }
}

fn stamp(workspace: &Workspace) -> PathBuf {
    workspace.target.join("xtask").join("package-lock.stamp")
}

fn is_new_enough(node: &Path) -> bool {
    let output = Command::new(node).arg("--version").output();
    output.is_ok_and(|output| {
        version(&String::from_utf8_lossy(&output.stdout)).is_some_and(version_is_new_enough)
    })
}

/// Reads `v20.19.1` as `(20, 19)`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn version_is_new_enough((major, minor): (u32, u32)) -> bool {
    let newest = OLDEST.iter().map(|oldest| oldest.0).max().unwrap_or_default();
    major > newest || OLDEST.iter().any(|oldest| oldest.0 == major && minor >= oldest.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version_that_node_prints() {
        assert_eq!(version("v20.19.1\n"), Some((20, 19)));
        assert_eq!(version("20.19"), None);
        assert_eq!(version(""), None);
    }

    #[test]
    fn takes_only_versions_that_the_tools_run_on() {
        for (found, enough) in [
            ((18, 20), false),
            ((20, 18), false),
            ((20, 19), true),
            ((21, 7), false),
            ((22, 11), false),
            ((22, 12), true),
            ((24, 0), true),
        ] {
            assert_eq!(version_is_new_enough(found), enough, "{found:?}");
        }
    }
}
