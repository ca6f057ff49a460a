//! Daemons that pull for others: what they spend, and one of our own for `ctr`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::place::make_folder;
use crate::error::TaskError;
use crate::workspace::write_text;

/// What the kernel counts time in for programs (100 a second on every Linux in use).
const TICKS_A_SECOND: f64 = 100.0;

/// What some processes have spent so far, with their children that have ended.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    /// User and system time.
    pub cpu_seconds: f64,
    /// The most memory that any of them has had.
    pub peak_megabytes: f64,
}

/// What all processes with one of these names have spent.
pub fn spent(names: &[&str]) -> Spent {
    let mut sum = Spent::default();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let folder = entry.path();
        let name = fs::read_to_string(folder.join("comm")).unwrap_or_default();
        if !names.contains(&name.trim()) {
            continue;
        }
        let stat = fs::read_to_string(folder.join("stat")).unwrap_or_default();
        sum.cpu_seconds += cpu_seconds(&stat).unwrap_or(0.0);
        let status = fs::read_to_string(folder.join("status")).unwrap_or_default();
        sum.peak_megabytes = sum.peak_megabytes.max(peak_megabytes(&status).unwrap_or(0.0));
    }
    sum
}

/// utime, stime, cutime and cstime of a line of `/proc/PID/stat` (proc(5)).
fn cpu_seconds(stat: &str) -> Option<f64> {
    // The name before may hold anything, spaces and brackets too.
    let after = stat.rsplit_once(')')?.1;
    let times = after.split_whitespace().skip(11).take(4);
    let ticks: Vec<f64> = times.filter_map(|word| word.parse().ok()).collect();
    (ticks.len() == 4).then(|| ticks.iter().sum::<f64>() / TICKS_A_SECOND)
}

fn peak_megabytes(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}

/// A containerd over an empty folder; it ends with this value.
#[derive(Debug)]
pub struct Containerd {
    process: Child,
    /// Where it listens.
    pub socket: PathBuf,
}

impl Containerd {
    /// Starts one that keeps everything below `folder`.
    pub fn start(folder: &Path) -> Result<Self, TaskError> {
        make_folder(folder)?;
        let config = folder.join("config.toml");
        let socket = folder.join("sock");
        let (root, state) = (folder.join("root"), folder.join("state"));
        write_text(
            &config,
            &format!(
                "version = 2\nroot = {root:?}\nstate = {state:?}\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n[grpc]\naddress = {socket:?}\n"
            ),
        )?;
        let process = Command::new("containerd")
            .arg("--config")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| TaskError::Start { program: "containerd".to_owned(), source })?;
        let containerd = Self { process, socket };
        for _ in 0..100 {
            if containerd.socket.exists() {
                thread::sleep(Duration::from_millis(300));
                return Ok(containerd);
            }
            thread::sleep(Duration::from_millis(100));
        }
        Err(TaskError::Output {
            command: "containerd".to_owned(),
            expected: "a socket within ten seconds",
            found: "none".to_owned(),
        })
    }

    /// What it has spent so far.
    pub fn spent(&self) -> Spent {
        let file = |name: &str| {
            fs::read_to_string(format!("/proc/{}/{name}", self.process.id())).unwrap_or_default()
        };
        Spent {
            cpu_seconds: cpu_seconds(&file("stat")).unwrap_or(0.0),
            peak_megabytes: peak_megabytes(&file("status")).unwrap_or(0.0),
        }
    }
}

impl Drop for Containerd {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_times_of_a_process_and_its_children_are_added_up() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 1 2 3 4 100 50 25 25 20 0 8 0";
        assert!((cpu_seconds(stat).unwrap() - 2.0).abs() < f64::EPSILON);
        assert!(cpu_seconds("7 (a) S 1").is_none());
        assert!((peak_megabytes("Name: x\nVmHWM:\t  10000 kB\n").unwrap() - 10.24).abs() < 1e-9);
    }
}
