//! `cargo xtask soak`: the same tests against a real registry, with the long counts.

use crate::error::TaskError;
use crate::process;
use crate::setup::{self, Purpose};
use crate::workspace::Workspace;

const USAGE: &str = "usage: cargo xtask soak [--count N]";
const COUNT: u32 = 50;

/// Kills a pull at this many random moments instead of at a few.
pub fn soak(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let count = match arguments {
        [] => COUNT,
        [option, number] if option == "--count" => {
            number.parse().map_err(|_| TaskError::Usage { found: number.clone(), usage: USAGE })?
        }
        [found, ..] => return Err(TaskError::Usage { found: found.clone(), usage: USAGE }),
    };
    setup::setup(workspace, Purpose::Test)?;
    process::run(workspace.cargo().args(["build", "--locked", "-p", "strata-cli"]))?;
    let mut tests = workspace.cargo();
    tests.args(["test", "--locked", "-p", "strata-system-tests", "--", "--nocapture"]);
    tests.env("STRATA_BIN", workspace.built("strata"));
    tests.env("STRATA_KILLS", count.to_string());
    process::run(&mut tests)
}
