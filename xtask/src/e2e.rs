//! The built app in a real window, driven through WebDriver.

use std::process::Command;

use crate::build;
use crate::display::Display;
use crate::error::TaskError;
use crate::process;
use crate::setup::{self, Node, Purpose};
use crate::workspace::Workspace;

/// Builds the window and runs the stories, or only those whose name contains the argument.
pub fn e2e(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let node = setup::setup(workspace, Purpose::Test)?;
    build::interface(workspace, &node)?;
    build::window(workspace)?;
    let display = Display::start(1600, 1000)?;
    process::run(stories(workspace, &node, &display).args(arguments))
}

/// The command that runs the stories on a display. It leaves screenshots in the output folder.
pub fn stories(workspace: &Workspace, node: &Node, display: &Display) -> Command {
    script(workspace, node, display, "run.mjs")
}

/// The command that runs a script of `tests/e2e` on a display, with the built window at hand.
pub fn script(workspace: &Workspace, node: &Node, display: &Display, name: &str) -> Command {
    let mut command = display.session("node");
    let path = node
        .command()
        .get_envs()
        .find_map(|(name, value)| (name == "PATH").then(|| value.map(ToOwned::to_owned)).flatten());
    if let Some(path) = path {
        command.env("PATH", path);
    }
    command.arg(workspace.root.join("tests").join("e2e").join(name));
    command.env("STRATA_DESKTOP", workspace.built("strata-desktop"));
    command.env("STRATA_SCREENSHOTS", workspace.target.join("screenshots"));
    command.current_dir(&workspace.root);
    command
}
