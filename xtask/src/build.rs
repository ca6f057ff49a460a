//! Building the interface, the window and the command.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::TaskError;
use crate::process;
use crate::setup::Node;
use crate::workspace::Workspace;

/// Builds the interface into `ui/dist`, which the window carries inside it. What was built of the same files stays, so
/// that the window need not be linked anew.
pub fn interface(workspace: &Workspace, node: &Node) -> Result<(), TaskError> {
    let ui = workspace.ui();
    let built = modified(&ui.join("dist").join("index.html"));
    if built.is_some_and(|built| newest(&ui).is_some_and(|newest| newest < built)) {
        return Ok(());
    }
    process::run(node.tool(workspace, "vite").args(["build", "--logLevel", "warn"]))
}

/// When the youngest file of the interface's sources was changed; what is installed or built is none of them.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let times = entries.filter_map(|entry| {
        let name = entry.file_name();
        if ["dist", "node_modules"].iter().any(|made| name == *made) {
            return None;
        }
        let path = entry.path();
        // A folder changes when a file in it comes or goes.
        if path.is_dir() { newest(&path).max(modified(&path)) } else { modified(&path) }
    });
    times.max()
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

/// Builds the window and returns its program. Beside it stands the helper that carries out RUN.
pub fn window(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    let packages = ["-p", "strata-desktop", "-p", "strata-run"];
    process::run(workspace.cargo().args(["build", "--locked"]).args(packages))?;
    Ok(workspace.built("strata-desktop"))
}

/// Builds everything, tests and examples too, with one set of features: what the test runs use afterwards is this.
pub fn everything(workspace: &Workspace) -> Result<(), TaskError> {
    process::run(workspace.cargo().args(["build", "--locked", "--workspace", "--all-targets"]))
}

/// Builds the command as it is shipped and returns its program. Beside it stands the helper that carries out RUN.
pub fn released_command(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    let packages = ["-p", "strata-cli", "-p", "strata-run"];
    process::run(workspace.cargo().args(["build", "--locked", "--release"]).args(packages))?;
    Ok(workspace.target.join("release").join("strata"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_youngest_source_counts_and_what_is_made_does_not() {
        let folder = std::env::temp_dir().join(format!("strata-xtask-{}", std::process::id()));
        let file = |path: &str, seconds: u64| {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let file = fs::File::create(&path).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds))
                .unwrap();
        };
        file("dist/index.html", 4_000_000_000);
        file("node_modules/x/y.js", 4_000_000_000);
        file("src/deep/a.ts", 1_000_000_000);
        assert!(newest(&folder).unwrap() < modified(&folder.join("dist/index.html")).unwrap());
        file("src/deep/a.ts", 4_100_000_000);
        assert!(newest(&folder).unwrap() > modified(&folder.join("dist/index.html")).unwrap());
        assert_eq!(newest(&folder.join("nowhere")), None);
        fs::remove_dir_all(&folder).unwrap();
    }
}
