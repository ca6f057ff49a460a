//! Looking at stored images: how long lists, buried bytes and searches take, beside dive's analysis and tar's listing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::cost::{Cost, median_cost, timed};
use super::many::{self, MANY};
use super::place::Place;
use super::subject::{Subject, layers, reference, subjects};
use crate::build;
use crate::corpus::Corpus;
use crate::error::TaskError;
use crate::process;
use crate::setup::{self, Purpose};
use crate::workspace::Workspace;

/// What dive's analysis and `tar tzf` of all layers took on another day: 2 cores, processor seconds.
struct Recorded {
    image: &'static str,
    dive: f64,
    tar: f64,
}

const RECORDED: &[Recorded] = &[
    Recorded { image: "debian:12", dive: 0.19, tar: 0.90 },
    Recorded { image: "py:gz", dive: 0.51, tar: 2.31 },
    Recorded { image: "node:gz", dive: 3.05, tar: 4.39 },
    Recorded { image: "big:gz", dive: 1.91, tar: 13.3 },
    Recorded { image: "tiny120:gz", dive: 0.02, tar: 0.36 },
];

/// Pulls each image, then looks at it in a new process each round, and prints the medians.
pub fn tree(workspace: &Workspace, wanted: &[String], rounds: usize) -> Result<(), TaskError> {
    setup::setup(workspace, Purpose::Bench)?;
    let strata = build::released_command(workspace)?;
    let explore = released_example(workspace, "explore")?;
    let corpus = Corpus::start(workspace)?;
    let place = Place::make(workspace)?;
    let mut rows = Vec::new();
    for subject in wanted_subjects(workspace, &corpus, &place, wanted)? {
        let store = place.empty("store")?;
        let named = reference(&corpus.address, &subject.name);
        let mut pull = Command::new(&strata);
        pull.arg("--store").arg(&store).args(["--quiet", "pull", &named]);
        process::run(&mut pull)?;
        let packed = layers(&corpus, &subject.name, &place.empty("layers")?)?;
        let mut looks = Vec::new();
        let mut listings: Vec<f64> = Vec::new();
        for round in 0..=rounds {
            let look = look(&explore, &store, &named)?;
            let listing = list(&packed, &place.path)?;
            if round > 0 {
                looks.push(look);
                listings.push(listing);
            }
        }
        listings.sort_by(f64::total_cmp);
        rows.push(row(&subject.name, &looks, listings[listings.len() / 2], &store, &place.path)?);
    }
    println!(
        "\n{rounds} rounds after one that is not counted, each in a new process, on {}:\n",
        place.kind
    );
    println!(
        "| image | files | open ms (processor) | MB | whole system ms | buried bytes ms | key ms: median, 95 %, worst | index bytes a file | open by dive's processor time | by tar tzf's |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    rows.iter().for_each(|row| println!("{row}"));
    println!(
        "\ndive: `STRATA_DIVE` where it is set (a docker archive's analysis), else recorded, scaled by tar's listing then and now."
    );
    Ok(())
}

/// What was asked for; else all of the corpus that is there, and images of more and more files.
fn wanted_subjects(
    workspace: &Workspace,
    corpus: &Corpus,
    place: &Place,
    wanted: &[String],
) -> Result<Vec<Subject>, TaskError> {
    let many: Vec<String> = match wanted {
        [] => MANY.map(str::to_owned).to_vec(),
        _ => wanted.to_vec(),
    };
    many.iter().try_for_each(|name| many::make(workspace, corpus, place, name))?;
    let mut found = subjects(corpus, wanted)?;
    if wanted.is_empty() {
        found.extend(subjects(corpus, &many)?);
    }
    Ok(found)
}

/// An example of the crate `app`, built as it is released.
pub fn released_example(workspace: &Workspace, name: &str) -> Result<PathBuf, TaskError> {
    let mut build = workspace.cargo();
    build.args(["build", "--locked", "--release", "-p", "strata-app", "--example", name]);
    process::run(&mut build)?;
    Ok(workspace.target.join("release").join("examples").join(name))
}

fn look(explore: &Path, store: &Path, named: &str) -> Result<Value, TaskError> {
    let mut command = Command::new(explore);
    command.arg(store).arg(named);
    let text = process::capture(&mut command)?;
    serde_json::from_str(&text).map_err(|_| TaskError::Output {
        command: process::shown(&command),
        expected: "one JSON object",
        found: text,
    })
}

/// Processor seconds of `tar tzf` over all layers, one after the other.
fn list(packed: &[PathBuf], scratch: &Path) -> Result<f64, TaskError> {
    let mut seconds = 0.0;
    for layer in packed {
        let mut tar = Command::new("tar");
        tar.arg("-tf").arg(layer);
        seconds += timed(&tar, scratch)?.cpu_seconds;
    }
    Ok(seconds)
}

fn row(
    image: &str,
    looks: &[Value],
    tar: f64,
    store: &Path,
    scratch: &Path,
) -> Result<String, TaskError> {
    let middle = |name: &str| {
        let mut all: Vec<f64> = looks.iter().filter_map(|look| look[name].as_f64()).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(0.0)
    };
    let dive = match std::env::var_os("STRATA_DIVE") {
        Some(dive) => {
            let mut command = Command::new(dive);
            command.env("CI", "true").arg(image);
            let costs: Vec<Cost> =
                (0..looks.len()).map(|_| timed(&command, scratch)).collect::<Result<_, _>>()?;
            Some(median_cost(&costs).cpu_seconds)
        }
        None => RECORDED
            .iter()
            .find(|recorded| recorded.image == image)
            .map(|recorded| recorded.dive * tar / recorded.tar),
    };
    let cpu = middle("openCpuMs") / 1000.0;
    let files = middle("files");
    let trees: u64 = fs::read_dir(store.join("trees"))
        .map(|all| {
            all.flatten().filter_map(|file| file.metadata().ok()).map(|data| data.len()).sum()
        })
        .unwrap_or(0);
    #[allow(clippy::cast_precision_loss)]
    let each = trees as f64 / files.max(1.0);
    Ok(format!(
        "| {image} | {files:.0} | {:.1} ({:.1}) | {:.1} | {:.1} | {:.1} | {:.1}, {:.1}, {:.1} | {each:.0} | {} | {:.4} |",
        middle("openMs"),
        middle("openCpuMs"),
        middle("openMegabytes"),
        middle("systemMs"),
        middle("wasteMs"),
        middle("keyMedianMs"),
        middle("key95Ms"),
        middle("keyWorstMs"),
        dive.map_or("-".to_owned(), |dive| format!("{:.4}", cpu / dive)),
        cpu / tar
    ))
}
