//! `cargo xtask run`: from nothing to a window.

use std::process::Command;

use crate::build;
use crate::display::Display;
use crate::error::TaskError;
use crate::process;
use crate::setup::{self, Purpose};
use crate::workspace::Workspace;

/// Installs what is missing, builds, starts the window. `--headless` gives it a screen of its own.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let own = arguments.iter().take_while(|word| *word != "--");
    let headless = own.clone().any(|word| word == "--headless");
    let passed_on = arguments.iter().skip(own.count() + 1);
    let purpose = if headless { Purpose::Headless } else { Purpose::Run };
    let node = setup::setup(workspace, purpose)?;
    build::interface(workspace, &node)?;
    let window = build::window(workspace)?;
    if !headless {
        return process::run(Command::new(window).args(passed_on));
    }
    let display = Display::start(1440, 900)?;
    println!("The window runs on the screen {}; Ctrl-C ends it.", display.name());
    process::run(display.session(&window).args(passed_on))
}
