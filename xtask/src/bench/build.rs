//! The same Dockerfiles built by Strata and by buildah, in turn, in one run.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::cost::{Cost, median_cost, timed};
use super::place::Place;
use crate::build;
use crate::error::TaskError;
use crate::process;
use crate::setup::{self, Purpose};
use crate::workspace::{Workspace, write_text};

/// Files of the large context.
const MANY: usize = 50_000;
/// How many of them lie in a folder.
const A_FOLDER: usize = 250;

/// This machine's shell and a few tools, as a root file system to build on: no network is needed.
const ROOT: &str = r#"
    mkdir -p root/bin root/etc root/tmp
    for tool in sh cat cp ls mkdir rm sleep id touch; do
        path=$(readlink -f "$(command -v $tool)")
        cp "$path" root/bin/$tool
        for library in $(ldd "$path" | grep -o '/[^ ]*' || true); do
            mkdir -p "root$(dirname "$library")"; cp -nL "$library" "root$library"
        done
    done
    tar -C root -cf root.tar . && rm -r root
"#;
const TWELVE: &str = "FROM scratch\nADD root.tar /\nENV A=1\nWORKDIR /srv\nCOPY one.txt .\nRUN cat one.txt > a\nRUN cat a > b\n\
    COPY two.txt .\nRUN cat two.txt > c\nENV B=2\nRUN cat c > d\nLABEL x=y\nCMD [\"/bin/sh\"]\n";
const LARGE: &str = "FROM scratch\nCOPY many /many\nCMD [\"/x\"]\n";
const STAGES: &str = "FROM scratch AS base\nADD root.tar /\nFROM base AS a\nRUN sleep 2 && touch /a\nFROM base AS b\n\
    RUN sleep 2 && touch /b\nFROM base AS c\nRUN sleep 2 && touch /c\nFROM scratch\nCOPY --from=a /a /\nCOPY --from=b /b /\nCOPY --from=c /c /\n";

/// One thing that is measured.
struct Case {
    name: &'static str,
    folder: &'static str,
    /// Nothing is taken from earlier builds.
    is_anew: bool,
    /// A file that gets another content before each build.
    changes: Option<&'static str>,
}

const CASES: [Case; 6] = [
    Case {
        name: "12 instructions, nothing cached",
        folder: "twelve",
        is_anew: true,
        changes: None,
    },
    Case { name: "12 instructions, all cached", folder: "twelve", is_anew: false, changes: None },
    Case {
        name: "one file of the last COPY changed",
        folder: "twelve",
        is_anew: false,
        changes: Some("two.txt"),
    },
    Case { name: "50,000 files, cached", folder: "large", is_anew: false, changes: None },
    Case {
        name: "50,000 files, one changed",
        folder: "large",
        is_anew: false,
        changes: Some("many/0/0.txt"),
    },
    Case { name: "three stages of 2 s", folder: "stages", is_anew: true, changes: None },
];

/// Builds each case by both, `rounds` times after one that is not counted, and prints what it took.
pub fn build(workspace: &Workspace, rounds: usize) -> Result<(), TaskError> {
    setup::setup(workspace, Purpose::Bench)?;
    let strata = build::released_command(workspace)?;
    let place = Place::make(workspace)?;
    let projects = place.empty("projects")?;
    make(&projects)?;
    let (store, theirs) = (place.empty("store")?, place.empty("buildah")?);
    println!(
        "\nMedians of {rounds} rounds after one that is not counted, on {}; `RUN` by buildah in a chroot.\n",
        place.kind
    );
    println!(
        "| case | strata: wall, CPU | buildah: wall, CPU | wall to buildah | CPU to buildah |"
    );
    println!("| --- | --- | --- | --- | --- |");
    for case in &CASES {
        let folder = projects.join(case.folder);
        let (mut ours, mut others) = (Vec::new(), Vec::new());
        for round in 0..=rounds {
            change(case, &folder, round)?;
            ours.push(timed(&by_strata(&strata, &store, case, &folder), &place.path)?);
            others.push(timed(&by_buildah(&theirs, case, &folder), &place.path)?);
        }
        println!("{}", line(case, &ours[1..], &others[1..]));
    }
    Ok(())
}

fn make(projects: &Path) -> Result<(), TaskError> {
    for (name, dockerfile) in [("twelve", TWELVE), ("large", LARGE), ("stages", STAGES)] {
        let folder = projects.join(name);
        super::place::make_folder(&folder)?;
        write_text(&folder.join("Dockerfile"), dockerfile)?;
        write_text(&folder.join("one.txt"), "one\n")?;
        write_text(&folder.join("two.txt"), "two\n")?;
        if name == "large" {
            many(&folder.join("many"))?;
        } else {
            let mut bash = Command::new("bash");
            process::run(bash.args(["-euo", "pipefail", "-c", ROOT]).current_dir(&folder))?;
        }
    }
    Ok(())
}

/// Files of some hundred bytes to some kilobytes, none like another.
fn many(folder: &Path) -> Result<(), TaskError> {
    for number in 0..MANY {
        let below = folder.join((number / A_FOLDER).to_string());
        if number % A_FOLDER == 0 {
            super::place::make_folder(&below)?;
        }
        let text = format!("file {number}\n").repeat(10 + number % 400);
        write_text(&below.join(format!("{}.txt", number % A_FOLDER)), &text)?;
    }
    Ok(())
}

fn change(case: &Case, folder: &Path, round: usize) -> Result<(), TaskError> {
    match case.changes {
        Some(file) => write_text(&folder.join(file), &format!("changed {} {round}\n", case.name)),
        None => Ok(()),
    }
}

fn by_strata(strata: &Path, store: &Path, case: &Case, folder: &Path) -> Command {
    let mut command = Command::new(strata);
    command.arg("--store").arg(store).args(["--quiet", "build", "-t", "bench:1"]);
    if case.is_anew {
        command.arg("--no-cache");
    }
    command.arg(folder);
    command
}

fn by_buildah(root: &Path, case: &Case, folder: &Path) -> Command {
    let run: PathBuf = root.with_extension("run");
    let mut command = Command::new("buildah");
    command.arg("--root").arg(root).arg("--runroot").arg(run);
    command.args(["bud", "--layers", "--isolation", "chroot", "--quiet", "-t", "bench"]);
    if case.is_anew {
        command.arg("--no-cache");
    }
    command.arg(folder);
    command
}

fn line(case: &Case, ours: &[Cost], others: &[Cost]) -> String {
    let (ours, others) = (median_cost(ours), median_cost(others));
    format!(
        "| {} | {:.3} s, {:.3} s | {:.2} s, {:.2} s | {:.3} | {:.3} |",
        case.name,
        ours.wall_seconds,
        ours.cpu_seconds,
        others.wall_seconds,
        others.cpu_seconds,
        ours.wall_seconds / others.wall_seconds,
        ours.cpu_seconds / others.cpu_seconds
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_both_and_their_ratio() {
        let cost = |wall_seconds, cpu_seconds| Cost {
            wall_seconds,
            cpu_seconds,
            peak_megabytes: 0.0,
            disk_bytes: 0,
        };
        let told = line(&CASES[1], &[cost(0.01, 0.005)], &[cost(1.0, 0.5)]);
        assert_eq!(
            told,
            "| 12 instructions, all cached | 0.010 s, 0.005 s | 1.00 s, 0.50 s | 0.010 | 0.010 |"
        );
    }
}
