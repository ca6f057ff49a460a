//! The window's types, generated from Rust.

use std::path::PathBuf;
use std::process::Command;

use crate::error::TaskError;
use crate::process;
use crate::workspace::{Workspace, read_text, write_text};

/// Writes the generated file anew.
pub fn regenerate(workspace: &Workspace) -> Result<(), TaskError> {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--locked", "-p", "strata-app", "--example", "typescript"]);
    let text = process::capture(&mut cargo)?;
    write_text(&file(workspace), &text)
}

/// Whether the generated file is what the built generator prints.
pub fn check_fresh(workspace: &Workspace) -> Result<(), TaskError> {
    let generator = workspace.target.join("debug").join("examples").join("typescript");
    let expected = process::capture(&mut Command::new(generator))?;
    let path = file(workspace);
    if read_text(&path)? == expected {
        return Ok(());
    }
    Err(TaskError::Missing {
        what: format!("`{}` is not what Rust's types say", path.display()),
        remedy: "run `cargo xtask types` and commit".to_owned(),
    })
}

fn file(workspace: &Workspace) -> PathBuf {
    workspace.ui().join("src/lib/api/generated/types.ts")
}
