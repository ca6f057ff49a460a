//! Installing what a task needs: system packages, Node, the window's packages. Says so first, and does nothing twice.

mod apt;
mod node;
mod packages;

pub use node::Node;

use crate::error::TaskError;
use crate::workspace::Workspace;

/// What the machine is to be made ready for. Each includes the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Building and starting the window.
    Run,
    /// Starting it where there is no screen.
    Headless,
    /// All tests.
    Test,
    /// Measurements against other tools.
    Bench,
}

/// Makes the machine ready and returns the Node to call.
pub fn setup(workspace: &Workspace, purpose: Purpose) -> Result<Node, TaskError> {
    apt::install_missing(purpose)?;
    let node = Node::find_or_fetch(workspace)?;
    node.install_packages(workspace)?;
    Ok(node)
}
