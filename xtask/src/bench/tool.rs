//! The tools that are compared, and one pull by each.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cost::{Cost, timed};
use super::daemon::{Containerd, spent};
use super::place::{Place, disk_bytes, make_folder};
use crate::error::TaskError;
use crate::process;
use crate::workspace::on_path;

/// Whose time counts as Docker's.
const DOCKER_DAEMONS: &[&str] = &["dockerd", "containerd"];

/// A tool that pulls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tool {
    /// The command of this repository.
    Strata(PathBuf),
    /// `skopeo copy`.
    Skopeo,
    /// `docker pull`.
    Docker,
    /// `crane pull`.
    Crane(PathBuf),
    /// `ctr images pull`.
    Ctr(PathBuf),
}

impl Tool {
    /// What is here. The first is ours, the second skopeo: all are compared with the first, and the recorded times are
    /// scaled by the second.
    pub fn all(strata: PathBuf) -> Vec<Self> {
        let mut tools = vec![Self::Strata(strata), Self::Skopeo];
        if on_path("docker").is_some() && process::succeeds(Command::new("docker").arg("info")) {
            tools.push(Self::Docker);
        } else {
            println!("skipped: docker pull (no Docker daemon answers)");
        }
        let named = |name: &str| env::var_os(name).map(PathBuf::from);
        match named("STRATA_CRANE") {
            Some(crane) => tools.push(Self::Crane(crane)),
            None => println!("recorded: crane pull (STRATA_CRANE names none)"),
        }
        match named("STRATA_CTR") {
            Some(ctr) if on_path("containerd").is_some() => tools.push(Self::Ctr(ctr)),
            _ => println!("recorded: ctr images pull (STRATA_CTR names none, or no containerd)"),
        }
        tools
    }

    /// Its column in the report.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Strata(_) => "strata pull",
            Self::Skopeo => "skopeo copy",
            Self::Docker => "docker pull",
            Self::Crane(_) => "crane pull",
            Self::Ctr(_) => "ctr pull",
        }
    }

    /// Whether a failure ends the measurement: the others may not know a kind of layer.
    pub fn is_needed(&self) -> bool {
        matches!(self, Self::Strata(_) | Self::Skopeo)
    }

    /// Pulls once into an empty place.
    pub fn pull(&self, reference: &str, place: &Place) -> Result<Cost, TaskError> {
        let folder = place.empty("store")?;
        match self {
            Self::Strata(program) => {
                let mut pull = Command::new(program);
                pull.env("STRATA_CONFIG_DIR", place.path.join("config"));
                pull.arg("--store").arg(&folder).args(["--quiet", "pull", reference]);
                into_folder(&pull, &folder, place)
            }
            Self::Skopeo => {
                let mut copy = Command::new("skopeo");
                copy.args(["copy", "--quiet", "--src-tls-verify=false"]);
                copy.arg(format!("docker://{reference}"));
                into_folder(copy.arg(format!("oci:{}:bench", folder.display())), &folder, place)
            }
            Self::Crane(program) => {
                let mut pull = Command::new(program);
                pull.args(["pull", "--insecure", "--format=oci", reference]);
                into_folder(pull.arg(&folder), &folder, place)
            }
            Self::Docker => docker(reference, &place.path),
            Self::Ctr(program) => ctr(program, reference, &folder, &place.path),
        }
    }
}

fn into_folder(pull: &Command, folder: &Path, place: &Place) -> Result<Cost, TaskError> {
    let mut cost = timed(pull, &place.path)?;
    cost.disk_bytes = disk_bytes(folder);
    Ok(cost)
}

/// Docker keeps images where its daemon does: what is there of this one goes before and after.
fn docker(reference: &str, scratch: &Path) -> Result<Cost, TaskError> {
    let remove =
        || process::succeeds(Command::new("docker").args(["image", "rm", "--force", reference]));
    remove();
    let before = spent(DOCKER_DAEMONS);
    let cost = timed(Command::new("docker").args(["pull", "--quiet", reference]), scratch);
    let after = spent(DOCKER_DAEMONS);
    remove();
    let mut cost = cost?;
    cost.cpu_seconds += after.cpu_seconds - before.cpu_seconds;
    cost.peak_megabytes = cost.peak_megabytes.max(after.peak_megabytes);
    Ok(cost)
}

/// By a containerd of its own, for images that it has would not be pulled. Its start is not measured.
fn ctr(program: &Path, reference: &str, folder: &Path, scratch: &Path) -> Result<Cost, TaskError> {
    make_folder(folder)?;
    let containerd = Containerd::start(folder)?;
    let before = containerd.spent();
    let mut pull = Command::new(program);
    pull.arg("--address").arg(&containerd.socket);
    let mut cost = timed(pull.args(["images", "pull", "--plain-http", reference]), scratch)?;
    let after = containerd.spent();
    cost.cpu_seconds += after.cpu_seconds - before.cpu_seconds;
    cost.peak_megabytes = cost.peak_megabytes.max(after.peak_megabytes);
    cost.disk_bytes = disk_bytes(folder);
    Ok(cost)
}
