//! The project's tasks: `cargo xtask run` starts the window, `cargo xtask test` proves that all holds.
//!
//! It stays small (the standard library and a JSON parser), for it is built before anything else is installed.

mod bench;
mod build;
mod corpus;
mod display;
mod e2e;
mod error;
mod process;
mod run;
mod setup;
mod soak;
mod test;
mod types;
mod workspace;

use std::process::ExitCode;

use error::TaskError;
use setup::Purpose;
use workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask <task>

  run [--headless] [-- ARGS]   install what is missing, build, start the window (under Xvfb with --headless)
  test                         install what is missing, check and test everything
  setup [run|test|bench]       only install what is missing
  check                        format, lints, types, house rules; no tests
  system                       the tests against a real registry
  e2e [STORY]                  the built app in a real window, driven through WebDriver
  types                        regenerate ui/src/lib/api/generated/types.ts
  bench pull [--images A,B] [--rounds N] [--delay MS]   pull against other tools: CPU, wall, memory, disk as ratios
  bench cat [IMAGE] [--rounds N]   a file at the end of the largest layer, with checkpoints, without, by tar
  bench tree [IMAGE…]         looking at stored images: lists, buried bytes, search, against dive and tar
  bench browse [IMAGE]         the longest time without a new frame in the window
  soak [--count N]             the long counts: Dockerfiles changed at random, kill -9 at random moments of a pull";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            match error {
                TaskError::Usage { .. } => ExitCode::from(2),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<(), TaskError> {
    let Some((task, rest)) = arguments.split_first() else {
        println!("{USAGE}");
        return Ok(());
    };
    let workspace = Workspace::find()?;
    match task.as_str() {
        "run" => run::run(&workspace, rest),
        "test" => test::test(&workspace),
        "check" => test::check(&workspace),
        "setup" => setup::setup(&workspace, purpose(rest)?).map(|_| ()),
        "system" => test::system(&workspace),
        "e2e" => e2e::e2e(&workspace, rest),
        "types" => types::regenerate(&workspace),
        "bench" => bench::bench(&workspace, rest),
        "soak" => soak::soak(&workspace, rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(TaskError::Usage { found: task.clone(), usage: USAGE }),
    }
}

fn purpose(rest: &[String]) -> Result<Purpose, TaskError> {
    match rest.first().map(String::as_str) {
        None | Some("test") => Ok(Purpose::Test),
        Some("run") => Ok(Purpose::Run),
        Some("bench") => Ok(Purpose::Bench),
        Some(found) => Err(TaskError::Usage { found: found.to_owned(), usage: USAGE }),
    }
}
