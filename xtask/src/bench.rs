//! `cargo xtask bench pull`: the same pull by different tools, in turn, in one run. `cargo xtask bench browse`: how long
//! the window shows no new frame while an image is pulled and scrolled through.
//!
//! What is compared in a pull differs: `skopeo copy` verifies and stores, `docker pull` unpacks too, Strata stores and
//! indexes all files. The table says so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::build;
use crate::corpus::Corpus;
use crate::display::Display;
use crate::e2e;
use crate::error::TaskError;
use crate::process;
use crate::setup::{self, Purpose};
use crate::workspace::{Workspace, on_path, read_text};

const USAGE: &str = "usage: cargo xtask bench pull [IMAGE] [--rounds N] | browse [IMAGE]";

/// One run's cost.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cost {
    wall_seconds: f64,
    cpu_seconds: f64,
    peak_megabytes: f64,
}

/// A tool that pulls.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tool {
    Strata,
    Skopeo,
    Docker,
}

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Self::Strata => "strata pull",
            Self::Skopeo => "skopeo copy to oci:",
            Self::Docker => "docker pull (client only)",
        }
    }

    fn does(self) -> &'static str {
        match self {
            Self::Strata => "stores, verifies digests and diff IDs, indexes all files",
            Self::Skopeo => "stores, verifies digests",
            Self::Docker => "unpacks; the daemon's CPU and memory are not in these numbers",
        }
    }
}

/// Runs the measurement that the arguments name.
pub fn bench(workspace: &Workspace, arguments: &[String]) -> Result<(), TaskError> {
    if arguments.first().is_some_and(|word| word == "browse") {
        return browse(workspace, arguments.get(1).map_or("node:gz", String::as_str));
    }
    let (image, rounds) = parse(arguments)?;
    setup::setup(workspace, Purpose::Bench)?;
    let strata = build::released_command(workspace)?;
    let corpus = Corpus::start(workspace)?;
    let reference = corpus.image(&image)?;
    let folder = workspace.output_folder("bench")?;
    let mut tools = vec![Tool::Strata, Tool::Skopeo];
    if on_path("docker").is_some() && process::succeeds(Command::new("docker").arg("info")) {
        tools.push(Tool::Docker);
    } else {
        println!("skipped: docker pull (no Docker daemon answers)");
    }
    let mut costs: Vec<Vec<Cost>> = vec![Vec::new(); tools.len()];
    for round in 0..=rounds {
        for (tool, costs) in tools.iter().zip(&mut costs) {
            let cost = measure(*tool, &strata, &reference, &folder)?;
            // The first round warms the file cache and is thrown away.
            if round > 0 {
                costs.push(cost);
            }
        }
    }
    report(&image, rounds, &tools, &costs);
    Ok(())
}

/// Pulls an image in the built window and scrolls through its files, noting the frames.
fn browse(workspace: &Workspace, image: &str) -> Result<(), TaskError> {
    let node = setup::setup(workspace, Purpose::Bench)?;
    build::interface(workspace, &node)?;
    build::window(workspace)?;
    let corpus = Corpus::start(workspace)?;
    let reference = corpus.image(image)?;
    let display = Display::start(1600, 1000)?;
    process::run(e2e::script(workspace, &node, &display, "measures/browse.mjs").arg(reference))
}

fn parse(arguments: &[String]) -> Result<(String, usize), TaskError> {
    let wrong = |found: &str| TaskError::Usage { found: found.to_owned(), usage: USAGE };
    let mut words = arguments.iter();
    match words.next().map(String::as_str) {
        Some("pull") => {}
        other => return Err(wrong(other.unwrap_or("nothing"))),
    }
    let mut image = "py:gz".to_owned();
    let mut rounds = 5;
    while let Some(word) = words.next() {
        if word == "--rounds" {
            let number = words.next().map_or("", String::as_str);
            rounds =
                number.parse().ok().filter(|rounds| *rounds > 0).ok_or_else(|| wrong(number))?;
        } else {
            image = if word.contains(':') { word.clone() } else { format!("{word}:gz") };
        }
    }
    Ok((image, rounds))
}

/// Pulls once into an empty place, timed by GNU time.
fn measure(tool: Tool, strata: &Path, reference: &str, folder: &Path) -> Result<Cost, TaskError> {
    let place = folder.join("place");
    if place.exists() {
        fs::remove_dir_all(&place).map_err(|source| TaskError::File {
            doing: "remove",
            path: place.clone(),
            source,
        })?;
    }
    let report: PathBuf = folder.join("time.txt");
    let mut timed = Command::new("time");
    timed.args(["--format=%e %U %S %M", "--output"]).arg(&report);
    match tool {
        Tool::Strata => {
            timed.arg(strata).arg("--store").arg(&place).args(["--quiet", "pull", reference])
        }
        Tool::Skopeo => timed
            .args(["skopeo", "copy", "--quiet", "--src-tls-verify=false"])
            .arg(format!("docker://{reference}"))
            .arg(format!("oci:{}:bench", place.display())),
        Tool::Docker => {
            process::succeeds(Command::new("docker").args(["image", "rm", "--force", reference]));
            timed.args(["docker", "pull", "--quiet", reference])
        }
    };
    timed.stdout(Stdio::null());
    let status =
        timed.status().map_err(|source| TaskError::Start { program: "time".to_owned(), source })?;
    if !status.success() {
        return Err(TaskError::Failed {
            command: process::shown(&timed),
            status: status.to_string(),
        });
    }
    cost(&read_text(&report)?)
}

/// Reads `wall user system peak-KiB`.
fn cost(report: &str) -> Result<Cost, TaskError> {
    let line = report.lines().last().unwrap_or_default();
    let numbers: Vec<f64> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [wall_seconds, user, system, kibibytes] = numbers[..] else {
        return Err(TaskError::Output {
            command: "time".to_owned(),
            expected: "four numbers",
            found: line.to_owned(),
        });
    };
    let peak_megabytes = kibibytes * 1024.0 / 1e6;
    Ok(Cost { wall_seconds, cpu_seconds: user + system, peak_megabytes })
}

fn report(image: &str, rounds: usize, tools: &[Tool], costs: &[Vec<Cost>]) {
    let medians: Vec<Cost> = costs.iter().map(|costs| median_cost(costs)).collect();
    println!(
        "\npull of {image}, median of {rounds} interleaved rounds; ratios are strata to the other"
    );
    println!("{:<28} {:>9} {:>9} {:>9}", "", "wall s", "CPU s", "peak MB");
    for (tool, cost) in tools.iter().zip(&medians) {
        println!(
            "{:<28} {:>9.2} {:>9.2} {:>9.1}   {}",
            tool.name(),
            cost.wall_seconds,
            cost.cpu_seconds,
            cost.peak_megabytes,
            tool.does()
        );
    }
    let own = medians[0];
    for (tool, cost) in tools.iter().zip(&medians).skip(1) {
        println!(
            "{:<28} {:>8.2}x {:>8.2}x {:>8.2}x",
            format!("ratio to {}", tool.name()),
            own.wall_seconds / cost.wall_seconds,
            own.cpu_seconds / cost.cpu_seconds,
            own.peak_megabytes / cost.peak_megabytes
        );
    }
}

fn median_cost(costs: &[Cost]) -> Cost {
    let median_of = |value: fn(&Cost) -> f64| median(costs.iter().map(value).collect());
    Cost {
        wall_seconds: median_of(|cost| cost.wall_seconds),
        cpu_seconds: median_of(|cost| cost.cpu_seconds),
        peak_megabytes: median_of(|cost| cost.peak_megabytes),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
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
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn reads_what_time_writes() {
        let read = cost("Command exited with non-zero status 1\n1.50 0.75 0.25 10000\n").unwrap();
        assert_eq!(read, Cost { wall_seconds: 1.5, cpu_seconds: 1.0, peak_megabytes: 10.24 });
        assert!(cost("nothing").is_err());
    }

    #[test]
    fn the_median_stands_in_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn understands_image_and_rounds() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parse(&words("pull")).unwrap(), ("py:gz".to_owned(), 5));
        assert_eq!(parse(&words("pull py:zstd --rounds 3")).unwrap(), ("py:zstd".to_owned(), 3));
        assert_eq!(parse(&words("pull node")).unwrap(), ("node:gz".to_owned(), 5));
        assert!(parse(&words("push")).is_err());
        assert!(parse(&words("pull --rounds 0")).is_err());
    }
}
