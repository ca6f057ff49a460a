//! The window while it pulls and scrolls, and while one types.

use crate::build;
use crate::corpus::Corpus;
use crate::display::Display;
use crate::e2e;
use crate::error::TaskError;
use crate::process;
use crate::setup::{self, Purpose};
use crate::workspace::Workspace;

/// Pulls an image in the built window and scrolls through its files, noting the frames.
pub fn browse(workspace: &Workspace, image: &str) -> Result<(), TaskError> {
    let corpus = Corpus::start(workspace)?;
    let reference = corpus.image(image)?;
    measure(workspace, "measures/browse.mjs", &reference)
}

/// Types into the filter of a repository with so many tags, in the built window, noting how long each key takes.
pub fn tags(workspace: &Workspace, count: u32) -> Result<(), TaskError> {
    measure(workspace, "measures/tags.mjs", &count.to_string())
}

fn measure(workspace: &Workspace, script: &str, argument: &str) -> Result<(), TaskError> {
    let node = setup::setup(workspace, Purpose::Bench)?;
    build::interface(workspace, &node)?;
    build::window(workspace)?;
    let display = Display::start(1600, 1000)?;
    process::run(e2e::script(workspace, &node, &display, script).arg(argument))
}
