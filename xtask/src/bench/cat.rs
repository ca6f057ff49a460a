//! A file at the end of a large layer: through checkpoints, without them, and by tar.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cost::{Cost, median_cost, timed};
use super::place::Place;
use super::subject::{layers, reference};
use crate::build;
use crate::corpus::Corpus;
use crate::error::TaskError;
use crate::process;
use crate::setup::{self, Purpose};
use crate::workspace::Workspace;

/// What the listing of tar says before a name: mode, owner, size, day, time.
const FIELDS: usize = 5;

/// The file that is read, and where it is.
struct Subject {
    strata: PathBuf,
    store: PathBuf,
    reference: String,
    /// The layer, from 1.
    layer: usize,
    packed: PathBuf,
    /// As tar calls it.
    name: String,
}

/// Pulls an image, then reads the last file of its largest layer, in turn by each way, and prints what that took.
pub fn cat(workspace: &Workspace, image: &str, rounds: usize) -> Result<(), TaskError> {
    setup::setup(workspace, Purpose::Bench)?;
    let strata = build::released_command(workspace)?;
    let corpus = Corpus::start(workspace)?;
    corpus.image(image)?;
    let place = Place::make(workspace)?;
    let store = place.empty("store")?;
    let reference = reference(&corpus.address, image);
    let mut pull = Command::new(&strata);
    pull.arg("--store").arg(&store).args(["--quiet", "pull", &reference]);
    process::run(&mut pull)?;
    let packed = layers(&corpus, image, &place.empty("layers")?)?;
    let size = |path: &Path| fs::metadata(path).map_or(0, |data| data.len());
    let largest = packed.iter().enumerate().max_by_key(|(_, path)| size(path));
    let (at, packed) = largest.ok_or_else(|| TaskError::Missing {
        what: format!("{image} has no layers"),
        remedy: "name another image".to_owned(),
    })?;
    let name = last_file(packed)?;
    let packed = packed.clone();
    let subject = Subject { strata, store, reference, layer: at + 1, packed, name };
    subject.agree()?;
    let (mut with, mut without, mut by_tar) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..=rounds {
        with.push(timed(&subject.by_strata(), &place.path)?);
        // The reading without makes them anew.
        subject.forget()?;
        without.push(timed(&subject.by_strata(), &place.path)?);
        by_tar.push(timed(&subject.by_tar(), &place.path)?);
    }
    println!(
        "\n{} of {image}, layer {} ({} MB packed), {rounds} rounds after one that is not counted, on {}:\n",
        subject.name,
        subject.layer,
        size(&subject.packed) / 1_000_000,
        place.kind
    );
    println!("{}", report(&with[1..], &without[1..], &by_tar[1..]));
    Ok(())
}

impl Subject {
    fn by_strata(&self) -> Command {
        let mut cat = Command::new(&self.strata);
        cat.arg("--store").arg(&self.store).args(["cat", "--layer", &self.layer.to_string()]);
        cat.args([&self.reference, self.name.trim_start_matches("./")]);
        cat
    }

    fn by_tar(&self) -> Command {
        let mut tar = Command::new("tar");
        tar.arg("-xOf").arg(&self.packed).args(["--", &self.name]);
        tar
    }

    /// Both have to give the same bytes, else there is nothing to compare.
    fn agree(&self) -> Result<(), TaskError> {
        let (ours, theirs) =
            (process::capture(&mut self.by_strata())?, process::capture(&mut self.by_tar())?);
        if ours == theirs && !ours.is_empty() {
            return Ok(());
        }
        let (command, found) = (process::shown(&self.by_strata()), format!("{} bytes", ours.len()));
        Err(TaskError::Output { command, expected: "the bytes that tar gives", found })
    }

    fn forget(&self) -> Result<(), TaskError> {
        let path = self.store.join("checkpoints");
        fs::remove_dir_all(&path).map_err(|source| TaskError::File {
            doing: "remove",
            path,
            source,
        })
    }
}

/// The last file of a packed tar that has content.
fn last_file(packed: &Path) -> Result<String, TaskError> {
    let mut list = Command::new("tar");
    list.args(["--list", "--verbose", "--quoting-style=literal", "--file"]).arg(packed);
    let text = process::capture(&mut list)?;
    let last = text.lines().rev().find_map(file_name);
    last.ok_or_else(|| TaskError::Output {
        command: process::shown(&list),
        expected: "a file with content",
        found: "none".to_owned(),
    })
}

/// The name in a line of tar's listing, if it is of a file with content.
fn file_name(line: &str) -> Option<String> {
    let mut rest = line.strip_prefix('-')?;
    let mut size = "";
    for at in 0..FIELDS {
        let (field, after) = rest.trim_start().split_once(' ')?;
        rest = after;
        if at == 2 {
            size = field;
        }
    }
    (size != "0").then(|| rest.to_owned())
}

fn report(with: &[Cost], without: &[Cost], by_tar: &[Cost]) -> String {
    let ours = median_cost(with);
    let mut text =
        "| way | ms | processor ms | time to the first |\n| --- | --- | --- | --- |".to_owned();
    for (way, costs) in
        [("strata cat", with), ("strata cat, no checkpoints", without), ("tar -xOf", by_tar)]
    {
        let cost = median_cost(costs);
        text.push_str(&format!(
            "\n| {way} | {:.0} | {:.0} | {:.1} |",
            cost.wall_seconds * 1000.0,
            cost.cpu_seconds * 1000.0,
            cost.wall_seconds / ours.wall_seconds
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_with_their_spaces_and_only_those_of_files_with_content() {
        let line = "-rw-r--r-- root/root       612 2026-01-02 03:04 ./usr/a name";
        assert_eq!(file_name(line).as_deref(), Some("./usr/a name"));
        assert_eq!(file_name("-rw-r--r-- 0/0 0 2026-01-02 03:04 empty"), None);
        assert_eq!(file_name("drwxr-xr-x 0/0 0 2026-01-02 03:04 usr/"), None);
        assert_eq!(file_name("hrw-r--r-- 0/0 0 2026-01-02 03:04 a link to b"), None);
    }

    #[test]
    fn each_way_is_a_row_held_against_the_first() {
        let cost = |wall_seconds| Cost {
            wall_seconds,
            cpu_seconds: wall_seconds / 2.0,
            peak_megabytes: 1.0,
            disk_bytes: 0,
        };
        let text = report(&[cost(0.05)], &[cost(1.0)], &[cost(4.0)]);
        assert!(text.contains("| strata cat | 50 | 25 | 1.0 |"), "{text}");
        assert!(text.contains("| tar -xOf | 4000 | 2000 | 80.0 |"), "{text}");
    }
}
