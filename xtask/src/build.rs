//! Building the interface, the window and the command.

use std::path::PathBuf;

use crate::error::TaskError;
use crate::process;
use crate::setup::Node;
use crate::workspace::Workspace;

/// Builds the interface into `ui/dist`, which the window carries inside it.
pub fn interface(workspace: &Workspace, node: &Node) -> Result<(), TaskError> {
    process::run(node.tool(workspace, "vite").args(["build", "--logLevel", "warn"]))
}

/// Builds the window and returns its program.
pub fn window(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    process::run(workspace.cargo().args(["build", "--locked", "-p", "strata-desktop"]))?;
    Ok(workspace.built("strata-desktop"))
}

/// Builds everything, tests and examples too, with one set of features: what the test runs use afterwards is this.
pub fn everything(workspace: &Workspace) -> Result<(), TaskError> {
    process::run(workspace.cargo().args(["build", "--locked", "--workspace", "--all-targets"]))
}

/// Builds the command as it is shipped and returns its program.
pub fn released_command(workspace: &Workspace) -> Result<PathBuf, TaskError> {
    process::run(workspace.cargo().args(["build", "--locked", "--release", "-p", "strata-cli"]))?;
    Ok(workspace.target.join("release").join("strata"))
}
