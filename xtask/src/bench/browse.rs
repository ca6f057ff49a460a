//! The window's frames while it pulls and scrolls.

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
    let node = setup::setup(workspace, Purpose::Bench)?;
    build::interface(workspace, &node)?;
    build::window(workspace)?;
    let corpus = Corpus::start(workspace)?;
    let reference = corpus.image(image)?;
    let display = Display::start(1600, 1000)?;
    process::run(e2e::script(workspace, &node, &display, "measures/browse.mjs").arg(reference))
}
