//! `cargo xtask test`: every check and every test, each part to its end, one summary.

mod count;
mod parts;

use std::time::Instant;

use crate::error::TaskError;
use crate::setup::{self, Purpose};
use crate::workspace::Workspace;
use count::Count;

/// One part of the test run: its name and what it does.
type Part<'a> = (&'static str, Box<dyn FnMut() -> Result<Count, TaskError> + 'a>);

/// Everything.
pub fn test(workspace: &Workspace) -> Result<(), TaskError> {
    let node = setup::setup(workspace, Purpose::Test)?;
    run(vec![
        ("format", Box::new(|| parts::format(workspace))),
        ("interface", Box::new(|| parts::interface(workspace, &node))),
        ("build", Box::new(|| parts::build(workspace))),
        ("types", Box::new(|| parts::types(workspace))),
        ("lints", Box::new(|| parts::lints(workspace))),
        ("rust tests", Box::new(|| parts::rust_tests(workspace))),
        ("interface check", Box::new(|| parts::interface_check(workspace, &node))),
        ("interface tests", Box::new(|| parts::interface_tests(workspace, &node))),
        ("system tests", Box::new(|| parts::system_tests(workspace))),
        ("real window", Box::new(|| parts::real_window(workspace, &node))),
    ])
}

/// Format, lints, types and house rules, without the tests.
pub fn check(workspace: &Workspace) -> Result<(), TaskError> {
    let node = setup::setup(workspace, Purpose::Run)?;
    run(vec![
        ("format", Box::new(|| parts::format(workspace))),
        ("interface", Box::new(|| parts::interface(workspace, &node))),
        ("build", Box::new(|| parts::build(workspace))),
        ("types", Box::new(|| parts::types(workspace))),
        ("lints", Box::new(|| parts::lints(workspace))),
        ("house rules", Box::new(|| parts::house_rules(workspace))),
        ("interface check", Box::new(|| parts::interface_check(workspace, &node))),
    ])
}

/// The tests against a real registry alone.
pub fn system(workspace: &Workspace) -> Result<(), TaskError> {
    let node = setup::setup(workspace, Purpose::Test)?;
    run(vec![
        ("interface", Box::new(|| parts::interface(workspace, &node))),
        ("build", Box::new(|| parts::build(workspace))),
        ("system tests", Box::new(|| parts::system_tests(workspace))),
    ])
}

/// Runs all parts even if one fails; the last line is the sum.
fn run(parts: Vec<Part<'_>>) -> Result<(), TaskError> {
    let begun = Instant::now();
    let mut total = Count::default();
    let mut lines = Vec::new();
    for (name, mut part) in parts {
        println!("\n=== {name}");
        let started = Instant::now();
        let count = part().unwrap_or_else(|error| {
            eprintln!("{name}: {error}");
            Count { failed: 1, ..Count::default() }
        });
        total.add(count);
        lines.push(format!("{name:<16} {:>7.1} s   {count}", started.elapsed().as_secs_f64()));
        println!("=== {}", lines.last().map_or("", String::as_str));
    }
    println!();
    for line in lines {
        println!("{line}");
    }
    println!("{:<16} {:>7.1} s", "all", begun.elapsed().as_secs_f64());
    println!("{total}");
    if total.failed == 0 { Ok(()) } else { Err(TaskError::Tests { failed: total.failed }) }
}
