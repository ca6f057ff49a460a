//! What only our own code can be asked: the bound of a pull, and the moments of one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::cost::median;
use crate::error::TaskError;
use crate::process;
use crate::workspace::Workspace;

/// A line of one gigabit a second, in bytes a second.
const GIGABIT: &str = "125000000";

/// The measuring programs of this repository.
#[derive(Debug)]
pub struct Own {
    bound: PathBuf,
    moments: PathBuf,
}

/// When the files of an image were known, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// From the first byte of any layer to the first file.
    pub first_entry: f64,
    /// From a layer's last byte to its whole tree, for the layer that took longest.
    pub last_tree: f64,
}

impl Own {
    /// Builds them as the command is built.
    pub fn build(workspace: &Workspace) -> Result<Self, TaskError> {
        let mut build = workspace.cargo();
        build.args(["build", "--locked", "--release", "-p", "strata-layer", "-p"]);
        build.args(["strata-transfer", "--example", "bound", "--example", "moments"]);
        process::run(&mut build)?;
        let examples = workspace.target.join("release").join("examples");
        Ok(Self { bound: examples.join("bound"), moments: examples.join("moments") })
    }

    /// Processor seconds of what a pull of some layers cannot do without, the bytes kept in `folder`.
    pub fn bound(&self, folder: &Path, layers: &[PathBuf]) -> Result<f64, TaskError> {
        fs::create_dir_all(folder).map_err(|source| TaskError::File {
            doing: "make",
            path: folder.to_owned(),
            source,
        })?;
        let text = process::capture(Command::new(&self.bound).arg(folder).args(layers))?;
        text.trim().parse().map_err(|_| TaskError::Output {
            command: "bound".to_owned(),
            expected: "seconds",
            found: text.clone(),
        })
    }

    /// The moments of a pull into the empty folder `store`, at no more than a gigabit a second.
    pub fn moments(&self, store: &Path, reference: &str) -> Result<Moments, TaskError> {
        let text =
            process::capture(Command::new(&self.moments).arg(store).args([reference, GIGABIT]))?;
        moments(&text).ok_or_else(|| TaskError::Output {
            command: "moments".to_owned(),
            expected: "moments",
            found: text,
        })
    }
}

fn moments(text: &str) -> Option<Moments> {
    let value: Value = serde_json::from_str(text).ok()?;
    let trees = value["trees"].as_array()?.iter().filter_map(Value::as_f64);
    Some(Moments {
        first_entry: value["first_entry"].as_f64()?,
        last_tree: trees.fold(0.0, f64::max),
    })
}

/// The middle of each moment.
pub fn median_moments(all: &[Moments]) -> Moments {
    let middle = |value: fn(&Moments) -> f64| median(all.iter().map(value).collect());
    Moments {
        first_entry: middle(|moments| moments.first_entry),
        last_tree: middle(|moments| moments.last_tree),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_slowest_tree_counts() {
        let read = moments(r#"{"first_entry": 1.5, "trees": [2.0, 8.0, 3.0]}"#).unwrap();
        assert_eq!(read, Moments { first_entry: 1.5, last_tree: 8.0 });
        assert!(moments(r#"{"first_entry": null, "trees": []}"#).is_none());
    }
}
