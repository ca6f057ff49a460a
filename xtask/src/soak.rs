//! `cargo xtask soak`: the same tests with the long counts: random Dockerfiles, and pulls from a real registry.

use crate::error::TaskError;
use crate::process;
use crate::setup::{self, Purpose};
use crate::workspace::Workspace;

const USAGE: &str = "usage: cargo xtask soak [--count N]";
const COUNT: u32 = 50;
/// How long Dockerfiles are changed at random.
const FUZZ_SECONDS: u32 = 30;

/// Changes Dockerfiles at random for a while, then kills a pull at this many random moments instead of at a few.
pub fn soak(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    let count = match arguments {
        [] => COUNT,
        [option, number] if option == "--count" => {
            number.parse().map_err(|_| TaskError::Usage { found: number.clone(), usage: USAGE })?
        }
        [found, ..] => return Err(TaskError::Usage { found: found.clone(), usage: USAGE }),
    };
    setup::setup(workspace, Purpose::Test)?;
    dockerfiles(workspace)?;
    process::run(workspace.cargo().args([
        "build",
        "--locked",
        "-p",
        "strata-cli",
        "-p",
        "strata-run",
    ]))?;
    let mut tests = workspace.cargo();
    tests.args(["test", "--locked", "-p", "strata-system-tests", "--", "--nocapture"]);
    tests.env("STRATA_BIN", workspace.built("strata"));
    tests.env("STRATA_KILLS", count.to_string());
    process::run(&mut tests)
}

/// The parser and all that stands on it, with texts that nobody would write.
fn dockerfiles(workspace: &Workspace) -> Result<(), TaskError> {
    let mut tests = workspace.cargo();
    tests.args(["test", "--locked", "-p", "strata-dockerfile", "--test", "dockerfile-it"]);
    tests.args(["--", "--nocapture", "mutated", "growth"]);
    tests.env("STRATA_FUZZ_SECONDS", FUZZ_SECONDS.to_string());
    process::run(&mut tests)
}
