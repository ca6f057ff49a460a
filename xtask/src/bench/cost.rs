//! What one run cost, and the middle of several.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::TaskError;
use crate::process;
use crate::workspace::read_text;

/// One run's cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// From start to end.
    pub wall_seconds: f64,
    /// User and system time of the tool, its children and its daemon.
    pub cpu_seconds: f64,
    /// Of the tool itself, or of its daemon where that is larger.
    pub peak_megabytes: f64,
    /// What lies in the place afterwards; 0 where that is not to be seen.
    pub disk_bytes: u64,
}

/// Runs a command silently: bash tells milliseconds, GNU time the memory.
pub fn timed(command: &Command, scratch: &Path) -> Result<Cost, TaskError> {
    let (memory, times) = (scratch.join("memory.txt"), scratch.join("times.txt"));
    let mut run = Command::new("bash");
    // The shell's own report goes to a file, what the command complains about is shown.
    run.args(["-c", r#"TIMEFORMAT='%3R %3U %3S'; { time "$@" 2>&3; } 3>&2 2>"$TIMES""#, "bash"]);
    run.args(["time", "--format=%M", "--output"]).arg(&memory);
    run.arg(command.get_program()).args(command.get_args()).env("TIMES", &times);
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            run.env(name, value);
        }
    }
    run.stdin(Stdio::null()).stdout(Stdio::null());
    let started = |source| TaskError::Start { program: "bash".to_owned(), source };
    let status = run.status().map_err(started)?;
    if !status.success() {
        return Err(TaskError::Failed {
            command: process::shown(command),
            status: status.to_string(),
        });
    }
    cost(&read_text(&times)?, &read_text(&memory)?)
}

/// Reads `wall user system` in seconds, and the peak in KiB.
fn cost(times: &str, memory: &str) -> Result<Cost, TaskError> {
    let line = format!("{} {}", last_line(times), last_line(memory));
    let numbers: Vec<f64> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [wall_seconds, user, system, kibibytes] = numbers[..] else {
        return Err(TaskError::Output {
            command: "time".to_owned(),
            expected: "three times and the memory",
            found: line,
        });
    };
    let peak_megabytes = kibibytes * 1024.0 / 1e6;
    Ok(Cost { wall_seconds, cpu_seconds: user + system, peak_megabytes, disk_bytes: 0 })
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or_default().trim()
}

/// The middle of each number.
pub fn median_cost(costs: &[Cost]) -> Cost {
    let median_of = |value: fn(&Cost) -> f64| median(costs.iter().map(value).collect());
    let mut disks: Vec<u64> = costs.iter().map(|cost| cost.disk_bytes).collect();
    disks.sort_unstable();
    Cost {
        wall_seconds: median_of(|cost| cost.wall_seconds),
        cpu_seconds: median_of(|cost| cost.cpu_seconds),
        peak_megabytes: median_of(|cost| cost.peak_megabytes),
        disk_bytes: disks.get(disks.len() / 2).copied().unwrap_or_default(),
    }
}

/// How far the processor times of several runs lie apart, as a part of their middle.
pub fn spread(costs: &[Cost]) -> f64 {
    let times = || costs.iter().map(|cost| cost.cpu_seconds);
    let most = times().fold(0.0, f64::max);
    let least = times().fold(f64::INFINITY, f64::min);
    (most - least) / median(times().collect())
}

/// The middle; not a number where there is none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_bash_and_time_write_is_read() {
        let read = cost("1.500 0.750 0.255\n", "Command exited\n10000\n").unwrap();
        assert!((read.cpu_seconds - 1.005).abs() < 1e-9);
        assert!((read.peak_megabytes - 10.24).abs() < 1e-9);
        assert!(cost("nothing", "").is_err());
    }

    #[test]
    fn the_median_stands_in_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn the_spread_is_a_part_of_the_middle() {
        let cost = |cpu_seconds| Cost {
            wall_seconds: 1.0,
            cpu_seconds,
            peak_megabytes: 1.0,
            disk_bytes: 1,
        };
        assert!((spread(&[cost(1.0), cost(2.0), cost(3.0)]) - 1.0).abs() < f64::EPSILON);
    }
}
