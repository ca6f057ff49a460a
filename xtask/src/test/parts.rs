//! The parts of the test run. Each goes on to its end and says how much held.

use std::process::Command;

use super::count::Count;
use crate::display::Display;
use crate::error::TaskError;
use crate::setup::Node;
use crate::workspace::{Workspace, read_text};
use crate::{build, e2e, process, types};

/// rustfmt finds nothing to change.
pub fn format(workspace: &Workspace) -> Result<Count, TaskError> {
    process::run(workspace.cargo().args(["fmt", "--all", "--", "--check"])).map(|()| Count::HELD)
}

/// The interface builds; the window cannot be compiled without it.
pub fn interface(workspace: &Workspace, node: &Node) -> Result<Count, TaskError> {
    build::interface(workspace, node).map(|()| Count::HELD)
}

/// All crates with all their targets build.
pub fn build(workspace: &Workspace) -> Result<Count, TaskError> {
    build::everything(workspace).map(|()| Count::HELD)
}

/// The window's types are those of Rust.
pub fn types(workspace: &Workspace) -> Result<Count, TaskError> {
    types::check_fresh(workspace).map(|()| Count::HELD)
}

/// Clippy finds nothing.
pub fn lints(workspace: &Workspace) -> Result<Count, TaskError> {
    let mut cargo = workspace.cargo();
    cargo.args(["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    process::run(&mut cargo).map(|()| Count::HELD)
}

/// All tests of all crates but those that need a real registry.
pub fn rust_tests(workspace: &Workspace) -> Result<Count, TaskError> {
    let arguments = ["--workspace", "--exclude", "strata-system-tests", "--no-fail-fast"];
    cargo_test(workspace, &arguments)
}

/// The rules that this crate's tests hold all files to.
pub fn house_rules(workspace: &Workspace) -> Result<Count, TaskError> {
    cargo_test(workspace, &["-p", "xtask", "--test", "xtask-it"])
}

/// The tests against a real registry.
pub fn system_tests(workspace: &Workspace) -> Result<Count, TaskError> {
    // `--workspace` with the one test binary, for the features of the whole build.
    cargo_test(workspace, &["--workspace", "--test", "strata-system-it", "--no-fail-fast"])
}

fn cargo_test(workspace: &Workspace, arguments: &[&str]) -> Result<Count, TaskError> {
    let mut count = Count::default();
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--locked"]).args(arguments);
    cargo.env("STRATA_BIN", workspace.built("strata"));
    let well = process::run_watched(&mut cargo, &mut |line| count.see(line))?;
    Ok(count.ended(well))
}

/// The interface's types and templates hold.
pub fn interface_check(workspace: &Workspace, node: &Node) -> Result<Count, TaskError> {
    let mut check = node.tool(workspace, "svelte-check");
    process::run(check.args(["--tsconfig", "./tsconfig.json", "--fail-on-warnings"]))
        .map(|()| Count::HELD)
}

/// The interface's unit tests.
pub fn interface_tests(workspace: &Workspace, node: &Node) -> Result<Count, TaskError> {
    let report = workspace.output_folder("xtask")?.join("vitest.json");
    std::fs::remove_file(&report).ok();
    let mut vitest = node.tool(workspace, "vitest");
    vitest.args(["run", "--reporter=default", "--reporter=json"]);
    vitest.arg(format!("--outputFile.json={}", report.display()));
    let ended = process::run(&mut vitest);
    let count = match read_text(&report) {
        Ok(text) => vitest_count(&text),
        Err(_) => Count::default(),
    };
    if let Err(error) = &ended {
        eprintln!("{error}");
    }
    Ok(count.ended(ended.is_ok()))
}

fn vitest_count(report: &str) -> Count {
    let report: serde_json::Value = serde_json::from_str(report).unwrap_or_default();
    let number = |key: &str| {
        report
            .get(key)
            .and_then(serde_json::Value::as_u64)
            .and_then(|number| usize::try_from(number).ok())
    };
    Count {
        passed: number("numPassedTests").unwrap_or(0),
        failed: number("numFailedTests").unwrap_or(0),
        skipped: number("numPendingTests").unwrap_or(0),
    }
}

/// The stories in a real window.
pub fn real_window(workspace: &Workspace, node: &Node) -> Result<Count, TaskError> {
    let display = Display::start(1600, 1000)?;
    let mut stories: Command = e2e::stories(workspace, node, &display);
    let mut count = Count::default();
    let well = process::run_watched(&mut stories, &mut |line| count.see(line))?;
    Ok(count.ended(well))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_counts_of_a_report() {
        let report = r#"{"numPassedTests": 7, "numFailedTests": 1, "numPendingTests": 2}"#;
        assert_eq!(vitest_count(report), Count { passed: 7, failed: 1, skipped: 2 });
        assert_eq!(vitest_count("no JSON"), Count::default());
    }
}
