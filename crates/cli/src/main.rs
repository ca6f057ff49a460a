//! The `strata` command: what the window does, for scripts, tests and people in a terminal.
//!
//! Results go to stdout, words to stderr. The exit code is 0 if all was done, 1 if something failed, 2 if the command
//! was not understood, 130 if it was stopped with Ctrl-C.

mod arguments;
mod commands;
mod excerpt;
mod failure;
mod output;
mod paint;
mod progress;
mod session;
mod table;
mod visible;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::failure::Failure;
use crate::session::Session;

/// How long jobs have to end after Ctrl-C; the store is whole whether they do or not.
const STOP_PATIENCE: Duration = Duration::from_millis(400);
/// What a shell reports of a command that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = arguments.check() {
        error.exit();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::tell(&format!("strata: cannot start: {error}\n"));
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(run(arguments));
    // Nothing that still runs has anything to lose.
    runtime.shutdown_background();
    ExitCode::from(code)
}

async fn run(arguments: Arguments) -> u8 {
    let (session, command) = match Session::open(arguments) {
        Ok(opened) => opened,
        Err(code) => return code,
    };
    let last_words = last_words(&command);
    let done = tokio::select! {
        done = commands::run(&session, command) => done,
        () = interrupted() => return stop(&session, last_words).await,
    };
    match done {
        Ok(()) => 0,
        // Whoever read the output has seen enough.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => 0,
        Err(failure) => {
            session.tell_failure(&failure);
            failure.exit_code()
        }
    }
}

/// Waits for Ctrl-C; for ever where it cannot be heard.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn stop(session: &Session, last_words: &str) -> u8 {
    for job in session.app.jobs_list() {
        session.app.job_stop(job.id);
    }
    let ended = async {
        while session.app.jobs_running() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(STOP_PATIENCE, ended).await.ok();
    session.say(last_words, &[]);
    INTERRUPTED
}

/// What is said of a command that was stopped: what is left of its work.
fn last_words(command: &Command) -> &'static str {
    match command {
        Command::Pull(_) => "cli.stopped",
        Command::Export(_) => "cli.stoppedExport",
        _ => "cli.stoppedOther",
    }
}
