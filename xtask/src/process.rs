//! Running programs: said before it happens, failed when they fail.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitStatus, Stdio};

use crate::error::TaskError;

/// Says the command, runs it with this terminal, fails when it fails.
pub fn run(command: &mut Command) -> Result<(), TaskError> {
    println!("$ {}", shown(command));
    let status = command.status().map_err(|source| not_started(command, source))?;
    succeeded(command, status)
}

/// Runs it silently and returns what it printed; what it complains about is shown.
pub fn capture(command: &mut Command) -> Result<String, TaskError> {
    let output =
        command.stderr(Stdio::inherit()).output().map_err(|source| not_started(command, source))?;
    succeeded(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether it runs and ends well; silent.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Says the command, shows what it prints, and hands each line to `seen` as well.
///
/// Returns whether it ended well: a failing test run has been read to its end all the same.
pub fn run_watched(command: &mut Command, seen: &mut dyn FnMut(&str)) -> Result<bool, TaskError> {
    println!("$ {}", shown(command));
    let mut child =
        command.stdout(Stdio::piped()).spawn().map_err(|source| not_started(command, source))?;
    if let Some(stdout) = child.stdout.take() {
        let mut lines = BufReader::new(stdout);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let text = String::from_utf8_lossy(&line);
            print!("{text}");
            seen(text.trim_end());
            line.clear();
        }
    }
    let status = child.wait().map_err(|source| not_started(command, source))?;
    Ok(status.success())
}

/// The command as one would type it.
pub fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    if let Some(name) = words[0].rsplit('/').next()
        && name == "cargo"
    {
        words[0] = name.to_owned();
    }
    words.join(" ")
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<(), TaskError> {
    if status.success() {
        return Ok(());
    }
    Err(TaskError::Failed { command: shown(command), status: status.to_string() })
}

fn not_started(command: &Command, source: std::io::Error) -> TaskError {
    TaskError::Start { program: command.get_program().to_string_lossy().into_owned(), source }
}
