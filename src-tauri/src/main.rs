//! The window's program.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    strata_desktop::renderer::choose();
    match strata_desktop::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("strata-desktop: cannot open a window: {error}");
            ExitCode::FAILURE
        }
    }
}
